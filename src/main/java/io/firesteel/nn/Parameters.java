package io.firesteel.nn;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The parameters theta of a network as one flat vector W[1] b[1] W[2] b[2] ..., each matrix column after column, with
 * the tensors {@link #of} each layer as views into it. A gradient is a Parameters too.
 */
public final class Parameters {
    private final Matrix theta;
    private final List<List<Matrix>> ofLayers = new ArrayList<>();

    /** Parameters of zero. */
    public Parameters(Network network, Precision precision) {
        theta = precision.zeros(network.parameterCount(), 1);
        Iterator<Network.Placed> tensors = network.tensors().iterator();
        for (Layer layer : network.layers()) {
            List<Matrix> views = new ArrayList<>();
            for (Layer.Tensor tensor : layer.tensors()) {
                views.add(theta.view(tensors.next().start(), tensor.rows(), tensor.cols()));
            }
            ofLayers.add(List.copyOf(views));
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

    /** Returns the tensors of layer k of {@link Network#layers}, counted from 0: views. */
    public List<Matrix> of(int k) {
        return ofLayers.get(k);
    }

    /** A copy of the whole vector in double. */
    public double[] toArray() {
        double[] copy = new double[theta.size()];
        theta.copyInto(copy);
        return copy;
    }
}
