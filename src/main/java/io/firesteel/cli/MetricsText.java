package io.firesteel.cli;

import io.firesteel.model.Metrics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** Metrics as people read them. */
final class MetricsText {
    /** A larger confusion matrix is left to {@code --json}. */
    private static final int WIDEST_CONFUSION = 12;

    private MetricsText() {}

    /** All metrics that are numbers, on one line. */
    static String line(Metrics metrics) {
        StringJoiner line = new StringJoiner(", ");
        for (Map.Entry<String, Object> entry : metrics.values().entrySet()) {
            if (entry.getValue() instanceof Double value) {
                line.add(name(entry.getKey()) + String.format(Locale.ROOT, " %.4f", value));
            }
        }
        return line + String.format(Locale.ROOT, " on %,d rows", metrics.rows());
    }

    private static String name(String key) {
        return switch (key) {
            case "logLoss" -> "log-loss";
            case "rmse" -> "RMSE";
            case "mae" -> "MAE";
            case "r2" -> "R2";
            default -> key;
        };
    }

    /** The confusion matrix, a row for each true class; empty when there is none or it is too wide to read. */
    static String confusion(Metrics metrics, List<String> classes) {
        if (!(metrics.values().get("confusion") instanceof double[][] counts) || classes.size() > WIDEST_CONFUSION) {
            return "";
        }
        int width = Math.max(6, classes.stream().mapToInt(String::length).max().orElse(0) + 1);
        StringBuilder text = new StringBuilder("true \\ predicted" + System.lineSeparator() + " ".repeat(width));
        classes.forEach(name -> text.append(pad(name, width)));
        for (int i = 0; i < counts.length; i++) {
            text.append(System.lineSeparator()).append(pad(classes.get(i), width));
            for (double count : counts[i]) {
                text.append(
                        pad(count == Math.rint(count) ? Long.toString((long) count) : Double.toString(count), width));
            }
        }
        return text.toString();
    }

    private static String pad(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }
}
