package io.firesteel.spark;

import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Network;
import io.firesteel.train.Block;
import io.firesteel.train.BlockSums;
import io.firesteel.train.StepTimes;
import io.firesteel.train.TimedObjective;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * The mean loss over the blocks of a cluster. An evaluation is one Spark job: theta is broadcast, each task returns the
 * sums of its blocks as nodes of the canonical tree, and the driver adds them as they arrive and divides by m once.
 */
public final class SparkObjective implements TimedObjective {
    private final Network network;
    private final Precision precision;
    private final Blocks blocks;
    private final JavaSparkContext spark;
    private StepTimes times = StepTimes.NONE;

    public SparkObjective(Network network, Precision precision, Blocks blocks) {
        this.network = network;
        this.precision = precision;
        this.blocks = blocks;
        this.spark = JavaSparkContext.fromSparkContext(blocks.rdd().context());
    }

    @Override
    public StepTimes times() {
        return times;
    }

    @Override
    public Value at(double[] theta) {
        long start = System.nanoTime();
        SummationTree tree = new SummationTree(blocks.count(), BlockSums.length(network));
        long[] slowest = new long[2]; // the slowest task's nanoseconds, and those in products
        Broadcast<double[]> point = spark.broadcast(theta);
        try {
            Step step = new Step(network, precision, blocks.blockRows(), blocks.count(), point);
            BlockJob.run(blocks.rdd(), step, result -> {
                result.nodes.forEach(tree::offer);
                if (result.taskNanos > slowest[0]) {
                    slowest[0] = result.taskNanos;
                    slowest[1] = result.productNanos;
                }
            });
        } finally {
            point.destroy();
        }
        Value value = BlockSums.mean(tree.root(), blocks.totalWeight());
        times = times.plus(System.nanoTime() - start, slowest[0], slowest[1]);
        return value;
    }

    private record StepResult(List<SummationTree.Node> nodes, long taskNanos, long productNanos)
            implements Serializable {}

    private record Step(Network network, Precision precision, int blockRows, int count, Broadcast<double[]> theta)
            implements BlockJob.Work<Block, StepResult> {
        @Override
        public StepResult on(Iterator<Block> run) {
            long start = System.nanoTime();
            long productsBefore = Blas.productNanos();
            List<SummationTree.Node> nodes = new BlockSums(network, precision, blockRows).at(theta.value(), run, count);
            return new StepResult(nodes, System.nanoTime() - start, Blas.productNanos() - productsBefore);
        }
    }
}
