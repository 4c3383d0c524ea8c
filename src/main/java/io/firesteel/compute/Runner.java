package io.firesteel.compute;

import io.firesteel.linalg.Slices;
import java.util.Set;

/**
 * Adds a kernel's vectors over all blocks of one data set, along the canonical {@link io.firesteel.linalg.SummationTree}: the
 * sums have the same bits wherever they are computed. It is used by one thread at a time.
 *
 * @param <B> the type of the blocks
 */
public interface Runner<B extends Numbered> extends AutoCloseable {
    /**
     * The sums of a pass and its times.
     *
     * @param sums valid until the runner's next pass
     * @param nanos that the pass took
     * @param taskNanos of them, in the slowest task or thread
     * @param productNanos of those, in matrix products
     */
    record Total(double[] sums, long nanos, long taskNanos, long productNanos) {}

    /** Adds up a kernel's vectors of all blocks that the point's step sees. */
    Total sum(Kernel<B> kernel, Point point);

    /** Returns the threads that share work on the driver's vectors, such as theta. */
    Slices slices();

    /** Returns whether it computes in the driver's process alone, over blocks in its memory. */
    boolean isOnDriver();

    /** Returns whether threads can share the leaves of one block; else each has whole blocks. */
    default boolean sharesBlocks() {
        return true;
    }

    /** Returns in words for users where a step is computed, such as "on the driver". */
    String place();

    /** Returns in words for users what a pass that takes long is waiting for; empty if that is not known. Any thread may ask. */
    default String waitingFor() {
        return "";
    }

    /** Returns the BLAS kernels of the machines that compute: with more than one, bits depend on where blocks are computed. */
    Set<String> blas();

    /** Frees memory and threads; the blocks stay. */
    @Override
    void close();
}
