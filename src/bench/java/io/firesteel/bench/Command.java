package io.firesteel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program that is run as a user runs it, from its start to its end. */
final class Command {
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private Command() {}

    /** Makes the jar newer than the sources: else local.sh might build, in the middle of Maven's build that has just made it. */
    static void expectBuilt() throws IOException {
        Files.setLastModifiedTime(Path.of("target", "firesteel.jar"), FileTime.fromMillis(System.currentTimeMillis()));
    }

    /**
     * Runs a command.
     *
     * @param directory where what it prints is written
     * @return the seconds from start to end, and the most MiB that were resident, 0 where the system does not tell
     */
    static double[] run(Path directory, List<String> command) {
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
            while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
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
