package io.firesteel.compute;

import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Slices;
import io.firesteel.linalg.SummationTree;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A runner over blocks in memory, without Spark, on several threads. Each thread adds up a run of consecutive blocks, and the
 * caller adds what they return.
 *
 * @param <B> the type of the blocks
 */
public final class LocalRunner<B extends Numbered> implements Runner<B> {
    private final SharedSums<B> sums;

    /**
     * Creates a runner over all blocks of a data set.
     *
     * @param blocks by their numbers
     * @param blockRows the largest number of rows of a block
     * @param threads how many threads compute, 1 or more; the calling thread is one of them
     */
    public LocalRunner(List<B> blocks, int blockRows, int threads) {
        sums = new SharedSums<>(List.copyOf(blocks), blockRows, threads);
    }

    /**
     * Returns a runner over all blocks of examples of a data set.
     *
     * @param blocks in any order
     * @throws IllegalArgumentException when they are not numbered 0 .. n-1
     */
    public static LocalRunner<Block> of(List<Block> blocks, int threads) {
        List<Block> inOrder =
                blocks.stream().sorted(Comparator.comparingInt(Block::number)).toList();
        int blockRows = 0;
        for (int i = 0; i < inOrder.size(); i++) {
            Block block = inOrder.get(i);
            if (block.number() != i) {
                throw new IllegalArgumentException(
                        "block " + i + " of " + inOrder.size() + " is missing or there twice");
            }
            blockRows = Math.max(blockRows, block.examples().size());
        }
        return new LocalRunner<>(inOrder, blockRows, threads);
    }

    @Override
    public Total sum(Kernel<B> kernel, Point point) {
        long start = System.nanoTime();
        PartialSums.Result result = sums.add(kernel, point);
        List<SummationTree.Node> nodes = result.nodes();
        double[] total = nodes.get(0).sum(); // an array of the sums' own
        if (nodes.size() > 1) {
            SummationTree.Remainder remainder = new SummationTree.Remainder(nodes);
            slices().each(total.length, (from, to) -> remainder.addUp(total, from, to));
        }
        long nanos = System.nanoTime() - start;
        long taskNanos = nodes.size() == 1 ? nanos : result.nanos(); // one thread did all
        return new Total(total, nanos, taskNanos, result.productNanos());
    }

    @Override
    public Slices slices() {
        return sums.slices();
    }

    @Override
    public boolean isOnDriver() {
        return true;
    }

    @Override
    public String place() {
        return "on the driver";
    }

    @Override
    public Set<String> blas() {
        return Set.of(Blas.description());
    }

    @Override
    public void close() {
        sums.close();
    }
}
