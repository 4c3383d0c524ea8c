package io.firesteel.train;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import java.util.List;

/** The training loop: minimises an objective from given parameters, step by step, and tells its listener. */
public final class Trainer {
    private final Network network;
    private final TrainingConfig config;
    private final Optimizer optimizer;
    private final int steps;
    private final int stepsPerEpoch;

    /** Of which every step sees all rows, however many there are. */
    public Trainer(Network network, TrainingConfig config) {
        this(network, config, 1);
        if (config.pace().hasBatches()) {
            throw new IllegalArgumentException("a training in batches has to know the number of rows");
        }
    }

    /** On so many rows. */
    public Trainer(Network network, TrainingConfig config, long rows) {
        this.network = network;
        this.config = config;
        this.optimizer = config.optimizer(network, rows);
        this.steps = config.pace().steps(rows);
        this.stepsPerEpoch = config.pace().stepsPerEpoch(rows);
    }

    /** Is told of every step. */
    @FunctionalInterface
    public interface Listener {
        /** After {@code step} steps the objective, that of the next step or in the end the whole one, was {@code loss}. */
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
     * @param history the objective of the steps 0 .. step - 1, as {@link History} keeps it
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
     * @param history after 0, 1, 2, ... steps the objective of the step that follows, or of the epoch where it has several;
     *     and as the last entry the whole objective at {@code theta}
     * @param converged whether the tolerance ended it, not the number of iterations
     */
    public record Result(double[] theta, List<Step> history, boolean converged) {}

    /** The parameters that training starts from. */
    public double[] start() {
        return config.initializer().start(network, config.initScale(), config.seed());
    }

    /** The point before the first step, with theta as given. */
    public Point begin(double[] theta) {
        return new Point(optimizer.start(theta), List.of());
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
        Objective objective = config.regularization().penalized(meanLoss, TrainingConfig.weights(network));
        History history = new History(from.history, stepsPerEpoch);
        Optimizer.State state = from.state;
        boolean converged = improvesTooLittle(history); // where steps see a part, the last of all is a point, too
        double known = Double.NaN; // the whole objective at the state's theta
        while (state.step() < steps && !converged) {
            Objective ofStep = objective.ofStep(state.step());
            Optimizer.State next = optimizer.next(state, ofStep);
            told(state.step(), next.loss(), listener);
            history.add(new Step(state.step(), next.loss()));
            converged = improvesTooLittle(history);
            if (converged && ofStep == objective) {
                known = next.loss();
            } else {
                state = next;
                listener.onState(state);
            }
        }
        if (Double.isNaN(known)) {
            known = objective.at(state.theta()).loss();
            told(state.step(), known, listener);
        }
        Step last = new Step(state.step(), known);
        return new Result(
                state.theta(), new History(history.upTo(state.step()), stepsPerEpoch).closed(last), converged);
    }

    private void told(int step, double loss, Listener listener) {
        if (!Double.isFinite(loss)) {
            throw new DivergedException(step, loss, config.learningRate());
        }
        listener.onStep(step, loss);
    }

    private boolean improvesTooLittle(History history) {
        return config.tolerance() > 0 && history.improvesTooLittle(config.tolerance());
    }
}
