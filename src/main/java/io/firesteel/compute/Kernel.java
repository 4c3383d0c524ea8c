package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A computation that turns each block of a data set into a vector of numbers, which a {@link Runner} adds over all
 * blocks. It is a description that is sent to the tasks; the memory belongs to its {@link Worker}s.
 *
 * @param <B> the type of the blocks
 */
public interface Kernel<B extends Numbered> extends Serializable {
    /** Returns the length of a block's vector. */
    int length();

    /** Returns the precision in which workers use the parameters: they may be sent rounded to it. */
    default Precision precision() {
        return Precision.DOUBLE;
    }

    /** Returns what the sums are for, in words for users: the name of a pass that is a Spark job. */
    default String purpose() {
        return "sums over blocks";
    }

    /** Returns what a step sees of a data set's blocks. */
    default Pass pass(int step, int blocks) {
        return Pass.over(blocks);
    }

    /**
     * Makes a worker for one thread.
     *
     * @param blockRows the largest number of rows of a block
     */
    Worker<B> worker(int blockRows);

    /** Computes the vectors of leaves, one at a time, in scratch memory of its own: one thread, one worker. */
    interface Worker<B> {
        /** Sets the point for the leaves that follow, and the pass that they belong to. */
        void moveTo(Point point, Pass pass);

        /**
         * Offers a leaf's vector to the tree.
         *
         * <p>A {@link SummationTree.Source} that it offers stays readable until it offers the next but one.
         *
         * @param leaf of the point's pass
         * @param block the one that the leaf is a part of
         */
        void offerTo(SummationTree tree, int leaf, B block);
    }

    /**
     * A kernel that needs neither parameters nor scratch memory, and sees all blocks.
     *
     * @param <B> the type of the blocks
     */
    interface Plain<B extends Numbered> extends Kernel<B> {
        /** Adds to {@code sums}, which are zeros, the block's numbers. */
        void add(B block, double[] sums);

        @Override
        default Worker<B> worker(int blockRows) {
            return new Worker<>() {
                @Override
                public void moveTo(Point point, Pass pass) {}

                @Override
                public void offerTo(SummationTree tree, int leaf, B block) {
                    double[] sums = tree.buffer();
                    Arrays.fill(sums, 0);
                    add(block, sums);
                    tree.offer(leaf, sums);
                }
            };
        }
    }
}
