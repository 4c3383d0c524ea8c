package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
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
import scala.runtime.AbstractFunction1;

/**
 * A training of half an hour, or of as many minutes as the system property {@code soak.minutes} says, with a broadcast and
 * a job for each step: what driver and executor keep in memory does not grow, and nothing stays when it is over.
 */
@Tag("soak")
@ExtendWith(Cluster.class)
class SoakIT {
    private static final double MINUTES = Double.parseDouble(System.getProperty("soak.minutes", "30"));

    private static final int WARM_UP = 300;

    /** Memory is looked at after each tenth of the training up to the eighth, and so many seconds before its end. */
    private static final int TENTHS = 8;

    private static final double SECONDS_BEFORE_END = 15;

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
        long start = System.nanoTime();
        int before = jobs.get();
        train(data, WARM_UP);
        double perStep = (System.nanoTime() - start) / 1e9 / (jobs.get() - before);
        int steps = (int) (MINUTES * 60 / perStep);

        List<Integer> marks = new ArrayList<>();
        for (int tenth = 1; tenth <= TENTHS; tenth++) {
            marks.add((int) (steps * (long) tenth / 10));
        }
        marks.add(steps - (int) (SECONDS_BEFORE_END / perStep));
        List<Sample> samples = Collections.synchronizedList(new ArrayList<>());
        int first = jobs.get();
        Thread sampler = new Thread(() -> {
            for (int step : marks) {
                while (jobs.get() - first < step) {
                    pause(100);
                }
                samples.add(Sample.take("step " + step, executor));
            }
        });
        sampler.setDaemon(true);
        sampler.start();
        start = System.nanoTime();
        train(data, steps);
        double minutes = (System.nanoTime() - start) / 6e10;
        int inTime = samples.size();

        System.out.printf(Locale.ROOT, "%d steps in %.1f minutes%n", steps, minutes);
        samples.forEach(System.out::println);
        assertEquals(marks.size(), inTime, "looks at memory while it ran");
        System.out.println(Sample.take("after it", executor));
        Sample early = samples.get(0);
        Sample late = samples.get(samples.size() - 1);
        assertTrue(late.driver <= 1.05 * early.driver, "the driver's heap grew: " + samples);
        assertTrue(late.executor <= 1.05 * early.executor, "the executor's heap grew: " + samples);
        SparkContext context = spark.sparkContext();
        assertEquals(0, context.getPersistentRDDs().size());
        assertEquals(List.of(), blocksThatStay());
    }

    private void train(String data, int steps) {
        // 17,025 parameters: 133 KiB, which go by broadcast
        String model = temp.resolve("model").toString();
        String checkpoints = temp.resolve("checkpoints").toString();
        int code = Firesteel.run(
                "train",
                "--data",
                data,
                "--label",
                "color",
                "--hidden",
                "128,128",
                "--engine",
                "job",
                "--iterations",
                Integer.toString(steps),
                "--model",
                model,
                "--checkpoint",
                checkpoints,
                "--overwrite");
        assertEquals(0, code);
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

    /** The bytes of what is reachable on the heaps: the least of a few looks, which meet a step at different points. */
    private record Sample(String when, long driver, long executor) {
        private static final int LOOKS = 5;

        private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

        static Sample take(String when, ProcessHandle executor) {
            long driver = Long.MAX_VALUE;
            long there = Long.MAX_VALUE;
            for (int i = 0; i < LOOKS; i++) {
                driver = Math.min(driver, reachable(ProcessHandle.current()));
                there = Math.min(there, reachable(executor));
                pause(500); // an executor drops a step's broadcasts some time after the driver's collector met them
            }
            return new Sample(when, driver, there);
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
                    "%-12s  driver %.1f MiB, executor %.1f MiB",
                    when,
                    driver / 1048576.0,
                    executor / 1048576.0);
        }
    }
}
