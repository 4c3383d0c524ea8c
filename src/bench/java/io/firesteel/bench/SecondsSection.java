package io.firesteel.bench;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How long a user waits: for the start of commands, for a table to be read, for predictions, for a table of many columns. */
final class SecondsSection implements Section {
    private static final String NAME = "seconds";
    private static final String LAYERS = "28-100-100-2";
    private static final Path DIRECTORY = Path.of("target", "bench", "seconds").toAbsolutePath();

    @Override
    public void run(Effort effort, Report report) throws IOException {
        Files.createDirectories(DIRECTORY);
        Command.expectBuilt();
        local("--version"); // the first one makes the archive of classes
        if (effort.includes("start")) {
            start(effort, report);
        }
        if (effort.includes("reading")) {
            reading(effort, report);
        }
        if (effort.includes("scoring")) {
            scoring(effort, report);
        }
        if (effort.includes("wide")) {
            wide(effort, report);
        }
    }

    private static double[] local(String... words) {
        List<String> command = new ArrayList<>(List.of("submit-scripts/local.sh"));
        command.addAll(List.of(words));
        return Command.run(DIRECTORY, command);
    }

    /** Whole commands on little data, beside the least program on Spark. */
    private static void start(Effort effort, Report report) {
        String model = DIRECTORY.resolve("flower").toString();
        Path archive = DIRECTORY.resolve("minimal.jsa");
        Command.run(DIRECTORY, minimal("-XX:ArchiveClassesAtExit=" + archive));
        List<String> minimal = minimal("-XX:SharedArchiveFile=" + archive);
        Map<String, List<Samples>> runs = new Rounds()
                .add("a minimal Spark program", () -> Command.run(DIRECTORY, minimal))
                .add(
                        "train, the flower",
                        () -> local("train", "--config", "conf/flower.properties", "--model", model, "--overwrite"))
                .add("inspect", () -> local("inspect", "--model", model))
                .add("export", () -> local("export", "--model", model, "--onnx", model + ".onnx", "--overwrite"))
                .add("--help", () -> local("train", "--help"))
                .run(1, effort.repeats());
        runs.forEach((name, samples) -> report.add(NAME, "whole commands", name, samples.get(0), "s"));
        Samples spark = runs.get("a minimal Spark program").get(0);
        report.atMost(
                NAME,
                "train, the flower / a minimal Spark program",
                runs.get("train, the flower").get(0).over(spark).median(),
                1.3);
        for (String name : List.of("inspect", "export", "--help")) {
            report.atMost(NAME, name, runs.get(name).get(0).median(), 0.6);
        }
    }

    /** The command of {@link MinimalProgram}, started as local.sh starts Firesteel, with an option for its archive of classes. */
    private static List<String> minimal(String archive) {
        List<String> command = new ArrayList<>(Child.java());
        command.addAll(List.of("@conf/local-jvm.args", archive, "-Xmx1g", "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
        command.add("-Dlog4j2.configurationFile=conf/log4j2.properties");
        // classes come from an archive only where they are in jars
        Path jar = DIRECTORY.resolve("minimal.jar");
        String name = MinimalProgram.class.getName();
        if (!Files.exists(jar)) {
            String file = name.replace('.', '/') + ".class";
            Command.run(
                    DIRECTORY,
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "jar")
                                    .toString(),
                            "--create",
                            "--file=" + jar,
                            "-C",
                            "target/test-classes",
                            file));
        }
        command.addAll(List.of("-classpath", jar + File.pathSeparator + "target/spark/jars/*", name));
        return command;
    }

