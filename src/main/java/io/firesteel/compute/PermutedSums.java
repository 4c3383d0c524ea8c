package io.firesteel.compute;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.SplitMix64;
import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Evaluation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Parameters;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Computes the sums of an {@link Evaluation} over blocks in which the values of one input column are permuted, for each of
 * several permutations: what one task does when columns are weighed.
 *
 * <p>The permutation of a block depends on the seed, the column, the repeat and the block's number. One block's inputs are
 * copied at a time.
 */
public final class PermutedSums {
    private final Shape shape;
    private final Evaluation evaluation;
    private final Parameters theta;
    private final Backprop backprop;

    /**
     * What is computed: a sum of the evaluation for each permutation, one after the other.
     */
    public record Shape(EvaluationSums.Shape evaluation, List<Permuted> permuted, long seed) implements Serializable {
        private int length() {
            return permuted.size() * evaluation.evaluation().length();
        }

        /** The tree along which the blocks' sums are added. */
        public SummationTree tree() {
            return new SummationTree(evaluation.blocks(), length());
        }

        /** The sums of the p-th permutation, out of all. */
        public double[] part(double[] sums, int p) {
            int length = evaluation.evaluation().length();
            return Arrays.copyOfRange(sums, p * length, (p + 1) * length);
        }
    }

    /** A permutation of the values of some inputs, rows from .. to - 1 of X; of several the number tells them apart. */
    public record Permuted(int from, int to, int number) implements Serializable {}

    public PermutedSums(Shape shape) {
        EvaluationSums.Shape measured = shape.evaluation;
        this.shape = shape;
        this.evaluation = measured.evaluation();
        this.theta = new Parameters(measured.network(), measured.precision());
        this.backprop = new Backprop(measured.network(), theta, measured.blockRows());
    }

    /** The sums of the given blocks, as nodes of the canonical tree. */
    public List<SummationTree.Node> at(double[] point, Iterator<Block> run) {
        theta.theta().setAll(point);
        SummationTree tree = shape.tree();
        while (run.hasNext()) {
            Block block = run.next();
            tree.offer(block.number(), sums(block));
        }
        return tree.nodes();
    }

    private double[] sums(Block block) {
        Examples examples = block.examples();
        double[] one = new double[evaluation.length()];
        double[] all = new double[shape.length()];
        int at = 0;
        for (Permuted permuted : shape.permuted) {
            AnyMatrix x =
                    examples.x().withRowsFrom(order(examples.size(), permuted, block), permuted.from, permuted.to);
            evaluation.sum(backprop, new Examples(x, examples.y(), examples.weights()), one);
            System.arraycopy(one, 0, all, at, one.length);
            at += one.length;
        }
        return all;
    }

    /** Which example's values each of a block's n gets. */
    private int[] order(int n, Permuted permuted, Block block) {
        long ofInputs = SplitMix64.at(SplitMix64.at(shape.seed, permuted.from), permuted.number);
        Permutation permutation = new Permutation(n, SplitMix64.at(ofInputs, block.number()));
        return IntStream.range(0, n).map(j -> (int) permutation.at(j)).toArray();
    }
}
