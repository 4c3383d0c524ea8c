package io.firesteel.compute;

import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Dropout;
import io.firesteel.nn.Examples;
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
 * <p>A sum is one vector: the gradient's {@link Network#parameterCount} numbers, the loss, and the weight. Products and the sums
 * inside a block are in the given precision, the sums over blocks in double.
 */
public final class BlockSums {
    private final Shape shape;
    private final Parameters theta;
    private final Parameters[] gradients; // of the last two blocks: the tree reads a sum until it has seen the next
    private int turn; // which of them
    private final Backprop backprop;
    private final SummationTree tree;
    private final Gathering gathering;

    /**
     * What the memory is made for.
     *
     * @param blockRows the most examples of a block
     * @param blocks how many blocks the data set has
     */
    public record Shape(Goal goal, int blockRows, int blocks) implements Serializable {
        /** The length of a sum. */
        public int length() {
            return goal.network().parameterCount() + 2;
        }

        /** How many sums of blocks a step adds; they are numbered as the step's batch numbers its blocks. */
        public int blocks(int step) {
            Batch batch = goal.sampling().batch(step);
            return batch == null ? blocks : batch.blocks();
        }
    }

    /**
     * Where sums are asked for.
     *
     * @param step whose part of network and data is meant, or {@link Sampling#WHOLE}
     */
    public record Point(double[] theta, int step) {}

    public BlockSums(Shape shape) {
        this.shape = shape;
        Network network = shape.goal.network();
        this.theta = new Parameters(network, shape.goal.precision());
        this.gradients = new Parameters[] {
            new Parameters(network, shape.goal.precision()), new Parameters(network, shape.goal.precision())
        };
        this.backprop = new Backprop(
                network, theta, shape.blockRows, shape.goal.sampling().dropout(), shape.goal.classWeights());
        this.tree = new SummationTree(shape.blocks, shape.length());
        this.gathering = new Gathering(shape.blockRows);
    }

    /** What the memory is made for. */
    public Shape shape() {
        return shape;
    }

    /**
     * The sums at {@code point} of the given blocks, but for those of which its step sees nothing, as nodes of the canonical
     * tree over the step's blocks: valid until the next call.
     */
    public List<SummationTree.Node> at(Point point, Iterator<Block> run) {
        Sampling sampling = shape.goal.sampling();
        Batch batch = sampling.batch(point.step);
        theta.theta().setAll(point.theta);
        tree.clear(batch == null ? shape.blocks : batch.blocks());
        while (run.hasNext()) {
            Block block = run.next();
            Dropout.Masks masks = sampling.masks(point.step, block.number());
            if (batch == null) {
                offer(block.number(), block.examples(), masks);
                continue;
            }
            Batch.Part part = batch.part(block.number());
            if (part != null) {
                Examples examples = part.whole() ? block.examples() : gathering.of(block.examples(), part);
                offer(part.index(), examples, masks);
            }
        }
        return tree.nodes();
    }

    /** Computes the sum of some examples, and offers it as number {@code number} to the tree. */
    private void offer(int number, Examples examples, Dropout.Masks masks) {
        turn = 1 - turn;
        Parameters gradient = gradients[turn];
        double loss = backprop.lossAndGradient(examples, gradient, masks);
        double weight = shape.goal.classWeights().total(examples);
        int parameters = shape.length() - 2;
        tree.offer(number, (start, n, into) -> {
            int ofGradient = Math.max(0, Math.min(n, parameters - start));
            gradient.theta().copyInto(start, ofGradient, into);
            for (int i = ofGradient; i < n; i++) { // the last two numbers of a sum
                into[i] = start + i == parameters ? loss : weight;
            }
        });
    }

    /**
     * The value of the objective from the sums over all blocks: here, and nowhere else, they are divided by m, the sum of
     * the weights. Where this is 0, so are loss and gradient.
     */
    public static Objective.Value mean(double[] sums) {
        int parameters = sums.length - 2;
        double m = sums[parameters + 1];
        if (m == 0) {
            return new Objective.Value(0, new double[parameters]);
        }
        double[] gradient = Arrays.copyOf(sums, parameters);
        for (int i = 0; i < parameters; i++) {
            gradient[i] /= m;
        }
        return new Objective.Value(sums[parameters] / m, gradient);
    }
}
