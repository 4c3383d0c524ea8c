package io.firesteel.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Firesteel against Spark MLlib, against the hardware and against Spark itself.
 *
 * <pre>
 *   mvn -Pbench verify                                   all sections but jmh, on an idle machine
 *   mvn -Pbench verify -Dbench.args="hardware floor"     some of them: mllib hardware batches floor growth whole loss
 *                                                        seconds jmh
 *   mvn -Pbench verify -Dbench.args=mllib:30-16-2        one network of mllib, hardware or batches, mllib:transform, one of growth's
 *                                                        rows, width, memory, reading, cores, or one of seconds' start,
 *                                                        reading, scoring, wide
 *   mvn -Pbench verify -Dbench.quick=true                small sizes, to see that it works
 * </pre>
 *
 * <p>Whatever is compared runs in processes of its own that take turns in one run; a result is the median of five
 * rounds or more, after one that does not count; a ratio is taken round by round. The table goes to stdout, and with the
 * machine's description to {@code target/bench/benchmark.json} and {@code benchmark.svg}.
 */
public final class Benchmark {
    private static final Path OUTPUT = Path.of("target", "bench");

    private Benchmark() {}

    private static Map<String, Section> sections() {
        Map<String, Section> sections = new LinkedHashMap<>();
        sections.put("mllib", new MllibSection());
        sections.put("hardware", new HardwareSection());
        sections.put("batches", new BatchesSection());
        sections.put("floor", new FloorSection());
        sections.put("growth", new GrowthSection());
        sections.put("whole", new WholeSection());
        sections.put("loss", new TimeToLossSection());
        sections.put("seconds", new SecondsSection());
        sections.put("jmh", new JmhSection());
        return sections;
    }

    /** Runs the sections that the arguments name, or all but the slow look into the kernels. */
    public static void main(String[] arguments) throws Exception {
        Map<String, Section> sections = sections();
        List<String> names = new ArrayList<>();
        for (String argument : arguments) {
            Arrays.stream(argument.trim().split("[ ,]+"))
                    .filter(name -> !name.isEmpty())
                    .forEach(names::add);
        }
        if (names.isEmpty() || names.equals(List.of("all"))) {
            names = new ArrayList<>(sections.keySet());
            names.remove("jmh");
        }
        for (String name : names) {
            if (!sections.containsKey(section(name))) {
                System.err.println("bench.args: no section " + name + ": expected some of "
                        + String.join(", ", sections.keySet()) + ", or all");
                System.exit(2);
            }
        }
        boolean quick = Boolean.getBoolean("bench.quick");
        Report report = new Report(quick, Machine.here(), System.out);
        for (String name : names) {
            long start = System.nanoTime();
            String subject = name.equals(section(name))
                    ? null
                    : name.substring(section(name).length() + 1);
            sections.get(section(name)).run(new Section.Effort(quick, subject), report);
            System.out.printf("    (%s took %.0f s)%n%n", name, (System.nanoTime() - start) / 1e9);
        }
        report.finish(OUTPUT);
    }

    /** Of section:subject. */
    private static String section(String name) {
        return name.replaceFirst(":.*", "");
    }
}
