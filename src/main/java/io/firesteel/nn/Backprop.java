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
 * <p>The members of an ensemble do so one after the other. They are trained by the sum of their losses, while {@link #predict}
 * and {@link #evaluated} are about their mean output.
 *
 * <p>It owns the matrices in between and uses them again for every member and every block: each thread needs its own.
 */
public final class Backprop {
    private final Network network;
    private final Parameters theta;
    private final ClassWeights classWeights;
    private final int rows;
    private final List<Layer.Work> works = new ArrayList<>(); // of the layers, in their order
    private final Matrix[] layerA; // [l] for A[l] (n_l, m) of the hidden layers, for the last block
    private final Matrix[] layerMA; // [l] for M[l] * A[l] (n_l, rows), l = 0 .. L-1, made when first needed
    private final Loss.OutputColumns outputs;
    private MeanOutput mean; // of the members, made when first needed
    private Matrix copy; // of Z[L] (n_L, rows), likewise

    /**
     * Makes room for blocks of at most {@code rows} examples in the precision of the parameters, which are not copied: the next
     * call sees changes of them.
     */
    public Backprop(Network network, Parameters theta, int rows) {
        this(network, theta, rows, ClassWeights.NONE, 0);
    }

    /**
     * Makes room as above; an example's weight is multiplied by the factor of its class.
     *
     * @param labelSmoothing how much labels are smoothed in all losses, 0 or more and less than 1; see {@link Loss}
     */
    public Backprop(Network network, Parameters theta, int rows, ClassWeights classWeights, double labelSmoothing) {
        this.network = network;
        this.theta = theta;
        this.classWeights = classWeights;
        this.rows = rows;
        this.layerA = new Matrix[network.depth()];
        this.layerMA = new Matrix[network.depth()];
        this.outputs = new Loss.OutputColumns(network, rows, labelSmoothing);
        Precision precision = theta.theta().precision();
        int units = network.inputs();
        int from = units; // nobody needs the derivatives of the inputs
        for (int k = 0; k < network.layers().size(); k++) {
            Layer layer = network.layers().get(k);
            works.add(layer.work(precision, units, rows, from));
            from = layer.needed(from);
            units = layer.units(units);
        }
    }

    /** Returns Z[L] (n_L, m) of a member; the layers keep what they need of the block for {@link #backward}. */
    private Matrix forward(int member, AnyMatrix x, Dropout.Masks M) {
        AnyMatrix A = masked(0, x, M); // A[0] = X
        int l = 0;
        for (int k = 0; k < works.size(); k++) {
            A = works.get(k).forward(theta.of(member, k), A);
            if (Network.isActivation(network.layers().get(k))) {
                layerA[++l] = (Matrix) A;
                A = masked(l, A, M); // A[l] := M[l] * A[l]
            }
        }
        return (Matrix) A;
    }

    /** Sets the member's part of the gradient from its dZ[L] (n_L, m). */
    private void backward(int member, Matrix dZ, Parameters gradient, Dropout.Masks M) {
        Matrix d = dZ;
        int l = network.depth();
        for (int k = works.size() - 1; k >= 0; k--) {
            if (Network.isActivation(network.layers().get(k)) && M.drops(--l)) {
                M.apply(l, d); // dA[l] := M[l] * dA[l]
            }
            d = works.get(k).backward(theta.of(member, k), d, gradient.of(member, k));
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

    /** Returns the Z[L] (n_L, m) whose A[L] is the mean of the members'. */
    private Matrix forward(AnyMatrix x) {
        Matrix Z = forward(0, x, Dropout.Masks.NONE);
        if (network.members() == 1) {
            return Z;
        }
        if (mean == null) {
            mean = new MeanOutput(network.loss(), network.outputs(), rows);
        }
        mean.begin(Z);
        for (int member = 1; member < network.members(); member++) {
            mean.add(forward(member, x, Dropout.Masks.NONE));
        }
        return mean.endIn(Z);
    }

    /** Returns A[L] (n_L, m) for the inputs X (n_0, m), the mean of the members': a view that the next call overwrites. */
    public Matrix predict(AnyMatrix x) {
        Matrix Z = forward(x);
        network.loss().link(Z, outputs);
        return Z;
    }

    /**
     * The outputs for a block, and how far they are from its targets.
     *
     * @param A of the last layer (n_L, m), as {@link #predict}: a view that the next call overwrites
     * @param loss the sum of the losses of the examples, each times its weight
     */
    public record Evaluated(Matrix A, double loss) {}

    /** Returns outputs and loss of a block, with one pass through the layers for both. */
    public Evaluated evaluated(Examples block) {
        Matrix Z = forward(block.x());
        if (copy == null) {
            copy = Z.precision().zeros(Z.rows(), rows);
        }
        Matrix dZ = copy.firstColumns(Z.cols());
        dZ.set(Z);
        double loss = network.loss().delta(dZ, block, classWeights, outputs);
        network.loss().link(Z, outputs);
        return new Evaluated(Z, loss);
    }

    /** Returns A[l] (n_l, m) of a hidden layer of the last member, for the last block. */
    public Matrix hidden(int l) {
        return layerA[l];
    }

    /**
     * Scores of some examples, with their derivatives.
     *
     * @param scores of each example: the log-odds of an output that is a probability, or the prediction of a regression
     * @param derivatives with respect to the elements of X that it stores, in their places (n_0, m)
     */
    public record Scored(double[] scores, AnyMatrix derivatives) {}

    /**
     * Returns a score of each example and its derivatives with respect to the inputs X (n_0, m).
     *
     * @param chosen of each example the output whose log-odds are its score; not read of a regression, which has one target
     */
    public Scored scored(AnyMatrix x, int[] chosen) {
        double[][] Z = new double[network.members()][network.outputs() * x.cols()];
        for (int member = 0; member < Z.length; member++) {
            forward(member, x, Dropout.Masks.NONE).copyInto(Z[member]);
        }
        double[] scores = new OutputScores(network).derive(Z, chosen); // Z becomes dZ
        AnyMatrix sum = null;
        for (int member = 0; member < Z.length; member++) {
            Matrix dZ = forward(member, x, Dropout.Masks.NONE);
            dZ.setAll(Z[member]);
            AnyMatrix d = dZ;
            for (int k = works.size() - 1; k >= 0; k--) {
                d = works.get(k).derivatives(theta.of(member, k), d);
            }
            sum = sum == null ? d : sum.plus(d);
        }
        return new Scored(scores, sum);
    }

    /** Returns the sum of the losses of the block's examples, each times its weight, over all members: what they are trained by. */
    public double trainedLoss(Examples block) {
        double loss = 0;
        for (int member = 0; member < network.members(); member++) {
            Matrix Z = forward(member, block.x(), Dropout.Masks.NONE);
            loss += network.loss().delta(Z, block, classWeights, outputs);
        }
        return loss;
    }

    /**
     * Sets {@code gradient} to the sums over the block's examples of dW and db, each example times its weight. They are
     * sums: the division by m, times the number of members, comes once, at the end of all blocks.
     *
     * @return the sum of the losses of the examples, each times its weight, over all members
     */
    public double lossAndGradient(Examples block, Parameters gradient) {
        return lossAndGradient(block, gradient, Dropout.Masks.NONE);
    }

    /** Does the same in the network whose units the masks drop. */
    public double lossAndGradient(Examples block, Parameters gradient, Dropout.Masks M) {
        double loss = 0;
        for (int member = 0; member < network.members(); member++) {
            Dropout.Masks masks = M.ofMember(member, network.depth());
            Matrix Z = forward(member, block.x(), masks);
            loss += network.loss()
                    .delta(Z, block, classWeights, outputs); // dZ[L] = A[L] - Y for most, in place of Z[L]
            backward(member, Z, gradient, masks);
        }
        return loss;
    }
}
