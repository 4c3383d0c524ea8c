package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The built program as users run it: through the submit scripts, on a cluster of real processes with authentication and
 * encryption.
 */
@ExtendWith(Cluster.class)
class ClusterIT {
    private static final int STEPS = 4;

    /** What a reader's options hold is to be seen nowhere, as is the cluster's own secret. */
    private static final String SECRET = Cluster.SECRET;

    @TempDir
    static Path temp;

    @Test
    @ResourceLock(Cluster.LOCK)
    void train_onAnyMasterAndPartitioning_givesTheSameBits() throws Exception {
        Map<String, String> sums = new TreeMap<>();
        List<String> parts = List.of(
                "local.sh",
                "--master",
                "local[5]",
                "--conf",
                "spark.sql.files.maxPartitionBytes=40000",
                "--conf",
                "spark.default.parallelism=9");
        sums.put("local[5], 7 parts of the file, 9 partitions", train("parts", parts));
        sums.put("a cluster of two workers", trainOnBothWorkers());
        List<String> cluster = Cluster.of(2).submit(List.of("--total-executor-cores", "2"));
        sums.put("tasks that stay on them", train("resident", cluster, "--engine", "resident"));
        sums.put("a driver on a worker, too", train("cluster-mode", clusterMode()));
        assertEquals(1, sums.values().stream().distinct().count(), sums.toString());
    }

    private static String trainOnBothWorkers() throws Exception {
        Path events = Files.createDirectory(temp.resolve("events"));
        List<String> options = new ArrayList<>(EventLog.options(events));
        options.addAll(List.of("--total-executor-cores", "2")); // which are waited for
        options.addAll(List.of("--conf", "spark.sql.files.minPartitionNum=1")); // one reads, and both train
        String secret = "nullValue=" + SECRET;
        String sum =
                train("cluster", Cluster.of(2).submit(options), "--option", secret, "--option", "nanValue=" + SECRET);
        try (EventLog log = EventLog.in(events)) {
            Map<String, Long> tasks = log.events().stream()
                    .filter(event -> EventLog.is(event, "TaskEnd"))
                    .collect(Collectors.groupingBy(EventLog::executor, Collectors.counting()));
            assertTrue(tasks.size() == 2 && Collections.min(tasks.values()) > STEPS, "tasks of executors: " + tasks);
            assertFalse(log.events().toString().contains(SECRET), "the event log holds a secret");
        }
        return sum;
    }

    @Test
    @ResourceLock(Cluster.LOCK)
    void standalone_withoutTheSecret_isTurnedAway() throws Exception {
        String url = Cluster.of(2).url();
        List<String> words =
                List.of("train", "--data", "data/flower.csv", "--label", "color", "--model", "target/none");
        List<Running> strangers = new ArrayList<>();
        for (List<String> secret : List.of(
                List.<String>of(),
                List.of("--conf", "spark.authenticate=true", "--conf", "spark.authenticate.secret=another"))) {
            List<String> script = new ArrayList<>(List.of("standalone.sh", url));
            script.addAll(secret);
            strangers.add(Running.startBriefly(script, words));
        }
        for (Running stranger : strangers) {
            assertEquals(2, stranger.process().waitFor(), stranger.whole());
            String message = "error: the cluster at " + url.replace("spark://", "") + " turns this program away";
            assertTrue(stranger.whole().contains(message), stranger.whole());
            assertEquals(
                    1,
                    stranger.whole()
                            .lines()
                            .filter(line -> !line.startsWith("WARNING: Using incubator"))
                            .count(),
                    stranger.whole());
        }
    }

    /** The driver runs on a worker, and gets the cluster's secret from a file there. */
    private static List<String> clusterMode() throws Exception {
        Path secret = Files.writeString(temp.resolve("driver.vmoptions"), "-Dspark.authenticate.secret=" + SECRET);
        String java = "spark.driver.extraJavaOptions=-XX:VMOptionsFile=" + secret;
        return Cluster.of(2).submit(List.of("--deploy-mode", "cluster", "--conf", java));
    }

    @Test
    void exitCode_ofAUsersMistake_passesThroughTheScripts() throws Exception {
        Path none = temp.resolve("none");
        Running mistake = Running.startBriefly(
                List.of("local.sh"), List.of("evaluate", "--model", none.toString(), "--data", "none"));
        assertEquals(2, mistake.process().waitFor(), mistake.whole());
        assertTrue(mistake.whole().contains("error: --model " + none + ": no such model directory"), mistake.whole());
    }

    /** Trains on the digits; returns the weights' SHA-256. */
    private static String train(String name, List<String> script, String... more) throws Exception {
        Path model = temp.resolve(name);
        List<String> words = new ArrayList<>(List.of(
                "train",
                "--preset",
                "notes",
                "--data",
                Scripts.PROJECT.resolve("data/digits.csv").toString()));
        words.addAll(List.of("--label", "digit", "--hidden", "32", "--iterations", "" + STEPS));
        words.addAll(List.of("--validation-fraction", "0.1", "--precision", "single", "--model", model.toString()));
        words.addAll(List.of(more));
        if (!words.contains("--engine")) {
            words.addAll(List.of("--engine", "job"));
        }
        Running training = Running.startBriefly(script, words);
        training.expectSuccess();
        assertFalse(training.soFar().contains(SECRET), training.soFar());
        return Cli.weights(model);
    }
}
