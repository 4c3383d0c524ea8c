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
    public Momentum {
        Expect.positive("learning rate", learningRate);
        Expect.lessThanOne("momentum", momentum);
    }

    @Override
    public Memory memory(int parameters) {
        return new Velocity(momentum, nesterov, new double[parameters]);
    }

    private record Velocity(double mu, boolean nesterov, double[] v) implements Memory {
        @Override
        public void move(double[] theta, double[] gradient, double rate, int step, int from, int to) {
            if (nesterov) {
                for (int i = from; i < to; i++) {
                    double fall = rate * gradient[i];
                    v[i] = mu * v[i] - fall;
                    theta[i] += mu * v[i] - fall;
                }
            } else {
                for (int i = from; i < to; i++) {
                    v[i] = mu * v[i] - rate * gradient[i];
                    theta[i] += v[i];
                }
            }
        }

        @Override
        public Map<String, double[]> vectors() {
            return Map.of("velocity", v);
        }
    }
}
