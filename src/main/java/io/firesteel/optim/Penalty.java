package io.firesteel.optim;

import java.util.List;

/**
 * An objective with lambda / 2 times the sum of the squared weights and kappa times the sum of their sizes added; biases go
 * free.
 *
 * <p>J(theta) = mean loss + lambda / 2 ||W||^2 + kappa ||W||_1, dJ/dW = dW + lambda W + kappa sign(W), of which sign(0) is 0,
 * one of the subgradients there. Neither factor is divided by m, so that a data set given twice has the same minimum.
 *
 * @param l2 lambda, 0 or greater
 * @param l1 kappa, 0 or greater
 * @param weights which of theta are weights
 */
public record Penalty(Objective objective, double l2, double l1, List<Range> weights) implements Objective {
    /** The numbers from .. to - 1 of theta. */
    public record Range(int from, int to) {}

    @Override
    public Value at(double[] theta) {
        Value value = objective.at(theta);
        double[] gradient = value.gradient();
        double squares = 0;
        double sizes = 0;
        for (Range range : weights) {
            for (int i = range.from; i < range.to; i++) {
                squares += theta[i] * theta[i];
                sizes += Math.abs(theta[i]);
                gradient[i] += l2 * theta[i] + l1 * Math.signum(theta[i]);
            }
        }
        return new Value(value.loss() + l2 / 2 * squares + l1 * sizes, gradient);
    }

    @Override
    public Objective ofStep(int step) {
        Objective ofStep = objective.ofStep(step);
        return ofStep == objective ? this : new Penalty(ofStep, l2, l1, weights);
    }
}
