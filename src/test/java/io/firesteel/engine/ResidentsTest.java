package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.KernelCases;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.Slices;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.client.TransportClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that stay compute every kernel with the bits that it has without Spark, and no loss of theirs is a loss of the training. */
@Tag("spark")
class ResidentsTest {
    private static final int START_SECONDS = 3;

    /** The passes that a training is to take while another one wants the same cores. */
    private static final int ENOUGH = 20;

    private static Blocks blocks(List<Block> blocks, int partitions) {
        JavaRDD<Block> rdd = JavaSparkContext.fromSparkContext(spark()).parallelize(blocks, partitions);
        return new Blocks(
                rdd, blocks.size(), KernelCases.BLOCK_ROWS, KernelCases.ROWS, KernelCases.ROWS, 0, true, Set.of());
    }

    /** This many resident tasks, each with a run of partitions, wherever they run. */
    private static Residents residents(List<Block> blocks, int partitions, int tasks, int worthSharing) {
        List<ResidentPlaces.Task> places = IntStream.range(0, tasks)
                .mapToObj(task -> IntStream.range(partitions * task / tasks, partitions * (task + 1) / tasks)
                        .boxed()
                        .toList())
                .map(some -> new ResidentPlaces.Task(null, some))
                .toList();
        return new Residents(
                List.of(blocks(blocks, partitions)),
                executors -> places,
                new ResidentSession.Limits(worthSharing, START_SECONDS));
    }

    private static SparkContext spark() {
        return TestSpark.session().sparkContext();
    }

