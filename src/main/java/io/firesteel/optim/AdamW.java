package io.firesteel.optim;

import io.firesteel.base.Annealing;
import io.firesteel.optim.Penalty.Range;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Adam with decoupled weight decay: Loshchilov and Hutter 2019, algorithm 2. Besides Adam's step each weight loses the
 * part alpha lambda of what it was; biases do not decay. (The paper's own lambda is alpha times this one, which is PyTorch's.)
 * Groups of parameters may have a learning rate of their own, which the decay does not share.
 *
 * @param weightDecay lambda, 0 or more
 * @param groups all parameters, in their order in theta
 * @param annealing of the decay
 */
public record AdamW(Adam adam, double weightDecay, List<Group> groups, Annealing annealing) implements Descent {
    /**
     * The parameters theta[from] .. theta[to - 1].
     *
     * @param rate what the learning rate is multiplied by
     * @param decays whether they are weights, which decay
     */
    public record Group(int from, int to, double rate, boolean decays) {}

    public AdamW {
        Expect.notNegative("weight decay", weightDecay);
        groups = List.copyOf(groups);
    }

    /**
     * Creates an optimiser with one learning rate and a constant decay.
     *
     * @param weights which parameters are weights
     */
    public AdamW(Adam adam, double weightDecay, List<Range> weights) {
        this(adam, weightDecay, groups(weights), Annealing.NONE);
    }

    private static List<Group> groups(List<Range> weights) {
        List<Group> groups = new ArrayList<>();
        int at = 0;
        for (Range range :
                weights.stream().sorted(Comparator.comparingInt(Range::from)).toList()) {
            groups.add(new Group(at, range.from(), 1, false));
            groups.add(new Group(range.from(), range.to(), 1, true));
            at = range.to();
        }
        groups.add(new Group(at, Integer.MAX_VALUE, 1, false));
        return groups;
    }

    @Override
    public double learningRate() {
        return adam.learningRate();
    }

    @Override
    public Memory memory(int parameters) {
        return new Adam.Moments(this, new double[parameters], new double[parameters]);
    }
}
