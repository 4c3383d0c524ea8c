package io.firesteel.nn;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * The shape of a feed-forward network: the number of units n_0 .. n_L of each layer (inputs first, outputs last), the
 * activations of the L - 1 hidden layers, and the loss with its output link.
 *
 * <p>{@code layers [n, 1]} without hidden layers is the notes' single logistic unit.
 */
public record Network(List<Integer> layers, List<Activation> activations, Loss loss) implements Serializable {
    /** A vector of parameters travels as one array of bytes, which has at most about 2^31. */
    public static final int MOST_PARAMETERS = (1 << 28) - 8;

    public Network {
        layers = List.copyOf(layers);
        activations = List.copyOf(activations);
        if (layers.size() < 2) {
            throw new IllegalArgumentException(
                    "layers " + layers + ": expected at least two, the inputs and the outputs");
        }
        for (int units : layers) {
            if (units < 1) {
                throw new IllegalArgumentException("layers " + layers + ": expected at least one unit in each");
            }
        }
        if (activations.size() != layers.size() - 2) {
            throw new IllegalArgumentException(activations.size() + " activations " + activations
                    + " for the hidden layers of " + layers + ": expected " + (layers.size() - 2));
        }
        long parameters = 0;
        for (int l = 1; l < layers.size(); l++) {
            parameters += layers.get(l) * (layers.get(l - 1) + 1L);
            if (parameters > MOST_PARAMETERS) { // asked layer by layer: a sum of more might leave 64 bits
                throw new IllegalArgumentException(
                        "layers " + layers + " have too many parameters: expected at most " + MOST_PARAMETERS);
            }
        }
    }

    /** A network whose hidden layers share one activation. */
    public static Network of(List<Integer> layers, Activation hidden, Loss loss) {
        return new Network(layers, Collections.nCopies(Math.max(0, layers.size() - 2), hidden), loss);
    }

    /** L, the number of layers with parameters. */
    public int depth() {
        return layers.size() - 1;
    }

    /** n_l, the units of layer l; n_0 is the number of inputs. */
    public int units(int l) {
        return layers.get(l);
    }

    /** n_0. */
    public int inputs() {
        return units(0);
    }

    /** n_L. */
    public int outputs() {
        return units(depth());
    }

    /** g[l], for a hidden layer 1 <= l < L. */
    public Activation activation(int l) {
        return activations.get(l - 1);
    }

    /** The number of weights in W[l]. */
    public int weightCount(int l) {
        return units(l) * units(l - 1);
    }

    /** Where W[l] starts in the flat vector W[1] b[1] W[2] b[2] ...; b[l] follows it. */
    public int weightStart(int l) {
        int start = 0;
        for (int k = 1; k < l; k++) {
            start += weightCount(k) + units(k);
        }
        return start;
    }

    /** The number of parameters: all weights and biases. */
    public int parameterCount() {
        return weightStart(depth() + 1);
    }
}
