package io.firesteel.linalg;

/**
 * Does work on the numbers 0 .. n-1 in slices, perhaps on several threads at a time. What is done to a number must not depend on
 * the slice that it is in.
 */
@FunctionalInterface
public interface Slices {
    /** Work on a slice. */
    @FunctionalInterface
    interface Work {
        /** Does the work for the numbers from .. to - 1. */
        void on(int from, int to);
    }

    /** Does all numbers on the calling thread. */
    Slices ONE = (n, work) -> work.on(0, n);

    /** Does the work for the numbers 0 .. n-1, and returns when all of it is done. */
    void each(int n, Work work);
}
