package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.BlockSums;
import io.firesteel.compute.Goal;
import io.firesteel.compute.Sampling;
import io.firesteel.compute.StepTimes;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
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

    public SparkObjective(Goal goal, Blocks blocks) {
        this.shape = new BlockSums.Shape(goal, blocks.blockRows(), blocks.count());
        this.blocks = blocks;
        this.spark = JavaSparkContext.fromSparkContext(blocks.rdd().context());
    }

    /** The same, of which every step sees all. */
    public SparkObjective(Network network, Precision precision, Blocks blocks) {
        this(new Goal(network, precision), blocks);
    }

    @Override
    public StepTimes times() {
        return times;
    }

    @Override
    public Value at(double[] theta) {
        return at(theta, Sampling.WHOLE);
    }

    @Override
    public Objective ofStep(int step) {
        return shape.goal().sampling().isNone() ? this : theta -> at(theta, step);
    }

    private Value at(double[] theta, int step) {
        long start = System.nanoTime();
        SummationTree tree = new SummationTree(shape.blocks(step), shape.length());
        long[] slowest = new long[2]; // the slowest task's nanoseconds, and those in products
        try (Route route = Route.of(theta, shape.goal().precision(), spark)) {
            BlockJob.run(blocks.rdd(), new Step(shape, route, step), result -> {
                result.sums.offerTo(tree);
                if (result.taskNanos > slowest[0]) {
                    slowest[0] = result.taskNanos;
                    slowest[1] = result.productNanos;
                }
            });
        }
        Value value = BlockSums.mean(tree.root());
        times = times.plus(System.nanoTime() - start, slowest[0], slowest[1]);
        return value;
    }

    private record StepResult(Route.Parcel sums, long taskNanos, long productNanos) implements Serializable {}

    /** What a task does. */
    private record Step(BlockSums.Shape shape, Route route, int step) implements BlockJob.Work<Block, StepResult> {
        @Override
        public StepResult on(Iterator<Block> run) {
            long start = System.nanoTime();
            long productsBefore = Blas.productNanos();
            BlockSums workspace = Workspaces.take(shape);
            Route.Parcel sums = route.send(workspace.at(new BlockSums.Point(route.theta(), step), run));
            Workspaces.giveBack(workspace);
            return new StepResult(sums, System.nanoTime() - start, Blas.productNanos() - productsBefore);
        }
    }
}
