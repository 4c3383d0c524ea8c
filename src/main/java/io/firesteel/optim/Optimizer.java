package io.firesteel.optim;

import io.firesteel.base.UserError;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;

/**
 * An algorithm that minimises an objective step by step. An optimiser is a value, its settings; its {@link State}
 * changes.
 */
public interface Optimizer {
    /**
     * Returns a state that continues from a snapshot: the steps that follow are, bit for bit, those that would have followed
     * where it was taken.
     *
     * @throws UserError when the snapshot is not one of this optimiser
     */
    State resume(Snapshot snapshot);

    /**
     * The state of a minimisation. Steps change it in place and, once the optimiser's memory has its full size,
     * allocate nothing of theta's size. One thread takes the steps.
     */
    abstract class State {
        private final double[] theta;
        private final double[] gradient;
        private int step;

        /** Copies step and theta; what else the optimiser remembers, the subclass restores. */
        State(Snapshot from) {
            this.step = from.step;
            this.theta = from.theta.clone();
            this.gradient = new double[theta.length];
        }

        /** Returns the number of steps taken. */
        public final int step() {
            return step;
        }

        /** Returns the parameters: not a copy, the next step changes them. */
        public final double[] theta() {
            return theta;
        }

        /** Returns dJ/dtheta where it was last evaluated: not a copy, the next step changes it. */
        public final double[] gradient() {
            return gradient;
        }

        /** Returns the learning rate of the last step; NaN before the first, and for an optimiser that has none. */
        public double learningRate() {
            return Double.NaN;
        }

        /**
         * Evaluates the objective at theta and, if that is wanted, takes a step from there.
         *
         * @param objective what this step minimises
         * @param isWanted is asked with the objective's value before anything changes
         * @return the objective before the step
         */
        public final double takeStep(Objective objective, DoublePredicate isWanted) {
            double loss = evaluate(objective);
            if (isWanted.test(loss)) {
                Runnable move = move(objective, loss);
                synchronized (this) {
                    move.run();
                    step++;
                }
            }
            return loss;
        }

        /** Evaluates the objective and its gradient at theta. */
        double evaluate(Objective objective) {
            return objective.at(theta, gradient);
        }

        /**
         * Finds out where to move, and changes nothing that a snapshot shows.
         *
         * @return what makes the move
         */
        abstract Runnable move(Objective objective, double loss);

        /**
         * Returns a copy of the state after the last whole step. Any thread may ask for it at any time: it waits while a step
         * changes the parameters, not while one evaluates the objective.
         */
        public final synchronized Snapshot snapshot() {
            Map<String, double[]> vectors = new HashMap<>();
            vectors().forEach((name, vector) -> vectors.put(name, vector.clone()));
            return new Snapshot(step, theta.clone(), vectors, numbers());
        }

        /** Returns the vectors that the optimiser remembers, by name, each as long as theta: not copies. */
        abstract Map<String, double[]> vectors();

        /** Returns the numbers that the optimiser remembers, by name. */
        abstract Map<String, Double> numbers();
    }

    /**
     * A state as a value, which can be saved and resumed. Its arrays are copies.
     *
     * @param step the number of steps taken
     * @param theta the parameters after these steps
     * @param vectors what else the optimiser remembers, by name, each as long as theta
     * @param numbers the numbers that it remembers, by name
     */
    record Snapshot(int step, double[] theta, Map<String, double[]> vectors, Map<String, Double> numbers) {
        /** Returns the snapshot before the first step, when nothing is remembered. */
        public static Snapshot beginning(double[] theta) {
            return new Snapshot(0, theta, Map.of(), Map.of());
        }

        /** Copies its vectors into those of a state; fails unless they have the same names and lengths. */
        void copyInto(Map<String, double[]> state) {
            expectNames("vectors", state.keySet(), vectors.keySet());
            state.forEach((name, vector) -> System.arraycopy(vector(name), 0, vector, 0, vector.length));
        }

        /** Returns a vector; fails if it is not as long as theta. */
        double[] vector(String name) {
            double[] vector = vectors.get(name);
            if (vector.length != theta.length) {
                throw new UserError("the optimiser's vector " + name + " has " + vector.length
                        + " numbers, the network " + theta.length + " parameters");
            }
            return vector;
        }

        /** Fails if the names are not those that were expected. */
        static void expectNames(String what, Set<String> expected, Set<String> found) {
            if (!found.equals(expected)) {
                throw new UserError("the optimiser's state has the " + what + " " + new TreeSet<>(found)
                        + ": this optimiser needs " + new TreeSet<>(expected));
            }
        }
    }
}
