package io.firesteel.optim;

import java.util.Arrays;
import java.util.function.Function;

/**
 * An objective's value and gradient at a point, for tests.
 *
 * @param loss J(theta)
 * @param gradient dJ/dtheta
 */
public record Evaluated(double loss, double[] gradient) {
    /** Evaluates an objective into an array that held something else before. */
    public static Evaluated at(Objective objective, double[] theta) {
        double[] gradient = new double[theta.length];
        Arrays.fill(gradient, Double.NaN);
        return new Evaluated(objective.at(theta, gradient), gradient);
    }

    /** Returns an objective of which a function gives value and gradient. */
    public static Objective by(Function<double[], Evaluated> function) {
        return (theta, gradient) -> {
            Evaluated value = function.apply(theta);
            System.arraycopy(value.gradient, 0, gradient, 0, gradient.length);
            return value.loss;
        };
    }

    /** Returns an objective that has the same value and gradient everywhere. */
    public static Objective constant(double loss, double... gradient) {
        return by(theta -> new Evaluated(loss, gradient));
    }
}
