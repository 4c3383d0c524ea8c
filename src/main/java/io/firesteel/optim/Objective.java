package io.firesteel.optim;

/** A function of the parameters that is minimised: its value and gradient at any point. */
@FunctionalInterface
public interface Objective {
    /** The mean loss and its gradient, which has one number for each of theta. */
    Value at(double[] theta);

    /** The value J(theta) and the gradient dJ/dtheta. The array belongs to whoever gets it. */
    record Value(double loss, double[] gradient) {}
}
