package io.firesteel.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What grows with the work: time with rows, width and cores; memory with examples; reading with rows. */
final class GrowthSection implements Section {
    private static final String NAME = "growth";
    private static final String LAYERS = "28-100-100-2";
    private static final Path DATA = Path.of("target", "bench", "data");

    @Override
    public void run(Effort effort, Report report) {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("rows", GrowthSection::rows);
        parts.put("width", GrowthSection::width);
        parts.put("memory", GrowthSection::memory);
        parts.put("reading", GrowthSection::reading);
        parts.keySet().removeIf(name -> !effort.includes(name));
        if (!parts.isEmpty()) {
            try (Child two = Child.start(FiresteelServer.class, "8g", "local[2]")) {
                parts.values().forEach(part -> part.run(effort, two, report));
            }
        }
        if (effort.includes("cores")) {
            cores(effort, report);
        }
    }

    /** What is measured in a process with two cores. */
    @FunctionalInterface
    private interface Part {
        void run(Effort effort, Child two, Report report);
    }

    /** Seconds of a pass for each row, as the number of rows grows. */
    private static void rows(Effort effort, Child child, Report report) {
        List<Integer> sizes = effort.quick() ? List.of(1_000, 10_000) : List.of(10_000, 100_000, 1_000_000, 10_000_000);
        Rounds rounds = new Rounds();
        for (int m : sizes) {
            int steps = Math.max(2, Math.min(100, 2_000_000 / m));
            rounds.add("" + m, () -> child.ask("steps", LAYERS, m, "single", "job", steps));
        }
        Map<String, List<Samples>> seconds = rounds.run(1, effort.repeats());
        double least = Double.MAX_VALUE;
        double greatest = 0;
        for (int m : sizes) {
            Samples s = seconds.get("" + m).get(0);
            String variant = String.format(Locale.ROOT, "m = %,d", m);
            report.add(NAME, LAYERS + " single, pass", variant, s, "s");
            if (m >= 100_000 || effort.quick()) {
                double perRow = s.median() / m;
                least = Math.min(least, perRow);
                greatest = Math.max(greatest, perRow);
            }
        }
        for (int m : sizes) {
            Samples perRow = seconds.get("" + m).get(0).map(s -> s / m * 1e6);
            String variant = String.format(Locale.ROOT, "m = %,d", m);
            report.add(NAME, LAYERS + " single, pass for each row", variant, perRow, "us");
        }
        report.atMost(NAME, "pass for each row, most / least, m = 10^5 .. 10^7", greatest / least, 1.2);
        child.ask("drop");
    }

    /** Seconds of a pass as the hidden layers grow wider. */
    private static void width(Effort effort, Child child, Report report) {
        int m = effort.of(51_200, 2_048);
        List<Integer> widths = effort.quick() ? List.of(16, 64) : List.of(16, 32, 64, 128, 256, 512, 1024);
        Rounds rounds = new Rounds();
        for (int width : widths) {
            int steps = effort.of(width < 256 ? 20 : 3, 2);
            rounds.add("" + width, () -> child.ask("steps", layers(width), m, "single", "job", steps));
        }
        Map<String, List<Samples>> seconds = rounds.run(1, effort.repeats());
        String subject = String.format(Locale.ROOT, "28-w-w-2 single, m = %,d", m);
        for (int width : widths) {
            report.add(NAME, subject, "w = " + width, seconds.get("" + width).get(0), "s per pass");
        }
        for (int width : widths) {
            double flops = Problem.of(layers(width), m).flops(m);
            Samples speed = seconds.get("" + width).get(0).map(s -> flops / s / 1e9);
            report.add(NAME, subject, "w = " + width, speed, "GFLOP/s");
        }
        child.ask("drop");
    }

    private static String layers(int width) {
        return "28-" + width + "-" + width + "-2";
    }

    /** Bytes of Spark's cache for an example of 784 features. */
    private static void memory(Effort effort, Child child, Report report) {
        int m = effort.of(20_000, 2_000);
        for (String precision : List.of("single", "double")) {
            Samples bytes = new Samples(List.of(child.ask("memory", "784-256-10", m, precision)[0]));
            report.add(NAME, "784 features, cached", precision, bytes, "bytes per example");
            double bare = 784 * (precision.equals("single") ? Float.BYTES : Double.BYTES);
            report.atMost(NAME, "cached bytes / bare numbers, " + precision, bytes.median() / bare, 1.1);
        }
        child.ask("drop");
    }

    /** Rows a second from files into blocks, beside Spark's own reader. */
    private static void reading(Effort effort, Child child, Report report) {
        int rows = effort.of(1_000_000, 20_000);
        Rounds rounds = new Rounds();
        for (String format : List.of("csv", "parquet")) {
            Path path = DATA.resolve("rows-" + format);
            child.ask("write", LAYERS, rows, path, format);
            rounds.add("Spark's reader alone, " + format, () -> child.ask("spark-read", LAYERS, path, format))
                    .add("into blocks, " + format, () -> child.ask("read", path, format, "single", false))
                    .add("into standardized blocks, " + format, () -> child.ask("read", path, format, "single", true));
        }
        Map<String, List<Samples>> seconds = rounds.run(2, effort.repeats());
        String subject = "reading 28 features and a label";
        seconds.forEach((name, samples) ->
                report.add(NAME, subject, name, samples.get(0).map(s -> rows / s), "rows/s"));
        Samples csv = seconds.get("into blocks, csv").get(0);
        Samples parquet = seconds.get("into blocks, parquet").get(0);
        report.atLeast(NAME, "rows/s of CSV into blocks", rows / csv.median(), 150_000);
        report.atLeast(
                NAME,
                "rows/s of Parquet into blocks / of CSV",
                csv.over(parquet).median(),
                5);
        for (String format : List.of("csv", "parquet")) {
            Samples alone = seconds.get("Spark's reader alone, " + format).get(0);
            Samples blocks = seconds.get("into blocks, " + format).get(0);
            report.atMost(
                    NAME,
                    "or: time into blocks / of Spark's reader alone, " + format,
                    blocks.over(alone).median(),
                    1.2);
        }
    }

    /** Two cores against one. */
    private static void cores(Effort effort, Report report) {
        int m = effort.of(1_000_000, 20_000);
        try (Child one = Child.start(FiresteelServer.class, "4g", "local[1]");
                Child two = Child.start(FiresteelServer.class, "4g", "local[2]")) {
            for (String precision : List.of("single", "double")) {
                Map<String, List<Samples>> seconds = new Rounds()
                        .add("local[1]", () -> one.ask("steps", LAYERS, m, precision, "job", 3))
                        .add("local[2]", () -> two.ask("steps", LAYERS, m, precision, "job", 3))
                        .run(1, effort.repeats());
                String subject = String.format(Locale.ROOT, "%s %s, m = %,d", LAYERS, precision, m);
                seconds.forEach((name, samples) -> report.add(NAME, subject, name, samples.get(0), "s per pass"));
                Samples ratio = seconds.get("local[1]")
                        .get(0)
                        .over(seconds.get("local[2]").get(0));
                report.atLeast(NAME, subject + ": local[2] by local[1]", ratio.median(), 1.8);
            }
        }
    }
}
