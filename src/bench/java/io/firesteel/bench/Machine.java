package io.firesteel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.openblas.global.openblas_nolapack;

/** The machine that the numbers belong to. */
record Machine(
        String cpu, int cores, String memory, String system, String jdk, String spark, String openBlas, double load) {
    static Machine here() {
        String kib = find("/proc/meminfo", "MemTotal:\\s+(\\d+)");
        return new Machine(
                find("/proc/cpuinfo", "model name\\s*:\\s*(.*)"),
                Runtime.getRuntime().availableProcessors(),
                kib.isEmpty() ? "" : Math.round(Long.parseLong(kib) / 1048576.0) + " GiB",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                String.valueOf(openblas_nolapack.class.getPackage().getImplementationVersion()),
                java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        .getSystemLoadAverage());
    }

    private static String find(String file, String pattern) {
        try {
            Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
            return matcher.find() ? matcher.group(1).trim() : "";
        } catch (IOException e) {
            return ""; // not Linux
        }
    }

    @Override
    public String toString() {
        return String.join(
                System.lineSeparator(),
                "machine  " + cpu + ", " + cores + " cores, " + memory + ", " + system,
                "java     " + jdk,
                "spark    " + spark + ", OpenBLAS " + openBlas,
                "load     " + load + " before the start (0 is quiet)");
    }
}
