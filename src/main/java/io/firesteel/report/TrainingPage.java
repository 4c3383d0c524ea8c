package io.firesteel.report;

import io.firesteel.model.MetricFormat;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.report.WatchedTraining.Layer;
import io.firesteel.report.WatchedTraining.Mean;
import io.firesteel.report.WatchedTraining.Measure;
import io.firesteel.report.WatchedTraining.State;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The trainings of an application as a part of somebody else's page. */
public final class TrainingPage {
    private static final int MOST_LABELS = 4;
    private static final int MOST_TENSORS = 4;
    private static final int MOST_DIFFERENCES = 6;
    private static final int LONGEST_VALUE = 40;

    /** Before this many steps nobody can tell how long the others take. */
    private static final int FIRST_STEPS = 5;

    private final WatchedTraining training;
    private final Facts facts;
    private final Course course;

    private TrainingPage(WatchedTraining training) {
        this.training = training;
        facts = training.facts();
        course = new Course(
                List.of(), facts.stepsPerEpoch(), null, step(training), -1, facts.isRefit(), facts.settings());
    }

    /** Returns the style sheet that the page needs. */
    public static String style() {
        return Page.style("figures.css") + Page.style("training.css");
    }

    /**
     * Returns one element of HTML.
     *
     * @param newestFirst all trainings
     * @param shown the one that is shown in full; null where there is none
     * @param now in milliseconds since 1970
     */
    public static String html(List<WatchedTraining> newestFirst, WatchedTraining shown, long now) {
        return "<div id=\"firesteel-training\">\n"
                + "<p id=\"firesteel-lost\" hidden=\"hidden\">The application does not answer any more; it may have ended.</p>\n"
                + (shown == null ? "<p>No training has begun yet.</p>\n" : new TrainingPage(shown).html(now))
                + (newestFirst.isEmpty() ? "" : list(newestFirst, shown))
                + "</div>\n";
    }

    private String html(long now) {
        return "<p class=\"kind\">Training " + training.number() + ", " + status(training) + "</p>\n" + "<p>"
                + sentence() + "</p>\n" + tiles(now)
                + Html.figures(
                        curves(),
                        stepTime(),
                        training.state() == null ? "" : layers(training.state().layers()))
                + ModelOrigin.settings(facts.settings());
    }

    private String sentence() {
        return "A network (" + Html.escape(facts.network()) + ") learns "
                + Html.list(facts.labels(), MOST_LABELS, facts.targets())
                + " ("
                + Html.escape(facts.task()) + ") from " + Html.counted(facts.rows(), "row")
                + (facts.heldOutRows() == 0 ? "" : "; " + Html.counted(facts.heldOutRows(), "row") + " held out")
                + ". Engine: " + Html.escape(facts.place()) + "."
                + (facts.isRefit() ? " It is the second training, on all rows." : "");
    }

    private static String status(WatchedTraining training) {
        return training.ending() == null
                ? "running"
                : Html.escape(training.ending().reason());
    }

    /** Returns the number of steps taken. */
    private static int step(WatchedTraining training) {
        return training.ending() != null
                ? training.ending().step()
                : training.state() == null
                        ? training.facts().from()
                        : training.state().step();
    }

