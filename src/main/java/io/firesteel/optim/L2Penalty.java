package io.firesteel.optim;

import java.util.List;

/**
 * An objective with lambda / 2 times the sum of the squared weights added; biases go free.
 *
 * <p>J(theta) = mean loss + lambda / 2 ||W||^2, dJ/dW = dW + lambda W. Lambda is not divided by m, so that a data set
 * given twice has the same minimum.
 *
 * @param lambda 0 or greater
 * @param weights which of theta are weights
 */
public record L2Penalty(Objective objective, double lambda, List<Range> weights) implements Objective {
    /** The numbers from .. to - 1 of theta. */
    public record Range(int from, int to) {}

    @Override
    public Value at(double[] theta) {
        Value value = objective.at(theta);
        double[] gradient = value.gradient();
        double squares = 0;
        for (Range range : weights) {
            for (int i = range.from; i < range.to; i++) {
                squares += theta[i] * theta[i];
                gradient[i] += lambda * theta[i];
            }
        }
        return new Value(value.loss() + lambda / 2 * squares, gradient);
    }
}
