package io.firesteel.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The whole of a run, from the command line to a saved model: 20 steps of 784-256-10 on a Parquet table, by
 * submit-scripts/local.sh and by a minimal MLlib program with the same memory setting.
 */
final class WholeSection implements Section {
    private static final String NAME = "whole";
    private static final String MEMORY = "8g";
    private static final int STEPS = 20;
    private static final String HIDDEN = "256";

    @Override
    public void run(Effort effort, Report report) throws IOException {
        Path directory = Path.of("target", "bench", "whole").toAbsolutePath();
        Files.createDirectories(directory);
        Command.expectBuilt();
        Path data = directory.resolve("data.parquet");
        int rows = effort.of(60_000, 1_000);
        try (Child child = Child.start(FiresteelServer.class, "4g", "local[2]")) {
            child.ask("write", "784-256-10", rows, data, "parquet");
        }
        Map<String, List<Samples>> runs = new Rounds()
                .add("Firesteel single", () -> Command.run(directory, firesteel(data, directory, "single")))
                .add("Firesteel double", () -> Command.run(directory, firesteel(data, directory, "double")))
                .add("MLlib", () -> Command.run(directory, mllib(data, directory, "gd", STEPS)))
                .run(effort.of(1, 0), effort.repeats());
        String subject = "whole run, " + STEPS + " steps of 784-256-10, m = " + rows + ", memory " + MEMORY;
        runs.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(0), "s"));
        runs.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(1), "MiB at most"));
        List<Samples> mllib = runs.get("MLlib");
        for (String precision : List.of("single", "double")) {
            List<Samples> ours = runs.get("Firesteel " + precision);
            Samples faster = mllib.get(0).over(ours.get(0));
            Samples memory = ours.get(1).over(mllib.get(1));
            report.add(NAME, subject, precision + " faster than MLlib", faster, "times");
            report.add(NAME, subject, precision + " memory / MLlib's", memory, "part");
            report.atLeast(NAME, precision + ": whole run faster than MLlib's", faster.median(), 2.5);
            report.atMost(NAME, precision + ": peak memory / MLlib's", memory.median(), 0.5);
        }
    }

    /** The command that trains 784-256-10, sigmoid, on features as they are, which is what MLlib's perceptron does. */
    static List<String> firesteel(Path data, Path model, String... more) {
        List<String> command = new ArrayList<>(List.of("submit-scripts/local.sh", "--driver-memory", MEMORY, "train"));
        command.addAll(List.of("--preset=notes", "--data=" + data, "--label=label", "--model=" + model, "--overwrite"));
        command.addAll(List.of("--hidden=" + HIDDEN, "--activation=sigmoid", "--standardize=false"));
        command.addAll(List.of(more));
        return command;
    }

    private static List<String> firesteel(Path data, Path directory, String precision) {
        return firesteel(
                data,
                directory.resolve("model-" + precision),
                "--learning-rate=" + Problem.LEARNING_RATE,
                "--iterations=" + STEPS,
                "--precision=" + precision);
    }

    /** The command that trains the same network with MLlib. */
    static List<String> mllib(Path data, Path directory, String solver, int steps) {
        List<String> command = new ArrayList<>(Child.java());
        command.add("-Xmx" + MEMORY);
        command.add("-Dlog4j2.configurationFile=conf/log4j2.properties");
        command.add("-classpath");
        command.add("target/test-classes" + File.pathSeparator + "target/spark/jars/*");
        command.add(MllibProgram.class.getName());
        command.addAll(
                List.of(data.toString(), directory.resolve("model-mllib").toString(), HIDDEN, solver, "" + steps));
        return command;
    }
}
