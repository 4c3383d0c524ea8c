package io.firesteel.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured: a table, the same as JSON, and a plot. */
final class Report {
    /**
     * A measurement.
     *
     * @param subject what is measured; results of one subject and unit can be compared
     * @param variant which way of doing it
     * @param median of the repetitions
     */
    record Result(
            String section,
            String subject,
            String variant,
            double median,
            double least,
            double greatest,
            String unit,
            int repeats) {
        String group() {
            return section + ": " + subject + (unit.isEmpty() ? "" : " [" + unit + "]");
        }
    }

    /** A number that should be at least, or at most, another. */
    record Goal(String section, String what, double measured, boolean atLeast, double wanted, boolean met) {}

    private record Document(String date, boolean quick, Machine machine, List<Result> results, List<Goal> goals) {}

    private final boolean quick;
    private final Machine machine;
    private final PrintStream out;
    private final List<Result> results = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();

    Report(boolean quick, Machine machine, PrintStream out) {
        this.quick = quick;
        this.machine = machine;
        this.out = out;
        out.println(machine);
        out.println();
    }

    /** Adds a measurement, and prints it at once. */
    void add(String section, String subject, String variant, Samples samples, String unit) {
        Result result = new Result(
                section,
                subject,
                variant,
                samples.median(),
                samples.least(),
                samples.greatest(),
                unit,
                samples.values().size());
        if (results.isEmpty() || !results.get(results.size() - 1).group().equals(result.group())) {
            out.println(result.group());
        }
        out.println(String.format(
                Locale.ROOT,
                "    %-44s %14s   %s .. %s   n=%d",
                variant,
                text(result.median),
                text(result.least),
                text(result.greatest),
                result.repeats));
        out.flush();
        results.add(result);
    }

    /** Adds a goal: {@code measured} is wanted to be {@code wanted} at least. */
    void atLeast(String section, String what, double measured, double wanted) {
        goal(new Goal(section, what, measured, true, wanted, measured >= wanted));
    }

    /** Adds a goal: {@code measured} is wanted to be {@code wanted} at most. */
    void atMost(String section, String what, double measured, double wanted) {
        goal(new Goal(section, what, measured, false, wanted, measured <= wanted));
    }

    private void goal(Goal goal) {
        goals.add(goal);
        out.println("    -> " + text(goal));
        out.flush();
    }

    /** Prints the goals once more, together, and writes the files. */
    void finish(Path directory) throws IOException {
        out.println();
        out.println("Goals" + (quick ? " (a quick run: these numbers mean nothing)" : ""));
        goals.forEach(goal -> out.println("    " + text(goal)));
        Files.createDirectories(directory);
        Path json = directory.resolve("benchmark.json");
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Document document = new Document(java.time.Instant.now().toString(), quick, machine, results, goals);
        Files.writeString(json, mapper.writeValueAsString(document));
        Path svg = directory.resolve("benchmark.svg");
        Files.writeString(svg, Plot.of(machine, results));
        out.println();
        out.println("written: " + json + ", " + svg);
    }

    private static String text(Goal goal) {
        return String.format(
                Locale.ROOT,
                "%-4s %-12s %-76s %10s   wanted %s %s",
                goal.met ? "ok" : "NO",
                goal.section,
                goal.what,
                text(goal.measured),
                goal.atLeast ? ">=" : "<=",
                text(goal.wanted));
    }

    /** Four digits that count, as people write them. */
    static String text(double x) {
        double size = Math.abs(x);
        if (size != 0 && (size < 1e-4 || size >= 1e9)) {
            return String.format(Locale.ROOT, "%.3e", x);
        }
        int decimals = size == 0 || size >= 1000 ? 0 : (int) Math.max(0, 3 - Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%,." + decimals + "f", x);
    }
}
