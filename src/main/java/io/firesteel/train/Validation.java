package io.firesteel.train;

import io.firesteel.model.Metrics;

/** Measures parameters on the validation examples. */
@FunctionalInterface
public interface Validation {
    /** Returns the metrics of the network with these parameters. */
    Metrics at(double[] theta);
}
