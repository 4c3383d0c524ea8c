package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Client mode on Kubernetes, as far as that goes without one: the API server is a mock, and each pod that Spark asks of it
 * is run as a process of this machine, with the pod's environment and the command of Spark's image.
 */
@EnableKubernetesMockClient(crud = true, https = false)
@ResourceLock(Cluster.LOCK)
class KubernetesIT {
    private static final Path PROJECT = Path.of("").toAbsolutePath();

    @SuppressWarnings("unused") // set by the extension
    static KubernetesClient client;

    @TempDir
    Path temp;

    private final ConcurrentLinkedQueue<Process> executors = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        executors.forEach(Process::destroyForcibly);
    }

    @Test
    void train_onPods_givesTheSameBits() throws Exception {
        // The template, but for image, sizes and the folder of events
        List<String> lines = new ArrayList<>(Files.readAllLines(PROJECT.resolve("conf/kubernetes.conf")));
        lines.removeIf(line -> line.matches("spark\\.(executor|eventLog|driver)\\..*"));
        Path settings = Files.write(temp.resolve("kubernetes.conf"), lines);
        Watch machines = client.pods().inNamespace("default").watch(new Pods());
        try {
            run(
                    "kubernetes.sh",
                    "k8s://" + client.getMasterUrl().toString().replaceFirst("/$", ""),
                    "--properties-file",
                    settings.toString(),
                    "--num-executors",
                    "2",
                    "--executor-cores",
                    "1",
                    "--executor-memory",
                    "512m",
                    "--driver-memory",
                    "768m",
                    "--conf",
                    "spark.driver.host=127.0.0.1",
                    "--conf",
                    "spark.driver.bindAddress=127.0.0.1",
                    "pods");
        } finally {
            machines.close();
        }
        run("local.sh", "--master", "local[1]", "local");
        assertEquals(2, executors.size());
        assertEquals(Cli.weights(temp.resolve("local")), Cli.weights(temp.resolve("pods")));
    }

    /** Runs a script's training; the last word is the model's name. */
    private void run(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(words));
        command.set(0, PROJECT.resolve("submit-scripts").resolve(words[0]).toString());
        String model = temp.resolve(command.remove(command.size() - 1)).toString();
        String data = PROJECT.resolve("data/digits.csv").toString();
        command.addAll(List.of(
                "train",
                "--preset",
                "notes",
                "--data",
                data,
                "--label",
                "digit",
                "--hidden",
                "32",
                "--iterations",
                "4"));
        command.addAll(List.of("--engine", "job", "--model", model));
        File log = temp.resolve("log").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log);
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(3, TimeUnit.MINUTES), () -> "it takes too long\n" + text(log.toPath()));
            assertEquals(0, process.exitValue(), () -> text(log.toPath()));
        } finally {
            process.destroyForcibly();
        }
    }

    private String text(Path log) {
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(temp)) {
            for (Path file : files.filter(f -> f.equals(log) || f.toString().endsWith(".log"))
                    .toList()) {
                text.append(file).append('\n').append(Files.readString(file, UTF_8));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString();
    }

    /** Stands for the machines: starts a process for each pod. */
    private final class Pods implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            if (action != Action.ADDED) {
                return;
            }
            try {
                executors.add(start(pod));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private Process start(Pod pod) throws IOException {
            String name = pod.getMetadata().getName();
            Map<String, String> environment = new TreeMap<>();
            for (EnvVar variable : pod.getSpec().getContainers().get(0).getEnv()) {
                String value = variable.getValue();
                environment.put(variable.getName(), value != null ? value : "");
            }
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            environment.forEach((key, value) -> {
                if (key.startsWith("SPARK_JAVA_OPT_")) {
                    command.add(value);
                }
            });
            command.add("-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"));
            command.addAll(List.of("-cp", PROJECT.resolve("target/spark/jars") + "/*"));
            command.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
            command.addAll(List.of("--driver-url", environment.get("SPARK_DRIVER_URL")));
            command.addAll(List.of("--executor-id", environment.get("SPARK_EXECUTOR_ID")));
            command.addAll(List.of("--cores", environment.get("SPARK_EXECUTOR_CORES")));
            command.addAll(List.of("--app-id", environment.get("SPARK_APPLICATION_ID")));
            command.addAll(List.of("--hostname", "127.0.0.1"));
            command.addAll(List.of("--resourceProfileId", environment.get("SPARK_RESOURCE_PROFILE_ID")));
            command.addAll(List.of("--podName", name));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(temp.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(temp.resolve(name + ".log").toFile());
            builder.environment().putAll(environment);
            builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
            builder.environment().put("SPARK_LOCAL_DIRS", temp.toString());
            return builder.start();
        }

        @Override
        public void onClose(WatcherException cause) {}
    }
}
