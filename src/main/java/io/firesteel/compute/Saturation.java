package io.firesteel.compute;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of the hidden units that learn nothing, by layer 1 .. L-1. A saturated unit has large |z|, so that the activation's
 * derivative is near zero and the layers below learn nothing (the notes' reason for small random weights). A dead unit is a relu
 * unit whose output is 0 for every example, so that its gradient is 0, too. Those of an ensemble are the mean over its members.
 *
 * @param saturated the part of each layer's units that are saturated for more than half of the examples
 * @param dead the part of each layer's units that are dead for these examples
 */
public record Saturation(List<Double> saturated, List<Double> dead) {
    /**
     * Returns what the units of a network are for some examples.
     *
     * @param precision of the examples
     */
    public static Saturation of(Network network, double[] theta, Precision precision, Examples examples) {
        Network one = network.withMembers(1);
        Parameters parameters = new Parameters(one, precision);
        Backprop backprop = new Backprop(one, parameters, examples.size());
        double[] saturated = new double[network.depth() - 1];
        double[] dead = new double[network.depth() - 1];
        for (int start = 0; start < theta.length; start += one.parameterCount()) {
            parameters.theta().setAll(Arrays.copyOfRange(theta, start, start + one.parameterCount()));
            backprop.predict(examples.x());
            for (int l = 1; l < network.depth(); l++) {
                Matrix A = backprop.hidden(l);
                saturated[l - 1] += saturated(A, network.activation(l)) / network.members();
                dead[l - 1] += dead(A, network.activation(l)) / network.members();
            }
        }
        return new Saturation(
                Arrays.stream(saturated).boxed().toList(),
                Arrays.stream(dead).boxed().toList());
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

    private static double dead(Matrix A, Activation activation) {
        if (activation != Activation.RELU) {
            return 0; // of the others the derivative is 0 nowhere, or at points
        }
        int units = 0;
        for (int i = 0; i < A.rows(); i++) {
            boolean alive = false;
            for (int j = 0; j < A.cols(); j++) {
                alive = alive || A.get(i, j) > 0;
            }
            units += alive ? 0 : 1;
        }
        return (double) units / A.rows();
    }
}
