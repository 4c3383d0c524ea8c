package io.firesteel.compute;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SplitMix64;
import io.firesteel.model.Evaluation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sums of an {@link Evaluation} over blocks in which the values of one input column are permuted: those of each of several
 * permutations, one after the other.
 *
 * <p>The permutation of a block depends on the seed, the column, the repeat and the block's number. One block's inputs are
 * copied at a time.
 */
public record PermutationKernel(EvaluationKernel measured, List<Permuted> permuted, long seed) implements OutputKernel {
    /** A permutation of the values of some inputs, rows from .. to - 1 of X; the number distinguishes several of them. */
    public record Permuted(int from, int to, int number) implements Serializable {}

    @Override
    public String purpose() {
        return "importance of columns";
    }

    @Override
    public int length() {
        return permuted.size() * measured.length();
    }

    @Override
    public Precision precision() {
        return measured.precision();
    }

    /** Returns the sums of permutation p out of all. */
    public double[] part(double[] sums, int p) {
        return Arrays.copyOfRange(sums, p * measured.length(), (p + 1) * measured.length());
    }

    @Override
    public Network network() {
        return measured.network();
    }

    @Override
    public void add(Backprop backprop, Block block, double[] sums) {
        Examples examples = block.examples();
        double[] one = new double[measured.length()];
        for (int p = 0; p < permuted.size(); p++) {
            Permuted some = permuted.get(p);
            AnyMatrix x = examples.x().withRowsFrom(order(examples.size(), some, block), some.from, some.to);
            measured.evaluation().sum(backprop, new Examples(x, examples.y(), examples.weights()), one);
            System.arraycopy(one, 0, sums, p * one.length, one.length);
        }
    }

    /** Returns which example's values each of a block's n examples gets. */
    private int[] order(int n, Permuted some, Block block) {
        long ofInputs = SplitMix64.at(SplitMix64.at(seed, some.from), some.number);
        Permutation permutation = new Permutation(n, SplitMix64.at(ofInputs, block.number()));
        return IntStream.range(0, n).map(j -> (int) permutation.at(j)).toArray();
    }
}
