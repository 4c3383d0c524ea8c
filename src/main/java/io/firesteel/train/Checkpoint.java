package io.firesteel.train;

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
 * @param best the parameters that were best on the validation rows; null where these are not kept
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

    /** Returns the number of steps that were taken. */
    public int step() {
        List<Step> history = model.description().provenance().history();
        return history.isEmpty() ? 0 : history.get(history.size() - 1).step() + 1;
    }

    /** Returns where the training goes on. */
    public Trainer.ResumePoint point() {
        Optimizer.Snapshot state = new Optimizer.Snapshot(step(), model.theta(), vectors, numbers);
        return new Trainer.ResumePoint(state, model.description().provenance().history(), best);
    }
}
