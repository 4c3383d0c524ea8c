package io.firesteel.bench;

import io.firesteel.engine.StepCost.Cluster;
import io.firesteel.engine.StepCost.Load;
import io.firesteel.fit.Forecast;
import io.firesteel.fit.Plan;
import io.firesteel.linalg.Precision;
import io.firesteel.report.GrowthCurve;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Draws the forecast of scaling.md in the documents, to 1,024 executors: a step over ten million rows through 784-256-10. Arguments:
 * the file, the microseconds that a core takes for a row, and the milliseconds of the driver in a step, as {@code plan} measures them.
 */
final class GrowthDrawing {
    private static final int ROWS = 10_000_000;
    private static final Problem NETWORK = Problem.of("784-256-10", ROWS);
    private static final Cluster CLUSTER = new Cluster(100, 4, 10e9 / 8, 0.4e-3);

    private GrowthDrawing() {}

    public static void main(String[] arguments) throws IOException {
        double row = Double.parseDouble(arguments[1]) / 1e6;
        double driver = Double.parseDouble(arguments[2]) / 1e3;
        int theta = NETWORK.network().parameterCount();
        int blocks = NETWORK.blockCount();
        Load pass = new Load(blocks, blocks, row * ROWS, theta, theta + 2, Precision.SINGLE);
        Plan.Work work = new Plan.Work(driver, 1, pass, 0, null, blocks, 2);
        long bytes = 785L * Float.BYTES * ROWS;
        Plan plan = new Plan(0, ROWS, bytes, 0, 1, 0, 0, driver + pass.coreSeconds(), 1, true, "", theta, work);
        Forecast forecast = Forecast.of(plan, CLUSTER, 4L << 30);
        forecast.curve()
                .forEach(step -> System.out.printf(
                        Locale.ROOT,
                        "| %d | %.1f | %.1f | %.1f |%n",
                        step.executors(),
                        1e3 * step.compute(),
                        1e3 * step.residents(),
                        1e3 * step.jobs()));
        System.out.println("more than " + forecast.enough() + " hardly pay");
        try (OutputStream out = Files.newOutputStream(Path.of(arguments[0]))) {
            new GrowthCurve(
                            forecast.curve().stream()
                                    .map(step -> new GrowthCurve.Point(
                                            step.executors(), step.jobs(), step.residents(), step.compute()))
                                    .toList(),
                            forecast.enough())
                    .writeTo(out);
        }
    }
}
