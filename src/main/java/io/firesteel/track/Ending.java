package io.firesteel.track;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a run ended.
 *
 * @param training the metrics on the rows trained on, by key; empty where they are not known
 * @param validation the metrics on the rows held out, by key; empty where there are none
 * @param best the best trial of a search; null elsewhere
 */
public record Ending(Status status, Map<String, Double> training, Map<String, Double> validation, Best best) {
    /** How a run ended, in MLflow's words. */
    public enum Status {
        FINISHED,
        FAILED,
        /** Stopped by a signal, or by whoever may stop it. */
        KILLED
    }

    /**
     * The best trial of a search.
     *
     * @param trial its number, from 1
     * @param settings those that the search varies
     */
    public record Best(int trial, Map<String, String> settings) {}

    /** Leaves out the metrics that are not defined, which are null. */
    public Ending {
        training = defined(training);
        validation = defined(validation);
    }

    /** Creates the ending of a run that was not measured. */
    public Ending(Status status) {
        this(status, Map.of(), Map.of());
    }

    /** Creates the ending of a run that is no search. */
    public Ending(Status status, Map<String, Double> training, Map<String, Double> validation) {
        this(status, training, validation, null);
    }

    private static Map<String, Double> defined(Map<String, Double> metrics) {
        Map<String, Double> defined = new LinkedHashMap<>(metrics);
        defined.values().removeIf(value -> value == null || !Double.isFinite(value));
        return Collections.unmodifiableMap(defined);
    }
}
