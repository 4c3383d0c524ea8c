package io.firesteel.train;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.optim.Optimizer;
import java.util.List;
import java.util.Map;

/**
 * A training that can go on: the model so far, what else the optimiser remembers, and which data it was made of.
 *
 * @param model the parameters after some steps; its history has the objective before each of these steps, its settings
 *     are those of the training
 * @param slots the optimiser's, as in {@link Optimizer.State}
 * @param numbers the optimiser's
 * @param best the parameters that were best for the examples held out; null where these are not kept
 * @param data which data set it was
 */
public record Checkpoint(
        TrainedModel model, Map<String, double[]> slots, Map<String, Double> numbers, double[] best, Fingerprint data) {
    /**
     * What tells one data set from another.
     *
     * @param rows the number of examples trained on
     * @param blocks the number of blocks they make
     * @param checksum of the blocks' bits, in hexadecimal: of features, targets and weights as training sees them
     */
    public record Fingerprint(long rows, int blocks, String checksum) {}

    /** The number of steps that were taken. */
    public int step() {
        List<Step> history = model.description().history();
        return history.isEmpty() ? 0 : history.get(history.size() - 1).step() + 1;
    }

    /** Where the training stands. */
    public Trainer.Point point() {
        List<Step> history = model.description().history();
        double loss =
                history.isEmpty() ? Double.NaN : history.get(history.size() - 1).loss();
        return new Trainer.Point(new Optimizer.State(step(), model.theta(), slots, numbers, loss), history, best);
    }
}
