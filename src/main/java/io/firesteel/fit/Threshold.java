package io.firesteel.fit;

import io.firesteel.model.ThresholdMetric;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The probability above which the second of two classes is predicted.
 *
 * @param value above 0 and below 1; null where the validation rows choose it
 * @param chosenFor the metric of which they choose the best; null where it is given
 */
public record Threshold(Double value, ThresholdMetric chosenFor) {
    static final String EXPECTED = "a number above 0 and below 1, or "
            + Arrays.stream(ThresholdMetric.values())
                    .map(ThresholdMetric::toString)
                    .collect(Collectors.joining(", "));

    /**
     * Reads a number or the name of a metric.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static Threshold parse(String text) {
        for (ThresholdMetric metric : ThresholdMetric.values()) {
            if (metric.toString().equalsIgnoreCase(text)) {
                return new Threshold(null, metric);
            }
        }
        double value = Double.parseDouble(text);
        if (!(value > 0 && value < 1)) {
            throw new IllegalArgumentException(text);
        }
        return new Threshold(value, null);
    }

    /** Returns whether the validation rows choose it. */
    public boolean isChosen() {
        return value == null;
    }

    /** Returns the number, or the metric's name. */
    @Override
    public String toString() {
        return isChosen() ? chosenFor.toString() : value.toString();
    }
}
