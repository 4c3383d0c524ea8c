package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Evaluation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;

/**
 * Computes the sums of an {@link Evaluation} over a run of blocks: what one task does when parameters are measured.
 *
 * <p>It owns the memory that this needs and uses it again: one thread, one EvaluationSums.
 */
public final class EvaluationSums {
    private final Evaluation evaluation;
    private final Parameters theta;
    private final Backprop backprop;
    private final int blocks;
    private final SummationTree tree;

    /**
     * What the memory is made for.
     *
     * @param precision of the blocks
     * @param blockRows the most examples of a block
     * @param blocks how many blocks the data set has
     */
    public record Shape(Evaluation evaluation, Network network, Precision precision, int blockRows, int blocks)
            implements Serializable {
        /** The tree along which the blocks' sums are added. */
        public SummationTree tree() {
            return new SummationTree(blocks, evaluation.length());
        }
    }

    public EvaluationSums(Shape shape) {
        this.evaluation = shape.evaluation;
        this.theta = new Parameters(shape.network, shape.precision);
        this.backprop = new Backprop(shape.network, theta, shape.blockRows);
        this.blocks = shape.blocks;
        this.tree = shape.tree();
    }

    /** The sums of the given blocks, as nodes of the canonical tree: valid until the next call. */
    public List<SummationTree.Node> at(double[] point, Iterator<Block> run) {
        theta.theta().setAll(point);
        tree.clear(blocks);
        while (run.hasNext()) {
            Block block = run.next();
            double[] sums = tree.buffer();
            evaluation.sum(backprop, block.examples(), sums);
            tree.offer(block.number(), sums);
        }
        return tree.nodes();
    }
}
