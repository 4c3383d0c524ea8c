package io.firesteel.bench;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The whole of a run, from the command line to a saved model: 20 steps of 784-256-10 on a Parquet table, by
 * submit-scripts/local.sh and by a minimal MLlib program with the same memory setting.
 */
final class WholeSection implements Section {
    private static final String NAME = "whole";
    private static final String MEMORY = "8g";
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final int STEPS = 20;
    private static final String HIDDEN = "256";

    @Override
    public void run(Effort effort, Report report) throws IOException {
        Path directory = Path.of("target", "bench", "whole").toAbsolutePath();
        Files.createDirectories(directory);
        // Maven has just built it: else local.sh might, in the middle of this build.
        Files.setLastModifiedTime(Path.of("target", "firesteel.jar"), FileTime.fromMillis(System.currentTimeMillis()));
        Path data = directory.resolve("data.parquet");
        int rows = effort.of(60_000, 1_000);
        try (Child child = Child.start(FiresteelServer.class, "4g", "local[2]")) {
            child.ask("write", "784-256-10", rows, data, "parquet");
        }
        Map<String, List<Samples>> runs = new Rounds()
                .add("Firesteel single", () -> run(directory, firesteel(data, directory, "single")))
                .add("Firesteel double", () -> run(directory, firesteel(data, directory, "double")))
                .add("MLlib", () -> run(directory, mllib(data, directory)))
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

    private static List<String> firesteel(Path data, Path directory, String precision) {
        return List.of(
                "submit-scripts/local.sh",
                "--driver-memory",
                MEMORY,
                "train",
                "--preset=notes",
                "--data=" + data,
                "--label=label",
                "--model=" + directory.resolve("model-" + precision),
                "--overwrite",
                "--hidden=" + HIDDEN,
                "--activation=sigmoid",
                "--learning-rate=" + Problem.LEARNING_RATE,
                "--iterations=" + STEPS,
                "--standardize=false", // nor does MLlib's perceptron
                "--precision=" + precision);
    }

    private static List<String> mllib(Path data, Path directory) {
        List<String> command = new ArrayList<>(Child.java());
        command.add("-Xmx" + MEMORY);
        command.add("-Dlog4j2.configurationFile=conf/log4j2.properties");
        command.add("-classpath");
        command.add("target/test-classes" + File.pathSeparator + "target/spark/jars/*");
        command.add(MllibProgram.class.getName());
        command.addAll(List.of(data.toString(), directory.resolve("model-mllib").toString(), HIDDEN, "" + STEPS));
        return command;
    }

    /** Seconds from start to end, and the most MiB that were resident; 0 where the system does not tell. */
    private static double[] run(Path directory, List<String> command) {
        Path log = directory.resolve("last-run.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("SPARK_HOME");
        try {
            long start = System.nanoTime();
            Process process = builder.start();
            double peak = 0;
            // The scripts end in exec, so that the process becomes the JVM; the mark only rises within a program.
            while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
                double now = peakMiB(process.pid());
                peak = now > 0 ? now : peak;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            if (process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed:\n" + Files.readString(log));
            }
            return new double[] {seconds, peak};
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double peakMiB(long pid) {
        try {
            Matcher matcher = PEAK.matcher(Files.readString(Path.of("/proc", "" + pid, "status")));
            return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024.0 : 0;
        } catch (IOException e) {
            return 0; // it has just ended, or this is not Linux
        }
    }
}
