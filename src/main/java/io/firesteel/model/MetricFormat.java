package io.firesteel.model;

import java.util.Locale;
import java.util.stream.Stream;

/** Metrics in the words and digits of people, the same on every surface. */
public final class MetricFormat {
    /** A smaller number shows four digits that are not 0. */
    private static final double SMALL = 0.001;

    private MetricFormat() {}

    /** Returns the name of a metric of {@link Metrics#numbers}. */
    public static String name(String key) {
        return switch (key) {
            // those that no model is chosen by
            case "logLoss" -> "log-loss";
            case "calibrationError" -> "calibration error";
            case "intervalCoverage" -> "interval coverage";
            case "intervalWidth" -> "interval width";
            default ->
                Stream.of(Metric.values())
                        .filter(metric -> metric.key().equals(key))
                        .map(Metric::printedName)
                        .findFirst()
                        .orElse(key);
        };
    }

    /** Returns the metric that says most to a person: accuracy, or R2; null where it is not defined. */
    public static Metric headline(Metrics metrics) {
        return Stream.of(Metric.ACCURACY, Metric.R2)
                .filter(metric -> metrics.numbers().get(metric.key()) != null)
                .findFirst()
                .orElse(null);
    }

    /** Returns a number with four decimals, or as many digits where it is small; "-" for null. */
    public static String number(Double value) {
        boolean isSmall = value != null && value != 0 && Math.abs(value) < SMALL;
        return value == null ? "-" : String.format(Locale.ROOT, isSmall ? "%.4g" : "%.4f", value);
    }

    /** Returns a sum of weights: a whole number where it is one. */
    public static String count(double count) {
        return count == Math.rint(count) ? Long.toString((long) count) : String.format(Locale.ROOT, "%.4f", count);
    }
}
