package io.firesteel.report;

import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Step;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A search for settings as one HTML file that needs nothing else.
 *
 * @param data the path of the table
 * @param metric by which the trials are compared
 * @param trials the best first, those that failed last; at least one could be trained
 * @param version of Firesteel
 */
public record SearchReport(String data, Metric metric, List<Trial> trials, String version) {
    /** The number of trials whose curves are drawn. */
    private static final int BEST = 3;

    /** More rows of the table would not be read. */
    private static final int MOST_ROWS = 200;

    /**
     * A combination of settings that was tried.
     *
     * @param settings those that were varied, the same ones in all trials
     * @param score the metric on the validation rows, or its mean over folds; null where training failed
     * @param deviation the standard deviation over folds; null without any
     * @param history of the training; empty with folds
     * @param stepsPerEpoch the number of steps of an epoch
     * @param failure why there is no score; null where there is one
     */
    public record Trial(
            Map<String, String> settings,
            Double score,
            Double deviation,
            double seconds,
            List<Step> history,
            int stepsPerEpoch,
            String failure) {}

    /** Writes the file. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(html().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the file's text. */
    public String html() {
        return Page.html(
                "Search on " + Html.cut(data, Html.LONG_NAME),
                summary()
                        + Html.section(
                                "Settings and " + Html.escape(metric.toString()),
                                Html.figures(new Parallels(this).figure(), curves()))
                        + Html.section("All trials", table()),
                version);
    }

    /** Returns the trials that could be trained, the best first. */
    List<Trial> trained() {
        return trials.stream().filter(trial -> trial.score != null).toList();
    }

    /** Returns the settings that were varied. */
    List<String> varied() {
        return List.copyOf(trials.get(0).settings.keySet());
    }

    private String summary() {
        List<Trial> trained = trained();
        Trial best = trained.get(0);
        Trial worst = trained.get(trained.size() - 1);
        double seconds = trials.stream().mapToDouble(Trial::seconds).sum();
        String failed = trained.size() == trials.size()
                ? ""
                : " " + Html.counted(trials.size() - trained.size(), "other") + " could not be trained.";
        return "<p class=\"kind\">Search</p>\n<h1>" + Html.name(data, Html.LONG_NAME) + "</h1>\n<p>"
                + Html.counted(trials.size(), "combination") + " of " + Html.counted(varied().size(), "setting")
                + (trials.size() == 1 ? " was" : " were") + " tried and compared by the " + measure()
                + ": the best has "
                + Html.number(best.score)
                + (trained.size() == 1 ? "" : ", the worst " + Html.number(worst.score)) + "." + failed
                + "</p>\n<pre><code>"
                + Html.escape(best.settings.entrySet().stream()
                        .map(entry -> "--" + entry.getKey() + " " + Html.cut(entry.getValue(), Html.LONG_NAME))
                        .collect(Collectors.joining(" ")))
                + "</code></pre>\n<dl class=\"tiles\">"
                + tile("best " + metric, Html.number(best.score))
                + tile("trials", Html.count(trials.size()))
                + tile("seconds in all", Html.digits(Math.round(seconds * 10) / 10.0)) + "</dl>\n";
    }

    private String measure() {
        boolean hasFolds = trials.stream().anyMatch(trial -> trial.deviation != null);
        return Html.escape(metric.toString()) + (hasFolds ? ", a mean over folds" : " on the rows held out");
    }

    private static String tile(String name, String value) {
        return "<div><dt>" + Html.escape(name) + "</dt><dd>" + value + "</dd></div>";
    }

    /** Returns the validation losses of the best trials; nothing where they have none, as with folds. */
    private String curves() {
        List<Trial> best = trained().stream()
                .filter(trial -> trial.history.stream().anyMatch(step -> step.validationLoss() != null))
                .limit(BEST)
                .toList();
        if (best.isEmpty()) {
            return "";
        }
        double[] losses = best.stream()
                .flatMap(trial -> trial.history.stream())
                .map(Step::validationLoss)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        double longest = best.stream()
                .mapToDouble(trial -> epochs(trial, trial.history.get(trial.history.size() - 1)))
                .max()
                .orElseThrow();
        boolean inEpochs = best.stream().anyMatch(trial -> trial.stepsPerEpoch > 1);
        Axis vertical = Axis.ofLosses("loss on the rows held out", losses[0], losses[losses.length - 1]);
        Chart chart = new Chart(
                "Loss of the best trials",
                "The curves of the best " + best.size() + " trials, which end at "
                        + best.stream()
                                .map(trial -> Html.digitsText(trial.history.stream()
                                        .map(Step::validationLoss)
                                        .filter(Objects::nonNull)
                                        .reduce((a, b) -> b)
                                        .orElseThrow()))
                                .collect(Collectors.joining(", "))
                        + ".",
                Axis.of(inEpochs ? "epoch" : "step", 0, longest),
                vertical);
        for (int i = 0; i < best.size(); i++) {
            Trial trial = best.get(i);
            chart.line(
                    trial.history.stream()
                            .filter(step -> step.validationLoss() != null)
                            .map(step -> new double[] {epochs(trial, step), step.validationLoss()})
                            .toList(),
                    COLOURS[i],
                    false,
                    "number " + (i + 1));
        }
        return chart.figure(vertical.isLog() ? "Equal heights are equal ratios." : "");
    }

    /** The colours of the best trials. */
    static final int[] COLOURS = {1, 0, 2};

    private static double epochs(Trial trial, Step step) {
        return (double) step.step() / Math.max(1, trial.stepsPerEpoch);
    }

    private String table() {
        List<String> head = new ArrayList<>(List.of("number"));
        varied().forEach(name -> head.add(Html.name(name, Html.SHORT_NAME)));
        head.add(Html.escape(metric.toString()));
        boolean hasFolds = trials.stream().anyMatch(trial -> trial.deviation != null);
        if (hasFolds) {
            head.add("deviation");
        }
        head.add("seconds");
        List<List<String>> rows = new ArrayList<>();
        for (Trial trial : trials.subList(0, Math.min(MOST_ROWS, trials.size()))) {
            List<String> row = new ArrayList<>(List.of(String.valueOf(rows.size() + 1)));
            trial.settings.values().forEach(value -> row.add(Html.name(value, Html.SHORT_NAME)));
            row.add(trial.score == null ? Html.name(trial.failure, Html.LONG_NAME) : Html.number(trial.score));
            if (hasFolds) {
                row.add(Html.number(trial.deviation));
            }
            row.add(String.format(Locale.ROOT, "%.1f", trial.seconds));
            rows.add(row);
        }
        return Html.table("The best first", head, rows)
                + (trials.size() > MOST_ROWS ? "<p>" + (trials.size() - MOST_ROWS) + " more are left out.</p>" : "");
    }
}
