package io.firesteel.optim;

import io.firesteel.optim.Penalty.Range;
import java.util.Comparator;
import java.util.List;

/**
 * Adam with decoupled weight decay: Loshchilov and Hutter 2019, algorithm 2. Besides Adam's step each weight loses the
 * part alpha lambda of what it was; biases do not decay. (The paper's own lambda is alpha times this one, which is PyTorch's.)
 *
 * @param weightDecay lambda, 0 or more
 * @param weights which parameters are weights
 */
public record AdamW(Adam adam, double weightDecay, List<Range> weights) implements Descent {
    public AdamW {
        Expect.notNegative("weight decay", weightDecay);
        weights = weights.stream().sorted(Comparator.comparingInt(Range::from)).toList();
    }

    @Override
    public double learningRate() {
        return adam.learningRate();
    }

    @Override
    public Memory memory(int parameters) {
        return new Adam.Moments(adam, weightDecay, weights, new double[parameters], new double[parameters]);
    }
}
