package io.firesteel.track;

import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Turns the steps of a training into points of its history: a point for each step or, where an epoch has several steps, a point for
 * each epoch, whose loss is the mean over its steps. Of a very long history only a part is recorded ({@link #isKept}).
 */
final class HistoryRecorder implements Trainer.Listener {
    private static final int MOST = 10_000;

    private final Facts facts;
    private final Consumer<HistoryPoint> receiver;
    private final long start = System.nanoTime();
    private Step latest; // not yet in a point, since onStep may repeat it with more values
    private double rate = Double.NaN; // of the last step
    private Step first; // of the next point's steps; null for none
    private double sum; // of their losses
    private int count;
    private double lastRate; // of the last of them
    private long measured; // number of points with a validation
    private Integer best;
    private int last;
    private boolean isBeforeCheckpoint;

    /**
     * @param before the history of the steps that were taken before the process started; empty for a new training
     * @param receiver is given each point as soon as it is complete
     */
    HistoryRecorder(Facts facts, List<Step> before, Consumer<HistoryPoint> receiver) {
        this.facts = facts;
        this.receiver = receiver;
        isBeforeCheckpoint = true;
        before.forEach(this::addStep);
        isBeforeCheckpoint = false;
    }

    /**
     * Returns whether a point is recorded: with {@code most} = 10,000 the first 20,000, every second of the next 20,000, every fourth
     * of the next 40,000, and so on. It depends on the point's number alone.
     */
    static boolean isKept(long index, int most) {
        return index % Math.max(1, Long.highestOneBit(index / most)) == 0;
    }

    /** Returns the last epoch so far, and the best one. */
    RunEvent.FinalEpochs finalEpochs() {
        return new RunEvent.FinalEpochs(last, best);
    }

    @Override
    public void onStep(Step next) {
        if (latest != null && latest.step() != next.step()) {
            addStep(latest);
        }
        latest = next;
    }

    @Override
    public void onMeasured(Metrics metrics, int bestStep) {
        best = HistoryPoint.epoch(facts, bestStep);
    }

    @Override
    public boolean afterStep(TrainingProgress progress) {
        rate = progress.lastRate();
        if (latest != null && latest.step() < progress.step()) {
            addStep(latest); // it is complete: its step was taken
            latest = null;
        }
        return true;
    }

    private void addStep(Step step) {
        if (first != null && step.step() / facts.stepsPerEpoch() != first.step() / facts.stepsPerEpoch()) {
            endPoint();
        }
        if (first == null) {
            first = step;
            sum = 0;
            count = 0;
        }
        sum += step.loss();
        count++;
        lastRate = rate;
    }

    /** Hands the point over, which is now complete. */
    private void endPoint() {
        int index = first.step() / facts.stepsPerEpoch();
        last = HistoryPoint.epoch(facts, first.step());
        boolean isMeasured = first.validationLoss() != null;
        if (isKept(index, MOST) || (isMeasured && isKept(measured, MOST))) {
            receiver.accept(point(first, sum / count, Double.isNaN(lastRate) ? null : lastRate, false));
        }
        if (isMeasured) {
            measured++;
        }
        first = null;
    }

    private HistoryPoint point(Step step, double loss, Double learningRate, boolean isLast) {
        return new HistoryPoint(
                facts,
                step.step(),
                loss,
                learningRate,
                step.validationLoss(),
                step.validationMetric(),
                System.currentTimeMillis(),
                (System.nanoTime() - start) / 1e9,
                isBeforeCheckpoint,
                measured,
                isLast);
    }

    /** Records what is left, and the loss at the end. */
    @Override
    public void onEnd(Trainer.Result result) {
        close();
        if (latest != null) {
            last = HistoryPoint.epoch(facts, latest.step());
            receiver.accept(point(latest, latest.loss(), null, true));
        }
    }

    /** Records what is left. */
    void close() {
        if (first != null) {
            endPoint();
        }
    }
}