    /** A million rows from files into blocks in a JVM that is warm, and into memory by readers of Python. */
    private static void reading(Effort effort, Report report) {
        int rows = effort.of(1_000_000, 20_000);
        List<String> python = python();
        Rounds rounds = new Rounds();
        Map<String, Double> wanted = Map.of("csv", 1.3, "parquet", 0.5);
        try (Child child = Child.start(FiresteelServer.class, "8g", "local[2]")) {
            for (String format : List.of("csv", "parquet")) {
                Path path = DIRECTORY.resolve("rows-" + format);
                child.ask("write", LAYERS, rows, path, format);
                rounds.add("Firesteel, into blocks, " + format, () -> child.ask("read", path, format, "single", false));
                for (String reader : List.of("pyarrow", "polars")) {
                    List<String> command = new ArrayList<>(python);
                    command.addAll(List.of(reader, format, path.toString()));
                    rounds.add(reader + ", " + format, () -> new double[] {printed(command)});
                }
            }
            Map<String, List<Samples>> seconds = rounds.run(2, effort.repeats());
            String subject = "reading " + rows + " rows of 28 features and a label";
            seconds.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(0), "s"));
            wanted.forEach((format, most) -> report.atMost(
                    NAME,
                    "a million rows into blocks, " + format,
                    seconds.get("Firesteel, into blocks, " + format).get(0).median(),
                    most));
        }
    }

    /** The beginning of the command of {@code readers.py}, in a virtual environment that is made once. */
    private static List<String> python() {
        Path environment = Path.of("target", "bench", "readers");
        if (!Files.exists(environment.resolve("installed"))) {
            Command.run(DIRECTORY, List.of("python3", "-m", "venv", environment.toString()));
            Command.run(
                    DIRECTORY,
                    List.of(
                            environment.resolve("bin/pip").toString(),
                            "install",
                            "-q",
                            "-r",
                            "src/bench/python/readers-requirements.txt"));
            try {
                Files.createFile(environment.resolve("installed"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.of(environment.resolve("bin/python").toString(), "src/bench/python/readers.py");
    }

    /** The number that a command prints. */
    private static double printed(List<String> command) {
        try {
            Command.run(DIRECTORY, command);
            return Double.parseDouble(
                    Files.readString(DIRECTORY.resolve("last-run.log")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** predict and evaluate of a million rows, less the same on few rows. */
    private static void scoring(Effort effort, Report report) {
        int rows = effort.of(1_000_000, 20_000);
        Path large = DIRECTORY.resolve("large.parquet");
        Path small = DIRECTORY.resolve("small.parquet");
        try (Child child = Child.start(FiresteelServer.class, "8g", "local[2]")) {
            child.ask("write", LAYERS, rows, large, "parquet");
            child.ask("write", LAYERS, 400, small, "parquet");
        }
        String model = DIRECTORY.resolve("model").toString();
        local(
                "train",
                "--preset=notes",
                "--data=" + small,
                "--label=label",
                "--model=" + model,
                "--overwrite",
                "--hidden=100,100",
                "--iterations=10");
        String output = DIRECTORY.resolve("predictions.parquet").toString();
        Rounds rounds = new Rounds();
        for (Path data : List.of(large, small)) {
            String size = data == large ? "a million rows" : "400 rows";
            rounds.add(
                            "predict, " + size,
                            () -> local(
                                    "predict", "--model", model, "--data=" + data, "--output", output, "--overwrite"))
                    .add("evaluate, " + size, () -> local("evaluate", "--model", model, "--data=" + data));
        }
        Map<String, List<Samples>> runs = rounds.run(1, effort.repeats());
        runs.forEach((name, samples) -> report.add(NAME, "from Parquet", name, samples.get(0), "s"));
        Map.of("predict", 2.0, "evaluate", 1.0)
                .forEach((command, most) -> report.atMost(
                        NAME,
                        command + " a million rows of Parquet, less 400 rows",
                        runs.get(command + ", a million rows").get(0).median()
                                - runs.get(command + ", 400 rows").get(0).median(),
                        most));
    }

    /** Many columns and few rows, the start included. */
    private static void wide(Effort effort, Report report) throws IOException {
        int columns = effort.of(10_000, 100);
        Path data = DIRECTORY.resolve("wide.csv");
        try (BufferedWriter out = Files.newBufferedWriter(data)) {
            out.write(IntStream.range(0, columns).mapToObj(i -> "x" + i + ",").collect(Collectors.joining()) + "y\n");
            for (int row = 0; row < 60; row++) {
                int r = row;
                out.write(IntStream.range(0, columns)
                                .mapToObj(i -> Math.sin(i * 60.0 + r) + ",")
                                .collect(Collectors.joining())
                        + (row % 2 == 0 ? "no\n" : "yes\n"));
            }
        }
        String model = DIRECTORY.resolve("wide").toString();
        String output = DIRECTORY.resolve("wide-predictions.csv").toString();
        Map<String, List<Samples>> runs = new Rounds()
                .add(
                        "train",
                        () -> local(
                                "train",
                                "--preset=notes",
                                "--data=" + data,
                                "--label=y",
                                "--model=" + model,
                                "--overwrite",
                                "--iterations=10"))
                .add(
                        "predict",
                        () -> local("predict", "--model", model, "--data=" + data, "--output", output, "--overwrite"))
                .run(1, effort.repeats());
        runs.forEach(
                (name, samples) -> report.add(NAME, "60 rows of " + columns + " columns", name, samples.get(0), "s"));
        report.atMost(NAME, "train on 10,000 columns", runs.get("train").get(0).median(), 8);
        report.atMost(
                NAME, "predict from 10,000 columns", runs.get("predict").get(0).median(), 12);
    }
}
