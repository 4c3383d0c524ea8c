package io.firesteel.optim;

import java.util.Map;

/**
 * Gradient descent, the notes' own rule: theta := theta - alpha dJ/dtheta, that is W[l] := W[l] - alpha dW[l] and b[l] :=
 * b[l] - alpha db[l].
 *
 * @param learningRate alpha, positive
 */
public record GradientDescent(double learningRate) implements Descent {
    public GradientDescent {
        Expect.positive("learning rate", learningRate);
    }

    @Override
    public GradientDescent withLearningRate(double learningRate) {
        return new GradientDescent(learningRate);
    }

    @Override
    public State start(double[] theta) {
        return new State(0, theta.clone(), Map.of(), Map.of(), Double.NaN);
    }

    @Override
    public State next(State state, Objective objective) {
        Objective.Value value = objective.at(state.theta());
        double[] theta = state.theta().clone();
        double[] gradient = value.gradient();
        for (int i = 0; i < theta.length; i++) {
            theta[i] -= learningRate * gradient[i];
        }
        return new State(state.step() + 1, theta, Map.of(), Map.of(), value.loss());
    }
}
