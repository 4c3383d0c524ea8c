package io.firesteel.compute;

import io.firesteel.linalg.Slices;
import io.firesteel.linalg.SummationTree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Adds a kernel's vectors over those blocks of a data set that are in this process, on several threads, each of which adds up a
 * run of consecutive leaves. It keeps threads and memory from pass to pass.
 *
 * @param <B> the type of the blocks
 */
public final class SharedSums<B extends Numbered> implements AutoCloseable {
    /** The total time of a pass below which one thread does all of it: to share it costs about 20 microseconds. */
    private static final long WORTH_SHARING_NANOS = 100_000;

    private final List<B> blocks; // by number; null where a block is elsewhere
    private final int blockRows;
    private final int threads;
    private Crew crew; // null until it is needed
    private Kernel<B> kernel; // the last one, for which these were made:
    private final List<PartialSums<B>> parts = new ArrayList<>(); // one for each thread
    private double leafNanos; // the least that all threads were busy for a leaf of a pass
    private long nanos;
    private long productNanos;

    /**
     * Creates the sums over some blocks.
     *
     * @param blocks all blocks of the data set by their numbers; null stands for one that is elsewhere
     * @param blockRows the largest number of rows of a block
     * @param threads how many threads compute, 1 or more; the calling thread is one of them
     */
    public SharedSums(List<B> blocks, int blockRows, int threads) {
        this.blocks = blocks;
        this.blockRows = blockRows;
        this.threads = threads;
    }

    /** Returns the numbers of the leaves of a pass whose blocks are here, in ascending order. */
    private int[] leaves(Pass pass) {
        return IntStream.range(0, pass.leaves())
                .filter(leaf -> blocks.get(pass.block(leaf)) != null)
                .toArray();
    }

    /**
     * Adds up the vectors of all leaves that are here, at least one.
     *
     * @return the sums as nodes of the pass's tree, from the first leaf to the last: valid until the next pass
     */
    public List<SummationTree.Node> nodes(Kernel<B> next, Point point) {
        Pass pass = next.pass(point.step(), blocks.size());
        int[] leaves = leaves(pass);
        if (next != kernel) {
            parts.clear();
            leafNanos = Double.MAX_VALUE;
            kernel = next;
        }
        boolean isShort = leafNanos * leaves.length < WORTH_SHARING_NANOS;
        int sharing = isShort ? 1 : Math.min(threads, leaves.length);
        while (parts.size() < sharing) {
            parts.add(new PartialSums<>(kernel, blocks.size(), blockRows));
        }
        if (sharing == 1) {
            add(pass, point, leaves, 0, 1);
        } else {
            crew().run(sharing, part -> add(pass, point, leaves, part, sharing));
        }
        List<SummationTree.Node> nodes = new ArrayList<>();
        PartialSums<B> slowest = parts.get(0);
        long busyNanos = 0;
        for (PartialSums<B> part : parts.subList(0, sharing)) {
            nodes.addAll(part.nodes());
            busyNanos += part.nanos();
            slowest = part.nanos() > slowest.nanos() ? part : slowest;
        }
        leafNanos = Math.min(leafNanos, (double) busyNanos / leaves.length);
        nanos = slowest.nanos();
        productNanos = slowest.productNanos();
        return nodes;
    }

    /** Adds up the leaves of one of this many threads. */
    private void add(Pass pass, Point point, int[] leaves, int part, int sharing) {
        int from = (int) ((long) leaves.length * part / sharing); // as the tree cuts, so that a half is one node
        int to = (int) ((long) leaves.length * (part + 1) / sharing);
        parts.get(part).add(point, pass, blocks, leaves, from, to);
    }

    private Crew crew() {
        if (crew == null) {
            crew = new Crew(threads);
        }
        return crew;
    }

    /** Returns the threads, for other work between two passes. */
    public Slices slices() {
        return threads == 1 ? Slices.ONE : crew();
    }

    /** Returns the nanoseconds of the last pass, in the slowest thread. */
    public long nanos() {
        return nanos;
    }

    /** Returns the nanoseconds of those in matrix products. */
    public long productNanos() {
        return productNanos;
    }

    /** Ends the threads and frees the memory of the sums. */
    @Override
    public void close() {
        parts.clear();
        kernel = null;
        if (crew != null) {
            crew.close();
            crew = null;
        }
    }
}
