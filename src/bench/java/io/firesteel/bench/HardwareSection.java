package io.firesteel.bench;

import java.util.List;
import java.util.Map;

/** GFLOP/s of a step, and of its products, beside what OpenBLAS gives for the same shapes on the same threads. */
final class HardwareSection implements Section {
    private static final String NAME = "hardware";
    private static final List<String> WHAT = List.of(
            "OpenBLAS, same shapes and data",
            "OpenBLAS, one block that stays in cache",
            "products in the step",
            "whole step (hot path)");

    /** A network with the parts of OpenBLAS's speed that its hot path should reach, in single and double. */
    private record Subject(String layers, int rows, Map<String, Double> wanted) {}

    @Override
    public void run(Effort effort, Report report) {
        // Full blocks, 64 and 512: the same number for each thread.
        List<Subject> subjects = List.of(
                new Subject("784-256-10", effort.of(512 * 128, 512 * 4), Map.of("single", 0.92, "double", 0.88)),
                new Subject("28-100-100-2", effort.of(512 * 512, 512 * 8), Map.of("single", 0.75, "double", 0.75)));
        for (Subject subject :
                subjects.stream().filter(one -> effort.includes(one.layers)).toList()) {
            for (String precision : List.of("single", "double")) {
                // One after the other: the compiler's view of a process is that of a real training, one net only.
                try (Child child =
                        Child.start(HardwareServer.class, "4g", subject.layers, precision, "" + subject.rows, "2")) {
                    measure(subject, precision, child, effort, report);
                }
            }
        }
    }

    private static void measure(Subject subject, String precision, Child child, Effort effort, Report report) {
        Map<String, List<Samples>> rounds = new Rounds()
                .add("1", () -> child.ask("1"))
                .add("2", () -> child.ask("2"))
                .run(effort.of(8, 3), 3 * effort.repeats());
        rounds.forEach((threads, samples) -> {
            String title =
                    subject.layers + " " + precision + ", " + threads + (threads.equals("1") ? " core" : " cores");
            for (int i = 0; i < WHAT.size(); i++) {
                report.add(NAME, title, WHAT.get(i), samples.get(i), "GFLOP/s");
            }
            Samples openBlas = samples.get(0);
            Samples hotPath = samples.get(3).over(openBlas);
            report.add(
                    NAME,
                    title,
                    "products in the step / OpenBLAS",
                    samples.get(2).over(openBlas),
                    "part");
            report.add(NAME, title, "whole step / OpenBLAS", hotPath, "part");
            report.add(
                    NAME,
                    title,
                    "whole step / OpenBLAS in cache",
                    samples.get(3).over(samples.get(1)),
                    "part");
            report.add(NAME, title, "allocated in a step", samples.get(4), "bytes");
            report.atLeast(NAME, title + ": hot path", hotPath.median(), subject.wanted.get(precision));
        });
    }
}