    private static int activeJobs() throws TimeoutException {
        spark().listenerBus().waitUntilEmpty();
        return spark().statusTracker().getActiveJobIds().length;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 3, 0", "2, 13, 0", "2, 3, 2147483647", "2, 20, 100"})
    void sum_everyKernel_hasTheBitsOfTheLocalRunner(int tasks, int partitions, int worthSharing)
            throws TimeoutException {
        for (Precision precision : Precision.values()) {
            List<Block> blocks = KernelCases.blocks(precision);
            Map<String, Kernel<Block>> kernels = KernelCases.kernels(precision);
            Residents residents = residents(blocks, partitions, tasks, worthSharing);
            try (Runner<Block> local = LocalRunner.of(blocks, 3);
                    Runner<Block> resident = residents.runner(0)) {
                kernels.forEach((name, kernel) -> {
                    for (Point point : KernelCases.points()) {
                        assertArrayEquals(
                                local.sum(kernel, point).sums(),
                                resident.sum(kernel, point).sums(),
                                name);
                    }
                });
                assertEquals("by resident tasks", resident.place());
                assertEquals(local.blas(), resident.blas());
                assertFalse(resident.isOnDriver());
                assertEquals(1, activeJobs());
            }
            assertEquals(0, activeJobs());
        }
    }

    /** A task of the application's own takes a core for so long: the training's cannot start. */
    private static JavaFutureAction<Void> occupyACore(int millis) {
        return JavaSparkContext.fromSparkContext(spark())
                .parallelize(List.of(millis), 1)
                .foreachAsync(Thread::sleep);
    }

    @Test
    void sum_whereCoresAreTaken_isAJobsUntilTheTasksCanStart() throws Exception {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        Kernel<Block> kernel = KernelCases.kernels(Precision.DOUBLE).get("loss of batches");
        Residents residents = residents(blocks, 4, 2, 0);
        try (Runner<Block> local = LocalRunner.of(blocks, 1);
                Runner<Block> resident = residents.runner(0)) {
            JavaFutureAction<Void> other = occupyACore(START_SECONDS * 1000 + 500);
            for (Point point : KernelCases.points()) {
                assertArrayEquals(
                        local.sum(kernel, point).sums(),
                        resident.sum(kernel, point).sums());
            }
            other.get();
            assertArrayEquals(
                    local.sum(kernel, KernelCases.points().get(0)).sums(),
                    resident.sum(kernel, KernelCases.points().get(0)).sums());
            assertEquals(1, activeJobs());
        }
    }

    /** Two trainings whose tasks need all cores: each makes room for the other, and none waits for ever. */
    @Test
    void sum_ofTwoTrainingsAtATime_goesOnInBoth() throws Exception {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        Kernel<Block> kernel = KernelCases.kernels(Precision.DOUBLE).get("loss");
        Point point = KernelCases.points().get(0);
        double[] expected;
        try (Runner<Block> local = LocalRunner.of(blocks, 1)) {
            expected = local.sum(kernel, point).sums().clone();
        }
        CountDownLatch busy = new CountDownLatch(2);
        ExecutorService trainings = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> passes = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                passes.add(trainings.submit(() -> {
                    int done = 0;
                    long start = System.nanoTime();
                    try (Runner<Block> resident = residents(blocks, 4, 2, 0).runner(0)) {
                        while (busy.getCount() > 0 && System.nanoTime() - start < TimeUnit.MINUTES.toNanos(1)) {
                            assertArrayEquals(
                                    expected, resident.sum(kernel, point).sums());
                            done++;
                            if (done == ENOUGH) {
                                busy.countDown(); // and goes on, so that the other one finds cores only if this
                                // makes room
                            }
                        }
                    }
                    return done;
                }));
            }
            for (Future<Integer> done : passes) {
                assertTrue(done.get() >= ENOUGH, done.get() + " passes");
            }
        } finally {
            trainings.shutdownNow();
        }
    }

    @Test
    void sum_whereItsJobIsCancelled_throwsSparksException() {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        Kernel<Block> kernel = KernelCases.kernels(Precision.DOUBLE).get("loss");
        Point point = KernelCases.points().get(0);
        spark().setJobGroup("mine", "a training", false);
        try (Runner<Block> resident = residents(blocks, 4, 2, 0).runner(0)) {
            resident.sum(kernel, point);
            spark().cancelJobGroup("mine");
            Exception e = assertThrows(Exception.class, () -> {
                for (long start = System.nanoTime(); System.nanoTime() - start < TimeUnit.SECONDS.toNanos(30); ) {
                    resident.sum(kernel, point);
                }
            });
            assertTrue(e.getMessage().contains("cancelled"), e.toString());
        } finally {
            spark().clearJobGroup();
        }
    }

    /** A task that failed would count against its executor, on which Spark's jobs are to run then. */
    @Test
    void call_whereTheDriverIsNotReached_endsAndDoesNotFail() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ResidentTask task = new ResidentTask(
                "127.0.0.1",
                port,
                new byte[Frame.SECRET_BYTES],
                List.of(new ResidentTask.DataSet(1, 1)),
                List.of(),
                List.of(1));
        JavaRDD<ResidentTask.Part> none =
                JavaSparkContext.fromSparkContext(spark()).parallelize(List.of(), 1);
        assertNull(BlockJob.start("unreachable", none, task).get(1, TimeUnit.MINUTES));
    }

    /** The sum of the blocks' numbers, of which the first is there only when somebody says so. */
    private record Held() implements Kernel.Plain<Block> {
        private static final CountDownLatch release = new CountDownLatch(1);

        @Override
        public int length() {
            return 2;
        }

        @Override
        public void add(Block block, double[] sums) {
            sums[0] = block.number();
            if (block.number() == 0) {
                try {
                    release.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Of two tasks one computes; the other one waits for its sums, as the driver does, and is not blamed. */
    @Test
    void waitingFor_namesTasksThatCompute_andNotThoseThatWaitForThem() throws Exception {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        ExecutorService training = Executors.newSingleThreadExecutor();
        try (Runner<Block> resident = residents(blocks, 2, 2, 0).runner(0)) {
            Future<double[]> sums = training.submit(
                    () -> resident.sum(new Held(), Point.NONE).sums().clone());
            String one = "an executor";
            long start = System.nanoTime();
            while (!resident.waitingFor().equals(one) && System.nanoTime() - start < TimeUnit.MINUTES.toNanos(1)) {
                Thread.sleep(20);
            }
            assertEquals(one, resident.waitingFor());
            Held.release.countDown();
            int n = blocks.size();
            assertArrayEquals(new double[] {n * (n - 1) / 2.0, 0}, sums.get());
            assertEquals("", resident.waitingFor());
        } finally {
            training.shutdownNow();
        }
    }

    /** Whoever does not know the secret is hung up on, by driver and tasks, and does no harm. */
    @Test
    void aStranger_isHungUpOn() throws Exception {
        List<Block> blocks = KernelCases.blocks(Precision.DOUBLE);
        Kernel<Block> kernel = KernelCases.kernels(Precision.DOUBLE).get("loss");
        Point point = KernelCases.points().get(0);
        ResidentPlaces places = new ResidentPlaces(
                List.of(new ResidentPlaces.Task(null, List.of(0, 1)), new ResidentPlaces.Task(null, List.of(2, 3))));
        Hangups hangups = new Hangups();
        try (ResidentSession session = new ResidentSession(
                        List.of(blocks(blocks, 4)),
                        List.of(new ResidentTask.Program(0, kernel)),
                        places,
                        List.of(1, 1),
                        new ResidentSession.Limits(0, START_SECONDS));
                Wire stranger = new Wire(SparkEnv.get(), "127.0.0.1", hangups)) {
            double[] before = session.sum(0, point, Slices.ONE).sums().clone();
            byte[] guess = new byte[Frame.SECRET_BYTES];
            Frame.Address nowhere = new Frame.Address("127.0.0.1", 1);
            int calls = 0;
            for (Frame.Address address : session.addresses()) {
                for (ByteBuffer message : List.of(
                        Frame.peer(guess),
                        new Frame.Hello(0, nowhere, "none", List.of(new int[] {0})).message(guess),
                        ByteBuffer.wrap(new byte[] {Frame.SUMS}),
                        ByteBuffer.wrap(new byte[] {Frame.PEER, 0}))) {
                    stranger.connect(address.host(), address.port()).send(message);
                    assertTrue(hangups.count.tryAcquire(5, TimeUnit.SECONDS), "message of kind " + message.get(0));
                    calls++;
                }
            }
            assertEquals(3 * 4, calls);
            assertArrayEquals(before, session.sum(0, point, Slices.ONE).sums());
        }
    }

    private static final class Hangups implements Wire.Receiver {
        private final Semaphore count = new Semaphore(0);

        @Override
        public void received(TransportClient from, ByteBuffer message) {
            throw new IllegalStateException("an answer");
        }

        @Override
        public void ended(TransportClient from) {
            count.release();
        }
    }
}
