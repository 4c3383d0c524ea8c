package io.firesteel.train;

import io.firesteel.model.Metrics;

/** Measures parameters on examples that are held out. */
@FunctionalInterface
public interface Validation {
    /** The metrics of the network with these parameters. */
    Metrics at(double[] theta);
}
