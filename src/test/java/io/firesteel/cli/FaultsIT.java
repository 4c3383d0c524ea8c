package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that are really killed: every training ends with the weights of one that nothing happened to. */
@ExtendWith(Cluster.class)
class FaultsIT {
    @TempDir
    static Path temp;

    private final Random random = new Random(4);

    private static List<String> train(Path model, int steps, String... more) {
        return DigitsTraining.words(model, steps, more);
    }

    private static String undisturbed(int steps) throws Exception {
        return DigitsTraining.undisturbed(temp, steps);
    }

    private static Running startOnCluster(Cluster cluster, Path model, int steps, String engine) throws IOException {
        return Running.start(cluster.submit(List.of()), train(model, steps, "--engine", engine));
    }

    // kill -9 of executors and workers.

    /** Kills executors of a training that has begun: one at random, when both live. */
    private void killExecutors(Running training, Supplier<List<ProcessHandle>> executors, int kills) throws Exception {
        training.await("step ");
        for (int i = 0; i < kills; i++) {
            Thread.sleep(300 + random.nextInt(2500));
            training.await("one executor only", () -> executors.get().size() == 2); // the one before comes again
            executors.get().get(random.nextInt(2)).destroyForcibly();
        }
        training.expectToRun("before the last kill");
        training.expectSuccess();
    }

    /** On Spark's cluster for tests: master and workers live in the driver, executors are processes. */
    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 6000"})
    void anExecutorOfALocalClusterKilled(String engine, int steps) throws Exception {
        Path model = temp.resolve("executor-of-local-cluster-killed-" + engine);
        List<String> cluster =
                List.of("local.sh", "--master", "local-cluster[2,1,512]", "--conf", "spark.executor.memory=512m");
        Running training = Running.startBriefly(cluster, train(model, steps, "--engine", engine));
        ProcessHandle driver = training.process().toHandle();
        killExecutors(training, () -> Cluster.executorsOf(Stream.of(driver)), 1);
        assertEquals(undisturbed(steps), Cli.weights(model));
    }

    @ParameterizedTest
    @CsvSource({"job, 2000", "resident, 60000"})
    @Tag("faults")
    @ResourceLock(Cluster.LOCK)
    void anExecutorKilled_tenTimesOver(String engine, int steps) throws Exception {
        Cluster cluster = Cluster.of(2);
        Path model = temp.resolve("executors-killed-" + engine);
        killExecutors(startOnCluster(cluster, model, steps, engine), cluster::executors, 10);
        assertEquals(undisturbed(steps), Cli.weights(model));
    }

    /** A process that does not answer for half a minute costs time only, about as long as Spark itself waits for it. */
    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 6000"})
    @Tag("faults")
    @ResourceLock(Cluster.LOCK)
    void anExecutorHalted_isWaitedFor(String engine, int steps) throws Exception {
        Cluster cluster = Cluster.of(2);
        Path model = temp.resolve("executor-halted-" + engine);
        Running training = startOnCluster(cluster, model, steps, engine);
        training.await("step ");
        training.expectToRun("before it is halted");
        String halted = Long.toString(cluster.executors().get(0).pid());
        assertEquals(0, new ProcessBuilder("kill", "-STOP", halted).start().waitFor());
        try {
            Thread.sleep(30_000);
            training.expectToRun("while it is halted");
        } finally {
            assertEquals(0, new ProcessBuilder("kill", "-CONT", halted).start().waitFor());
        }
        training.expectSuccess();
        assertEquals(undisturbed(steps), Cli.weights(model));
    }

    @Test
    @Tag("faults")
    @ResourceLock(Cluster.LOCK)
    void aWorkerKilled() throws Exception {
        String expected = undisturbed(300);
        Cluster cluster = Cluster.of(2);
        Path model = temp.resolve("worker-killed");
        Running training = startOnCluster(cluster, model, 300, "job");
        training.await("step ");
        Thread.sleep(3000);
        training.expectToRun("before the kill");
        cluster.workers().get(0).destroyForcibly();
        training.expectSuccess();
        assertEquals(expected, Cli.weights(model));
    }

    // kill -9 of the driver.

    private static Running startLocal(Path model, Path checkpoints, int steps, int every) throws IOException {
        String directory = checkpoints.toString();
        String[] more = {
            "--checkpoint", directory, "--resume", directory, "--checkpoint-every", "" + every, "--overwrite"
        };
        return Running.start(DigitsTraining.LOCAL, train(model, steps, more));
    }

    private void killDriver(int kills, int steps) throws Exception {
        String expected = undisturbed(steps);
        Path checkpoints = temp.resolve("driver-" + kills);
        Path model = temp.resolve("driver-killed-" + kills);
        int duringCheckpoints = 0;
        for (int i = 0; i < kills; i++) {
            Set<String> before = leftOvers(checkpoints);
            Running training = startLocal(model, checkpoints, steps, 1);
            if (i % 4 == 3) {
                Thread.sleep(random.nextInt(5000)); // while it starts, perhaps, or reads
            } else {
                training.await("network ");
                if (i % 2 == 0) {
                    Thread.sleep(random.nextInt(1000));
                } else {
                    training.await("no checkpoint", () -> !before.containsAll(leftOvers(checkpoints)));
                }
            }
            training.expectToRun("before kill " + i);
            String printed = training.kill();
            assertFalse(printed.contains("warning: " + checkpoints), printed);
            duringCheckpoints += before.containsAll(leftOvers(checkpoints)) ? 0 : 1;
        }
        Running training = startLocal(model, checkpoints, steps, 1000);
        training.expectSuccess();
        assertFalse(training.soFar().contains("warning: " + checkpoints), training.soFar());
        assertEquals(expected, Cli.weights(model));
        assertEquals(Set.of(), leftOvers(checkpoints), "what was cut short is cleared away");
        assertTrue(duringCheckpoints > 0, "no kill came while a checkpoint was written");
    }

