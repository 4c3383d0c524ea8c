package io.firesteel.optim;

import io.firesteel.optim.Penalty.Range;
import java.util.List;

/**
 * Adam with decoupled weight decay: Loshchilov and Hutter 2019, algorithm 2. Beside Adam's step each weight loses the
 * part alpha lambda of what it was; biases go free. (The paper's own lambda is alpha times this one, which is PyTorch's.)
 *
 * @param weightDecay lambda, 0 or more
 * @param weights which of theta are weights
 */
public record AdamW(Adam adam, double weightDecay, List<Range> weights) implements Descent {
    public AdamW {
        Expect.notNegative("weight decay", weightDecay);
        weights = List.copyOf(weights);
    }

    @Override
    public double learningRate() {
        return adam.learningRate();
    }

    @Override
    public AdamW withLearningRate(double learningRate) {
        return new AdamW(adam.withLearningRate(learningRate), weightDecay, weights);
    }

    @Override
    public State start(double[] theta) {
        return adam.start(theta);
    }

    @Override
    public State next(State state, Objective objective) {
        State next = adam.next(state, objective);
        for (Range range : weights) {
            for (int i = range.from(); i < range.to(); i++) {
                next.theta()[i] -= learningRate() * weightDecay * state.theta()[i];
            }
        }
        return next;
    }
}
