package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The metrics of a model on some examples, by name: numbers, the confusion matrix (true class, predicted class), and
 * tables of the records below. A number that is not defined on these examples is null.
 */
public final class Metrics {
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

    private final long rows;
    private final double loss;
    private final Map<String, Object> values = new LinkedHashMap<>();

    Metrics(long rows, double loss) {
        this.rows = rows;
        this.loss = loss;
    }

    void put(String name, Object value) {
        values.put(name, value);
    }

    /** The number of examples. */
    public long rows() {
        return rows;
    }

    /** The mean loss that training minimises, in the units of the scaled targets and without penalty. */
    public double loss() {
        return loss;
    }

    /** A metric that is a number. Fails on an unknown name, and on one that is not defined on these examples. */
    public double get(String name) {
        return (Double) values.get(name);
    }

    /** All metrics but {@link #rows} and {@link #loss}, as people read them; null is one that is not defined. */
    public Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }
}
