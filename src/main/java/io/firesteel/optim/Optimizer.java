package io.firesteel.optim;

import java.util.Map;

/** A rule that goes from one point to a better one. An optimiser is its settings; where it stands is a {@link State}. */
public interface Optimizer {
    /** The state before the first step. */
    State start(double[] theta);

    /** One step: evaluates the objective at the state's point and moves. */
    State next(State state, Objective objective);

    /**
     * Where a minimisation stands: a value, so that it can be written down and resumed. No rule changes its arrays.
     *
     * @param step how many steps were taken
     * @param theta the point, after these steps
     * @param slots what else the rule remembers, by name, each with one number for each of theta
     * @param numbers what it remembers besides, by name
     * @param loss the objective at the point before the last step; NaN before the first
     */
    record State(int step, double[] theta, Map<String, double[]> slots, Map<String, Double> numbers, double loss) {}
}
