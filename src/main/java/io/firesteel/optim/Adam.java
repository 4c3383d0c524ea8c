package io.firesteel.optim;

import io.firesteel.linalg.AdamStep;
import io.firesteel.linalg.Vectors;
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
        return new AdamW(this, 0, List.of()).memory(parameters);
    }

    /** The moving means of the gradient and of its square. */
    record Moments(AdamW rule, double[] m, double[] v) implements Memory {
        @Override
        public void move(double[] theta, double[] gradient, double rate, int step, int from, int to) {
            Adam adam = rule.adam();
            double mPart = 1 - StrictMath.pow(adam.beta1, step + 1);
            double vPart = 1 - StrictMath.pow(adam.beta2, step + 1);
            double lost = rate * rule.weightDecay() * rule.annealing().factor(step);
            for (AdamW.Group group : rule.groups()) {
                int start = Math.max(from, group.from());
                int end = Math.min(to, group.to());
                if (start < end) {
                    double ofGroup = group.decays() ? lost : 0;
                    AdamStep numbers = new AdamStep(
                            adam.beta1, adam.beta2, adam.epsilon, rate * group.rate(), mPart, vPart, ofGroup);
                    Vectors.adam(theta, gradient, m, v, numbers, start, end);
                }
            }
        }

        @Override
        public Map<String, double[]> vectors() {
            return Map.of("m", m, "v", v);
        }
    }
}
