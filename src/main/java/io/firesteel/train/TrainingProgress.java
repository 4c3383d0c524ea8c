package io.firesteel.train;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import java.util.List;

/**
 * How far a training has come: the optimiser's state, the history, and what was measured on validation rows. The thread that
 * trains keeps it up to date; any thread may ask for the {@linkplain #point point} after the last whole step.
 */
public final class TrainingProgress {
    private final double tolerance;
    private final double learningRate;
    private final int stepsPerEpoch;
    private final Optimizer.State state;
    private final History history;
    private final ValidationMonitor monitor; // null where nothing is measured
    private final Trainer.Listener listener;
    private double lastLoss = Double.NaN; // the whole objective where training ends, as soon as it is known
    private Trainer.End end; // null until something ends it

    TrainingProgress(
            double tolerance,
            double learningRate,
            int stepsPerEpoch,
            Optimizer.State state,
            List<Step> before,
            ValidationMonitor monitor,
            Trainer.Listener listener) {
        this.tolerance = tolerance;
        this.learningRate = learningRate;
        this.stepsPerEpoch = stepsPerEpoch;
        this.state = state;
        this.history = new History(before, stepsPerEpoch);
        this.monitor = monitor;
        this.listener = listener;
        endIfImprovementIsTooLittle(); // this may have been seen before the last step
    }

    /** Returns the number of steps taken; for the thread that trains. */
    public int step() {
        return state.step();
    }

    /** Returns the parameters after the last step: not a copy; for the thread that trains. */
    public double[] theta() {
        return state.theta();
    }

    /** Returns the gradient that the last step went by (L-BFGS: the one where it ended): not a copy; for the thread that trains. */
    public double[] gradient() {
        return state.gradient();
    }

    /** Returns the learning rate of the last step, NaN where the optimiser has none; for the thread that trains. */
    public double lastRate() {
        return state.learningRate();
    }

    /**
     * Returns where the training stands after the last whole step. Any thread may ask for it at any time; it gets copies, and
     * waits no longer than an optimiser takes to change the parameters.
     */
    public synchronized Trainer.ResumePoint point() {
        Optimizer.Snapshot snapshot = state.snapshot(); // history has an entry for each of its steps, perhaps one more
        double[] best = monitor == null || monitor.best() == null
                ? null
                : monitor.best().clone();
        return new Trainer.ResumePoint(snapshot, history.upTo(snapshot.step()), best);
    }

    /** Returns whether the training ends here; measures the parameters if that is due. */
    boolean endsHere() {
        if (end == null && monitor != null && monitor.isDue(state.step())) {
            measure();
            if (monitor.stops()) {
                end = Trainer.End.PATIENCE;
            }
        }
        return end != null;
    }

    /**
     * Notes the objective of the next step, and returns whether that step is taken. Where the improvement was too little and
     * {@code loss} is the whole objective, training ends here and not after the step.
     */
    boolean stepsOn(double loss, boolean isWhole) {
        Step entry = entry(loss);
        tell(entry);
        synchronized (this) {
            history.add(entry);
        }
        endIfImprovementIsTooLittle();
        if (end != null && isWhole) {
            lastLoss = loss;
        }
        return Double.isNaN(lastLoss);
    }

    /** Tells the listener that a step was taken. */
    void afterStep() {
        if (!listener.afterStep(this) && end == null) {
            end = Trainer.End.STOPPED;
        }
    }

    /** Returns the result of a training that ends here; measures and evaluates the parameters if that was not done yet. */
    Trainer.Result result(Objective objective) {
        boolean isNew = Double.isNaN(lastLoss);
        if (isNew) {
            lastLoss = objective.at(state.theta());
            expectFinite("loss", lastLoss);
        }
        if (monitor != null && !monitor.hasMeasured(state.step())) {
            measure();
            isNew = true;
        }
        Step last = entry(lastLoss);
        if (isNew) {
            tell(last);
        }
        List<Step> whole = new History(history.upTo(state.step()), stepsPerEpoch).closed(last);
        Trainer.End ended = end == null ? Trainer.End.ITERATIONS : end;
        return monitor == null || monitor.best() == null
                ? new Trainer.Result(state.theta(), state.step(), whole, ended)
                : new Trainer.Result(monitor.best(), monitor.bestStep(), whole, ended);
    }

    private void endIfImprovementIsTooLittle() {
        if (end == null && tolerance > 0 && history.improvesTooLittle(tolerance)) {
            end = Trainer.End.TOLERANCE;
        }
    }

    private void measure() {
        expectFinite("validation loss", monitor.measure(state.step(), state.theta()));
        synchronized (this) {
            monitor.note(state.theta());
        }
        listener.onMeasured(monitor.measured(), monitor.bestStep());
    }

    /** Returns the history's entry after the steps so far, with what was measured there. */
    private Step entry(double loss) {
        return monitor == null ? new Step(state.step(), loss) : monitor.entry(state.step(), loss);
    }

    private void tell(Step step) {
        expectFinite("loss", step.loss());
        listener.onStep(step);
    }

    private void expectFinite(String what, double loss) {
        if (!Double.isFinite(loss)) {
            throw new DivergedException(what, state.step(), loss, learningRate);
        }
    }
}
