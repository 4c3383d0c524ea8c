package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both deploy modes on YARN, with Spark 3.5 (the profile says why). Resource manager and node manager are real ones in this
 * process; application master and executors are processes that the node manager starts.
 */
@ResourceLock(Cluster.LOCK)
class YarnIT {
    private static final int STEPS = 4;

    @TempDir
    private static Path temp;

    private static MiniYARNCluster yarn;
    private static Path hadoop;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(InetAddress.getLocalHost().isLoopbackAddress(), "YARN would listen on the network");
        YarnConfiguration settings = new YarnConfiguration();
        settings.set("hadoop.tmp.dir", temp.resolve("hadoop").toString());
        settings.set(YarnConfiguration.NM_MAX_PER_DISK_UTILIZATION_PERCENTAGE, "100");
        settings.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
        settings.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
        settings.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 128);
        // What a cluster has in its capacity-scheduler.xml
        settings.set("yarn.scheduler.capacity.root.queues", "default");
        settings.set("yarn.scheduler.capacity.root.default.capacity", "100");
        settings.set("yarn.scheduler.capacity.maximum-am-resource-percent", "1");
        yarn = new MiniYARNCluster("yarn", 1, 1, 1);
        yarn.init(settings);
        yarn.start();
        assertTrue(yarn.waitForNodeManagersToConnect(30_000));
        hadoop = Files.createDirectory(temp.resolve("conf"));
        try (OutputStream out = Files.newOutputStream(hadoop.resolve("yarn-site.xml"))) {
            yarn.getConfig().writeXml(out);
        }
    }

    @AfterAll
    static void stop() {
        if (yarn != null) {
            yarn.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client", "cluster"})
    void train_onYarn_givesTheSameBits(String mode) throws Exception {
        // The template, but for the sizes of a larger cluster
        Path events = Files.createDirectory(temp.resolve("events-" + mode));
        List<String> lines = new ArrayList<>(Files.readAllLines(Scripts.PROJECT.resolve("conf/yarn.conf")));
        lines.removeIf(line -> line.matches("spark\\.(driver|executor|eventLog\\.dir).*"));
        lines.add("spark.yarn.jars local:" + Scripts.PROJECT.resolve("target/spark/jars/*"));
        lines.add("spark.yarn.stagingDir " + temp.resolve("staging").toUri());
        lines.add("spark.driver.host 127.0.0.1");
        lines.add("spark.yarn.appMasterEnv.SPARK_LOCAL_IP 127.0.0.1");
        lines.add("spark.executorEnv.SPARK_LOCAL_IP 127.0.0.1");
        // Containers do not inherit what makes OpenBLAS choose other kernels, which round otherwise.
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("OPENBLAS_")) {
                lines.add("spark.executorEnv." + name + " " + value);
            }
        });
        Path settings = Files.write(temp.resolve("yarn.conf"), lines);

        List<String> script = new ArrayList<>(List.of("yarn.sh", "--properties-file", settings.toString()));
        script.addAll(List.of("--deploy-mode", mode, "--driver-memory", "768m"));
        script.addAll(List.of("--num-executors", "2", "--executor-cores", "1", "--executor-memory", "512m"));
        script.addAll(EventLog.options(events));
        String onYarn = train(mode, script);
        try (EventLog log = EventLog.in(events)) {
            Map<String, Long> tasks = log.events().stream()
                    .filter(event -> EventLog.is(event, "TaskEnd"))
                    .collect(Collectors.groupingBy(EventLog::executor, Collectors.counting()));
            assertTrue(tasks.size() == 2 && tasks.values().stream().allMatch(n -> n > STEPS), "tasks: " + tasks);
        }
        assertEquals(train("local-" + mode, List.of("local.sh", "--master", "local[1]")), onYarn);
    }

    private static String train(String name, List<String> script) throws Exception {
        Path model = temp.resolve(name);
        List<String> words = new ArrayList<>(List.of(
                "train",
                "--preset",
                "notes",
                "--data",
                Scripts.PROJECT.resolve("data/digits.csv").toString()));
        words.addAll(List.of("--label", "digit", "--hidden", "32", "--iterations", "" + STEPS, "--engine", "job"));
        words.addAll(List.of("--model", model.toString()));
        Running training = Running.start(
                Map.of("HADOOP_CONF_DIR", hadoop.toString(), "SPARK_LOCAL_IP", "127.0.0.1"), script, words);
        training.expectSuccess();
        return Cli.weights(model);
    }
}
