package io.firesteel.train;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Network;
import io.firesteel.optim.L2Penalty;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;

/** The training loop: minimises an objective from given parameters, step by step, and tells its listener. */
public final class Trainer {
    private final Network network;
    private final TrainingConfig config;

    public Trainer(Network network, TrainingConfig config) {
        this.network = network;
        this.config = config;
    }

    /** Is told of every step. */
    @FunctionalInterface
    public interface Listener {
        /** After {@code step} steps the objective was {@code loss}. */
        void onStep(int step, double loss);

        /** A step was taken, and the next one starts from this state, whose arrays stay as they are. */
        default void onState(Optimizer.State state) {}

        /** Tells each of these in turn. */
        static Listener all(List<Listener> listeners) {
            return new Listener() {
                @Override
                public void onStep(int step, double loss) {
                    listeners.forEach(listener -> listener.onStep(step, loss));
                }

                @Override
                public void onState(Optimizer.State state) {
                    listeners.forEach(listener -> listener.onState(state));
                }
            };
        }
    }

    /**
     * Where a training stands between two steps, and all that it needs to go on as if never stopped.
     *
     * @param state the optimiser's
     * @param history the objective after 0 .. step - 1 steps
     */
    public record Point(Optimizer.State state, List<Step> history) {
        public Point {
            history = List.copyOf(history);
        }
    }

    /**
     * What training gives.
     *
     * @param theta the final parameters
     * @param history the objective after 0, 1, 2, ... steps, the last entry at {@code theta}
     * @param converged whether the tolerance ended it, not the number of iterations
     */
    public record Result(double[] theta, List<Step> history, boolean converged) {}

    /** The parameters that training starts from. */
    public double[] start() {
        return config.initializer().start(network, config.initScale(), config.seed());
    }

    /** The point before the first step, with theta as given. */
    public Point begin(double[] theta) {
        return new Point(config.optimizer(network).start(theta), List.of());
    }

    /**
     * Minimises the mean loss (plus the penalty) from {@code start}.
     *
     * @throws DivergedException when the loss is not finite
     */
    public Result train(Objective meanLoss, double[] start, Listener listener) {
        return train(meanLoss, begin(start), listener);
    }

    /**
     * Minimises the mean loss (plus the penalty), going on from a point: what follows is what would have followed there,
     * bit for bit.
     *
     * @throws DivergedException when the loss is not finite
     */
    public Result train(Objective meanLoss, Point from, Listener listener) {
        Objective objective = penalized(meanLoss);
        Optimizer optimizer = config.optimizer(network);
        List<Step> history = new ArrayList<>(from.history);
        Optimizer.State state = from.state;
        boolean converged = false;
        while (state.step() < config.iterations() && !converged) {
            Optimizer.State next = optimizer.next(state, objective);
            record(history, state.step(), next.loss(), listener);
            converged = improvesTooLittle(history);
            if (!converged) {
                state = next;
                listener.onState(state);
            }
        }
        if (!converged) {
            record(history, state.step(), objective.at(state.theta()).loss(), listener);
        }
        return new Result(state.theta(), List.copyOf(history), converged);
    }

    private Objective penalized(Objective meanLoss) {
        if (config.l2() == 0) {
            return meanLoss;
        }
        return new L2Penalty(meanLoss, config.l2(), TrainingConfig.weights(network));
    }

    private void record(List<Step> history, int step, double loss, Listener listener) {
        if (!Double.isFinite(loss)) {
            throw new DivergedException(step, loss, config.learningRate());
        }
        history.add(new Step(step, loss));
        listener.onStep(step, loss);
    }

    private boolean improvesTooLittle(List<Step> history) {
        if (config.tolerance() == 0 || history.size() < 2) {
            return false;
        }
        double before = history.get(history.size() - 2).loss();
        double now = history.get(history.size() - 1).loss();
        return before - now < config.tolerance() * Math.abs(before);
    }
}
