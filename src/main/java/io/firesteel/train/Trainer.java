package io.firesteel.train;

import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The training loop: minimises an objective from given parameters, step by step, and tells its listener. */
public final class Trainer {
    private final Network network;
    private final TrainingConfig config;
    private final long rows;
    private final Validation validation; // both null where nothing is measured during the training
    private final EarlyStopping stopping;
    private final Integer exact; // the number of steps; null where the settings have it

    /** Creates a full-batch trainer; it need not know the number of rows. */
    public Trainer(Network network, TrainingConfig config) {
        this(network, config, 1);
        if (config.pace().hasBatches()) {
            throw new IllegalArgumentException("a training in batches has to know the number of rows");
        }
    }

    /** Creates a trainer on this many rows. */
    public Trainer(Network network, TrainingConfig config, long rows) {
        this(network, config, rows, null, null, null);
    }

    private Trainer(
            Network network,
            TrainingConfig config,
            long rows,
            Validation validation,
            EarlyStopping stopping,
            Integer exact) {
        this.network = network;
        this.config = config;
        this.rows = rows;
        this.validation = validation;
        this.stopping = stopping;
        this.exact = exact;
    }

    /** Returns the same trainer, which also measures the parameters on validation rows and may stop early. */
    public Trainer validatedBy(Validation measures, EarlyStopping rule) {
        return new Trainer(network, config, rows, measures, rule, exact);
    }

    /**
     * Returns the same trainer, which takes the first this many of its steps: schedules are those of the whole training, and no
     * tolerance ends it.
     */
    public Trainer taking(int steps) {
        return new Trainer(network, config, rows, validation, stopping, steps);
    }

    /** Follows the steps of a training, in the thread that trains. */
    @FunctionalInterface
    public interface Listener {
        /** Is told the history's next entry, before the step is taken; or the last entry again, once it is complete. */
        void onStep(Step step);

        /**
         * Is told what was measured on the validation rows, before {@link #onStep} has the entry of that step.
         *
         * @param bestStep after how many steps the metric was best so far
         */
        default void onMeasured(Metrics metrics, int bestStep) {}

        /**
         * Is told that a step was taken.
         *
         * @param progress of this training, which may be asked later, too, and by any thread
         * @return whether the training may go on; if not, it ends here
         */
        default boolean afterStep(TrainingProgress progress) {
            return true;
        }

        /** Is told how the training ended, unless it failed. */
        default void onEnd(Result result) {}

        /** Is told last, by whoever asked the trainer to train, that the training is over or has failed. */
        default void onOver() {}

        /** Returns a listener that ends the training after the first step after which {@code over} holds. */
        static Listener until(BooleanSupplier over) {
            return new Listener() {
                @Override
                public void onStep(Step step) {}

                @Override
                public boolean afterStep(TrainingProgress progress) {
                    return !over.getAsBoolean();
                }
            };
        }

        /** Returns a listener that tells each of these in turn; the training goes on while all of them agree. */
        static Listener all(List<Listener> listeners) {
            return new Listener() {
                @Override
                public void onStep(Step step) {
                    listeners.forEach(listener -> listener.onStep(step));
                }

                @Override
                public void onMeasured(Metrics metrics, int bestStep) {
                    listeners.forEach(listener -> listener.onMeasured(metrics, bestStep));
                }

                @Override
                public boolean afterStep(TrainingProgress progress) {
                    boolean goesOn = true;
                    for (Listener listener : listeners) {
                        goesOn &= listener.afterStep(progress);
                    }
                    return goesOn;
                }

                @Override
                public void onEnd(Result result) {
                    listeners.forEach(listener -> listener.onEnd(result));
                }

                @Override
                public void onOver() {
                    listeners.forEach(Listener::onOver);
                }
            };
        }
    }

    /**
     * The state of a training between two steps, from which it can continue as if it had never stopped.
     *
     * @param state the optimiser's
     * @param history the objective of the steps 0 .. step - 1, as {@link History} keeps it
     * @param best the parameters that were best on the validation rows; null where these are not kept
     */
    public record ResumePoint(Optimizer.Snapshot state, List<Step> history, double[] best) {
        public ResumePoint {
            history = List.copyOf(history);
        }
    }

    /** The reason why a training ended. */
    public enum End {
        /** All steps were taken. */
        ITERATIONS,
        /** A step improved the objective too little. */
        TOLERANCE,
        /** The metric on the validation rows no longer improved. */
        PATIENCE,
        /** The listener stopped the training. */
        STOPPED
    }

    /**
     * The result of a training.
     *
     * @param theta the final parameters
     * @param step after how many steps they were reached
     * @param history after 0, 1, 2, ... steps the objective of the step that follows, or of the epoch where it has several;
     *     and as the last entry the whole objective at the end, at {@code theta} unless better parameters were kept
     * @param end what ended it
     */
    public record Result(double[] theta, int step, List<Step> history, End end) {
        /** Returns whether these are better parameters than the last ones. */
        public boolean isEarlier() {
            return step != history.get(history.size() - 1).step();
        }
    }

    /** Returns the parameters that training starts from. */
    public double[] start() {
        return config.initializer().start(network, config.initScale(), config.seed());
    }

    /** Returns the point before the first step, at theta. */
    public ResumePoint begin(double[] theta) {
        return new ResumePoint(Optimizer.Snapshot.beginning(theta), List.of(), null);
    }

    /**
     * Minimises the mean loss (plus the penalty) from {@code start}.
     *
     * @throws DivergedException when a loss is not finite
     */
    public Result train(Objective meanLoss, double[] start, Listener listener) {
        return train(meanLoss, begin(start), listener);
    }

    /**
     * Minimises the mean loss (plus the penalty) from a point on, with the same bits as if the training had not stopped
     * there.
     *
     * @throws DivergedException when a loss is not finite
     */
    public Result train(Objective meanLoss, ResumePoint from, Listener listener) {
        Objective objective =
                config.regularization().penalized(meanLoss, TrainingConfig.weights(network), network.members());
        int steps = exact == null ? config.pace().steps(rows) : exact;
        double tolerance = exact == null ? config.tolerance() : 0;
        int stepsPerEpoch = config.pace().stepsPerEpoch(rows);
        Optimizer.State state = config.optimizer(network, rows).resume(from.state);
        ValidationMonitor monitor = validation == null
                ? null
                : new ValidationMonitor(validation, stopping, stepsPerEpoch, from.history, from.best);
        TrainingProgress progress = new TrainingProgress(
                tolerance, config.learningRate(), stepsPerEpoch, state, from.history, monitor, listener);
        while (state.step() < steps && !progress.endsHere()) {
            int step = state.step();
            state.takeStep(objective.ofStep(step), loss -> progress.stepsOn(loss, !objective.variesByStep()));
            if (state.step() > step) {
                progress.afterStep();
            }
        }
        Result result = progress.result(objective);
        listener.onEnd(result);
        return result;
    }
}
