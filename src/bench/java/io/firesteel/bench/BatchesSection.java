package io.firesteel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Seconds of an epoch of mini-batches with Adam, in single precision on two cores, beside scikit-learn's network and PyTorch on the
 * same numbers: same layers, sigmoid, batch size and learning rate; each shuffles its rows in its own way.
 *
 * <p>The peers run in Python: scikit-learn in an environment that this section makes of src/bench/python/requirements.txt, PyTorch
 * in the {@code python3} of the machine, if it has it. A peer that is missing is left out, with a line that says so.
 */
final class BatchesSection implements Section {
    private static final String NAME = "batches";
    private static final Path DIRECTORY = Path.of("target", "bench");
    private static final Path PEERS = Path.of("src", "bench", "python", "peers.py");

    /** A network, its rows, the sizes of its batches, and how many times as fast as the peers it should be. */
    private record Subject(String layers, int rows, List<Integer> batches, Map<String, Double> wanted) {}

    @Override
    public void run(Effort effort, Report report) throws Exception {
        List<Subject> subjects = List.of(
                new Subject(
                        "784-256-10",
                        effort.of(60_000, 2_000),
                        List.of(200, 1024, 4096),
                        Map.of("scikit-learn", 1.2, "PyTorch", 3.0)),
                new Subject(
                        "28-100-100-2",
                        effort.of(1_000_000, 5_000),
                        List.of(200, 2048),
                        Map.of("scikit-learn", 1.3, "PyTorch", 4.0)));
        Map<String, List<String>> peers = peers();
        for (Subject subject :
                subjects.stream().filter(one -> effort.includes(one.layers)).toList()) {
            measure(subject, peers, effort, report);
        }
    }

    private static void measure(Subject subject, Map<String, List<String>> peers, Effort effort, Report report) {
        Map<String, Child> children = new LinkedHashMap<>();
        try {
            Child firesteel = Child.start(FiresteelServer.class, "8g", "local[2]");
            children.put("Firesteel", firesteel);
            Path data = DIRECTORY.resolve("data").resolve("numbers-" + subject.layers);
            firesteel.ask("write-numbers", subject.layers, subject.rows, data);
            peers.forEach((name, command) -> children.put(name, Child.start(name, command)));
            for (int batch : subject.batches) {
                int epochs = Math.max(1, effort.of(60_000 / subject.rows, 1));
                Rounds rounds = new Rounds();
                children.forEach((name, child) -> rounds.add(
                        name,
                        name.equals("Firesteel")
                                ? () -> child.ask("epoch", subject.layers, subject.rows, "single", batch, epochs)
                                : () -> child.ask("epoch", subject.layers, data, batch, epochs)));
                report(subject, batch, rounds.run(1, effort.repeats()), report);
            }
        } finally {
            children.values().forEach(Child::close);
        }
    }

    private static void report(Subject subject, int batch, Map<String, List<Samples>> rounds, Report report) {
        String title = subject.layers + " single, batches of " + batch + " of " + subject.rows + " rows";
        rounds.forEach((name, samples) -> report.add(NAME, title, name, samples.get(0), "s an epoch"));
        Samples ours = rounds.get("Firesteel").get(0);
        subject.wanted.forEach((name, wanted) -> {
            if (rounds.containsKey(name)) {
                Samples faster = rounds.get(name).get(0).over(ours);
                report.add(NAME, title, "times as fast as " + name, faster, "times");
                report.atLeast(NAME, title + ": " + name + "'s seconds / Firesteel's", faster.median(), wanted);
            }
        });
    }

    /** Returns the commands that start the peers that this machine can have. */
    private static Map<String, List<String>> peers() throws IOException, InterruptedException {
        Map<String, List<String>> peers = new LinkedHashMap<>();
        Path environment = DIRECTORY.resolve("python");
        Path python = environment.resolve("bin").resolve("python");
        if (!Files.exists(python)) {
            succeeds("python3", "-m", "venv", environment.toString());
        }
        String requirements = "src/bench/python/requirements.txt";
        if (succeeds(python.toString(), "-m", "pip", "install", "--quiet", "-r", requirements)) {
            peers.put("scikit-learn", List.of(python.toString(), PEERS.toString(), "sklearn"));
        }
        for (String system : List.of("python3", "/usr/bin/python3")) { // the latter is Debian's own
            if (!peers.containsKey("PyTorch") && succeeds(system, "-c", "import torch")) {
                peers.put("PyTorch", List.of(system, PEERS.toString(), "torch"));
            }
        }
        return peers;
    }

    /** Runs a command, and says so where it fails. */
    private static boolean succeeds(String... command) throws InterruptedException {
        String failure;
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int code = process.waitFor();
            failure = code == 0 ? null : "exit code " + code;
        } catch (IOException e) {
            failure = e.getMessage();
        }
        if (failure != null) {
            System.out.println("    left out: " + String.join(" ", command) + ": " + failure);
        }
        return failure == null;
    }
}
