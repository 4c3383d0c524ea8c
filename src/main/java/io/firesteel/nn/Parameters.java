package io.firesteel.nn;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters theta of a network as one flat vector W[1] b[1] W[2] b[2] ..., each matrix column after column, with
 * {@link #weights} and {@link #bias} as views into it. A gradient is a Parameters too.
 */
public final class Parameters {
    private final Matrix theta;
    private final List<Matrix> weights = new ArrayList<>();
    private final List<Matrix> biases = new ArrayList<>();

    /** Parameters of zero. */
    public Parameters(Network network, Precision precision) {
        theta = precision.zeros(network.parameterCount(), 1);
        int start = 0; // of W[l], as Network.weightStart: asked of it for every l, many layers would take their square
        for (int l = 1; l <= network.depth(); l++) {
            weights.add(theta.view(start, network.units(l), network.units(l - 1)));
            start += network.weightCount(l);
            biases.add(theta.view(start, network.units(l), 1));
            start += network.units(l);
        }
    }

    /** Parameters in double, copied from {@code theta}. */
    public static Parameters of(Network network, double[] theta) {
        Parameters parameters = new Parameters(network, Precision.DOUBLE);
        parameters.theta.setAll(theta);
        return parameters;
    }

    /** The whole vector, (parameters, 1). */
    public Matrix theta() {
        return theta;
    }

    /** W[l] (n_l, n_{l-1}), 1 <= l <= L. */
    public Matrix weights(int l) {
        return weights.get(l - 1);
    }

    /** b[l] (n_l, 1), 1 <= l <= L. */
    public Matrix bias(int l) {
        return biases.get(l - 1);
    }

    /** A copy of the whole vector in double. */
    public double[] toArray() {
        double[] copy = new double[theta.size()];
        theta.copyInto(copy);
        return copy;
    }
}
