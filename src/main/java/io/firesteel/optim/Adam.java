package io.firesteel.optim;

import io.firesteel.base.Annealing;
import io.firesteel.linalg.AdamStep;
import io.firesteel.linalg.Vectors;
import java.util.List;
import java.util.Map;

/**
 * Adam: Kingma and Ba 2015, algorithm 1; with weight decay AdamW: Loshchilov and Hutter 2019, algorithm 2. With g = dJ/dtheta,
 * g^2 elementwise, and from m = v = 0, step t = 1, 2, ... is
 *
 * <pre>
 *   m := beta1 m + (1 - beta1) g      v := beta2 v + (1 - beta2) g^2
 *   theta := theta - alpha (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon) - alpha lambda theta
 * </pre>
 *
 * where the last term is of weights alone: biases do not decay. (The paper's own lambda is alpha times this one, which is
 * PyTorch's.) Groups of parameters may have a learning rate of their own, which the decay does not share.
 *
 * @param learningRate alpha, positive
 * @param beta1 how much of the mean gradient is kept, in [0, 1)
 * @param beta2 how much of the mean square is kept, in [0, 1)
 * @param epsilon keeps the quotient finite, positive
 * @param weightDecay lambda, 0 or more
 * @param annealing of the decay
 * @param groups all parameters
 */
public record Adam(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        Annealing annealing,
        List<Group> groups)
        implements Descent {
    /**
     * The parameters theta[from] .. theta[to - 1].
     *
     * @param rate what the learning rate is multiplied by
     * @param decays whether they are weights, which decay
     */
    public record Group(int from, int to, double rate, boolean decays) {}

    public Adam {
        Expect.positive("learning rate", learningRate);
        Expect.lessThanOne("beta1", beta1);
        Expect.lessThanOne("beta2", beta2);
        Expect.positive("epsilon", epsilon);
        Expect.notNegative("weight decay", weightDecay);
        groups = List.copyOf(groups);
    }

    @Override
    public Memory memory(int parameters) {
        return new Moments(this, new double[parameters], new double[parameters]);
    }

    /** The moving means of the gradient and of its square. */
    private record Moments(Adam rule, double[] m, double[] v) implements Memory {
        @Override
        public void move(double[] theta, double[] gradient, double rate, int step, int from, int to) {
            double mPart = 1 - StrictMath.pow(rule.beta1, step + 1);
            double vPart = 1 - StrictMath.pow(rule.beta2, step + 1);
            double lost = rate * rule.weightDecay * rule.annealing.factor(step);
            for (Group group : rule.groups) {
                int start = Math.max(from, group.from);
                int end = Math.min(to, group.to);
                if (start < end) {
                    double ofGroup = group.decays ? lost : 0;
                    AdamStep numbers = new AdamStep(
                            rule.beta1, rule.beta2, rule.epsilon, rate * group.rate, mPart, vPart, ofGroup);
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
