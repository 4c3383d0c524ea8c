package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a model on some examples. A number that is not defined on these examples is null.
 *
 * @param rows the number of examples
 * @param loss the mean loss that training minimises, in the units of the scaled targets and without penalty
 * @param numbers all other metrics that are single numbers, by name
 * @param tables the others
 */
public record Metrics(long rows, double loss, Map<String, Double> numbers, Tables tables) {
    public Metrics {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers)); // some may be null
    }

    /** Returns a metric that is a number. Fails on an unknown name, and on one that is not defined on these examples. */
    public double get(String name) {
        return numbers.get(name);
    }

    /** The metrics of a task that are no single numbers. */
    public sealed interface Tables {}

    /**
     * Those of a classification.
     *
     * @param confusion the weight of the examples of each true class (row) and predicted class (column)
     * @param curves of two classes; null for more, or where they were not asked for. They are for drawing, and not printed
     */
    public record Classes(
            double[][] confusion,
            List<PerClass> perClass,
            List<CalibrationBin> calibration,
            @JsonIgnore ScoreCurves curves)
            implements Tables {}

    /** Those of several labels. */
    public record Labels(List<PerLabel> perLabel) implements Tables {}

    /**
     * Those of a regression.
     *
     * @param quantiles those that are predicted; empty where none are
     */
    public record Targets(
            List<PerTarget> perTarget,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PerQuantile> quantiles) implements Tables {}

    /**
     * How well a class is told from the others.
     *
     * @param support the weight of its examples: their number where they have no weights
     * @param precision the part of the examples taken for it that are of it
     * @param recall the part of its examples that are taken for it
     * @param f1 the harmonic mean of both
     */
    public record PerClass(
            @JsonProperty("class") String name, double support, Double precision, Double recall, Double f1) {}

    /**
     * How well one of several labels is predicted.
     *
     * @param support the weight of the examples that have it
     * @param precision the part of the examples predicted to have it that do
     * @param recall the part of the examples that have it of which it is predicted
     * @param f1 the harmonic mean of both
     */
    public record PerLabel(
            String label, double support, Double precision, Double recall, Double f1, Double rocAuc, Double prAuc) {}

    /**
     * How well a quantile is predicted.
     *
     * @param quantile its level: the part of the targets that should not exceed it
     * @param coverage the part that does not
     * @param pinballLoss in the target's units
     */
    public record PerQuantile(double quantile, double coverage, double pinballLoss) {}

    /** The errors of a regression's target, in its units. */
    public record PerTarget(String target, double rmse, double mae, Double r2) {}

    /**
     * The examples whose probability lies in [from, to): the second class's of two, else the predicted class's.
     *
     * @param support their weight
     * @param predicted the mean of their probabilities
     * @param observed the part of them of which it is true
     */
    public record CalibrationBin(double from, double to, double support, Double predicted, Double observed) {}
}
