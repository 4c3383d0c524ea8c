package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Machines of their own, as far as Spark can tell: network namespaces of this one, made by {@code src/test/netlab}. A standalone
 * cluster runs on them, started on each by {@code start-cluster.sh} with the settings of {@code conf/standalone.conf}: the master on
 * h0, a worker of one core on h1, h2, ..., and drivers on h5. There is one laboratory, which ends with the tests. Where it cannot be
 * made, test classes that are extended with this class are skipped.
 */
final class Hosts implements BeforeAllCallback, ExecutionCondition {
    /** What a test locks that uses the hosts: tests run side by side. */
    static final String LOCK = "the hosts";

    /** The host of the master. */
    static final String MASTER = "h0";

    /** The host of the driver. */
    static final String DRIVER = "h5";

    private static final int COUNT = 6;
    private static final Path STATE = Scripts.PROJECT.resolve("target/netlab");

    /** The folder that each host has for itself, in which its workers and executors keep their files. */
    static final Path DISK = STATE.resolve("disk");

    private static final String NETLAB = "../src/test/netlab/netlab.sh"; // from submit-scripts
    private static final String URL = "spark://" + MASTER + ":7077";

    private static boolean up;
    private static int workers; // of the running cluster; 0 while there is none
    private static boolean changed; // whether a test has broken something

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("hosts can be made");
        }
        String reason = "skipped, for hosts of their own take " + missing.get();
        System.err.println(context.getDisplayName() + ": " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    /** What this machine lacks to make hosts; empty where nothing is missing. */
    private static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("root");
        }
        if (!Files.exists(Path.of("/dev/net/tun"))) {
            return Optional.of("/dev/net/tun");
        }
        List<Path> path =
                Stream.of(System.getenv("PATH").split(":")).map(Path::of).toList();
        return Stream.of("ip", "nsenter", "unshare", "pgrep", "gcc")
                .filter(tool -> path.stream().noneMatch(folder -> Files.isExecutable(folder.resolve(tool))))
                .findFirst();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        AutoCloseable end = Hosts::down;
        context.getRoot().getStore(Namespace.create(Hosts.class)).getOrComputeIfAbsent("end", key -> end);
    }

    private static void down() throws Exception {
        if (up) {
            netlab("down");
            up = false;
            workers = 0;
        }
    }

    private static Map<String, String> environment() {
        return Map.of(
                "NETLAB",
                STATE.toString(),
                "NETLAB_DISKS",
                Scripts.PROJECT.resolve("target/cluster") + ":" + DISK,
                "SPARK_LOCAL_DIRS",
                DISK.toString(),
                "SPARK_DAEMON_MEMORY",
                "256m");
    }

    private static void netlab(String... words) throws Exception {
        Scripts.run(environment(), words(words));
    }

    private static String[] words(String... words) {
        return Stream.concat(Stream.of(NETLAB), Stream.of(words)).toArray(String[]::new);
    }

    /** Makes sure that a whole cluster of so many workers runs. */
    static void expect(int count) throws Exception {
        if (!up) {
            Files.createDirectories(STATE);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    down();
                } catch (Exception e) {
                    System.err.println("the hosts are left: " + e);
                }
            }));
            netlab("down"); // of a run that was killed
            up = true;
            netlab("up", "" + COUNT);
        }
        if (workers != count || changed) {
            workers = 0;
            shape(0, 0, 0);
            for (int i = 0; i < COUNT; i++) {
                netlab("boot", "h" + i);
            }
            exec(
                    MASTER,
                    "rm",
                    "-rf",
                    Scripts.PROJECT.resolve("target/cluster/recovery").toString());
            startMaster();
            List<Process> starting = new ArrayList<>();
            for (int i = 1; i <= count; i++) {
                starting.add(Scripts.start(environment(), words(worker("h" + i))));
            }
            for (Process start : starting) {
                String printed = new String(start.getInputStream().readAllBytes(), UTF_8);
                assertEquals(0, start.waitFor(), printed);
            }
            workers = count;
            changed = false;
        }
    }

    /** The properties file of the cluster and of what runs on it. */
    private static Path settings() throws IOException {
        return Cluster.settings(STATE);
    }

    private static String script(String name) {
        return Scripts.PROJECT.resolve("submit-scripts").resolve(name).toString();
    }

    /** Starts the master, for the first time or again. */
    static void startMaster() throws Exception {
        exec(MASTER, script("start-cluster.sh"), "--host", MASTER, "--properties-file", settings() + "", "master");
    }

    private static String[] worker(String host) throws IOException {
        return new String[] {
            "exec",
            host,
            script("start-cluster.sh"),
            "--host",
            host,
            "--properties-file",
            settings().toString(),
            "worker",
            URL,
            "1",
            "1g"
        };
    }

    /** Starts a worker on a host. */
    static void startWorker(String host) throws Exception {
        netlab(worker(host));
    }

    /** Runs a command on a host, which is to succeed. */
    static void exec(String host, String... command) throws Exception {
        netlab(Stream.concat(Stream.of("exec", host), Stream.of(command)).toArray(String[]::new));
    }

    /** Starts a Firesteel command on the cluster, whose driver is on a host; it shows progress as on a terminal. */
    static Running start(String driver, List<String> options, List<String> command) throws IOException {
        List<String> words = new ArrayList<>(List.of(NETLAB, "exec", driver, "env", "-u", "SPARK_LOCAL_IP"));
        words.addAll(List.of(script("standalone.sh"), URL));
        words.addAll(List.of("--properties-file", settings().toString()));
        words.addAll(List.of("--executor-memory", "512m", "--driver-memory", "768m"));
        words.addAll(options);
        Map<String, String> variables = new LinkedHashMap<>(environment());
        variables.putAll(Map.of("FIRESTEEL_TTY", "1", "NO_COLOR", "", "TERM", "xterm"));
        return Running.start(variables, words, command);
    }

    /** The bytes that the program's jars take on a disk, in pages. */
    static long jarBytes() throws IOException {
        Path target = Scripts.PROJECT.resolve("target");
        long bytes = Files.size(target.resolve("firesteel.jar"));
        try (Stream<Path> jars = Files.list(target.resolve("lib"))) {
            for (Path jar : jars.toList()) {
                bytes += Files.size(jar) + 4095;
            }
        }
        return bytes + 4095;
    }

    /** The executors that live on a host. */
    static List<ProcessHandle> executors(String host) throws Exception {
        return processes(host, "CoarseGrainedExecutorBackend");
    }

    /** The processes on a host whose command line has a word. */
    static List<ProcessHandle> processes(String host, String word) throws Exception {
        Process pids = Scripts.start(environment(), words("pids", host));
        String printed = new String(pids.getInputStream().readAllBytes(), UTF_8);
        assertEquals(0, pids.waitFor(), printed);
        return printed.lines()
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .flatMap(Optional::stream)
                .filter(process -> process.info().commandLine().orElse("").contains(word))
                .toList();
    }

    /** Sets the one-way delay, in microseconds, the rate, in Mbit/s, and the loss, in percent, of all links; 0 for none. */
    static void shape(int delay, int rate, double loss) throws Exception {
        netlab("shape", "all", "" + delay, "" + rate, "" + loss);
    }

    /** Pulls a host's cable, or puts it in again. */
    static void link(String host, boolean isIn) throws Exception {
        changed = true;
        netlab("link", host, isIn ? "up" : "down");
    }

    /** Kills all of a host's processes. The host stays down. */
    static void kill(String host) throws Exception {
        changed = true;
        netlab("kill", host);
    }

    /** Takes a host's power: nobody is told. */
    static void powerOff(String host) throws Exception {
        changed = true;
        netlab("poweroff", host);
    }

    /** Notes that a test has changed the cluster in another way. */
    static void change() {
        changed = true;
    }

    /** The bytes that the workers' hosts have sent so far. */
    static long sentByWorkers() throws Exception {
        long all = 0;
        for (String host :
                IntStream.rangeClosed(1, workers).mapToObj(i -> "h" + i).toList()) {
            Process counters = Scripts.start(environment(), words("bytes", host));
            String printed = new String(counters.getInputStream().readAllBytes(), UTF_8);
            assertTrue(counters.waitFor(10, TimeUnit.SECONDS), host);
            all += Long.parseLong(printed.strip().split(" ")[1]);
        }
        return all;
    }
}
