package io.firesteel.optim;

import io.firesteel.linalg.Slices;

/** A function of the parameters that is minimised: the mean loss, perhaps with a penalty. */
@FunctionalInterface
public interface Objective {
    /**
     * Evaluates the whole objective.
     *
     * @param theta the parameters, which it only reads
     * @param gradient is filled with dJ/dtheta; as long as theta, owned by the caller
     * @return J(theta)
     */
    double at(double[] theta, double[] gradient);

    /** Returns J(theta), where its gradient is not needed. */
    default double at(double[] theta) {
        return at(theta, new double[theta.length]);
    }

    /** Returns whether each step minimises another function: that of a batch of the rows, or of a network with units dropped. */
    default boolean variesByStep() {
        return false;
    }

    /** Returns the threads that share work on vectors as long as theta; unless overridden, the calling thread alone. */
    default Slices slices() {
        return Slices.ONE;
    }

    /**
     * Returns the objective that a step minimises: this one unless it {@linkplain #variesByStep varies}. A step always has the
     * same objective.
     *
     * @param step the number of steps taken before
     */
    default Objective ofStep(int step) {
        return this;
    }
}