    private static <T> T last(List<T> all) {
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    private String tiles(long now) {
        int step = step(training);
        Map<String, String> tiles = new LinkedHashMap<>();
        tiles.put(
                course.unit(),
                Html.count(Math.floor(course.at(step))) + " of " + Html.count(Math.ceil(course.at(facts.steps()))));
        tiles.put("loss", Html.number(training.loss()));
        Measure measured = last(training.heldOut());
        if (measured != null) {
            tiles.put("held-out loss", Html.number(measured.loss()));
            if (measured.metric() != null) {
                tiles.put("held-out " + Html.escape(MetricFormat.name(facts.metric())), Html.number(measured.metric()));
            }
        }
        Mean last = last(training.losses());
        if (last != null && last.rate() != null) {
            tiles.put("learning rate", Html.digits(last.rate()));
        }
        if (training.ending() != null) {
            tiles.put("took", Html.duration(training.ending().millis() / 1000.0));
            if (training.ending().keptStep() != null) {
                tiles.put("kept " + course.unit(), course.text(training.ending().keptStep()));
            }
        } else {
            tiles.put("so far", Html.duration(Math.max(0, now - facts.start()) / 1000.0));
            tiles.put("left, at most", left(now));
        }
        StringBuilder html = new StringBuilder("<dl class=\"tiles\">\n");
        tiles.forEach((name, value) -> html.append("<div><dt>" + name + "</dt><dd>" + value + "</dd></div>\n"));
        return html.append("</dl>\n").toString();
    }

    /** Returns how long the training will go on at most, as fast as its steps were so far. */
    private String left(long now) {
        State state = training.state();
        int taken = state == null ? 0 : state.step() - facts.from();
        if (taken < FIRST_STEPS) {
            return "\u2013";
        }
        double whole = (double) state.millis() / taken * (facts.steps() - facts.from());
        return Html.duration(Math.max(0, whole - (now - facts.start())) / 1000);
    }

    private Axis horizontal() {
        return Axis.of(course.unit(), course.at(facts.from()), course.at(step(training)));
    }

    private String curves() {
        if (training.losses().size() < 2) {
            return "";
        }
        List<double[]> losses = training.losses().stream()
                .map(mean -> new double[] {mean.middle() / facts.stepsPerEpoch(), mean.loss()})
                .toList();
        List<double[]> heldOut = training.heldOut().stream()
                .map(measure -> new double[] {course.at(measure.step()), measure.loss()})
                .toList();
        Chart chart = Learning.losses(
                "The training loss goes from " + Html.digitsText(losses.get(0)[1]) + " to "
                        + Html.digitsText(last(losses)[1]) + "."
                        + (heldOut.isEmpty()
                                ? ""
                                : " The loss on the rows held out is " + Html.digitsText(last(heldOut)[1]) + "."),
                horizontal(),
                losses,
                heldOut);
        if (facts.metric() == null) {
            mark(chart);
        }
        boolean isOfBatches = facts.stepsPerEpoch() > 1;
        return chart.figure(chart.onRatios()
                        + (isOfBatches
                                ? "A point of the training rows is the mean over some steps, with penalties and dropout."
                                : ""))
                + metric()
                + rates();
    }

    private String metric() {
        List<double[]> points = training.heldOut().stream()
                .filter(measure -> measure.metric() != null)
                .map(measure -> new double[] {course.at(measure.step()), measure.metric()})
                .toList();
        return points.size() < 2
                ? ""
                : Learning.metric(
                        MetricFormat.name(facts.metric()),
                        MetricFormat.name(facts.metric()),
                        horizontal(),
                        points,
                        (chart, drawn) -> mark(chart));
    }

    private void mark(Chart chart) {
        State state = training.state();
        if (state != null && state.bestStep() != null) {
            chart.mark(course.at(state.bestStep()), "best: " + course.unit() + " " + course.text(state.bestStep()));
        }
    }

    /** Returns the learning rate by step; nothing where it does not change. */
    private String rates() {
        List<double[]> points = training.losses().stream()
                .filter(mean -> mean.rate() != null)
                .map(mean -> new double[] {course.at(mean.step() + mean.steps() - 1), mean.rate()})
                .toList();
        if (points.stream().mapToDouble(point -> point[1]).distinct().count() < 2) {
            return "";
        }
        double greatest = points.stream().mapToDouble(point -> point[1]).max().orElseThrow();
        return new Chart(
                        "Learning rate",
                        "The learning rate is " + Html.digitsText(last(points)[1]) + ".",
                        horizontal(),
                        Axis.around("learning rate", 0, greatest))
                .line(points, 2, false, null)
                .figure("");
    }

    private String stepTime() {
        State state = training.state();
        if (state == null || state.times().total() == 0) {
            return "";
        }
        WatchedTraining.Times times = state.times();
        return Chart.figure(
                "Step time",
                ModelOrigin.parts(times.total(), times.products(), times.restOfTask()),
                "",
                "Along the slowest task of each step. Outside of the tasks are the network, Spark and the driver.");
    }

    private static String layers(List<Layer> layers) {
        if (layers.isEmpty()) {
            return "";
        }
        boolean looked = layers.stream().anyMatch(layer -> layer.saturated() != null);
        List<String> head = new ArrayList<>(List.of("tensors", "gradient norm"));
        if (looked) {
            head.addAll(List.of("saturated units", "dead units"));
        }
        List<List<String>> rows = layers.stream()
                .map(layer -> {
                    List<String> row = new ArrayList<>();
                    row.add(Html.escape(
                            layer.tensors().stream().limit(MOST_TENSORS).collect(Collectors.joining(", "))));
                    row.add(Html.digits(layer.gradientNorm()));
                    if (looked) {
                        row.add(layer.saturated() == null ? "" : Html.percent(layer.saturated()));
                        row.add(layer.dead() == null ? "" : Html.percent(layer.dead()));
                    }
                    return row;
                })
                .toList();
        return Chart.figure(
                "Layers",
                Html.table("Layers, from the inputs on", head, rows),
                "",
                looked
                        ? "Of up to " + WatchedTraining.MOST_ROWS
                                + " rows: saturated units have a derivative near 0 for more than half, dead units are 0 for all."
                        : "");
    }

    /** Returns a table of all trainings, with the settings that are not the same in all of them. */
    private static String list(List<WatchedTraining> newestFirst, WatchedTraining shown) {
        List<String> differing = differing(newestFirst);
        List<String> head = new ArrayList<>(List.of("training", "state", "steps", "loss", "held-out loss", "took"));
        if (!differing.isEmpty()) {
            head.add("settings that differ");
        }
        List<List<String>> rows = newestFirst.stream()
                .map(training -> {
                    String name =
                            "Training " + training.number() + (training.facts().isRefit() ? " (on all rows)" : "");
                    List<String> row = new ArrayList<>();
                    row.add(
                            training.number() == shown.number()
                                    ? "<b>" + name + "</b>"
                                    : "<a href=\"?training=" + training.number() + "\">" + name + "</a>");
                    row.add(status(training));
                    row.add(Html.count((double) step(training)));
                    row.add(Html.number(training.loss()));
                    row.add(Html.number(training.heldOutLoss()));
                    row.add(
                            training.ending() == null
                                    ? ""
                                    : Html.duration(training.ending().millis() / 1000.0));
                    if (!differing.isEmpty()) {
                        row.add(differing.stream()
                                .limit(MOST_DIFFERENCES)
                                .map(key -> Html.name(key, LONGEST_VALUE) + " "
                                        + Html.name(training.facts().settings().getOrDefault(key, ""), LONGEST_VALUE))
                                .collect(Collectors.joining(", ")));
                    }
                    return row;
                })
                .toList();
        return Html.table("All trainings of the application, the newest first", head, rows)
                .replace("<table>", "<table class=\"trainings\">");
    }

    private static List<String> differing(List<WatchedTraining> all) {
        TreeSet<String> keys = new TreeSet<>();
        all.forEach(training -> keys.addAll(training.facts().settings().keySet()));
        keys.removeIf(key -> all.stream()
                        .map(training -> training.facts().settings().get(key))
                        .map(Objects::toString)
                        .distinct()
                        .count()
                == 1);
        return List.copyOf(keys);
    }
}
