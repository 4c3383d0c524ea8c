package io.firesteel.compute;

/**
 * What one evaluation of a kernel sees of the blocks, as the leaves of the summation tree: each leaf is a block, or a part of
 * one. The leaves of a block follow each other.
 */
public interface Pass {
    /** Returns the number of leaves. */
    int leaves();

    /** Returns the number of the block that a leaf is a part of, for the leaves 0 .. {@link #leaves} - 1. */
    int block(int leaf);

    /** Returns the first leaf of a block; where it has none, any number. */
    int firstLeaf(int block);

    /** Returns the number of a block's leaves, which is 0 for a block that is not seen. */
    int leavesOf(int block);

    /** Returns the pass over all blocks in their own order. */
    static Pass over(int blocks) {
        return new Whole(blocks);
    }

    /** All blocks, each of which is a leaf. */
    record Whole(int leaves) implements Pass {
        @Override
        public int block(int leaf) {
            return leaf;
        }

        @Override
        public int firstLeaf(int block) {
            return block;
        }

        @Override
        public int leavesOf(int block) {
            return 1;
        }
    }
}
