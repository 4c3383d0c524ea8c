package io.firesteel.engine;

import io.firesteel.compute.Crew;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.Numbered;
import io.firesteel.compute.PartialSums;
import io.firesteel.compute.Pass;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Slices;
import io.firesteel.linalg.SummationTree;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.status.AppStatusStore;
import org.apache.spark.status.api.v1.StageData;
import org.apache.spark.status.api.v1.TaskData;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A runner over the blocks of a cluster. A pass is one Spark job: theta goes to the executors, each task returns the sums of
 * its blocks as nodes of the canonical tree, and the driver adds them as they arrive.
 *
 * @param <B> the type of the blocks
 */
public final class JobRunner<B extends Numbered> implements Runner<B> {
    /** Maximum number of threads that work on the driver's vectors: memory limits their speed sooner than cores do. */
    private static final int MOST_DRIVER_THREADS = 8;

    /** The tasks of a stage among which those are looked for that it waits for. */
    private static final int MOST_TASKS = 10_000;

    private final JavaRDD<B> rdd;
    private final int blocks;
    private final int blockRows;
    private final JavaSparkContext spark;
    private final Redistribution redistribution;
    private final Set<String> blas = new TreeSet<>();
    private Kernel<B> kernel; // the last one; null before the first
    private Broadcast<WorkerPool<B>> pool; // of its tasks' memory
    private SummationTree tree; // over its sums
    private int[] partitionOf; // of each block; null until a pass sees some blocks only
    private Crew crew; // null until vectors of the driver are worked on

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
        this.redistribution = new Redistribution(List.of(rdd));
    }

    @Override
    public Total sum(Kernel<B> next, Point point) {
        long start = System.nanoTime();
        if (next != kernel) {
            forget();
            kernel = next;
            pool = spark.broadcast(new WorkerPool<>(kernel, blocks, blockRows));
            tree = new SummationTree(blocks, kernel.length());
        }
        redistribution.takes();
        Pass pass = kernel.pass(point.step(), blocks);
        tree.clear(pass.leaves());
        long[] slowest = new long[2]; // the slowest task's nanoseconds, and those in products
        try (StepTransport transport = StepTransport.of(point.theta(), kernel.precision(), spark)) {
            BlockJob.run(kernel.purpose(), rdd, partitions(pass), new Part<>(pool, transport, point.step()), result -> {
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

    /** Returns the partitions that have blocks of a pass, in ascending order. */
    int[] partitions(Pass pass) {
        if (pass.equals(Pass.over(blocks))) {
            return IntStream.range(0, rdd.getNumPartitions()).toArray();
        }
        if (partitionOf == null) {
            partitionOf = new int[blocks];
            BlockJob.run("places of the blocks", rdd, new Where<>(), place -> {
                for (int block : place.blocks) {
                    partitionOf[block] = place.partition;
                }
            });
        }
        return IntStream.range(0, pass.leaves())
                .map(leaf -> partitionOf[pass.block(leaf)])
                .sorted()
                .distinct()
                .toArray();
    }

    /** The numbers of the blocks of a partition. */
    private record Place(int partition, int[] blocks) implements Serializable {}

    private record Where<B extends Numbered>() implements BlockJob.Work<B, Place> {
        @Override
        public Place on(Iterator<B> run) {
            IntStream.Builder numbers = IntStream.builder();
            run.forEachRemaining(block -> numbers.add(block.number()));
            return new Place(TaskContext.getPartitionId(), numbers.build().toArray());
        }
    }

    private record Result(StepTransport.Parcel sums, long taskNanos, long productNanos, String blas)
            implements Serializable {}

    /** The work of a task. */
    private record Part<B extends Numbered>(Broadcast<WorkerPool<B>> pool, StepTransport transport, int step)
            implements BlockJob.Work<B, Result> {
        @Override
        public Result on(Iterator<B> run) {
            long start = System.nanoTime();
            WorkerPool<B> memory = pool.value();
            PartialSums<B> sums = memory.take();
            PartialSums.Result added = sums.add(new Point(transport.theta(), step), run);
            StepTransport.Parcel parcel = transport.send(added.nodes(), () -> memory.giveBack(sums));
            return new Result(parcel, System.nanoTime() - start, added.productNanos(), Blas.description());
        }
    }

    /** Returns threads of the driver, whose cores are free between two jobs. */
    @Override
    public Slices slices() {
        if (crew == null) {
            crew = new Crew(Math.min(Runtime.getRuntime().availableProcessors(), MOST_DRIVER_THREADS));
        }
        return crew;
    }

    @Override
    public boolean isOnDriver() {
        return false;
    }

    @Override
    public boolean sharesBlocks() {
        return false;
    }

    @Override
    public String place() {
        return "a Spark job each";
    }

    /** Returns the executors on which tasks of the running stages have not ended. */
    @Override
    public String waitingFor() {
        Set<String> executors = new TreeSet<>();
        AppStatusStore store = spark.sc().statusStore();
        for (StageData stage : CollectionConverters.asJava(store.activeStages())) {
            for (TaskData task :
                    CollectionConverters.asJava(store.taskList(stage.stageId(), stage.attemptId(), MOST_TASKS))) {
                if (task.status().equals("RUNNING")) {
                    executors.add("executor " + task.executorId() + " (" + task.host() + ")");
                }
            }
        }
        return String.join(", ", executors);
    }

    @Override
    public Set<String> blas() {
        return new TreeSet<>(blas); // in order, as it is shown
    }

    /** Frees what belongs to the last kernel. */
    private void forget() {
        if (kernel != null) {
            pool.destroy();
            kernel = null;
        }
    }

    @Override
    public void close() {
        forget();
        if (crew != null) {
            crew.close();
            crew = null;
        }
    }
}
