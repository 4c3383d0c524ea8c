package io.firesteel.train;

import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.optim.Optimizer;
import java.util.List;
import java.util.Map;

/**
 * A training that can be resumed: the model so far, the optimiser's other state, and the fingerprint of the data.
 *
 * @param model the parameters after some steps; its history has the objective before each of these steps, its settings
 *     are those of the training
 * @param vectors what the optimiser remembers, as in {@link Optimizer.Snapshot}
 * @param numbers what it remembers besides
 * @param best the parameters that were best on the validation rows; null where these are not kept. Of a refit those that the first
 *     training came to
 * @param data which data set it was
 */
public record Checkpoint(
        TrainedModel model,
        Map<String, double[]> vectors,
        Map<String, Double> numbers,
        double[] best,
        Fingerprint data) {
    /** Identifies a data set. */
    public record Fingerprint(long rows, int blocks, String checksum) {}

    /** Returns the number of steps that were taken, of a refit those of the refit. */
    public int step() {
        List<Step> history = provenance().lastHistory();
        return history.isEmpty() ? 0 : history.get(history.size() - 1).step() + 1;
    }

    /** Returns the number of steps that were taken, with those of the first training before a refit. */
    public int allSteps() {
        return step() + (isOfRefit() ? last(provenance().history()) : 0);
    }

    /** Returns whether it is one of a second training, on all rows. */
    public boolean isOfRefit() {
        return provenance().isRefit();
    }

    /**
     * Returns the result of the first training before a refit.
     *
     * @param rule by which it could stop early
     * @param steps the greatest number of its steps
     */
    public Trainer.Result first(EarlyStopping rule, int steps) {
        List<Step> history = provenance().history();
        Trainer.End end = rule.stops(rule.after(history))
                ? Trainer.End.PATIENCE
                : last(history) < steps ? Trainer.End.TOLERANCE : Trainer.End.ITERATIONS;
        return new Trainer.Result(best, provenance().validation().keptStep(), history, end);
    }

    private static int last(List<Step> history) {
        return history.get(history.size() - 1).step();
    }

    private ModelDescription.Provenance provenance() {
        return model.description().provenance();
    }

    /** Returns where the training goes on. */
    public Trainer.ResumePoint point() {
        Optimizer.Snapshot state = new Optimizer.Snapshot(step(), model.theta(), vectors, numbers);
        return new Trainer.ResumePoint(state, provenance().lastHistory(), isOfRefit() ? null : best);
    }
}
