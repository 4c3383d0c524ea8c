package io.firesteel.train;

import io.firesteel.compute.Batch;
import io.firesteel.compute.Block;
import io.firesteel.compute.BlockSums;
import io.firesteel.compute.Goal;
import io.firesteel.compute.Sampling;
import io.firesteel.compute.StepTimes;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The mean loss over blocks in memory, without Spark; the same bits as the distributed one over the same blocks. */
public final class LocalObjective implements TimedObjective {
    private final Goal goal;
    private final List<Block> blocks;
    private final BlockSums sums;
    private StepTimes times = StepTimes.NONE;

    /** The mean over the examples of all blocks of a data set, given in any order. */
    public LocalObjective(Goal goal, List<Block> blocks) {
        this.goal = goal;
        this.blocks =
                blocks.stream().sorted(Comparator.comparingInt(Block::number)).toList();
        int blockRows = 0;
        for (int i = 0; i < blocks.size(); i++) {
            Block block = this.blocks.get(i);
            if (block.number() != i) {
                throw new IllegalArgumentException(
                        "block " + i + " of " + blocks.size() + " is missing or there twice");
            }
            blockRows = Math.max(blockRows, block.examples().size());
        }
        sums = new BlockSums(new BlockSums.Shape(goal, blockRows, blocks.size()));
    }

    /** The same, of which every step sees all. */
    public LocalObjective(Network network, Precision precision, List<Block> blocks) {
        this(new Goal(network, precision), blocks);
    }

    @Override
    public Value at(double[] theta) {
        return at(new BlockSums.Point(theta, Sampling.WHOLE));
    }

    @Override
    public Objective ofStep(int step) {
        return goal.sampling().isNone() ? this : theta -> at(new BlockSums.Point(theta, step));
    }

    private Value at(BlockSums.Point point) {
        long start = System.nanoTime();
        long productsBefore = Blas.productNanos();
        Batch batch = goal.sampling().batch(point.step());
        Iterator<Block> run = batch == null
                ? blocks.iterator()
                : IntStream.range(0, batch.blocks())
                        .mapToObj(i -> blocks.get(batch.block(i)))
                        .iterator();
        double[] root = sums.at(point, run).get(0).sum(); // of all the step's blocks, there is one node
        Value value = BlockSums.mean(root);
        long nanos = System.nanoTime() - start;
        times = times.plus(nanos, nanos, Blas.productNanos() - productsBefore);
        return value;
    }

    @Override
    public StepTimes times() {
        return times;
    }
}
