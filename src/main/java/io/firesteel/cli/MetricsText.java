package io.firesteel.cli;

import io.firesteel.model.Importance;
import io.firesteel.model.Metric;
import io.firesteel.model.MetricFormat;
import io.firesteel.model.Metrics;
import io.firesteel.model.Metrics.Classes;
import io.firesteel.model.Metrics.Labels;
import io.firesteel.model.Metrics.Targets;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.Spread;
import io.firesteel.nn.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Metrics as people read them. */
final class MetricsText {
    /** A larger confusion matrix is left to {@code --json}. */
    private static final int WIDEST_CONFUSION = 12;

    private static final Set<String> HEADLINE =
            Set.of("accuracy", "logLoss", "rmse", "mae", "r2", "pinballLoss", "intervalCoverage");

    private MetricsText() {}

    /** Returns the metrics that a task is known by, on one line. */
    static String line(Metrics metrics) {
        return numbers(metrics, HEADLINE::contains) + String.format(Locale.ROOT, " on %,d rows", metrics.rows());
    }

    /** Returns means over folds of the metrics that a task is known by, and their standard deviations, on one line. */
    static String folds(List<Fold> folds) {
        StringJoiner line = new StringJoiner(", ");
        for (String key : folds.get(0).metrics().keySet()) {
            if (HEADLINE.contains(key)) {
                double[] values = folds.stream()
                        .map(fold -> fold.metrics().get(key))
                        .filter(Objects::nonNull)
                        .mapToDouble(Double::doubleValue)
                        .toArray();
                boolean all = values.length == folds.size();
                line.add(MetricFormat.name(key) + " "
                        + (all
                                ? MetricFormat.number(Spread.mean(values)) + " +- "
                                        + MetricFormat.number(Spread.deviation(values))
                                : "-"));
            }
        }
        return line + " over " + folds.size() + " folds";
    }

    /** Returns all else that {@code evaluate} prints: the other numbers, and tables. */
    static List<String> details(Metrics metrics, List<String> classes) {
        List<String> lines = new ArrayList<>();
        String others = numbers(metrics, key -> !HEADLINE.contains(key));
        if (!others.isEmpty()) {
            lines.add(others);
        }
        if (metrics.tables() instanceof Classes of) {
            if (classes.size() <= WIDEST_CONFUSION) {
                lines.addAll(table(
                        row("true \\ predicted", classes.stream()),
                        IntStream.range(0, classes.size())
                                .mapToObj(c -> row(
                                        classes.get(c),
                                        Arrays.stream(of.confusion()[c]).mapToObj(MetricFormat::count)))));
            }
            lines.addAll(table(
                    List.of("class", "rows", "precision", "recall", "F1"),
                    of.perClass().stream()
                            .map(one -> List.of(
                                    one.name(),
                                    MetricFormat.count(one.support()),
                                    MetricFormat.number(one.precision()),
                                    MetricFormat.number(one.recall()),
                                    MetricFormat.number(one.f1())))));
            lines.addAll(table(
                    List.of(
                            classes.size() == 2 ? "P(" + classes.get(1) + ")" : "P(predicted)",
                            "rows",
                            "mean",
                            "observed"),
                    of.calibration().stream()
                            .map(bin -> List.of(
                                    bin.from() + " to " + bin.to(),
                                    MetricFormat.count(bin.support()),
                                    MetricFormat.number(bin.predicted()),
                                    MetricFormat.number(bin.observed())))));
        } else if (metrics.tables() instanceof Labels of) {
            lines.addAll(table(
                    List.of("label", "rows", "precision", "recall", "F1", "ROC-AUC", "PR-AUC"),
                    of.perLabel().stream()
                            .map(one -> List.of(
                                    one.label(),
                                    MetricFormat.count(one.support()),
                                    MetricFormat.number(one.precision()),
                                    MetricFormat.number(one.recall()),
                                    MetricFormat.number(one.f1()),
                                    MetricFormat.number(one.rocAuc()),
                                    MetricFormat.number(one.prAuc())))));
        } else if (metrics.tables() instanceof Targets of && !of.quantiles().isEmpty()) {
            lines.addAll(table(
                    List.of("quantile", "rows not above", "pinball loss"),
                    of.quantiles().stream()
                            .map(one -> List.of(
                                    Quantiles.name(one.quantile()),
                                    String.format(Locale.ROOT, "%.2f%%", 100 * one.coverage()),
                                    MetricFormat.number(one.pinballLoss())))));
        } else if (metrics.tables() instanceof Targets of && of.perTarget().size() > 1) {
            lines.addAll(table(
                    List.of("target", "RMSE", "MAE", "R2"),
                    of.perTarget().stream()
                            .map(one -> List.of(
                                    one.target(),
                                    MetricFormat.number(one.rmse()),
                                    MetricFormat.number(one.mae()),
                                    MetricFormat.number(one.r2())))));
        }
        return lines;
    }

    /** Returns the table of how much each input column is needed. */
    static List<String> importances(List<Importance> importances, Metric metric) {
        return table(
                List.of("permuted", metric + " worse by", "deviation"),
                importances.stream()
                        .map(one -> List.of(
                                one.column(), MetricFormat.number(one.mean()), MetricFormat.number(one.deviation()))));
    }

    private static String numbers(Metrics metrics, Predicate<String> which) {
        StringJoiner line = new StringJoiner(", ");
        metrics.numbers().forEach((key, number) -> {
            if (number != null && which.test(key)) {
                line.add(MetricFormat.name(key) + " " + MetricFormat.number(number));
            }
        });
        return line.toString();
    }

    private static List<String> row(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).toList();
    }

    /** Returns a table as lines, each column as wide as it needs; a blank line before them. */
    static List<String> table(List<String> head, Stream<List<String>> body) {
        List<List<String>> rows = Stream.concat(Stream.of(head), body).toList();
        int[] widths = new int[head.size()];
        rows.forEach(row -> Arrays.setAll(widths, i -> Math.max(widths[i], TextWidth.of(row.get(i)))));
        List<String> lines = new ArrayList<>(List.of(""));
        for (List<String> row : rows) {
            StringJoiner line = new StringJoiner("  ");
            for (int i = 0; i < widths.length; i++) {
                line.add(TextWidth.padStart(row.get(i), widths[i]));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
