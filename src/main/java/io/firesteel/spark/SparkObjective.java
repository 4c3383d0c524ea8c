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
import org.apache.spark.broadcast.Broadcast;

/**
 * The mean loss over the blocks of a cluster. An evaluation is one Spark job: theta goes to the executors, each task returns the
 * sums of its blocks as nodes of the canonical tree, and the driver adds them as they arrive and divides by m once.
 */
public final class SparkObjective implements TimedObjective {
    /**
     * Up to this size theta travels inside the tasks' function, which goes to every executor anyway; a larger one is
     * broadcast.
     */
    private static final int MOST_INLINE_BYTES = 128 << 10;

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
        PackedPoint point = PackedPoint.of(theta, shape.precision());
        Broadcast<PackedPoint> broadcast = point.bytes().length > MOST_INLINE_BYTES ? spark.broadcast(point) : null;
        Step step = new Step(shape, broadcast == null ? point : null, broadcast);
        try {
            BlockJob.run(blocks.rdd(), step, result -> {
                result.nodes.offerTo(tree);
                if (result.taskNanos > slowest[0]) {
                    slowest[0] = result.taskNanos;
                    slowest[1] = result.productNanos;
                }
            });
        } finally {
            if (broadcast != null) {
                broadcast.destroy();
            }
        }
        Value value = BlockSums.mean(tree.root(), blocks.totalWeight());
        times = times.plus(System.nanoTime() - start, slowest[0], slowest[1]);
        return value;
    }

    private record StepResult(PackedNodes nodes, long taskNanos, long productNanos) implements Serializable {}

    /** What a task does; of the two places where theta can be, one is null. */
    private record Step(BlockSums.Shape shape, PackedPoint inline, Broadcast<PackedPoint> broadcast)
            implements BlockJob.Work<Block, StepResult> {
        @Override
        public StepResult on(Iterator<Block> run) {
            long start = System.nanoTime();
            long productsBefore = Blas.productNanos();
            BlockSums sums = Workspaces.take(shape);
            double[] theta = (inline != null ? inline : broadcast.value()).theta();
            PackedNodes nodes = PackedNodes.of(sums.at(theta, run));
            Workspaces.giveBack(sums);
            return new StepResult(nodes, System.nanoTime() - start, Blas.productNanos() - productsBefore);
        }
    }
}
