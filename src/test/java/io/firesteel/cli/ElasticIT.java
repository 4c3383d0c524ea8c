package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A cluster that grows, hangs in part and shrinks under a training: the weights are those of a quiet one. */
@Tag("faults")
@ExtendWith(Cluster.class)
@ResourceLock(Cluster.LOCK)
class ElasticIT {
    private static final int STEPS = 400;

    @TempDir
    private Path temp;

    private final List<ProcessHandle> stopped = new ArrayList<>();
    private Cluster cluster;

    private List<String> train(String model, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "train",
                "--preset",
                "notes",
                "--data",
                Scripts.PROJECT.resolve("data/digits.csv").toString()));
        words.addAll(List.of("--label", "digit", "--hidden", "32", "--optimizer", "adam", "--iterations", "" + STEPS));
        words.addAll(List.of("--model", temp.resolve(model).toString()));
        words.addAll(List.of(more));
        return words;
    }

    /** Four tasks a step, for at most three executors of one core. */
    private static List<String> elastic() {
        List<String> options = new ArrayList<>();
        for (String setting : List.of(
                "spark.default.parallelism=4",
                "spark.executor.cores=1",
                "spark.locality.wait=0", // whoever is free takes the next task, though its block is elsewhere
                "spark.dynamicAllocation.enabled=true",
                "spark.dynamicAllocation.shuffleTracking.enabled=true",
                "spark.dynamicAllocation.minExecutors=1",
                "spark.dynamicAllocation.maxExecutors=3",
                "spark.dynamicAllocation.schedulerBacklogTimeout=8s", // longer than reading the data takes
                "spark.dynamicAllocation.sustainedSchedulerBacklogTimeout=1s",
                "spark.dynamicAllocation.executorIdleTimeout=8s", // longer than the first task of another takes
                "spark.speculation=true",
                "spark.speculation.interval=50ms",
                "spark.speculation.minTaskRuntime=50ms",
                "spark.speculation.quantile=0.5")) {
            options.addAll(List.of("--conf", setting));
        }
        return options;
    }

    private void signal(String name, ProcessHandle process) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor());
        if (name.equals("STOP")) {
            stopped.add(process);
        } else {
            stopped.remove(process);
        }
    }

    @AfterEach
    void tidyUp() throws Exception {
        for (ProcessHandle process : List.copyOf(stopped)) {
            if (process.isAlive()) {
                signal("CONT", process);
            }
        }
        if (cluster != null) {
            cluster.dismissGuests();
        }
    }

    /**
     * Steps of milliseconds leave no backlog that lasts, without which Spark asks for no executor; and executors that have a
     * task in each are never idle. So one step is made to hang, by stopping the only executor, and later the
     * steps are made to pause, by a checkpoint that takes long.
     */
    @Test
    void executors_oneThenThreeThenOne_andATaskThatRunsTwice() throws Exception {
        Running.start(List.of("local.sh", "--master", "local[2]"), train("quiet"))
                .expectSuccess();

        cluster = Cluster.of(1);
        cluster.invite("127.0.0.2"); // Spark lets no task run twice on one machine
        cluster.invite("127.0.0.3");
        Path hold = temp.resolve("hold");
        Path events = Files.createDirectory(temp.resolve("events"));
        List<String> options = elastic();
        options.addAll(EventLog.options(events));
        options.addAll(OddDisk.Held.options(hold));
        Running training = Running.start(
                cluster.submit(options),
                train(
                        "elastic",
                        "--engine",
                        "job",
                        "--checkpoint",
                        "held:" + temp.resolve("checkpoints"),
                        "--checkpoint-every",
                        "20"));
        training.await("step ");
        List<ProcessHandle> executors = cluster.executors();
        assertEquals(1, executors.size());
        ProcessHandle first = executors.get(0);

        signal("STOP", first);
        training.await("no growth", () -> cluster.executors().size() == 3);
        signal("CONT", first);
        try (EventLog log = EventLog.in(events)) {
            training.await("not all three work", () -> workers(log).size() == 3);

            ProcessHandle another = cluster.executors().stream()
                    .filter(executor -> !executor.equals(first))
                    .findFirst()
                    .orElseThrow();
            signal("STOP", another);
            training.await("no task runs twice", () -> count(log, ElasticIT::isSecondTry) > 0);
            signal("CONT", another);

            Files.createFile(hold);
            training.await("nobody goes", () -> cluster.executors().equals(List.of(first)));
            Files.delete(hold);
            training.expectToRun("before the cluster was small again");
            training.expectSuccess();
            expectOneThreeOne(log.events());
        }
        assertEquals(Cli.weights(temp.resolve("quiet")), Cli.weights(temp.resolve("elastic")));
    }

    /** The executors that have done tasks. */
    private static Set<String> workers(EventLog log) {
        return read(log).stream()
                .filter(event -> EventLog.is(event, "TaskEnd"))
                .map(EventLog::executor)
                .collect(Collectors.toSet());
    }

    /** A speculative task that came first. */
    private static boolean isSecondTry(JsonNode event) {
        return EventLog.is(event, "TaskEnd")
                && event.path("Task Info").path("Speculative").asBoolean()
                && event.path("Task End Reason").path("Reason").asText().equals("Success");
    }

    private static long count(EventLog log, Predicate<JsonNode> of) {
        return read(log).stream().filter(of).count();
    }

    private static List<JsonNode> read(EventLog log) {
        try {
            return log.events();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** There were jobs with one executor, then with three, then with one again. */
    private static void expectOneThreeOne(List<JsonNode> events) {
        int executors = 0;
        List<Integer> atJobs = new ArrayList<>();
        for (JsonNode event : events) {
            if (EventLog.is(event, "ExecutorAdded")) {
                executors++;
            } else if (EventLog.is(event, "ExecutorRemoved")) {
                executors--;
            } else if (EventLog.is(event, "JobStart") && executors % 2 == 1) { // two are on the way
                atJobs.add(executors);
            }
        }
        for (int i = atJobs.size() - 1; i > 0; i--) {
            if (atJobs.get(i).equals(atJobs.get(i - 1))) {
                atJobs.remove(i);
            }
        }
        assertEquals(List.of(1, 3, 1), atJobs);
        assertTrue(events.stream().anyMatch(ElasticIT::isSecondTry));
    }
}
