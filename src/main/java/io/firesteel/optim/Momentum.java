package io.firesteel.optim;

import java.util.Map;

/**
 * Gradient descent with momentum: v := mu v - alpha dJ/dtheta and theta := theta + v, from v = 0 (Polyak 1964, in the
 * form of Sutskever et al. 2013, equations 1 and 2).
 *
 * <p>Nesterov's takes the gradient where the momentum is about to go. Written for that point, as by Bengio et al. 2013
 * (equation 7) and in scikit-learn, it is theta := theta + mu v - alpha dJ/dtheta with the new v: the gradient stays the
 * one at theta.
 *
 * @param learningRate alpha, positive
 * @param momentum mu, in [0, 1)
 * @param nesterov whether it is Nesterov's
 */
public record Momentum(double learningRate, double momentum, boolean nesterov) implements Descent {
    private static final String VELOCITY = "velocity";

    public Momentum {
        Expect.positive("learning rate", learningRate);
        Expect.lessThanOne("momentum", momentum);
    }

    @Override
    public Momentum withLearningRate(double learningRate) {
        return new Momentum(learningRate, momentum, nesterov);
    }

    @Override
    public State start(double[] theta) {
        return new State(0, theta.clone(), Map.of(VELOCITY, new double[theta.length]), Map.of(), Double.NaN);
    }

    @Override
    public State next(State state, Objective objective) {
        Objective.Value value = objective.at(state.theta());
        double[] theta = state.theta().clone();
        double[] v = state.slots().get(VELOCITY).clone();
        double[] gradient = value.gradient();
        for (int i = 0; i < theta.length; i++) {
            double fall = learningRate * gradient[i];
            v[i] = momentum * v[i] - fall;
            theta[i] += nesterov ? momentum * v[i] - fall : v[i];
        }
        return new State(state.step() + 1, theta, Map.of(VELOCITY, v), Map.of(), value.loss());
    }
}
