package io.firesteel.nn;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The parameters theta of a network as one flat vector W[1] b[1] W[2] b[2] ..., each matrix column after column, with
 * the tensors {@link #of} each layer as views into it; of an ensemble the vectors of its members, one after the other. A
 * gradient is a Parameters too.
 */
public final class Parameters {
    private final Matrix theta;
    private final List<List<List<Matrix>>> ofMembers = new ArrayList<>(); // of each the layers, of each the tensors

    /** Creates parameters of zero. */
    public Parameters(Network network, Precision precision) {
        theta = precision.zeros(network.parameterCount(), 1);
        Iterator<Network.Placed> tensors = network.tensors().iterator();
        for (int member = 0; member < network.members(); member++) {
            List<List<Matrix>> ofLayers = new ArrayList<>();
            for (Layer layer : network.layers()) {
                List<Matrix> views = new ArrayList<>();
                for (Layer.Tensor tensor : layer.tensors()) {
                    views.add(theta.view(tensors.next().start(), tensor.rows(), tensor.cols()));
                }
                ofLayers.add(List.copyOf(views));
            }
            ofMembers.add(ofLayers);
        }
    }

    /** Returns parameters in double, copied from {@code theta}. */
    public static Parameters of(Network network, double[] theta) {
        Parameters parameters = new Parameters(network, Precision.DOUBLE);
        parameters.theta.setAll(theta);
        return parameters;
    }

    /** Returns the whole vector, (parameters, 1). */
    public Matrix theta() {
        return theta;
    }

    /** Returns a member's tensors of layer k of {@link Network#layers}, both counted from 0: views. */
    public List<Matrix> of(int member, int k) {
        return ofMembers.get(member).get(k);
    }

    /** Returns a copy of the whole vector in double. */
    public double[] toArray() {
        double[] copy = new double[theta.size()];
        theta.copyInto(copy);
        return copy;
    }
}
