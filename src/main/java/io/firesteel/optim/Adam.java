package io.firesteel.optim;

import io.firesteel.linalg.AdamStep;
import io.firesteel.linalg.Vectors;
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
            AdamStep free = numbers(rate, step + 1, 0);
            AdamStep decaying = numbers(rate, step + 1, rate * decay);
            int at = from;
            for (Range range : weights) {
                int start = Math.max(at, Math.min(range.from(), to));
                int end = Math.max(start, Math.min(range.to(), to));
                Vectors.adam(theta, gradient, m, v, free, at, start);
                Vectors.adam(theta, gradient, m, v, decaying, start, end);
                at = end;
            }
            Vectors.adam(theta, gradient, m, v, free, at, to);
        }

        /** Returns the numbers of step t = 1, 2, ... for parameters that lose a part of themselves besides. */
        private AdamStep numbers(double rate, int t, double lost) {
            double mPart = 1 - StrictMath.pow(adam.beta1, t);
            double vPart = 1 - StrictMath.pow(adam.beta2, t);
            return new AdamStep(adam.beta1, adam.beta2, adam.epsilon, rate, mPart, vPart, lost);
        }

        @Override
        public Map<String, double[]> vectors() {
            return Map.of("m", m, "v", v);
        }
    }
}
