package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.KernelCases;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Pass;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.compute.Sampling;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Dropout;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import io.firesteel.optim.GradientDescent;
import io.firesteel.optim.Optimizer;
import io.firesteel.optim.Steps;
import io.firesteel.train.MeanLoss;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.status.api.v1.JobData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

/** Distributed gradient descent takes the steps of the naive network; every kernel has the bits that it has without Spark. */
@Tag("spark")
class JobRunnerTest {
    private static final int M = 130;
    private static final int N0 = 5;
    private static final int N1 = 4;
    private static final int STEPS = 20;
    private static final double ALPHA = 0.7;
    private static final Network NETWORK =
            new Network(List.of(N0, N1, 1), List.of(Activation.SIGMOID), Loss.SIGMOID_CROSS_ENTROPY);

    private final Samples samples = new Samples(new double[M][N0], new double[M][1], null);
    private final double[] start = new double[NETWORK.parameterCount()];

    JobRunnerTest() {
        Random random = new Random(3);
        for (int j = 0; j < M; j++) {
            for (int i = 0; i < N0; i++) {
                samples.x()[j][i] = random.nextGaussian();
            }
            samples.y()[j][0] = j >= M - 2 ? 1 : 0; // the positives are last, where a short block has them
        }
        for (int k = 0; k < start.length; k++) {
            start[k] = 0.3 * random.nextGaussian();
        }
    }

