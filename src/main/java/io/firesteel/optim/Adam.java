package io.firesteel.optim;

import io.firesteel.optim.Penalty.Range;
import java.util.List;
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
    public Adam {
        Expect.positive("learning rate", learningRate);
        Expect.lessThanOne("beta1", beta1);
        Expect.lessThanOne("beta2", beta2);
        Expect.positive("epsilon", epsilon);
    }

    @Override
    public Memory memory(int parameters) {
        return new Moments(this, 0, List.of(), new double[parameters], new double[parameters]);
    }

    /**
     * The moving means of the gradient and of its square.
     *
     * @param decay lambda of AdamW
     * @param weights which parameters decay, in ascending order
     */
    record Moments(Adam adam, double decay, List<Range> weights, double[] m, double[] v) implements Memory {
        @Override
        public void move(double[] theta, double[] gradient, double rate, int step, int from, int to) {
            int at = from;
            for (Range range : weights) {
                int start = Math.max(at, Math.min(range.from(), to));
                int end = Math.max(start, Math.min(range.to(), to));
                moveFree(theta, gradient, rate, step + 1, at, start);
                moveDecaying(theta, gradient, rate, step + 1, start, end);
                at = end;
            }
            moveFree(theta, gradient, rate, step + 1, at, to);
        }

        private void moveFree(double[] theta, double[] g, double rate, int t, int from, int to) {
            double beta1 = adam.beta1;
            double beta2 = adam.beta2;
            double epsilon = adam.epsilon;
            double mPart = 1 - StrictMath.pow(beta1, t);
            double vPart = 1 - StrictMath.pow(beta2, t);
            for (int i = from; i < to; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                theta[i] -= rate * (m[i] / mPart) / (Math.sqrt(v[i] / vPart) + epsilon);
            }
        }

        /** Moves like {@link #move}, and lets each parameter decay by the fraction alpha lambda. */
        private void moveDecaying(double[] theta, double[] g, double rate, int t, int from, int to) {
            double beta1 = adam.beta1;
            double beta2 = adam.beta2;
            double epsilon = adam.epsilon;
            double mPart = 1 - StrictMath.pow(beta1, t);
            double vPart = 1 - StrictMath.pow(beta2, t);
            double lost = rate * decay;
            for (int i = from; i < to; i++) {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i];
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
                theta[i] = theta[i] - rate * (m[i] / mPart) / (Math.sqrt(v[i] / vPart) + epsilon) - lost * theta[i];
            }
        }

        @Override
        public Map<String, double[]> vectors() {
            return Map.of("m", m, "v", v);
        }
    }
}
