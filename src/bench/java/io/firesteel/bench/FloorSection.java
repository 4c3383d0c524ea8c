package io.firesteel.bench;

import java.util.List;
import java.util.Map;

/** Milliseconds of a step on Spark beyond its products, beside an empty job on the same partitions, on local[2]. */
final class FloorSection implements Section {
    private static final String NAME = "floor";

    /** Two blocks of 512 rows a task: products enough to be a step, few enough not to drown the rest. */
    private static final int ROWS = 4 * 512;

    @Override
    public void run(Effort effort, Report report) {
        Samples small = measure("28-32-2", "1,000 weights", effort, report);
        report.atMost(NAME, "1,000 weights: beyond the products / an empty job", small.median(), 1.3);
        measure("784-252-10", "200,000 weights", effort, report);
    }

    /** Returns the ratio of a step beyond its products to an empty job. */
    private static Samples measure(String layers, String size, Effort effort, Report report) {
        int turns = effort.of(200, 10);
        try (Child single = Child.start(FloorServer.class, "2g", layers, "single", "" + ROWS);
                Child inDouble = Child.start(FloorServer.class, "2g", layers, "double", "" + ROWS)) {
            Map<String, List<Samples>> rounds = new Rounds()
                    .add("single", () -> single.ask(turns))
                    .add("double", () -> inDouble.ask(turns))
                    .run(effort.of(4, 1), effort.repeats() + 2);
            rounds.forEach((precision, samples) -> {
                String subject = size + " (" + layers + ") " + precision;
                report.add(NAME, subject, "step", samples.get(0), "ms");
                report.add(NAME, subject, "step beyond its products", samples.get(1), "ms");
                report.add(NAME, subject, "of that, inside the tasks", samples.get(2), "ms");
                report.add(NAME, subject, "Spark, an empty job", samples.get(3), "ms");
                report.add(NAME, subject, "allocated in a step, all threads", samples.get(4), "bytes");
                if (size.startsWith("200")) {
                    report.atMost(
                            NAME,
                            subject + ": ms beyond the products",
                            samples.get(1).median(),
                            12);
                }
            });
            List<Samples> samples = rounds.get("double");
            return samples.get(1).over(samples.get(3));
        }
    }
}
