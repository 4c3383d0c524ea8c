package io.firesteel.optim;

/** A function of the parameters that is minimised: its value and gradient at any point. */
@FunctionalInterface
public interface Objective {
    /** The mean loss and its gradient, which has one number for each of theta. */
    Value at(double[] theta);

    /**
     * The objective that step {@code step} minimises: this one, unless steps see a part of the data each, or drop units. It
     * is a function of the step, the same whenever it is asked for.
     */
    default Objective ofStep(int step) {
        return this;
    }

    /** The value J(theta) and the gradient dJ/dtheta. The array belongs to whoever gets it. */
    record Value(double loss, double[] gradient) {}
}
