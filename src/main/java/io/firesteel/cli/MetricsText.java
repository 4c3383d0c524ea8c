package io.firesteel.cli;

import io.firesteel.compute.Importance;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.Metrics.CalibrationBin;
import io.firesteel.model.Metrics.PerClass;
import io.firesteel.model.Metrics.PerLabel;
import io.firesteel.model.Metrics.PerTarget;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Metrics as people read them. */
final class MetricsText {
    /** A larger confusion matrix is left to {@code --json}. */
    private static final int WIDEST_CONFUSION = 12;

    private static final Set<String> HEADLINE = Set.of("accuracy", "logLoss", "rmse", "mae", "r2");

    private MetricsText() {}

    /** The metrics that a task is known by, on one line. */
    static String line(Metrics metrics) {
        return numbers(metrics, HEADLINE::contains) + String.format(Locale.ROOT, " on %,d rows", metrics.rows());
    }

    /** Means over folds of the metrics that a task is known by, and their standard deviations, on one line. */
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
                line.add(name(key) + " "
                        + (all ? number(Spread.mean(values)) + " +- " + number(Spread.deviation(values)) : "-"));
            }
        }
        return line + " over " + folds.size() + " folds";
    }

    /** All else that {@code evaluate} prints: the other numbers, and tables. */
    static List<String> details(Metrics metrics, List<String> classes) {
        List<String> lines = new ArrayList<>();
        String others = numbers(metrics, key -> !HEADLINE.contains(key));
        if (!others.isEmpty()) {
            lines.add(others);
        }
        if (metrics.values().get("confusion") instanceof double[][] counts && classes.size() <= WIDEST_CONFUSION) {
            List<List<String>> table = new ArrayList<>(List.of(row("true \\ predicted", classes.stream())));
            for (int i = 0; i < counts.length; i++) {
                table.add(row(classes.get(i), Arrays.stream(counts[i]).mapToObj(MetricsText::count)));
            }
            lines.addAll(table(table));
        }
        if (metrics.values().get("perClass") instanceof PerClass[] perClass) {
            List<List<String>> table = new ArrayList<>(List.of(List.of("class", "rows", "precision", "recall", "F1")));
            for (PerClass one : perClass) {
                table.add(row(
                        one.name(),
                        Stream.of(
                                count(one.support()),
                                number(one.precision()),
                                number(one.recall()),
                                number(one.f1()))));
            }
            lines.addAll(table(table));
        }
        if (metrics.values().get("perLabel") instanceof PerLabel[] perLabel) {
            List<List<String>> table = new ArrayList<>(
                    List.of(List.of("label", "rows", "precision", "recall", "F1", "ROC-AUC", "PR-AUC")));
            for (PerLabel one : perLabel) {
                table.add(row(
                        one.label(),
                        Stream.of(
                                count(one.support()),
                                number(one.precision()),
                                number(one.recall()),
                                number(one.f1()),
                                number(one.rocAuc()),
                                number(one.prAuc()))));
            }
            lines.addAll(table(table));
        }
        if (metrics.values().get("calibration") instanceof CalibrationBin[] bins) {
            String of = classes.size() == 2 ? "P(" + classes.get(1) + ")" : "P(predicted)";
            List<List<String>> table = new ArrayList<>(List.of(List.of(of, "rows", "mean", "observed")));
            for (CalibrationBin bin : bins) {
                table.add(List.of(
                        bin.from() + " to " + bin.to(),
                        count(bin.support()),
                        number(bin.predicted()),
                        number(bin.observed())));
            }
            lines.addAll(table(table));
        }
        if (metrics.values().get("perTarget") instanceof PerTarget[] perTarget && perTarget.length > 1) {
            List<List<String>> table = new ArrayList<>(List.of(List.of("target", "RMSE", "MAE", "R2")));
            for (PerTarget one : perTarget) {
                table.add(List.of(one.target(), number(one.rmse()), number(one.mae()), number(one.r2())));
            }
            lines.addAll(table(table));
        }
        return lines;
    }

    /** The table of how much each input column is needed. */
    static List<String> importances(List<Importance> importances, Metric metric) {
        List<List<String>> table = new ArrayList<>(List.of(List.of("permuted", metric + " worse by", "deviation")));
        for (Importance one : importances) {
            table.add(List.of(one.column(), number(one.mean()), number(one.deviation())));
        }
        return table(table);
    }

    private static String numbers(Metrics metrics, Predicate<String> which) {
        StringJoiner line = new StringJoiner(", ");
        metrics.values().forEach((key, value) -> {
            if (value instanceof Double number && which.test(key)) {
                line.add(name(key) + " " + number(number));
            }
        });
        return line.toString();
    }

    private static String name(String key) {
        return switch (key) {
            case "logLoss" -> "log-loss";
            case "balancedAccuracy" -> "balanced accuracy";
            case "rocAuc" -> "ROC-AUC";
            case "prAuc" -> "PR-AUC";
            case "calibrationError" -> "calibration error";
            case "hammingLoss" -> "hamming loss";
            case "rmse" -> "RMSE";
            case "mae" -> "MAE";
            case "r2" -> "R2";
            default -> key;
        };
    }

    private static String number(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String count(double count) {
        return count == Math.rint(count) ? Long.toString((long) count) : String.format(Locale.ROOT, "%.4f", count);
    }

    private static List<String> row(String first, Stream<String> others) {
        return Stream.concat(Stream.of(first), others).toList();
    }

    /** The rows as lines, each column as wide as it needs; a blank line before them. */
    static List<String> table(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        rows.forEach(
                row -> Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length())));
        List<String> lines = new ArrayList<>(List.of(""));
        for (List<String> row : rows) {
            StringJoiner line = new StringJoiner("  ");
            for (int i = 0; i < widths.length; i++) {
                line.add(" ".repeat(widths[i] - row.get(i).length()) + row.get(i));
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
