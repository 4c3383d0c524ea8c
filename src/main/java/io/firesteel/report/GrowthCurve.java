package io.firesteel.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The time of a step against the number of executors, as an SVG file that needs nothing else.
 *
 * @param points by the number of executors, two or more
 * @param enough the number after which more executors hardly pay, which is marked
 */
public record GrowthCurve(List<Point> points, int enough) {
    /**
     * The seconds of a step on some executors.
     *
     * @param jobs where it is a Spark job
     * @param residents with resident tasks
     * @param compute the computing time that the faster of both has
     */
    public record Point(int executors, double jobs, double residents, double compute) {}

    /** Writes the file. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(svg().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the file's text. */
    String svg() {
        Point first = points.get(0);
        Point last = points.get(points.size() - 1);
        double[] all = points.stream()
                .flatMap(point -> Stream.of(point.jobs, point.residents, point.compute))
                .mapToDouble(milliseconds -> 1000 * milliseconds)
                .filter(milliseconds -> milliseconds > 0)
                .sorted()
                .toArray();
        return new Chart(
                        "Time of a step by the number of executors",
                        "From " + first.executors + " to " + last.executors
                                + " executors a step with resident tasks goes from "
                                + text(first.residents) + " to " + text(last.residents) + " ms, with Spark jobs from "
                                + text(first.jobs) + " to " + text(last.jobs) + " ms.",
                        new Axis("executors", first.executors, last.executors, true),
                        new Axis("milliseconds a step", all[0] / 1.1, all[all.length - 1] * 1.1, true))
                .line(line(Point::residents), 0, false, "resident tasks")
                .line(line(Point::jobs), 1, false, "a Spark job each")
                .line(line(Point::compute), 7, true, "computing alone")
                .mark(enough, "more hardly pay")
                .document();
    }

    private List<double[]> line(ToDoubleFunction<Point> seconds) {
        return points.stream()
                .filter(point -> seconds.applyAsDouble(point) > 0)
                .map(point -> new double[] {point.executors, 1000 * seconds.applyAsDouble(point)})
                .toList();
    }

    private static String text(double seconds) {
        return Html.digitsText(1000 * seconds);
    }
}
