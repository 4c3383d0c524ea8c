package io.firesteel.train;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * How saturated the hidden units are: with large weights |z| is large, the activation's derivative is near zero, and
 * the layers below learn nothing (the notes' reason for small random weights).
 */
public final class Saturation {
    private Saturation() {}

    /**
     * For each hidden layer 1 .. L-1, the part of its units that are saturated for more than half of the examples.
     *
     * @param precision of the examples
     */
    public static List<Double> ofHiddenLayers(Network network, double[] theta, Precision precision, Examples examples) {
        Parameters parameters = new Parameters(network, precision);
        parameters.theta().setAll(theta);
        Backprop backprop = new Backprop(network, parameters, examples.size());
        backprop.predict(examples.x());
        List<Double> parts = new ArrayList<>();
        for (int l = 1; l < network.depth(); l++) {
            parts.add(saturated(backprop.hidden(l, examples.size()), network.activation(l)));
        }
        return parts;
    }

    private static double saturated(Matrix A, Activation activation) {
        int units = 0;
        for (int i = 0; i < A.rows(); i++) {
            int examples = 0;
            for (int j = 0; j < A.cols(); j++) {
                examples += activation.isSaturated(A.get(i, j)) ? 1 : 0;
            }
            units += 2 * examples > A.cols() ? 1 : 0;
        }
        return (double) units / A.rows();
    }
}
