package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Master, workers and driver on hosts of their own, to which happens what happens to machines and networks: every training ends with
 * the weights of one that nothing happened to, which was computed in one process.
 */
@Tag("hosts")
@ExtendWith(Hosts.class)
@ResourceLock(Hosts.LOCK)
class HostsIT {
    /** Within this time the loss of a host is noticed. */
    private static final double NOTICED_SECONDS = 40;

    private static final Pattern STEP = Pattern.compile("step (\\d+)/");

    @TempDir
    static Path temp;

    /** A training on the hosts, and its event log. */
    private record Trial(Running running, Path model, Path events, int steps) {
        /** Starts a training on two workers, and waits for its first steps. */
        static Trial start(String name, String engine, int steps, String... more) throws Exception {
            Hosts.expect(2);
            Path model = temp.resolve(name + "-" + engine);
            Path events = Files.createDirectory(temp.resolve("events-" + name + "-" + engine));
            List<String> options = new ArrayList<>(EventLog.options(events));
            options.addAll(List.of("--total-executor-cores", "2"));
            List<String> words = new ArrayList<>(List.of("--engine", engine));
            words.addAll(List.of(more));
            Running running = Hosts.start(
                    Hosts.DRIVER, options, DigitsTraining.words(model, steps, words.toArray(String[]::new)));
            Trial trial = new Trial(running, model, events, steps);
            running.await("no step", () -> trial.step() > 20);
            return trial;
        }

        /** The last step that was shown. */
        int step() {
            Matcher matcher = STEP.matcher(running.soFar());
            int last = 0;
            while (matcher.find()) {
                last = Integer.parseInt(matcher.group(1));
            }
            return last;
        }

        /** Waits until the training stands still, and then until it goes on; returns the seconds since a time. */
        double secondsUntilItGoesOn(long since) throws InterruptedException {
            int stuck = step();
            for (long looked = System.nanoTime(); System.nanoTime() - looked < 2_000_000_000L; Thread.sleep(100)) {
                if (step() != stuck) {
                    stuck = step();
                    looked = System.nanoTime();
                }
            }
            int before = stuck;
            running.expectToRun("before it noticed anything");
            running.await("it does not go on", () -> step() > before);
            return (System.nanoTime() - since) / 1e9;
        }

        /** Expects that one executor more than at the start has come, and has got tasks. */
        void expectAReplacementAtWork() throws IOException {
            int added = 0;
            int tasksOfTheLast = 0;
            String last = "";
            try (EventLog log = EventLog.in(events)) {
                for (JsonNode event : log.events()) {
                    if (EventLog.is(event, "ExecutorAdded")) {
                        added++;
                        last = EventLog.executor(event);
                        tasksOfTheLast = 0;
                    } else if (EventLog.is(event, "TaskStart")
                            && EventLog.executor(event).equals(last)) {
                        tasksOfTheLast++;
                    }
                }
            }
            assertEquals(3, added, "executors");
            assertTrue(tasksOfTheLast > 0, "the last executor got nothing to do");
        }

        /** How many executors were lost. */
        long lost() throws IOException {
            try (EventLog log = EventLog.in(events)) {
                return log.events().stream()
                        .filter(event -> EventLog.is(event, "ExecutorRemoved"))
                        .map(EventLog::executor)
                        .distinct()
                        .count();
            }
        }

        /** Expects that the training goes on, and ends with the weights of one that nothing happened to. */
        void expectTheSameBits() throws Exception {
            running.expectSuccess();
            assertEquals(DigitsTraining.undisturbed(temp, steps), Cli.weights(model), running.soFar());
        }
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        List<String> kill = List.of("kill", "-" + name, Long.toString(process.pid()));
        assertEquals(0, new ProcessBuilder(kill).start().waitFor());
    }

    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 8000"})
    void aLinkDownFor15Seconds(String engine, int steps) throws Exception {
        Trial trial = Trial.start("link-down", engine, steps);
        Hosts.link("h1", false);
        Thread.sleep(15_000);
        trial.running.expectToRun("while the cable was out");
        Hosts.link("h1", true);
        trial.expectTheSameBits();
    }

