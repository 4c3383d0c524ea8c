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
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The mean loss over the blocks of a cluster. An evaluation is one Spark job: theta goes to the executors, each task
 * returns the sums of its blocks as nodes of the canonical tree, and the driver adds them as they arrive and divides by m
 * once.
 */
public final class SparkObjective implements TimedObjective {
    private final BlockSums.Shape shape;
    private final Blocks blocks;
    private final JavaSparkContext spark;
    private StepTimes times = StepTimes.NONE;

    public SparkObjective(Network network, Precision precision, Blocks blocks) {
        this.shape = new BlockSums.Shape(network, precision, blocks.blockRows(), blocks.count());
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
        SummationTree tree = new SummationTree(shape.blocks(), shape.length());
        long[] slowest = new long[2]; // the slowest task's nanoseconds, and those in products
        try (Route route = Route.of(theta, shape.precision(), spark)) {
            BlockJob.run(blocks.rdd(), new Step(shape, route), result -> {
                result.sums.offerTo(tree);
                if (result.taskNanos > slowest[0]) {
                    slowest[0] = result.taskNanos;
                    slowest[1] = result.productNanos;
                }
            });
        }
        Value value = BlockSums.mean(tree.root(), blocks.totalWeight());
        times = times.plus(System.nanoTime() - start, slowest[0], slowest[1]);
        return value;
    }

    private record StepResult(Route.Parcel sums, long taskNanos, long productNanos) implements Serializable {}

    /** What a task does. */
    private record Step(BlockSums.Shape shape, Route route) implements BlockJob.Work<Block, StepResult> {
        @Override
        public StepResult on(Iterator<Block> run) {
            long start = System.nanoTime();
            long productsBefore = Blas.productNanos();
            BlockSums workspace = Workspaces.take(shape);
            Route.Parcel sums = route.send(workspace.at(route.theta(), run));
            Workspaces.giveBack(workspace);
            return new StepResult(sums, System.nanoTime() - start, Blas.productNanos() - productsBefore);
        }
    }
}
