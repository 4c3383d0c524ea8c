package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.BlockId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import scala.runtime.AbstractFunction1;

/**
 * A training of half an hour, or of as many minutes as the system property {@code soak.minutes} says, with a broadcast and
 * a job for each step, in parts that go on from each other's checkpoints: what driver and executor keep in memory does not
 * grow, and nothing stays when it is over.
 */
@Tag("soak")
@ExtendWith(Cluster.class)
@ResourceLock(Cluster.LOCK)
class SoakIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("soak.minutes", "30"));

    private static final int WARM_UP = 300;

    /** Of the training's parts, in each of which memory is looked at: a tenth of it, but enough for the look. */
    private static final double SECONDS_PER_PART = Math.max(30, MINUTES * 6);

    @TempDir
    private Path temp;

    private SparkSession spark;
    private ProcessHandle executor;
    private final AtomicInteger jobs = new AtomicInteger();

    @BeforeEach
    void connect() throws Exception {
        Cluster cluster = Cluster.of(1);
        Properties settings = new Properties();
        try (Reader in = Files.newBufferedReader(cluster.settings())) {
            settings.load(in);
        }
        SparkConf conf = new SparkConf();
        settings.forEach((key, value) -> conf.set((String) key, (String) value));
        conf.set("spark.eventLog.enabled", "false"); // it grows with the steps
        conf.set("spark.driver.host", "127.0.0.1");
        conf.set("spark.driver.bindAddress", "127.0.0.1");
        conf.set("spark.executor.memory", "512m");
        conf.set("spark.cores.max", "1"); // which is waited for
        conf.set("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        conf.set("spark.jars", String.join(",", jars()));
        spark = SparkSession.builder().master(cluster.url()).config(conf).getOrCreate();
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onJobEnd(SparkListenerJobEnd end) {
                jobs.incrementAndGet();
            }
        });
        executor = cluster.executors().get(0);
    }

    private static List<String> jars() throws IOException {
        List<String> jars = new ArrayList<>();
        jars.add(Scripts.PROJECT.resolve("target/firesteel.jar").toString());
        try (var lib = Files.list(Scripts.PROJECT.resolve("target/lib"))) {
            lib.forEach(jar -> jars.add(jar.toString()));
        }
        return jars;
    }

    @AfterEach
    void disconnect() {
        if (spark != null) {
            spark.stop();
        }
    }

    @Test
    void train_forLong_memoryDoesNotGrowAndNothingStays() throws Exception {
        String data = temp.resolve("spirals.csv").toString();
        assertEquals(0, Firesteel.run("generate", "spirals", "--rows", "10000", "--output", data));
        train(data, WARM_UP);
        long begin = System.nanoTime();
        int steps = 2 * WARM_UP;
        train(data, steps, "--resume", checkpoints());
        double secondsPerStep = secondsSince(begin) / WARM_UP;

        // Parts, since how long a step takes depends on what else the machine does
        List<Sample> samples = new ArrayList<>();
        long start = System.nanoTime();
        do {
            int more = (int) (SECONDS_PER_PART / secondsPerStep);
            int mark = jobs.get() + more / 3;
            CompletableFuture<Sample> sample = CompletableFuture.supplyAsync(() -> {
                while (jobs.get() < mark) {
                    pause(100);
                }
                return Sample.take(secondsSince(start) / 60, executor);
            });
            steps += more;
            begin = System.nanoTime();
            train(data, steps, "--resume", checkpoints());
            secondsPerStep = secondsSince(begin) / more;
            assertTrue(sample.isDone(), "the training ended while memory was looked at");
            samples.add(sample.join());
        } while (samples.get(samples.size() - 1).minutes < MINUTES);

        System.out.printf(Locale.ROOT, "%d steps, in %.1f minutes%n", steps - 2 * WARM_UP, secondsSince(start) / 60);
        samples.forEach(System.out::println);
        Sample early = samples.stream()
                .filter(sample -> sample.minutes >= MINUTES / 10)
                .findFirst()
                .orElseThrow();
        Sample late = samples.get(samples.size() - 1);
        assertTrue(late.driver <= 1.05 * early.driver, () -> "the driver's heap grew: " + samples);
        assertTrue(late.executor <= 1.05 * early.executor, () -> "the executor's heap grew: " + samples);
        SparkContext context = spark.sparkContext();
        assertEquals(0, context.getPersistentRDDs().size());
        assertEquals(List.of(), blocksThatStay());
    }

    private void train(String data, int steps, String... options) {
        List<String> words = new ArrayList<>(List.of("train", "--preset", "notes", "--data", data, "--label", "color"));
        // 17,025 parameters: 133 KiB, which go by broadcast
        words.addAll(List.of("--hidden", "128,128", "--engine", "job", "--iterations", Integer.toString(steps)));
        words.addAll(List.of("--model", temp.resolve("model").toString(), "--overwrite"));
        words.addAll(List.of("--checkpoint", checkpoints()));
        words.addAll(List.of(options));
        assertEquals(0, Firesteel.run(words.toArray(String[]::new)));
    }

    private String checkpoints() {
        return temp.resolve("checkpoints").toString();
    }

    private static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }

    /** The blocks of broadcasts and data sets that Spark knows of, on driver and executor, when it had time to clear up. */
    private static List<String> blocksThatStay() {
        List<String> blocks = blocks();
        for (int tries = 0; tries < 20 && !blocks.isEmpty(); tries++) {
            System.gc(); // Spark removes the broadcast of a task's code when the driver's object for it is collected
            pause(500);
            blocks = blocks();
        }
        return blocks;
    }

    private static List<String> blocks() {
        List<String> names = new ArrayList<>();
        var all = SparkEnv.get().blockManager().master().getMatchingBlockIds(new Any(), false);
        for (var ids = all.iterator(); ids.hasNext(); ) {
            names.add(ids.next().name());
        }
        return names;
    }

    private static final class Any extends AbstractFunction1<BlockId, Object> {
        @Override
        public Object apply(BlockId id) {
            return true;
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The bytes of what is reachable on the heaps: the least of some looks, since one may meet a task and its scratch. */
    private record Sample(double minutes, long driver, long executor) {
        private static final int LOOKS = 8;

        private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

        static Sample take(double minutes, ProcessHandle executor) {
            long driver = Long.MAX_VALUE;
            long there = Long.MAX_VALUE;
            for (int i = 0; i < LOOKS; i++) {
                driver = Math.min(driver, reachable(ProcessHandle.current()));
                pause(300); // the executor drops a step's broadcasts some time after the driver's collector met them
                there = Math.min(there, reachable(executor));
            }
            return new Sample(minutes, driver, there);
        }

        /** A histogram is of what is reachable at one moment, after garbage is collected. */
        private static long reachable(ProcessHandle process) {
            String histogram = Scripts.jcmd(process, "GC.class_histogram");
            Matcher total = TOTAL.matcher(histogram);
            assertTrue(total.find(), histogram);
            return Long.parseLong(total.group(1));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "minute %4.1f  driver %.1f MiB, executor %.1f MiB",
                    minutes,
                    driver / 1048576.0,
                    executor / 1048576.0);
        }
    }
}