    /** The executor that takes the place of one that was killed gets work. */
    @ParameterizedTest
    @CsvSource({"job, 1000", "resident, 30000"})
    void anExecutorKilled_isReplaced(String engine, int steps) throws Exception {
        Trial trial = Trial.start("executor-killed", engine, steps);
        Hosts.executors("h1").get(0).destroyForcibly();
        trial.expectTheSameBits();
        trial.expectAReplacementAtWork();
    }

    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 8000"})
    void aHostsProcessesKilled(String engine, int steps) throws Exception {
        Trial trial = Trial.start("host-killed", engine, steps);
        Hosts.kill("h1");
        trial.expectTheSameBits();
        assertEquals(1, trial.lost());
    }

    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 8000"})
    void aHostPoweredOff_isNoticed(String engine, int steps) throws Exception {
        Trial trial = Trial.start("powered-off", engine, steps);
        long start = System.nanoTime();
        Hosts.powerOff("h1");
        double seconds = trial.secondsUntilItGoesOn(start);
        System.err.printf("a host powered off, engine %s: the training goes on after %.1f s%n", engine, seconds);
        assertTrue(seconds <= NOTICED_SECONDS, seconds + " s");
        trial.expectTheSameBits();
    }

    /** A garbage collection may stop a process for so long, which is no reason to give it up. */
    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 8000"})
    void anExecutorPausedFor10Seconds_isBorne(String engine, int steps) throws Exception {
        Trial trial = Trial.start("paused", engine, steps);
        ProcessHandle executor = Hosts.executors("h1").get(0);
        signal("STOP", executor);
        try {
            Thread.sleep(10_000);
            trial.running.expectToRun("while an executor was paused");
        } finally {
            signal("CONT", executor);
        }
        trial.expectTheSameBits();
        assertEquals(0, trial.lost());
    }

    @ParameterizedTest
    @CsvSource({"job, 300", "resident, 2000"})
    void packetsLost(String engine, int steps) throws Exception {
        Trial trial = Trial.start("packets-lost", engine, steps);
        Hosts.shape(0, 0, 1);
        try {
            trial.expectTheSameBits();
        } finally {
            Hosts.shape(0, 0, 0);
        }
    }

    /** The master that is started again knows the training: it replaces an executor. */
    @ParameterizedTest
    @CsvSource({"job, 1500", "resident, 60000"})
    void theMasterRestarted(String engine, int steps) throws Exception {
        Trial trial = Trial.start("master-restarted", engine, steps);
        Hosts.change();
        Hosts.processes(Hosts.MASTER, "org.apache.spark.deploy.master.Master")
                .get(0)
                .destroyForcibly();
        Thread.sleep(2000);
        Hosts.startMaster();
        trial.running.expectToRun("before the master was there again");
        Hosts.executors("h1").get(0).destroyForcibly();
        trial.expectTheSameBits();
        trial.expectAReplacementAtWork();
    }

    /** The disk of a worker has room for the program, and for hardly anything that its executor shuffles. */
    @Test
    void aWorkersDiskFull() throws Exception {
        Hosts.expect(2);
        String size = "size=" + (Hosts.jarBytes() + (32 << 10));
        Hosts.exec("h1", "mount", "-t", "tmpfs", "-o", size, "tmpfs", Hosts.DISK.toString());
        Trial trial = Trial.start("disk-full", "job", 100);
        Hosts.change();
        trial.expectTheSameBits();
        try (EventLog log = EventLog.in(trial.events)) {
            assertTrue(
                    log.events().stream()
                            .anyMatch(event -> EventLog.is(event, "TaskEnd")
                                    && event.path("Task End Reason").toString().contains("No space left on device")),
                    "the disk was not full");
        }
    }

    /** The driver's host is gone; another one goes on from the checkpoints, with another engine. */
    @ParameterizedTest
    @CsvSource({"job, resident, 20", "resident, job, 200"})
    void resumedFromAnotherHost(String engine, String then, int every) throws Exception {
        int steps = 400;
        Path checkpoints = temp.resolve("checkpoints-" + engine);
        String[] more = {"--checkpoint", checkpoints.toString(), "--checkpoint-every", "" + every};
        Trial trial = Trial.start("first-host", engine, 1_000_000, more);
        trial.running.await("no checkpoint", () -> trial.step() > 2 * every);
        Hosts.powerOff(Hosts.DRIVER);
        int reached = trial.step();
        assertFalse(Files.exists(trial.model));

        Hosts.expect(2);
        Path model = temp.resolve("other-host-" + engine);
        List<String> resume = List.of("--engine", then, "--resume", checkpoints.toString());
        Running other = Hosts.start(
                "h3",
                List.of("--total-executor-cores", "2"),
                DigitsTraining.words(model, reached + steps, resume.toArray(String[]::new)));
        other.expectSuccess();
        assertEquals(DigitsTraining.undisturbed(temp, reached + steps), Cli.weights(model));
    }
}
