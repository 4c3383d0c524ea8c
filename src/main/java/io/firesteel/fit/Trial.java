package io.firesteel.fit;

import io.firesteel.base.UserError;
import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The result of one combination of settings in a search.
 *
 * @param settings those that were varied
 * @param score the metric on the validation rows, or its mean over folds; null where training failed
 * @param deviation the standard deviation of the folds' metrics; null without folds
 * @param steps the number of steps to the model's weights; null with folds
 * @param seconds that it took
 * @param history of its training; empty with folds, and where training failed
 * @param stepsPerEpoch the number of steps of an epoch
 * @param failure why there is no score; null where there is one
 */
public record Trial(
        Map<String, String> settings,
        Double score,
        Double deviation,
        Integer steps,
        double seconds,
        List<Step> history,
        int stepsPerEpoch,
        UserError failure) {

    /** Returns the order of the best first, those that failed last; equal ones stay in the order in which they were tried. */
    static Comparator<Trial> bestFirst(Metric metric) {
        Comparator<Double> better = (a, b) -> -Double.compare(metric.gain(a, b), 0);
        return Comparator.comparing(Trial::score, Comparator.nullsLast(better));
    }
}
