package io.firesteel.train;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.optim.Objective;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Computes the gradient and loss sums of a run of blocks: what one task does in a step.
 *
 * <p>It owns the memory that this needs and uses it again: one thread, one BlockSums.
 *
 * <p>A sum is one vector: the gradient's {@link Network#parameterCount} numbers, then the loss. Products and the sums
 * inside a block are in the given precision, the sums over blocks in double.
 */
public final class BlockSums {
    private final Shape shape;
    private final Parameters theta;
    private final Parameters gradient;
    private final Backprop backprop;
    private final SummationTree tree;

    /**
     * What the memory is made for.
     *
     * @param blockRows the most examples of a block
     * @param blocks how many blocks the data set has
     */
    public record Shape(Network network, Precision precision, int blockRows, int blocks) implements Serializable {
        /** The length of a sum. */
        public int length() {
            return network.parameterCount() + 1;
        }
    }

    public BlockSums(Shape shape) {
        this.shape = shape;
        this.theta = new Parameters(shape.network, shape.precision);
        this.gradient = new Parameters(shape.network, shape.precision);
        this.backprop = new Backprop(shape.network, theta, shape.blockRows);
        this.tree = new SummationTree(shape.blocks, shape.length());
    }

    /** What the memory is made for. */
    public Shape shape() {
        return shape;
    }

    /** The sums at {@code point} of the given blocks, as nodes of the canonical tree: valid until the next call. */
    public List<SummationTree.Node> at(double[] point, Iterator<Block> run) {
        theta.theta().setAll(point);
        tree.clear();
        while (run.hasNext()) {
            Block block = run.next();
            double loss = backprop.lossAndGradient(block.examples(), gradient);
            tree.offer(block.number(), (start, n, into) -> {
                int end = Math.min(start + n, point.length);
                gradient.theta().copyInto(start, end - start, into);
                if (end < start + n) {
                    into[n - 1] = loss; // the last number of a sum
                }
            });
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
