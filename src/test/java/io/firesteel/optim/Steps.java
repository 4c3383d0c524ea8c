package io.firesteel.optim;

/** The steps of optimisers, for tests. */
public final class Steps {
    private Steps() {}

    /** Returns an optimiser's state before the first step. */
    public static Optimizer.State start(Optimizer optimizer, double[] theta) {
        return optimizer.resume(Optimizer.Snapshot.beginning(theta));
    }

    /** Takes a step, and returns the objective before it. */
    public static double take(Optimizer.State state, Objective objective) {
        return state.takeStep(objective, loss -> true);
    }
}
