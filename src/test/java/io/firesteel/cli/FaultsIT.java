package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are really killed: every training ends with the weights of one that nothing happened to. */
class FaultsIT {
    private static final Path CLUSTER = Scripts.PROJECT.resolve("target/cluster");

    /** Steps of the short trainings. */
    private static final int SHORT = 300;

    private static int masterPort;
    private static boolean clusterRuns;

    @TempDir
    static Path temp;

    private final Random random = new Random(4);

    @BeforeAll
    static void choosePort() throws IOException {
        masterPort = Scripts.freePort();
    }

    @AfterEach
    void stopCluster() throws Exception {
        if (clusterRuns) {
            Scripts.run(masterPort, "stop-cluster.sh");
            clusterRuns = false;
        }
    }

    private static void startCluster(int workers) throws Exception {
        Scripts.run(masterPort, "start-cluster.sh", Integer.toString(workers), "1", "1g");
        clusterRuns = true;
    }

    /** The words of a training of so many steps on the digits. */
    private static List<String> train(Path model, int steps, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "train", "--data", Scripts.PROJECT.resolve("data/digits.csv").toString()));
        words.addAll(List.of("--label", "digit", "--hidden", "32", "--validation-fraction", "0.1"));
        words.addAll(
                List.of("--optimizer", "adam", "--iterations", "" + steps, "--model", model.toString(), "--overwrite"));
        words.addAll(List.of(more));
        return words;
    }

    private static String undisturbed(int steps) throws Exception {
        Path model = temp.resolve("undisturbed-" + steps);
        if (!Files.exists(model)) {
            Scripts.run(masterPort, words(List.of("local.sh", "--master", "local[2]"), train(model, steps)));
        }
        return Cli.weights(model);
    }

    private static String[] words(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toArray(String[]::new);
    }

    private static Process startOnCluster(Path model, int steps, String... conf) throws IOException {
        List<String> script = new ArrayList<>(List.of("standalone.sh", "spark://127.0.0.1:" + masterPort));
        script.addAll(List.of("--executor-memory", "512m"));
        script.addAll(List.of(conf));
        return Scripts.start(masterPort, words(script, train(model, steps, "--engine", "job")));
    }

    /** What a process prints, gathered while it runs. */
    private static final class Output {
        private final StringBuilder text = new StringBuilder();
        private final Thread reader;

        Output(Process process) {
            reader = new Thread(() -> {
                try (var in = process.inputReader(UTF_8)) {
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        synchronized (text) {
                            text.append(line).append('\n');
                        }
                    }
                } catch (IOException e) {
                    // The process was killed.
                }
            });
            reader.setDaemon(true);
            reader.start();
        }

        String soFar() {
            synchronized (text) {
                return text.toString();
            }
        }

        String whole() throws InterruptedException {
            reader.join(10_000);
            return soFar();
        }

        void await(String what, Process process) throws InterruptedException {
            long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (!soFar().contains(what)) {
                assertTrue(process.isAlive() && System.nanoTime() < end, "no \"" + what + "\" in " + soFar());
                Thread.sleep(20);
            }
        }
    }

    private static void expectSuccess(Process process, Output output) throws InterruptedException {
        assertTrue(process.waitFor(4, TimeUnit.MINUTES), output.soFar());
        assertEquals(0, process.exitValue(), output.whole());
    }

    /** The executors of the cluster, which are children of its workers. */
    private static List<ProcessHandle> executors() {
        return workers().stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
    }

    private static List<ProcessHandle> workers() {
        try (Stream<Path> files = Files.list(CLUSTER)) {
            return files.filter(file -> file.getFileName().toString().matches("worker-\\d+\\.pid"))
                    .map(FaultsIT::handle)
                    .flatMap(java.util.Optional::stream)
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static java.util.Optional<ProcessHandle> handle(Path pidFile) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).trim()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    // kill -9 of executors and workers.

    private void killExecutors(int kills, int steps) throws Exception {
        String expected = undisturbed(steps);
        startCluster(2);
        Path model = temp.resolve("executors-killed");
        Process training = startOnCluster(model, steps);
        Output output = new Output(training);
        output.await("step ", training);
        for (int i = 0; i < kills; i++) {
            Thread.sleep(300 + random.nextInt(2500));
            List<ProcessHandle> alive = executors();
            for (int tries = 0; alive.size() < 2 && tries < 200; tries++) { // the one before comes again
                Thread.sleep(50);
                alive = executors();
            }
            assertTrue(training.isAlive(), "the training was over before kill " + i + ": " + output.soFar());
            alive.get(random.nextInt(alive.size())).destroyForcibly();
        }
        assertTrue(training.isAlive(), "the training was over before the last kill");
        expectSuccess(training, output);
        assertEquals(expected, Cli.weights(model));
    }

    @Test
    void anExecutorKilled() throws Exception {
        killExecutors(1, SHORT);
    }

    @Test
    @Tag("faults")
    void anExecutorKilled_tenTimesOver() throws Exception {
        killExecutors(10, 2000);
    }

    @Test
    @Tag("faults")
    void aWorkerKilled() throws Exception {
        String expected = undisturbed(300);
        startCluster(2);
        Path model = temp.resolve("worker-killed");
        Process training = startOnCluster(model, 300);
        Output output = new Output(training);
        output.await("step ", training);
        Thread.sleep(3000);
        assertTrue(training.isAlive());
        workers().get(0).destroyForcibly();
        expectSuccess(training, output);
        assertEquals(expected, Cli.weights(model));
    }

    // kill -9 of the driver.

    private Process startLocal(Path model, Path checkpoints, int steps, int every) throws IOException {
        String directory = checkpoints.toString();
        return Scripts.start(
                masterPort,
                words(
                        List.of("local.sh", "--master", "local[2]"),
                        train(
                                model,
                                steps,
                                "--checkpoint",
                                directory,
                                "--resume",
                                directory,
                                "--checkpoint-every",
                                "" + every)));
    }

    private void killDriver(int kills, int steps) throws Exception {
        String expected = undisturbed(steps);
        Path checkpoints = temp.resolve("driver-" + kills);
        Path model = temp.resolve("driver-killed-" + kills);
        int duringCheckpoints = 0;
        for (int i = 0; i < kills; i++) {
            Process training = startLocal(model, checkpoints, steps, 1);
            Output output = new Output(training);
            if (i % 4 == 3) {
                Thread.sleep(random.nextInt(5000)); // while it starts, perhaps, or reads
            } else {
                output.await("network ", training);
                Thread.sleep(random.nextInt(1000));
            }
            assertTrue(training.isAlive(), "over before kill " + i + ": " + output.soFar());
            training.destroyForcibly();
            training.waitFor();
            assertFalse(output.whole().contains("warning: " + checkpoints), output.whole());
            duringCheckpoints += leftOvers(checkpoints) > 0 ? 1 : 0;
        }
        Process training = startLocal(model, checkpoints, steps, 1000);
        Output output = new Output(training);
        expectSuccess(training, output);
        assertFalse(output.whole().contains("warning: " + checkpoints), output.whole());
        assertEquals(expected, Cli.weights(model));
        assertEquals(0, leftOvers(checkpoints), "what was cut short is cleared away");
        assertTrue(duringCheckpoints > 0, "no kill came while a checkpoint was written");
    }

    private static int leftOvers(Path checkpoints) throws IOException {
        if (!Files.exists(checkpoints)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return (int) files.filter(file -> file.getFileName().toString().startsWith("."))
                    .count();
        }
    }

    @Test
    @Tag("faults")
    void theDriverKilled_twentyTimesOver() throws Exception {
        killDriver(20, 6000);
    }

    /** SIGTERM, as a scheduler sends it: the training is written down before it ends. */
    @Test
    void theDriverToldToStop_writesACheckpoint() throws Exception {
        String expected = undisturbed(SHORT);
        Path checkpoints = temp.resolve("told-to-stop");
        Path model = temp.resolve("told-model");
        Process training = startLocal(model, checkpoints, SHORT, 1_000_000);
        Output output = new Output(training);
        output.await("step 0/", training);
        Thread.sleep(300);
        training.toHandle().destroy(); // Process.destroy would close its output, too
        assertTrue(training.waitFor(60, TimeUnit.SECONDS), output.soFar()); // a busy disk may take its time
        String printed = output.whole();
        assertEquals(143, training.exitValue(), printed);
        assertTrue(printed.contains("--resume " + checkpoints + " goes on from there"), printed);
        assertFalse(printed.contains("Exception"), printed);
        try (Stream<Path> files = Files.list(checkpoints)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertEquals(1, names.size(), names + printed);
        }
        assertFalse(Files.exists(model));
        Process resumed = startLocal(model, checkpoints, SHORT, 1_000_000);
        expectSuccess(resumed, new Output(resumed));
        assertEquals(expected, Cli.weights(model));
    }

    // A full disk: a real one, small.

    @Test
    @Tag("faults")
    void aFullDisk_costsOneWarning_andTheLastGoodCheckpointStaysGood() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk.toString()).start();
        assumeTrue(mount.waitFor() == 0, "only root can mount a small disk");
        try {
            String expected = undisturbed(40);
            Path checkpoints = disk.resolve("checkpoints");
            Path model = temp.resolve("full-disk");
            List<String> local = List.of("local.sh", "--master", "local[2]");
            String printed = Scripts.run(
                    masterPort,
                    words(
                            local,
                            train(
                                    model,
                                    40,
                                    "--checkpoint",
                                    checkpoints.toString(),
                                    "--checkpoint-every",
                                    "5",
                                    "--checkpoint-keep",
                                    "100")));
            assertEquals(
                    1,
                    printed.lines()
                            .filter(line -> line.startsWith("warning: no checkpoint"))
                            .count(),
                    printed);
            assertTrue(printed.contains("No space left on device; training goes on, the last good one is"), printed);
            assertEquals(expected, Cli.weights(model));
            assertEquals(0, leftOvers(checkpoints));
            FileUtils.deleteDirectory(model.toFile());
            Scripts.run(masterPort, words(local, train(model, 40, "--resume", checkpoints.toString())));
            assertEquals(expected, Cli.weights(model));
        } finally {
            assertEquals(
                    0, new ProcessBuilder("umount", disk.toString()).start().waitFor());
        }
    }
}
