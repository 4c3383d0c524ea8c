package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward propagation, and the loss and its gradient by back-propagation, over blocks of examples: through the layers one
 * after the other, and back. The equations are those of {@link Affine}, {@link Activation} and {@link Loss}.
 *
 * <p>Names follow the course notes: examples are columns, A[0] = X (n_0, m), and for each affine layer l
 *
 * <pre>
 *   W[l] (n_l, n_{l-1})   b[l] (n_l, 1)   Z[l], A[l], dZ[l], dA[l] (n_l, m)   dW[l], db[l] as W[l], b[l]
 * </pre>
 *
 * <p>With dropout, M[l] (n_l, m) hides a part of A[l] from the layer above it, for l = 0 .. L-1.
 *
 * <p>It owns the matrices in between and uses them again for every block: one thread, one Backprop.
 */
public final class Backprop {
    private final Network network;
    private final ClassWeights classWeights;
    private final int rows;
    private final List<Layer.Work> works = new ArrayList<>(); // of the layers, in their order
    private final Matrix[] layerA; // [l] for A[l] (n_l, m) of the hidden layers, for the last block
    private final Matrix[] layerMA; // [l] for M[l] * A[l] (n_l, rows), l = 0 .. L-1, made when first needed
    private final Loss.OutputColumns outputs;

    /**
     * Makes room for blocks of at most {@code rows} examples in the precision of the parameters, which are not copied:
     * whoever changes them changes what the next call computes.
     */
    public Backprop(Network network, Parameters theta, int rows) {
        this(network, theta, rows, ClassWeights.NONE);
    }

    /** Makes room as above; an example's weight is multiplied by the factor of its class. */
    public Backprop(Network network, Parameters theta, int rows, ClassWeights classWeights) {
        this.network = network;
        this.classWeights = classWeights;
        this.rows = rows;
        this.layerA = new Matrix[network.depth()];
        this.layerMA = new Matrix[network.depth()];
        this.outputs = new Loss.OutputColumns(network.outputs(), network.loss().targetRows(network.outputs()), rows);
        Precision precision = theta.theta().precision();
        int units = network.inputs();
        int from = units; // nobody needs the derivatives of the inputs
        for (int k = 0; k < network.layers().size(); k++) {
            Layer layer = network.layers().get(k);
            works.add(layer.work(theta.of(k), precision, units, rows, from));
            from = layer instanceof Periodic ? units : 0; // whose output repeats its inputs
            units = layer.units(units);
        }
    }

    /** Returns Z[L] (n_L, m); the layers keep what they need of the block for {@link #backward}. */
    private Matrix forward(AnyMatrix x, Dropout.Masks M) {
        AnyMatrix A = masked(0, x, M); // A[0] = X
        int l = 0;
        for (int k = 0; k < works.size(); k++) {
            A = works.get(k).forward(A);
            if (Network.isActivation(network.layers().get(k))) {
                layerA[++l] = (Matrix) A;
                A = masked(l, A, M); // A[l] := M[l] * A[l]
            }
        }
        return (Matrix) A;
    }

    /** Sets the gradient from dZ[L] (n_L, m). */
    private void backward(Matrix dZ, Parameters gradient, Dropout.Masks M) {
        Matrix d = dZ;
        int l = network.depth();
        for (int k = works.size() - 1; k >= 0; k--) {
            if (Network.isActivation(network.layers().get(k)) && M.drops(--l)) {
                M.apply(l, d); // dA[l] := M[l] * dA[l]
            }
            d = works.get(k).backward(d, gradient.of(k));
        }
    }

    /**
     * Returns M[l] * A[l] (n_l, m): of a dense A in a place of its own, since g' is computed from A[l] itself; of other
     * inputs, which have few entries, in new memory.
     */
    private AnyMatrix masked(int l, AnyMatrix A, Dropout.Masks M) {
        if (!M.drops(l)) {
            return A;
        }
        if (!(A instanceof Matrix dense)) {
            return M.applied(l, A);
        }
        if (layerMA[l] == null) {
            layerMA[l] = A.precision().zeros(A.rows(), rows);
        }
        Matrix MA = layerMA[l].firstColumns(A.cols());
        MA.set(dense);
        M.apply(l, MA);
        return MA;
    }

    /** Returns A[L] (n_L, m) for the inputs X (n_0, m): a view that the next call overwrites. */
    public Matrix predict(AnyMatrix x) {
        Matrix Z = forward(x, Dropout.Masks.NONE);
        network.loss().link(Z, outputs);
        return Z;
    }

    /** Returns A[l] (n_l, m) of a hidden layer, for the last block. */
    public Matrix hidden(int l) {
        return layerA[l];
    }

    /** Returns the sum of the losses of the block's examples, each times its weight. */
    public double loss(Examples block) {
        return network.loss().delta(forward(block.x(), Dropout.Masks.NONE), block, classWeights, outputs);
    }

    /**
     * Sets {@code gradient} to the sums over the block's examples of dW and db, each example times its weight. They are
     * sums: the division by m comes once, at the end of all blocks.
     *
     * @return the sum of the losses, as {@link #loss}
     */
    public double lossAndGradient(Examples block, Parameters gradient) {
        return lossAndGradient(block, gradient, Dropout.Masks.NONE);
    }

    /** Does the same in the network whose units the masks drop. */
    public double lossAndGradient(Examples block, Parameters gradient, Dropout.Masks M) {
        Matrix Z = forward(block.x(), M);
        double loss =
                network.loss().delta(Z, block, classWeights, outputs); // dZ[L] = A[L] - Y for most, in place of Z[L]
        backward(Z, gradient, M);
        return loss;
    }
}
