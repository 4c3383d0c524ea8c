package io.firesteel.train;

import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Step;
import java.util.List;

/**
 * The rule by which training stops when the validation metric no longer improves, and by which parameters are kept.
 *
 * <p>Its state follows from the history, so that a checkpoint needs no more than the best parameters.
 *
 * @param metric what is to improve
 * @param every the metric is measured every this many epochs, and after the last step
 * @param patience after this many measurements without an improvement the training ends; 0 never ends it
 * @param minDelta an improvement is one by more than this
 * @param keepBest whether the parameters that were measured best are kept, not the last ones
 */
public record EarlyStopping(Metric metric, int every, int patience, double minDelta, boolean keepBest) {
    public EarlyStopping {
        if (every < 1 || patience < 0 || !(minDelta >= 0) || Double.isInfinite(minDelta)) {
            throw new IllegalArgumentException("every " + every + ", patience " + patience + ", min-delta " + minDelta
                    + ": expected 1 or more, 0 or more, and a number of 0 or more");
        }
    }

    /**
     * The state after some measurements.
     *
     * @param bestStep after how many steps the metric was best, by however little; -1 before the first measurement
     * @param best what it was then
     * @param reference what is to be improved by more than minDelta
     * @param since how many measurements have not
     */
    public record State(int bestStep, double best, double reference, int since) {
        /** The state before the first measurement. */
        public static final State NONE = new State(-1, Double.NaN, Double.NaN, 0);
    }

    /** Returns whether the parameters after this number of steps are measured, where an epoch has K steps. */
    boolean isDue(int step, int stepsPerEpoch) {
        return step % ((long) every * stepsPerEpoch) == 0;
    }

    /** Returns the state after the metric was {@code value} after {@code step} steps. */
    State next(State before, int step, double value) {
        if (before.bestStep < 0) {
            return new State(step, value, value, 0);
        }
        boolean best = metric.gain(value, before.best) > 0;
        boolean improves = metric.gain(value, before.reference) > minDelta;
        return new State(
                best ? step : before.bestStep,
                best ? value : before.best,
                improves ? value : before.reference,
                improves ? 0 : before.since + 1);
    }

    /** Returns the state after a history. */
    State after(List<Step> history) {
        State state = State.NONE;
        for (Step step : history) {
            if (step.validationLoss() != null) {
                state = next(state, step.step(), value(step));
            }
        }
        return state;
    }

    /** Returns the value of the metric after a step. */
    private double value(Step step) {
        return metric == Metric.LOSS ? step.validationLoss() : step.validationMetric();
    }

    /** Returns whether training stops. */
    boolean stops(State state) {
        return patience > 0 && state.since >= patience;
    }
}
