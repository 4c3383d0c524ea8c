package io.firesteel.train;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.optim.Objective;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Computes the gradient and loss sums of a run of blocks: what one task does in a step.
 *
 * <p>A sum is one vector: the gradient's {@link Network#parameterCount} numbers, then the loss. Products and the sums
 * inside a block are in the given precision, the sums over blocks in double.
 */
public final class BlockSums {
    private final Parameters theta;
    private final Parameters gradient;
    private final Backprop backprop;

    /** Room for blocks of at most {@code blockRows} examples. */
    public BlockSums(Network network, Precision precision, int blockRows) {
        theta = new Parameters(network, precision);
        gradient = new Parameters(network, precision);
        backprop = new Backprop(network, theta, blockRows);
    }

    /** The length of a sum. */
    public static int length(Network network) {
        return network.parameterCount() + 1;
    }

    /** The sums at {@code point} of the given ones of a data set's {@code blocks} blocks, as nodes of the canonical tree. */
    public List<SummationTree.Node> at(double[] point, Iterator<Block> run, int blocks) {
        theta.theta().setAll(point);
        SummationTree tree = new SummationTree(blocks, point.length + 1);
        while (run.hasNext()) {
            Block block = run.next();
            double[] sum = tree.buffer();
            sum[point.length] = backprop.lossAndGradient(block.examples(), gradient);
            gradient.theta().copyInto(sum);
            tree.offer(block.number(), sum);
        }
        return tree.nodes();
    }

    /** The value of the objective from the sums over all blocks: here, and nowhere else, they are divided by m. */
    public static Objective.Value mean(double[] sums, double m) {
        int parameters = sums.length - 1;
        double[] gradient = Arrays.copyOf(sums, parameters);
        for (int i = 0; i < parameters; i++) {
            gradient[i] /= m;
        }
        return new Objective.Value(sums[parameters] / m, gradient);
    }
}
