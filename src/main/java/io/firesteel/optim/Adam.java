package io.firesteel.optim;

import java.util.Map;

/**
 * Adam: Kingma and Ba 2015, algorithm 1. With g = dJ/dtheta, g^2 elementwise, and from m = v = 0, step t = 1, 2, ... is
 *
 * <pre>
 *   m := beta1 m + (1 - beta1) g      v := beta2 v + (1 - beta2) g^2
 *   theta := theta - alpha (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * @param learningRate alpha, positive
 * @param beta1 how much of the mean gradient is kept, in [0, 1)
 * @param beta2 how much of the mean square is kept, in [0, 1)
 * @param epsilon keeps the quotient finite, positive
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon) implements Descent {
    private static final String MEAN = "m";
    private static final String SQUARES = "v";

    public Adam {
        Expect.positive("learning rate", learningRate);
        Expect.lessThanOne("beta1", beta1);
        Expect.lessThanOne("beta2", beta2);
        Expect.positive("epsilon", epsilon);
    }

    @Override
    public Adam withLearningRate(double learningRate) {
        return new Adam(learningRate, beta1, beta2, epsilon);
    }

    @Override
    public State start(double[] theta) {
        int n = theta.length;
        return new State(0, theta.clone(), Map.of(MEAN, new double[n], SQUARES, new double[n]), Map.of(), Double.NaN);
    }

    @Override
    public State next(State state, Objective objective) {
        Objective.Value value = objective.at(state.theta());
        int t = state.step() + 1;
        double[] theta = state.theta().clone();
        double[] m = state.slots().get(MEAN).clone();
        double[] v = state.slots().get(SQUARES).clone();
        double[] g = value.gradient();
        double mPart = 1 - StrictMath.pow(beta1, t);
        double vPart = 1 - StrictMath.pow(beta2, t);
        for (int i = 0; i < theta.length; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            theta[i] -= learningRate * (m[i] / mPart) / (Math.sqrt(v[i] / vPart) + epsilon);
        }
        return new State(t, theta, Map.of(MEAN, m, SQUARES, v), Map.of(), value.loss());
    }
}
