package io.firesteel.compute;

import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Slices;
import io.firesteel.linalg.SummationTree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A runner over blocks in memory, without Spark, on several threads. Each thread adds up a run of consecutive blocks, and the
 * caller adds what they return.
 *
 * @param <B> the type of the blocks
 */
public final class LocalRunner<B> implements Runner<B> {
    /** The total time of a pass below which one thread does all of it: to share it costs about 20 microseconds. */
    private static final long WORTH_SHARING_NANOS = 100_000;

    private final List<B> blocks; // by number
    private final int blockRows;
    private final int threads;
    private Crew crew; // null until it is needed
    private Kernel<B> kernel; // the last one, for which these were made:
    private final List<PartialSums<B>> parts = new ArrayList<>(); // one for each thread
    private double leafNanos; // the least that all threads were busy for a leaf of a pass

    /**
     * Creates a runner over all blocks of a data set.
     *
     * @param blocks by their numbers
     * @param blockRows the largest number of rows of a block
     * @param threads how many threads compute, 1 or more; the calling thread is one of them
     */
    public LocalRunner(List<B> blocks, int blockRows, int threads) {
        this.blocks = blocks;
        this.blockRows = blockRows;
        this.threads = threads;
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
    public Total sum(Kernel<B> next, Point point) {
        long start = System.nanoTime();
        Pass pass = next.pass(point.step(), blocks.size());
        if (next != kernel) {
            parts.clear();
            leafNanos = Double.MAX_VALUE;
            kernel = next;
        }
        boolean isShort = leafNanos * pass.leaves() < WORTH_SHARING_NANOS;
        int sharing = isShort ? 1 : Math.min(threads, pass.leaves());
        while (parts.size() < sharing) {
            parts.add(new PartialSums<>(kernel, blocks.size(), blockRows));
        }
        if (sharing == 1) {
            add(pass, point, 0, 1);
        } else {
            crew().run(sharing, part -> add(pass, point, part, sharing));
        }
        long busyNanos = 0;
        PartialSums<B> slowest = parts.get(0);
        for (PartialSums<B> part : parts.subList(0, sharing)) {
            busyNanos += part.nanos();
            slowest = part.nanos() > slowest.nanos() ? part : slowest;
        }
        leafNanos = Math.min(leafNanos, (double) busyNanos / pass.leaves());
        double[] sums = sharing == 1 ? parts.get(0).nodes().get(0).sum() : added(sharing);
        long nanos = System.nanoTime() - start;
        return new Total(sums, nanos, sharing == 1 ? nanos : slowest.nanos(), slowest.productNanos());
    }

    /** Adds up the leaves of one of so many threads. */
    private void add(Pass pass, Point point, int part, int sharing) {
        int from = (int) ((long) pass.leaves() * part / sharing); // as the tree cuts, so that a half is one node
        int to = (int) ((long) pass.leaves() * (part + 1) / sharing);
        parts.get(part).add(point, pass, blocks, from, to);
    }

    /** Returns the sum of what so many threads have added up; its array is the tree's of one of them. */
    private double[] added(int sharing) {
        List<SummationTree.Node> nodes = new ArrayList<>();
        parts.subList(0, sharing).forEach(part -> nodes.addAll(part.nodes()));
        double[] sums = nodes.get(0).sum();
        SummationTree.Remainder remainder = new SummationTree.Remainder(nodes);
        crew().each(sums.length, (from, to) -> remainder.addUp(sums, from, to));
        return sums;
    }

    private Crew crew() {
        if (crew == null) {
            crew = new Crew(threads);
        }
        return crew;
    }

    @Override
    public Slices slices() {
        return threads == 1 ? Slices.ONE : crew();
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
        if (crew != null) {
            crew.close();
            crew = null;
        }
    }
}
