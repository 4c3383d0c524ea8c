package io.firesteel.compute;

import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import java.util.Arrays;

/** A kernel whose sums follow from what a network makes of a block, all of which it sees. */
interface OutputKernel extends Kernel<Block> {
    /** Returns the network. */
    Network network();

    /** Returns the factors of the examples' weights. */
    default ClassWeights classWeights() {
        return ClassWeights.NONE;
    }

    /** Returns how much labels are smoothed. */
    default double labelSmoothing() {
        return 0;
    }

    /** Adds to {@code sums}, which are zeros, the block's numbers. */
    void add(Backprop backprop, Block block, double[] sums);

    @Override
    default Worker<Block> worker(int blockRows) {
        Parameters theta = new Parameters(network(), precision());
        Backprop backprop = new Backprop(network(), theta, blockRows, classWeights(), labelSmoothing());
        return new Worker<>() {
            @Override
            public void moveTo(Point point, Pass pass) {
                theta.theta().setAll(point.theta());
            }

            @Override
            public void offerTo(SummationTree tree, int leaf, Block block) {
                double[] sums = tree.buffer();
                Arrays.fill(sums, 0);
                add(backprop, block, sums);
                tree.offer(leaf, sums);
            }
        };
    }
}