    /** Spark's own pages call a job by what it is for, and the caller's own name for jobs stays. */
    @Test
    void sum_isNamedByItsPurpose() throws TimeoutException {
        SparkContext spark = context().sc();
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, 32);
        int before =
                CollectionConverters.asJava(spark.statusStore().jobsList(null)).size();
        spark.setCallSite("mine");
        try (JobRunner<Block> runner = new JobRunner<>(context().parallelize(blocks, 2), blocks.size(), 32)) {
            runner.sum(new LossKernel(NETWORK, Precision.DOUBLE), new Point(start, 0));
            assertEquals("mine", spark.getLocalProperty("callSite.short"));
        } finally {
            spark.clearCallSite();
        }
        spark.listenerBus().waitUntilEmpty();
        List<String> names = CollectionConverters.asJava(spark.statusStore().jobsList(null)).stream()
                .map(JobData::name)
                .toList();
        assertEquals(before + 1, names.size());
        assertTrue(names.contains("loss and gradient"), names.toString());
    }

    @ParameterizedTest
    @CsvSource({"1,32", "2,32", "3,32", "8,32", "2,1000", "8,17", "130,1", "3,1", "140,1"})
    void at_stepsAgreeWithALoopOverExamples(int partitions, int blockRows) {
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, blockRows);
        JavaRDD<Block> rdd = context().parallelize(blocks, partitions); // some are empty where there are more of them
        descend(new Blocks(rdd, blocks.size(), blockRows, M, M, 0, true, Set.of()), blockRows);
    }

    @Test
    void at_emptyPartitionsAndRowsInAnyPlace() {
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, 32);
        List<Block> odd =
                blocks.stream().filter(block -> block.number() % 2 == 1).toList();
        List<Block> even =
                blocks.stream().filter(block -> block.number() % 2 == 0).toList();
        JavaSparkContext context = context();
        JavaRDD<Block> none = context.parallelize(List.of(), 2);
        JavaRDD<Block> rdd = none.union(context.parallelize(odd, 1)).union(none).union(context.parallelize(even, 2));
        descend(Blocks.cached(rdd, blocks.size(), 32, M), 32);
    }

    /** On partitions of any number, and where the same runner computes one kernel after another. */
    @Test
    void sum_everyKernel_hasTheBitsOfTheLocalRunner() {
        for (Precision precision : Precision.values()) {
            List<Block> blocks = KernelCases.blocks(precision);
            Map<String, Kernel<Block>> kernels = KernelCases.kernels(precision);
            try (Runner<Block> local = LocalRunner.of(blocks, 3)) {
                for (int partitions : new int[] {1, 2, 5, 20}) {
                    JavaRDD<Block> rdd = context().parallelize(blocks, partitions);
                    try (Runner<Block> jobs = new JobRunner<>(rdd, blocks.size(), KernelCases.BLOCK_ROWS)) {
                        kernels.forEach((name, kernel) -> {
                            for (Point point : KernelCases.points()) {
                                assertArrayEquals(
                                        local.sum(kernel, point).sums(),
                                        jobs.sum(kernel, point).sums(),
                                        name + " on " + partitions + " partitions");
                            }
                        });
                        assertFalse(jobs.isOnDriver());
                        assertEquals(local.blas(), jobs.blas());
                    }
                }
            }
        }
    }

    private static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    }

    private void descend(Blocks blocks, int blockRows) {
        assertEquals(M, blocks.totalWeight());
        MeanLoss objective = new MeanLoss(new LossKernel(NETWORK, Precision.DOUBLE), blocks.runner());
        Optimizer.State state = Steps.start(new GradientDescent(ALPHA), start);
        NaiveNetwork naive = NaiveNetwork.like(NETWORK).set(start);
        double[] losses = NaiveNetwork.like(NETWORK).set(start).descend(samples, ALPHA, 0, STEPS);
        for (int step = 0; step < STEPS; step++) {
            double loss = Steps.take(state, objective);
            naive.descend(samples, ALPHA, 0, 1);
            assertEquals(losses[step], loss, 1e-12, "loss before step " + step + ", blocks of " + blockRows);
            assertArrayEquals(naive.theta(), state.theta(), 1e-12, "after step " + step + ", blocks of " + blockRows);
        }
        blocks.close();
    }

    /** Twenty-six blocks in eight partitions: a job of a small batch has a task for each partition that it needs. */
    @Test
    void sum_ofABatch_runsTasksWhereItsBlocksAre() {
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, 5);
        Sampling sampling = new Sampling(4, Dropout.NONE, new BatchSchedule(4, 10, M, 5));
        LossKernel kernel = new LossKernel(NETWORK, Precision.DOUBLE, ClassWeights.NONE, 0, sampling);
        JavaRDD<Block> rdd = context().parallelize(blocks, 8);
        try (JobRunner<Block> jobs = new JobRunner<>(rdd, blocks.size(), 5);
                Runner<Block> local = LocalRunner.of(blocks, 1)) {
            for (int step = 0; step < 13; step++) {
                Point point = new Point(start, step);
                assertArrayEquals(
                        local.sum(kernel, point).sums(), jobs.sum(kernel, point).sums());
                Set<Integer> needed = new TreeSet<>();
                Pass pass = kernel.pass(step, blocks.size());
                for (int leaf = 0; leaf < pass.leaves(); leaf++) {
                    int block = pass.block(leaf);
                    needed.add((int) ((8L * (block + 1) - 1) / blocks.size())); // as parallelize cuts
                }
                assertEquals(needed, IntStream.of(jobs.partitions(pass)).boxed().collect(Collectors.toSet()));
            }
        }
    }

    /** In local mode the driver's threads use the cached blocks themselves; what is not cached is copied. */
    @Test
    void onDriver_inLocalMode_areTheCachedBlocksThemselves() {
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, 32);
        try (Blocks cached = Blocks.cached(context().parallelize(blocks, 3), blocks.size(), 32, M)) {
            assertTrue(cached.areHere());
            Set<Block> first = Collections.newSetFromMap(new IdentityHashMap<>());
            first.addAll(cached.onDriver());
            assertEquals(blocks.size(), first.size());
            first.addAll(cached.onDriver());
            assertEquals(blocks.size(), first.size(), "the same objects again");
            Blocks uncached = new Blocks(context().parallelize(blocks, 3), blocks.size(), 32, M, M, 0, true, Set.of());
            assertFalse(uncached.areHere());
            assertEquals(blocks.size(), uncached.onDriver().size());
        }
    }

    /** A kernel whose block takes until somebody says so. */
    private record Held() implements Kernel.Plain<KernelCases.BareBlock> {
        private static final CountDownLatch release = new CountDownLatch(1);

        @Override
        public int length() {
            return 1;
        }

        @Override
        public void add(KernelCases.BareBlock block, double[] sums) {
            try {
                release.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void waitingFor_namesTheExecutorOfATaskThatRuns() throws Exception {
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
        ExecutorService training = Executors.newSingleThreadExecutor();
        try (JobRunner<KernelCases.BareBlock> runner =
                new JobRunner<>(spark.parallelize(List.of(new KernelCases.BareBlock(0)), 1), 1, 1)) {
            Future<?> pass = training.submit(() -> runner.sum(new Held(), Point.NONE));
            long start = System.nanoTime();
            while (runner.waitingFor().isEmpty() && System.nanoTime() - start < TimeUnit.MINUTES.toNanos(1)) {
                Thread.sleep(20);
            }
            assertTrue(runner.waitingFor().startsWith("executor driver ("), runner.waitingFor());
            Held.release.countDown();
            pass.get();
        } finally {
            training.shutdownNow();
        }
    }
}
