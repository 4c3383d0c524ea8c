package io.firesteel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * The standalone cluster of the integration tests, with authentication and encryption as in {@code conf/standalone.conf}:
 * a master and workers of one core each, which are processes of this machine. There is one at a time; test classes that
 * are extended with this class share it, and it ends after the last of them.
 */
final class Cluster implements BeforeAllCallback {
    /** What a test locks that uses the cluster: tests run side by side. */
    static final String LOCK = "the cluster";

    /** A secret of the cluster. */
    static final String SECRET = "hunter2-9f3c1-6b1e0d0f7a52";

    private static final Path PROCESSES = Scripts.PROJECT.resolve("target/cluster");

    private static Cluster running;

    private final List<Process> guests = new ArrayList<>();
    private int masterPort;
    private int size;
    private Path settings;

    @Override
    public void beforeAll(ExtensionContext context) {
        AutoCloseable end = Cluster::stop;
        context.getRoot().getStore(Namespace.create(Cluster.class)).getOrComputeIfAbsent("end", key -> end);
    }

    /** The running cluster, if it has so many workers that live; else a new one in its place. */
    static Cluster of(int workers) throws Exception {
        if (running == null || running.size != workers || running.workers().size() != workers) {
            stop();
            Cluster cluster = new Cluster();
            cluster.start(workers);
            running = cluster;
        }
        return running;
    }

    private static void stop() throws Exception {
        if (running != null) {
            running.dismissGuests();
            Scripts.run(Map.of(), "stop-cluster.sh");
            running = null;
        }
    }

    private void start(int workers) throws Exception {
        masterPort = Scripts.freePort();
        size = workers;
        settings = settings(Files.createDirectories(Scripts.PROJECT.resolve("target/cluster-of-tests")));
        Map<String, String> port = Map.of("FIRESTEEL_MASTER_PORT", Integer.toString(masterPort));
        Scripts.run(port, "start-cluster.sh", "--properties-file", settings.toString(), "" + workers, "1", "1g");
    }

    /** Writes the template of settings to a directory, but for the sizes of a larger cluster, and with a secret. */
    static Path settings(Path directory) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Scripts.PROJECT.resolve("conf/standalone.conf")));
        lines.removeIf(line -> line.matches("spark\\.(driver|executor)\\..*"));
        String events = directory.resolve("events").toUri().toString();
        lines.replaceAll(line -> line.replace("file:///tmp/spark-events", events));
        lines.add("spark.authenticate.secret " + SECRET);
        return Files.write(directory.resolve("standalone.conf"), lines);
    }

    /**
     * Starts one more worker, on a machine of its own as far as Spark can tell: at another of the loopback addresses, which
     * Linux has without being told.
     */
    void invite(String loopback) throws IOException {
        Path directory = settings.resolveSibling("worker-" + loopback);
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        words.addAll(List.of("@conf/jvm.args", "-Xmx256m", "-cp", "target/spark/jars/*"));
        words.addAll(List.of("org.apache.spark.deploy.worker.Worker", "--host", loopback, "--webui-port", "0"));
        words.addAll(List.of("--cores", "1", "--memory", "1g", "--work-dir", directory.toString()));
        words.addAll(List.of("--properties-file", settings.toString(), url()));
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(
                        settings.resolveSibling("worker-" + loopback + ".log").toFile());
        builder.environment().put("SPARK_LOCAL_IP", loopback);
        builder.environment()
                .put("SPARK_HOME", Scripts.PROJECT.resolve("target/spark").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        guests.add(builder.start());
    }

    /** Ends the workers that were started by {@link #invite}, which end their executors. */
    void dismissGuests() throws InterruptedException {
        for (Process guest : guests) {
            guest.destroy();
            if (!guest.waitFor(20, TimeUnit.SECONDS)) {
                guest.destroyForcibly().waitFor();
            }
        }
        guests.clear();
    }

    String url() {
        return "spark://127.0.0.1:" + masterPort;
    }

    /** The properties file of it and of what runs on it. */
    Path settings() {
        return settings;
    }

    /** The words that submit a command to it, up to the command. */
    List<String> submit(List<String> options) {
        List<String> words = new ArrayList<>(List.of("standalone.sh", url(), "--properties-file", settings.toString()));
        words.addAll(List.of("--executor-memory", "512m", "--driver-memory", "768m"));
        words.addAll(options);
        return words;
    }

    /** The workers that live, but those that were invited. */
    List<ProcessHandle> workers() throws IOException {
        try (Stream<Path> files = Files.list(PROCESSES)) {
            return files.filter(file -> file.getFileName().toString().matches("worker-\\d+\\.pid"))
                    .map(Cluster::process)
                    .flatMap(Optional::stream)
                    .filter(ProcessHandle::isAlive)
                    .toList();
        }
    }

    private static Optional<ProcessHandle> process(Path pidFile) {
        try {
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile).trim()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The executors that live. */
    List<ProcessHandle> executors() {
        try {
            return executorsOf(Stream.concat(workers().stream(), guests.stream().map(Process::toHandle)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The executors that live and are children of some workers. */
    static List<ProcessHandle> executorsOf(Stream<ProcessHandle> workers) {
        return workers.flatMap(ProcessHandle::children)
                .filter(child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
                .toList();
    }
}
