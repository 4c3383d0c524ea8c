package io.firesteel.optim;

/**
 * An optimiser whose steps are as long as its learning rate makes them: one that a {@link Schedule} can pace. Of its state it
 * uses the slots and not the numbers, which are the schedule's.
 */
public interface Descent extends Optimizer {
    /** The factor alpha of its steps. */
    double learningRate();

    /** The same rule with another learning rate; the state of one serves the other. */
    Descent withLearningRate(double learningRate);
}
