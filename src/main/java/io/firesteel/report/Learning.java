package io.firesteel.report;

import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Step;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** The learning curves. */
record Learning(Course course) {
    /** More points would not be seen. */
    private static final int MOST_POINTS = 400;

    private static final int MOST_ROWS = 40;

    String html() {
        if (course.isEmpty()) {
            return "";
        }
        return Html.section(
                "Learning curves",
                Html.figures(losses(), course.metric() == null || course.metric() == Metric.LOSS ? "" : metric())
                        + Html.details("The curves in numbers", table()));
    }

    private Axis horizontal() {
        return Axis.of(course.unit(), 0, course.at(course.last()));
    }

    private String losses() {
        List<double[]> training = course.history().stream()
                .map(step -> new double[] {course.at(step.step()), step.loss()})
                .toList();
        List<double[]> heldOut = course.history().stream()
                .filter(step -> step.validationLoss() != null)
                .map(step -> new double[] {course.at(step.step()), step.validationLoss()})
                .toList();
        Step first = course.history().get(0);
        Step last = course.history().get(course.history().size() - 1);
        String text = "The training loss goes from " + Html.digitsText(first.loss()) + " to "
                + Html.digitsText(last.loss()) + " in " + course.length() + "."
                + (heldOut.isEmpty()
                        ? ""
                        : " The loss on the rows held out ends at "
                                + Html.digitsText(heldOut.get(heldOut.size() - 1)[1]) + ".");
        Chart chart = losses(text, horizontal(), training, heldOut);
        mark(chart, heldOut);
        String part = course.stepsPerEpoch() > 1
                ? "A point of the training rows is the mean over an epoch's steps, with penalties and dropout; the last point is of the"
                        + " whole network at the end."
                : "";
        return chart.figure(chart.onRatios() + part);
    }

    /**
     * Returns a chart of losses, without marks.
     *
     * @param text says what it shows
     * @param heldOut points, perhaps none
     */
    static Chart losses(String text, Axis horizontal, List<double[]> training, List<double[]> heldOut) {
        double[] all = Stream.concat(training.stream(), heldOut.stream())
                .mapToDouble(point -> point[1])
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double least = all.length == 0 ? 0 : all[0];
        double greatest = all.length == 0 ? 1 : all[all.length - 1];
        Chart chart = new Chart("Loss", text, horizontal, Axis.ofLosses("loss", least, greatest))
                .line(points(training), 0, false, heldOut.isEmpty() ? null : "training rows");
        if (!heldOut.isEmpty()) {
            chart.line(points(heldOut), 1, false, "rows held out");
        }
        return chart;
    }

    private String metric() {
        List<double[]> points = course.history().stream()
                .filter(step -> course.measured(step) != null)
                .map(step -> new double[] {course.at(step.step()), course.measured(step)})
                .toList();
        if (points.isEmpty()) {
            return "";
        }
        String name = course.metric().toString();
        return metric("Chosen by: " + name, name, horizontal(), points, this::mark);
    }

    /**
     * Returns a figure of a metric on the rows held out.
     *
     * @param marks adds what is to be marked to the chart of these points
     */
    static String metric(
            String title,
            String name,
            Axis horizontal,
            List<double[]> points,
            BiConsumer<Chart, List<double[]>> marks) {
        // The untrained network may be so much worse that the rest would be a straight line.
        boolean hidesTheRest = points.size() > 4 && length(points) > 4 * length(points.subList(1, points.size()));
        List<double[]> drawn = hidesTheRest ? points.subList(1, points.size()) : points;
        double least = drawn.stream().mapToDouble(point -> point[1]).min().orElseThrow();
        double greatest = drawn.stream().mapToDouble(point -> point[1]).max().orElseThrow();
        Chart chart = new Chart(
                        title,
                        "The " + name + " on the rows held out goes from " + Html.digitsText(points.get(0)[1]) + " to "
                                + Html.digitsText(points.get(points.size() - 1)[1]) + ".",
                        horizontal,
                        Axis.around(name, least, greatest))
                .line(points(drawn), 1, false, "rows held out");
        marks.accept(chart, drawn);
        return chart.figure(hidesTheRest ? "Not drawn: the start, " + Html.digits(points.get(0)[1]) + "." : "");
    }

    /** Returns how far the greatest value of some points is from the least. */
    private static double length(List<double[]> points) {
        DoubleSummaryStatistics values =
                points.stream().mapToDouble(point -> point[1]).summaryStatistics();
        return values.getMax() - values.getMin();
    }

    private void mark(Chart chart, List<double[]> curve) {
        if (course.metric() != null) {
            chart.mark(course.at(course.kept()), "kept: " + course.unit() + " " + course.text(course.kept()));
            curve.stream()
                    .filter(point -> point[0] == course.at(course.kept()))
                    .forEach(point -> chart.dot(point[0], point[1], 4.5, 1, null));
        }
    }

    /** Returns at most as many points as can be seen, the last one among them. */
    private static List<double[]> points(List<double[]> all) {
        int every = (all.size() + MOST_POINTS - 1) / MOST_POINTS;
        if (every <= 1) {
            return all;
        }
        List<double[]> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += every) {
            some.add(all.get(i));
        }
        if ((all.size() - 1) % every != 0) {
            some.add(all.get(all.size() - 1));
        }
        return some;
    }

    private String table() {
        boolean loss = course.history().stream().anyMatch(step -> step.validationLoss() != null);
        boolean metric = course.history().stream().anyMatch(step -> step.validationMetric() != null);
        List<String> head = new ArrayList<>(List.of(course.unit(), "training loss"));
        if (loss) {
            head.add("held-out loss");
        }
        if (metric && course.metric() != null) {
            head.add("held-out " + course.metric());
        }
        List<List<String>> rows = new ArrayList<>();
        int every = Math.max(1, (course.history().size() + MOST_ROWS - 1) / MOST_ROWS);
        for (int i = 0; i < course.history().size(); i++) {
            Step step = course.history().get(i);
            boolean kept = course.metric() != null && step.step() == course.kept();
            if (i % every != 0 && !kept && i < course.history().size() - 1) {
                continue;
            }
            List<String> row = new ArrayList<>();
            row.add(course.text(step.step()) + (kept ? " (kept)" : ""));
            row.add(Html.digits(step.loss()));
            if (loss) {
                row.add(step.validationLoss() == null ? "" : Html.digits(step.validationLoss()));
            }
            if (metric && course.metric() != null) {
                row.add(step.validationMetric() == null ? "" : Html.digits(step.validationMetric()));
            }
            rows.add(row);
        }
        return Html.table("Loss and metric by " + course.unit(), head, rows);
    }
}
