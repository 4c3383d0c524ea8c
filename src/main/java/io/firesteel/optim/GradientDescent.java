package io.firesteel.optim;

import java.util.Map;

/**
 * Gradient descent, the notes' own rule: theta := theta - alpha dJ/dtheta, that is W[l] := W[l] - alpha dW[l] and b[l] :=
 * b[l] - alpha db[l].
 *
 * @param learningRate alpha, positive
 */
public record GradientDescent(double learningRate) implements Optimizer {
    public GradientDescent {
        if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
            throw new IllegalArgumentException("learning rate " + learningRate + ": expected a positive number");
        }
    }

    @Override
    public State start(double[] theta) {
        return new State(0, theta.clone(), Map.of(), Double.NaN);
    }

    @Override
    public State next(State state, Objective objective) {
        Objective.Value value = objective.at(state.theta());
        double[] theta = state.theta().clone();
        double[] gradient = value.gradient();
        for (int i = 0; i < theta.length; i++) {
            theta[i] -= learningRate * gradient[i];
        }
        return new State(state.step() + 1, theta, Map.of(), value.loss());
    }
}
