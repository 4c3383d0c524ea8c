package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.Scratch;

/**
 * The equations: forward propagation, and the loss and its gradient by back-propagation, over blocks of examples.
 *
 * <p>Names follow the course notes: examples are columns, A[0] = X (n_0, m), and for each layer l
 *
 * <pre>
 *   W[l] (n_l, n_{l-1})   b[l] (n_l, 1)   Z[l], A[l], dZ[l] (n_l, m)   dW[l], db[l] as W[l], b[l]
 * </pre>
 *
 * <p>It owns the matrices in between and uses them again for every block: one thread, one Backprop.
 */
public final class Backprop {
    private final Network network;
    private final int L;
    private final Parameters theta;
    private final ClassWeights classWeights;
    private final Matrix[] layerZ; // [l] for Z[l]; where g' is computed from A[l], the same matrix as layerA[l]
    private final Matrix[] layerA; // [l] for A[l], and for l = L then in its place dZ[L]
    private final Matrix[] layerDZ; // [l] for dZ[l] of the hidden layers
    private final Loss.OutputColumns outputs;
    private final Matrix[] layerMA; // [l] for M[l] * A[l], l = 0 .. L-1, where dropout makes zeros of some; else null
    private final int rows;
    private final Scratch scratch = new Scratch();
    private AnyMatrix seenX; // M[0] * X of the last block

    /**
     * Room for blocks of at most {@code rows} examples in the precision of the parameters, which are not copied:
     * whoever changes them changes what the next call computes.
     */
    public Backprop(Network network, Parameters theta, int rows) {
        this(network, theta, rows, Dropout.NONE, ClassWeights.NONE);
    }

    /** With room for the masks of a dropout, too, and with factors of the examples' weights. */
    public Backprop(Network network, Parameters theta, int rows, Dropout dropout, ClassWeights classWeights) {
        this.network = network;
        this.L = network.depth();
        this.theta = theta;
        this.classWeights = classWeights;
        this.rows = rows;
        Precision precision = theta.theta().precision();
        this.layerZ = new Matrix[L + 1];
        this.layerA = new Matrix[L + 1];
        this.layerDZ = new Matrix[L];
        this.layerMA = new Matrix[L];
        this.outputs = new Loss.OutputColumns(network.outputs(), network.loss().targetRows(network.outputs()), rows);
        for (int l = 1; l <= L; l++) {
            layerA[l] = precision.zeros(network.units(l), rows);
            boolean keepsZ = l < L && network.activation(l).derivesFromInput();
            layerZ[l] = keepsZ ? precision.zeros(network.units(l), rows) : layerA[l];
        }
        for (int l = 1; l < L; l++) {
            layerDZ[l] = precision.zeros(network.units(l), rows);
        }
        for (int l = 1; l < L; l++) {
            layerMA[l] = dropout.rate(l) > 0 ? precision.zeros(network.units(l), rows) : null;
        }
    }

    /** Z[L] (n_L, m), with A[l] of the hidden layers, and M[l] * A[l], left in their place. */
    private Matrix forward(AnyMatrix x, Dropout.Masks M) {
        seenX = M.drops(0) ? masked(x, M) : x;
        AnyMatrix previousA = seenX; // A[0] = X
        for (int l = 1; l <= L; l++) {
            Matrix Z = layerZ[l].firstColumns(x.cols());
            Z.setColumns(theta.bias(l));
            Z.addProduct(theta.weights(l), previousA, scratch); // Z[l] = W[l] A[l-1] + b[l]
            Matrix A = layerA[l].firstColumns(x.cols());
            if (layerZ[l] != layerA[l]) {
                A.set(Z);
            }
            if (l < L) {
                network.activation(l).apply(A); // A[l] = g[l](Z[l])
                A = masked(l, A, M);
            }
            previousA = A;
        }
        return layerA[L].firstColumns(x.cols());
    }

    /** M[0] * X: of dense inputs in a place of its own, of others in new memory, but little. */
    private AnyMatrix masked(AnyMatrix x, Dropout.Masks M) {
        if (!(x instanceof Matrix dense)) {
            return M.applied(0, x);
        }
        if (layerMA[0] == null) {
            layerMA[0] = x.precision().zeros(x.rows(), rows);
        }
        return masked(0, dense, M);
    }

    /** What layer l + 1 sees of A[l]: M[l] * A[l], in a place of its own, since g' is computed from A[l] itself. */
    private Matrix masked(int l, Matrix A, Dropout.Masks M) {
        if (!M.drops(l)) {
            return A;
        }
        Matrix MA = layerMA[l].firstColumns(A.cols());
        MA.set(A);
        M.apply(l, MA);
        return MA;
    }

    /** A[L] (n_L, m) for the inputs X (n_0, m): a view that the next call overwrites. */
    public Matrix predict(AnyMatrix x) {
        Matrix Z = forward(x, Dropout.Masks.NONE);
        network.loss().link(Z, outputs);
        return Z;
    }

    /** A[l] (n_l, m) of a hidden layer after {@link #predict} or {@link #lossAndGradient} on m examples. */
    public Matrix hidden(int l, int m) {
        return layerA[l].firstColumns(m);
    }

    /** The sum of the losses of the block's examples, each times its weight. */
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

    /** The same of the network in which the masks drop units; they are of the dropout that there is room for, or none. */
    public double lossAndGradient(Examples block, Parameters gradient, Dropout.Masks M) {
        int m = block.size();
        Matrix dZ = forward(block.x(), M);
        double loss = network.loss().delta(dZ, block, classWeights, outputs); // dZ[L] = A[L] - Y for most
        for (int l = L; l >= 1; l--) {
            AnyMatrix previousA = l == 1 ? seenX : (M.drops(l - 1) ? layerMA : layerA)[l - 1].firstColumns(m);
            gradient.weights(l).setProductTransposed(dZ, previousA, scratch); // m dW[l] = dZ[l] A[l-1]^T
            gradient.bias(l).setSumOfColumns(dZ); // m db[l] = sum over columns of dZ[l]
            if (l > 1) {
                Matrix previousDZ = layerDZ[l - 1].firstColumns(m);
                previousDZ.setTransposedProduct(theta.weights(l), dZ);
                if (M.drops(l - 1)) {
                    M.apply(l - 1, previousDZ);
                }
                network.activation(l - 1).timesDerivative(previousDZ, layerZ[l - 1].firstColumns(m));
                dZ = previousDZ; // dZ[l-1] = W[l]^T dZ[l] * M[l-1] * g'(Z[l-1]); M is 1 without dropout
            }
        }
        return loss;
    }
}
