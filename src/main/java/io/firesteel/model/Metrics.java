package io.firesteel.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The metrics of a model on some examples, by name: numbers, and the confusion matrix (true class, predicted class). */
public final class Metrics {
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
