package io.firesteel.train;

import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
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
        /** What is known after so many steps: the history's next entry, or the last one again, now whole. */
        void onStep(Step step);

        /**
         * A step was taken, and the next one starts from here. The arrays stay as they are.
         *
         * @param state the optimiser's
         * @param best the parameters that were best so far; null where these are not kept
         */
        default void onState(Optimizer.State state, double[] best) {}

        /** Tells each of these in turn. */
        static Listener all(List<Listener> listeners) {
            return new Listener() {
                @Override
                public void onStep(Step step) {
                    listeners.forEach(listener -> listener.onStep(step));
                }

                @Override
                public void onState(Optimizer.State state, double[] best) {
                    listeners.forEach(listener -> listener.onState(state, best));
                }
            };
        }
    }

    /**
     * Where a training stands between two steps, and all that it needs to go on as if never stopped.
     *
     * @param state the optimiser's
     * @param history the objective of the steps 0 .. step - 1, as {@link History} keeps it
     * @param best the parameters that were best for the examples held out; null where these are not kept
     */
    public record Point(Optimizer.State state, List<Step> history, double[] best) {
        public Point {
            history = List.copyOf(history);
        }
    }

    /**
     * How a training is watched.
     *
     * @param validation measures it on examples held out
     * @param rule what follows from that
     */
    public record Watch(Validation validation, EarlyStopping rule) {}

    /** What ends a training. */
    public enum End {
        /** All steps were taken. */
        ITERATIONS,
        /** A step improved the objective too little. */
        TOLERANCE,
        /** The examples held out were no longer served. */
        PATIENCE
    }

    /**
     * What training gives.
     *
     * @param theta the final parameters
     * @param step after how many steps they were reached
     * @param history after 0, 1, 2, ... steps the objective of the step that follows, or of the epoch where it has several;
     *     and as the last entry the whole objective at the end, at {@code theta} unless better parameters were kept
     * @param end what ended it
     */
    public record Result(double[] theta, int step, List<Step> history, End end) {
        /** Whether the parameters are not the last ones, but better ones. */
        public boolean isEarlier() {
            return step != history.get(history.size() - 1).step();
        }
    }

    /** The parameters that training starts from. */
    public double[] start() {
        return config.initializer().start(network, config.initScale(), config.seed());
    }

    /** The point before the first step, with theta as given. */
    public Point begin(double[] theta) {
        return new Point(optimizer.start(theta), List.of(), null);
    }

    /**
     * Minimises the mean loss (plus the penalty) from {@code start}.
     *
     * @throws DivergedException when the loss is not finite
     */
    public Result train(Objective meanLoss, double[] start, Listener listener) {
        return train(meanLoss, begin(start), null, listener);
    }

    /**
     * Minimises the mean loss (plus the penalty), going on from a point: what follows is what would have followed there,
     * bit for bit.
     *
     * @param watch how it is watched; null where nothing is held out
     * @throws DivergedException when a loss is not finite
     */
    public Result train(Objective meanLoss, Point from, Watch watch, Listener listener) {
        Objective objective = config.regularization().penalized(meanLoss, TrainingConfig.weights(network));
        Course course = new Course(from, watch, listener);
        Optimizer.State state = from.state;
        while (state.step() < steps && !course.endsAt(state)) {
            Objective ofStep = objective.ofStep(state.step());
            Optimizer.State next = optimizer.next(state, ofStep);
            boolean stays = course.staysAt(state, next.loss(), ofStep == objective);
            if (!stays) {
                state = next;
                listener.onState(state, course.best);
            }
        }
        return course.result(state, objective);
    }

    /** What a training has come through. */
    private final class Course {
        private final Watch watch;
        private final Listener listener;
        private final History history;
        private EarlyStopping.State stopping = EarlyStopping.State.NONE;
        private double[] best;
        private Metrics measured; // of the examples held out, after so many steps:
        private int measuredStep = -1;
        private double known = Double.NaN; // the whole objective at the end
        private End end;

        Course(Point from, Watch watch, Listener listener) {
            this.watch = watch;
            this.listener = listener;
            this.history = new History(from.history, stepsPerEpoch);
            this.best = from.best;
            if (watch != null) {
                stopping = watch.rule.after(from.history);
                if (watch.rule.keepBest() && stopping.bestStep() >= 0 && best == null) {
                    throw new IllegalArgumentException("the best parameters before step " + from.state.step()
                            + " are to be kept, and are not in the point that training goes on from");
                }
            }
            endIfImprovementIsTooLittle(); // where the step was taken after which that was seen
        }

        /** Whether no step follows on a state, which is measured if that is due. */
        boolean endsAt(Optimizer.State state) {
            if (end == null && watch != null && watch.rule.isDue(state.step(), stepsPerEpoch)) {
                measure(state);
                if (watch.rule.stops(stopping)) {
                    end = End.PATIENCE;
                }
            }
            return end != null;
        }

        /**
         * Notes what the next step saw of the objective at a state. Whether training ends at that state, not at the next:
         * where the improvement is too little, and {@code loss} is the whole objective.
         */
        boolean staysAt(Optimizer.State state, double loss, boolean isWhole) {
            Step step = entry(state.step(), loss);
            tell(step);
            history.add(step);
            endIfImprovementIsTooLittle();
            if (end != null && isWhole) {
                known = loss;
            }
            return !Double.isNaN(known);
        }

        private void endIfImprovementIsTooLittle() {
            if (config.tolerance() > 0 && history.improvesTooLittle(config.tolerance())) {
                end = End.TOLERANCE;
            }
        }

        private void measure(Optimizer.State state) {
            measured = watch.validation.at(state.theta());
            measuredStep = state.step();
            expectFinite("validation loss", measuredStep, measured.loss());
            stopping =
                    watch.rule.next(stopping, measuredStep, watch.rule.metric().of(measured));
            if (watch.rule.keepBest() && stopping.bestStep() == measuredStep) {
                best = state.theta();
            }
        }

        /** The history's entry, with what was measured after as many steps. */
        private Step entry(int step, double loss) {
            if (measuredStep != step) {
                return new Step(step, loss);
            }
            Metric metric = watch.rule.metric();
            return new Step(step, loss, measured.loss(), metric == Metric.LOSS ? null : metric.of(measured));
        }

        private void tell(Step step) {
            expectFinite("loss", step.step(), step.loss());
            listener.onStep(step);
        }

        private void expectFinite(String what, int step, double loss) {
            if (!Double.isFinite(loss)) {
                throw new DivergedException(what, step, loss, config.learningRate());
            }
        }

        /** Of a training that ends at a state, which is measured and evaluated as far as it is not yet. */
        Result result(Optimizer.State state, Objective objective) {
            boolean isNew = Double.isNaN(known);
            if (isNew) {
                known = objective.at(state.theta()).loss();
                expectFinite("loss", state.step(), known);
            }
            if (watch != null && measuredStep != state.step()) {
                measure(state);
                isNew = true;
            }
            Step last = entry(state.step(), known);
            if (isNew) {
                tell(last);
            }
            List<Step> whole = new History(history.upTo(state.step()), stepsPerEpoch).closed(last);
            End ended = end == null ? End.ITERATIONS : end;
            return best == null
                    ? new Result(state.theta(), state.step(), whole, ended)
                    : new Result(best, stopping.bestStep(), whole, ended);
        }
    }
}
