package io.firesteel.compute;

/** The blocks that one evaluation of a kernel sees, in the order in which they are the leaves of the summation tree. */
public interface Pass {
    /** Returns the number of leaves. */
    int leaves();

    /** Returns the number of the block at a leaf, 0 .. {@link #leaves} - 1. */
    int block(int leaf);

    /** Returns the pass over all blocks in their own order. */
    static Pass over(int blocks) {
        return new Whole(blocks);
    }

    /** All blocks. */
    record Whole(int leaves) implements Pass {
        @Override
        public int block(int leaf) {
            return leaf;
        }
    }
}
