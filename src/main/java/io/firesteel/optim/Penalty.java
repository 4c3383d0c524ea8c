package io.firesteel.optim;

import io.firesteel.linalg.Slices;
import java.util.List;

/**
 * An objective with L2 and L1 penalties on the weights added; biases are not penalised.
 *
 * <p>J(theta) = mean loss + lambda / 2 ||W||^2 + kappa ||W||_1, dJ/dW = dW + lambda W + kappa sign(W), where sign(0) is 0,
 * one of the subgradients there. Neither factor is divided by m, so that a data set given twice has the same minimum.
 *
 * @param l2 lambda, 0 or greater
 * @param l1 kappa, 0 or greater
 * @param weights which parameters are weights
 */
public record Penalty(Objective objective, double l2, double l1, List<Range> weights) implements Objective {
    /** The parameters theta[from] .. theta[to - 1]. */
    public record Range(int from, int to) {}

    @Override
    public double at(double[] theta, double[] gradient) {
        double loss = objective.at(theta, gradient);
        for (Range range : weights) {
            for (int i = range.from; i < range.to; i++) {
                gradient[i] += l2 * theta[i] + l1 * Math.signum(theta[i]);
            }
        }
        return penalized(loss, theta);
    }

    @Override
    public double at(double[] theta) {
        return penalized(objective.at(theta), theta);
    }

    private double penalized(double loss, double[] theta) {
        double squares = 0;
        double sizes = 0;
        for (Range range : weights) {
            for (int i = range.from; i < range.to; i++) {
                squares += theta[i] * theta[i];
                sizes += Math.abs(theta[i]);
            }
        }
        return loss + l2 / 2 * squares + l1 * sizes;
    }

    @Override
    public Slices slices() {
        return objective.slices();
    }

    @Override
    public boolean variesByStep() {
        return objective.variesByStep();
    }

    @Override
    public Objective ofStep(int step) {
        return variesByStep() ? new Penalty(objective.ofStep(step), l2, l1, weights) : this;
    }
}
