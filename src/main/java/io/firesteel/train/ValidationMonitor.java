package io.firesteel.train;

import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Step;
import java.util.List;

/** Measures the parameters of a training on validation rows, says when to stop early, and keeps the best parameters. */
final class ValidationMonitor {
    private final Validation validation;
    private final EarlyStopping rule;
    private final int stepsPerEpoch;
    private EarlyStopping.State stopping;
    private double[] best; // null where none are kept yet
    private Metrics measured; // the last metrics, after this many steps:
    private int measuredStep = -1;

    /**
     * Creates the monitor of a training that goes on from some step.
     *
     * @param history of the steps before
     * @param best the best parameters of them; null where none are kept
     */
    ValidationMonitor(Validation validation, EarlyStopping rule, int stepsPerEpoch, List<Step> history, double[] best) {
        this.validation = validation;
        this.rule = rule;
        this.stepsPerEpoch = stepsPerEpoch;
        this.stopping = rule.after(history);
        this.best = best == null ? null : best.clone();
        if (rule.keepBest() && stopping.bestStep() >= 0 && best == null) {
            throw new IllegalArgumentException("the best parameters so far, of step " + stopping.bestStep()
                    + ", are to be kept, and are not in the point that training goes on from");
        }
    }

    /** Returns whether the parameters after this many steps are to be measured. */
    boolean isDue(int step) {
        return rule.isDue(step, stepsPerEpoch);
    }

    /** Returns whether the parameters after this many steps were the last that were measured. */
    boolean hasMeasured(int step) {
        return measuredStep == step;
    }

    /** Measures the parameters and returns the validation loss. */
    double measure(int step, double[] theta) {
        measured = validation.at(theta);
        measuredStep = step;
        return measured.loss();
    }

    /** Returns what was measured last. */
    Metrics measured() {
        return measured;
    }

    /** Notes what was measured, and keeps a copy of the parameters if they are the best so far. */
    void note(double[] theta) {
        stopping = rule.next(stopping, measuredStep, rule.metric().of(measured));
        if (rule.keepBest() && stopping.bestStep() == measuredStep) {
            if (best == null) {
                best = new double[theta.length];
            }
            System.arraycopy(theta, 0, best, 0, best.length);
        }
    }

    /** Returns whether training stops early. */
    boolean stops() {
        return rule.stops(stopping);
    }

    /** Returns the best parameters so far: not a copy; null where none are kept. */
    double[] best() {
        return best;
    }

    /** Returns after how many steps the metric was best. */
    int bestStep() {
        return stopping.bestStep();
    }

    /** Returns the history's entry after this many steps, with what was measured there. */
    Step entry(int step, double loss) {
        if (measuredStep != step) {
            return new Step(step, loss);
        }
        Metric metric = rule.metric();
        return new Step(step, loss, measured.loss(), metric == Metric.LOSS ? null : metric.of(measured));
    }
}