    /** The checkpoints that are being written, or were when their writer was killed. */
    private static Set<String> leftOvers(Path checkpoints) {
        if (!Files.exists(checkpoints)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(checkpoints)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("."))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Tag("faults")
    void theDriverKilled_twentyTimesOver() throws Exception {
        killDriver(20, 6000);
    }

    /** Without checkpoints, the model that was reached is saved, and nothing else is left behind. */
    @Test
    void theDriverToldToStop_savesItsModel() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("told-alone"));
        Path model = directory.resolve("model");
        Running training = Running.start(DigitsTraining.LOCAL, train(model, 10_000_000));
        training.await("step ");
        training.process().toHandle().destroy();
        assertTrue(training.process().waitFor(60, TimeUnit.SECONDS), training::soFar);
        String printed = training.whole();
        assertEquals(143, training.process().exitValue(), printed);
        assertTrue(printed.contains("SIGTERM: the training ends after this step, and its model is saved"), printed);
        assertFalse(printed.contains("Exception"), printed);
        assertFalse(
                TrainedModel.load(model).description().provenance().history().isEmpty());
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(List.of(model), files.toList());
        }
    }

    /** SIGTERM, as a scheduler sends it: the training is written down before it ends. */
    @Test
    void theDriverToldToStop_writesACheckpoint() throws Exception {
        int steps = 8_000; // some seconds, so that it is stopped on its way
        String expected = undisturbed(steps);
        Path checkpoints = temp.resolve("told-to-stop");
        Path model = temp.resolve("told-model");
        Running training = startLocal(model, checkpoints, steps, 1_000_000);
        training.await("step ");
        Process process = training.process();
        process.toHandle().destroy(); // Process.destroy would close its output, too
        assertTrue( // a busy disk may take its time
                process.waitFor(60, TimeUnit.SECONDS),
                () -> training.soFar() + Scripts.jcmd(process.toHandle(), "Thread.print"));
        String printed = training.whole();
        assertEquals(143, process.exitValue(), printed);
        assertTrue(printed.contains("--resume " + checkpoints + " goes on from there"), printed);
        assertFalse(printed.contains("Exception"), printed);
        try (Stream<Path> files = Files.list(checkpoints)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            assertEquals(1, names.size(), names + printed);
        }
        assertFalse(Files.exists(model));
        startLocal(model, checkpoints, steps, 1_000_000).expectSuccess();
        assertEquals(expected, Cli.weights(model));
    }

    @ParameterizedTest
    @CsvSource({
        "--driver-memory, 300m, System memory",
        "--master, 'local-cluster[2,1,512]', Asked to launch cluster with 512 MiB/worker but requested 1024"
    })
    void tooLittleMemory_isSaidInOneLine(String option, String value, String reason) throws Exception {
        List<String> small = List.of("local.sh", option, value);
        Running training = Running.startBriefly(small, train(temp.resolve("no-memory"), 1));
        assertTrue(training.process().waitFor(60, TimeUnit.SECONDS), training::soFar);
        String printed = training.whole();
        assertEquals(2, training.process().exitValue(), printed);
        assertEquals(1, printed.lines().filter(line -> line.contains(reason)).count(), printed);
        assertTrue(printed.contains("error: Spark does not start: "), printed);
        assertFalse(printed.contains("\tat "), printed);
    }

    /** A network of eight million weights for as many rows as categories: no copy of its size is kept that nobody needs. */
    @Test
    @Tag("faults")
    void aMillionCategories_fitInTwoGiB() throws Exception {
        Path data = temp.resolve("million.csv");
        try (PrintWriter out = new PrintWriter(data.toFile(), UTF_8)) {
            out.println("id,number,label");
            for (int i = 0; i < 1_000_000; i++) {
                double number = random.nextGaussian();
                out.println("N" + i + "," + number + "," + (number + random.nextGaussian() > 0 ? "yes" : "no"));
            }
        }
        List<String> words = new ArrayList<>(List.of("train", "--data", data.toString(), "--label", "label"));
        words.addAll(List.of(
                "--categorical",
                "id",
                "--epochs",
                "1",
                "--model",
                temp.resolve("million").toString()));
        Running training = Running.start(List.of("local.sh", "--master", "local[2]", "--driver-memory", "2g"), words);
        assertTrue(training.process().waitFor(15, TimeUnit.MINUTES), training::soFar);
        training.expectSuccess();
        assertTrue(training.soFar().contains("1,000,001 inputs"), training.soFar());
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
            String[] more = {
                "--checkpoint", checkpoints.toString(), "--checkpoint-every", "5", "--checkpoint-keep", "100"
            };
            Running training = Running.start(DigitsTraining.LOCAL, train(model, 40, more));
            training.expectSuccess();
            String printed = training.soFar();
            assertEquals(
                    1,
                    printed.lines()
                            .filter(line -> line.startsWith("warning: no checkpoint"))
                            .count(),
                    printed);
            assertTrue(printed.contains("No space left on device; training goes on, the last good one is"), printed);
            assertEquals(expected, Cli.weights(model));
            assertEquals(Set.of(), leftOvers(checkpoints));
            FileUtils.deleteDirectory(model.toFile());
            Running.start(DigitsTraining.LOCAL, train(model, 40, "--resume", checkpoints.toString()))
                    .expectSuccess();
            assertEquals(expected, Cli.weights(model));
        } finally {
            assertEquals(
                    0, new ProcessBuilder("umount", disk.toString()).start().waitFor());
        }
    }
}
