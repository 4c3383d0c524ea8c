package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Network;
import java.io.Serializable;

/**
 * What training minimises, but for the data: the mean loss of a network.
 *
 * @param precision of blocks and products
 * @param classWeights factors of the examples' weights
 * @param sampling what each step sees of it
 */
public record Goal(Network network, Precision precision, ClassWeights classWeights, Sampling sampling)
        implements Serializable {
    /** To which all classes count alike, and of which every step sees all. */
    public Goal(Network network, Precision precision) {
        this(network, precision, ClassWeights.NONE, Sampling.NONE);
    }
}
