package io.firesteel.train;

import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Network;
import java.util.Comparator;
import java.util.List;

/** The mean loss over blocks in memory, without Spark; the same bits as the distributed one over the same blocks. */
public final class LocalObjective implements TimedObjective {
    private final List<Block> blocks;
    private final double totalWeight;
    private final BlockSums sums;
    private StepTimes times = StepTimes.NONE;

    /** The mean over the examples of all blocks of a data set, given in any order. */
    public LocalObjective(Network network, Precision precision, List<Block> blocks) {
        this.blocks =
                blocks.stream().sorted(Comparator.comparingInt(Block::number)).toList();
        int blockRows = 0;
        SummationTree weight = new SummationTree(blocks.size(), 1);
        for (Block block : this.blocks) {
            weight.offer(block.number(), new double[] {block.examples().totalWeight()});
            blockRows = Math.max(blockRows, block.examples().size());
        }
        totalWeight = weight.root()[0];
        sums = new BlockSums(new BlockSums.Shape(network, precision, blockRows, blocks.size()));
    }

    @Override
    public Value at(double[] theta) {
        long start = System.nanoTime();
        long productsBefore = Blas.productNanos();
        double[] root = sums.at(theta, blocks.iterator()).get(0).sum(); // of all blocks, there is one node
        Value value = BlockSums.mean(root, totalWeight);
        long nanos = System.nanoTime() - start;
        times = times.plus(nanos, nanos, Blas.productNanos() - productsBefore);
        return value;
    }

    @Override
    public StepTimes times() {
        return times;
    }
}
