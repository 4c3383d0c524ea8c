package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built program as users run it: through the submit scripts, and on a cluster of real processes with authentication
 * and encryption as in {@code conf/standalone.conf}.
 */
class ClusterIT {
    private static final Path PROJECT = Scripts.PROJECT;

    /** A secret of the cluster, and what a reader's options hold: neither is to be seen anywhere. */
    private static final String SECRET = "hunter2-9f3c1-6b1e0d0f7a52";

    private static int masterPort;
    private static String master;
    private static Path settings;
    private static Path events;

    @TempDir
    static Path temp;

    @BeforeAll
    static void startCluster() throws Exception {
        masterPort = Scripts.freePort();
        // The template, but for the sizes of a larger cluster.
        events = Files.createDirectory(temp.resolve("events"));
        List<String> lines = new ArrayList<>(Files.readAllLines(PROJECT.resolve("conf/standalone.conf")));
        lines.removeIf(line -> line.matches("spark\\.(driver|executor)\\..*"));
        lines.replaceAll(
                line -> line.replace("file:///tmp/spark-events", events.toUri().toString()));
        lines.add("spark.authenticate.secret " + SECRET);
        settings = Files.write(temp.resolve("standalone.conf"), lines);
        run("start-cluster.sh", "--properties-file", settings.toString(), "2", "1", "1g");
        master = "spark://127.0.0.1:" + masterPort;
    }

    @AfterAll
    static void stopCluster() throws Exception {
        run("stop-cluster.sh");
    }

    @Test
    void train_onAnyMasterAndPartitioning_givesTheSameBits() throws Exception {
        Map<String, String> sums = new TreeMap<>();
        sums.put("local[1]", train("local.sh", "--master", "local[1]"));
        sums.put(
                "local[5], 7 parts of the file, 9 partitions",
                train(
                        "local.sh",
                        "--master",
                        "local[5]",
                        "--conf",
                        "spark.sql.files.maxPartitionBytes=40000",
                        "--conf",
                        "spark.default.parallelism=9"));
        sums.put("a cluster of two workers", train(standalone()));
        sums.put("a driver on a worker, too", train(clusterMode()));
        assertEquals(1, sums.values().stream().distinct().count(), sums.toString());
    }

    @Test
    void standalone_trainsOnExecutorsOfBothWorkers() throws Exception {
        List<String> command = new ArrayList<>(List.of(standalone(
                "--conf", "spark.eventLog.compress=false", "--conf", "spark.eventLog.rolling.enabled=false")));
        command.addAll(digits("both"));
        command.addAll(List.of("--option", "password=" + SECRET, "--option", "user=" + SECRET));
        String output = run(command.toArray(String[]::new));
        assertFalse(output.contains(SECRET), output);
        StringBuilder log = new StringBuilder();
        try (var files = Files.list(events)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) { // compressed ones are directories
                log.append(Files.readString(file));
            }
        }
        assertFalse(log.toString().contains(SECRET), "the event log holds a secret");
        for (int executor = 0; executor < 2; executor++) {
            String finished = "\"Event\":\"SparkListenerTaskEnd\"";
            String by = "\"Executor ID\":\"" + executor + "\"";
            long tasks = log.toString()
                    .lines()
                    .filter(line -> line.contains(finished) && line.contains(by))
                    .count();
            assertTrue(tasks >= 4, "executor " + executor + " ended " + tasks + " tasks");
        }
    }

    @Test
    void standalone_withoutTheSecret_isTurnedAway() throws Exception {
        Process process = start("standalone.sh", master, "evaluate", "--model", "none", "--data", "none");
        StringBuilder output = new StringBuilder();
        try (var reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.append(line).append('\n');
                if (line.contains("Expected SaslMessage")) {
                    return; // Spark would try for a minute
                }
            }
        } finally {
            process.destroy();
        }
        throw new AssertionError(output);
    }

    /** The driver runs on a worker, and gets the cluster's secret from a file there. */
    private static String[] clusterMode() throws IOException {
        Path secret = Files.writeString(temp.resolve("driver.vmoptions"), "-Dspark.authenticate.secret=" + SECRET);
        return standalone(
                "--deploy-mode", "cluster", "--conf", "spark.driver.extraJavaOptions=-XX:VMOptionsFile=" + secret);
    }

    private static String[] standalone(String... options) {
        List<String> words = new ArrayList<>(List.of("standalone.sh", master));
        words.addAll(List.of("--properties-file", settings.toString(), "--executor-memory", "512m"));
        words.addAll(List.of("--driver-memory", "768m"));
        words.addAll(List.of(options));
        return words.toArray(String[]::new);
    }

    @Test
    void exitCode_ofAUsersMistake_passesThroughTheScripts() throws Exception {
        Process process =
                start("local.sh", "evaluate", "--model", temp.resolve("none").toString(), "--data", "none");
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertEquals(2, process.waitFor(), output);
        assertTrue(output.contains("error: --model " + temp.resolve("none") + ": no such model directory"), output);
    }

    private static List<String> digits(String name) {
        return List.of(
                "train",
                "--data",
                PROJECT.resolve("data/digits.csv").toString(),
                "--label",
                "digit",
                "--hidden",
                "32",
                "--iterations",
                "4",
                "--validation-fraction",
                "0.1",
                "--precision",
                "single",
                "--overwrite",
                "--model",
                temp.resolve(name).toString());
    }

    private static String train(String... script) throws Exception {
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(digits("model"));
        run(command.toArray(String[]::new));
        return Cli.weights(temp.resolve("model"));
    }

    private static String run(String... command) throws Exception {
        return Scripts.run(masterPort, command);
    }

    private static Process start(String... command) throws IOException {
        return Scripts.start(masterPort, command);
    }
}
