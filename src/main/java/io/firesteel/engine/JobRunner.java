package io.firesteel.engine;

import io.firesteel.compute.Kernel;
import io.firesteel.compute.PartialSums;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.SummationTree;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * A runner over the blocks of a cluster. A pass is one Spark job: theta goes to the executors, each task returns the sums of
 * its blocks as nodes of the canonical tree, and the driver adds them as they arrive.
 *
 * @param <B> the type of the blocks
 */
public final class JobRunner<B> implements Runner<B> {
    private final JavaRDD<B> rdd;
    private final int blocks;
    private final int blockRows;
    private final JavaSparkContext spark;
    private final Set<String> blas = new TreeSet<>();
    private Kernel<B> kernel; // the last one; null before the first
    private Broadcast<WorkerPool<B>> pool; // of its tasks' memory
    private SummationTree tree; // over its sums

    /**
     * Creates a runner over all blocks of a data set.
     *
     * @param rdd the blocks; a partition holds any of them
     * @param blocks how many there are
     * @param blockRows the largest number of rows of a block
     */
    public JobRunner(JavaRDD<B> rdd, int blocks, int blockRows) {
        this.rdd = rdd;
        this.blocks = blocks;
        this.blockRows = blockRows;
        this.spark = JavaSparkContext.fromSparkContext(rdd.context());
    }

    @Override
    public Total sum(Kernel<B> next, Point point) {
        long start = System.nanoTime();
        if (next != kernel) {
            close();
            kernel = next;
            pool = spark.broadcast(new WorkerPool<>(kernel, blocks, blockRows));
            tree = new SummationTree(blocks, kernel.length());
        }
        tree.clear(kernel.pass(point.step(), blocks).leaves());
        long[] slowest = new long[2]; // the slowest task's nanoseconds, and those in products
        try (StepTransport transport = StepTransport.of(point.theta(), kernel.precision(), spark)) {
            BlockJob.run(rdd, new Part<>(pool, transport, point.step()), result -> {
                result.sums.offerTo(tree);
                blas.add(result.blas);
                if (result.taskNanos > slowest[0]) {
                    slowest[0] = result.taskNanos;
                    slowest[1] = result.productNanos;
                }
            });
        }
        return new Total(tree.root(), System.nanoTime() - start, slowest[0], slowest[1]);
    }

    private record Result(StepTransport.Parcel sums, long taskNanos, long productNanos, String blas)
            implements Serializable {}

    /** The work of a task. */
    private record Part<B>(Broadcast<WorkerPool<B>> pool, StepTransport transport, int step)
            implements BlockJob.Work<B, Result> {
        @Override
        public Result on(Iterator<B> run) {
            long start = System.nanoTime();
            WorkerPool<B> memory = pool.value();
            PartialSums<B> sums = memory.take();
            sums.add(new Point(transport.theta(), step), run);
            long productNanos = sums.productNanos();
            StepTransport.Parcel parcel = transport.send(sums, memory);
            return new Result(parcel, System.nanoTime() - start, productNanos, Blas.description());
        }
    }

    @Override
    public boolean isOnDriver() {
        return false;
    }

    @Override
    public String place() {
        return "a Spark job each";
    }

    @Override
    public Set<String> blas() {
        return new TreeSet<>(blas); // in order, as it is shown
    }

    @Override
    public void close() {
        if (kernel != null) {
            pool.destroy();
            kernel = null;
        }
    }
}
