package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A script or program that runs, and what it has printed so far. */
final class Running {
    private final Process process;
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;

    /** Those that are to be ended with the tests, whatever becomes of these. */
    private static final Set<Process> started = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> started.forEach(process -> {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                })));
    }

    /** Follows a process, whose stderr goes the way of its stdout. */
    Running(Process process) {
        this.process = process;
        started.add(process);
        reader = new Thread(this::read);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a script, with its options, and the command that it submits. */
    static Running start(List<String> script, List<String> command) throws IOException {
        return start(Map.of(), script, command);
    }

    /**
     * Does the same for a command that is over in some seconds: the driver leaves C2 out, which takes half of the CPU time and would
     * not pay it back.
     */
    static Running startBriefly(List<String> script, List<String> command) throws IOException {
        return start(Map.of("SPARK_SUBMIT_OPTS", "-XX:TieredStopAtLevel=1"), script, command);
    }

    /** Starts a script, with its options, and the command that it submits, with these variables. */
    static Running start(Map<String, String> environment, List<String> script, List<String> command)
            throws IOException {
        String[] words = Stream.concat(script.stream(), command.stream()).toArray(String[]::new);
        return new Running(Scripts.start(environment, words));
    }

    private void read() {
        try (var in = process.inputReader(UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                synchronized (text) {
                    text.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            // The process was killed.
        }
    }

    Process process() {
        return process;
    }

    String soFar() {
        synchronized (text) {
            return text.toString();
        }
    }

    /** All that it printed; it has ended. */
    String whole() throws InterruptedException {
        reader.join(10_000);
        return soFar();
    }

    /** Waits until it has printed something. */
    void await(String printed) throws InterruptedException {
        await("no \"" + printed + "\"", () -> soFar().contains(printed));
    }

    /** Waits, for two minutes at most, while it runs. */
    void await(String unless, BooleanSupplier holds) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!holds.getAsBoolean()) {
            assertTrue(process.isAlive() && System.nanoTime() < end, () -> unless + " in " + soFar());
            Thread.sleep(20);
        }
    }

    void expectToRun(String when) {
        assertTrue(process.isAlive(), () -> "it was over " + when + ": " + soFar());
    }

    void expectSuccess() throws InterruptedException {
        assertTrue(process.waitFor(4, TimeUnit.MINUTES), this::soFar);
        assertEquals(0, process.exitValue(), whole());
    }

    /** Kills it as kill -9 does; returns what it had printed. */
    String kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
        return whole();
    }
}
