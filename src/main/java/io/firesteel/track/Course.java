package io.firesteel.track;

import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.report.WatchedTraining.Facts;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes points of the steps of a training, as a model's history has them: one for each step, or, where an epoch has several, one for
 * each epoch, of the mean of its steps' objectives. Of very many only a part is passed on ({@link #isKept}).
 */
final class Course implements Trainer.Listener {
    private static final int MOST = 10_000;

    private final Facts facts;
    private final Consumer<Point> to;
    private final long start = System.nanoTime();
    private Step latest; // not yet in a point: it may be told again, complete
    private double rate = Double.NaN; // of the last step
    private Step first; // of those that the next point is of; null for none
    private double sum; // of their objectives
    private int count;
    private double lastRate; // of the last of them
    private long measured; // points with something measured
    private Integer best;
    private int last;
    private boolean isOld;

    /**
     * @param before the history of the steps before the first one that it will be told of
     */
    Course(Facts facts, List<Step> before, Consumer<Point> to) {
        this.facts = facts;
        this.to = to;
        isOld = true;
        before.forEach(this::take);
        isOld = false;
    }

    /**
     * Returns whether a point is passed on: the first 20,000, every second one of the next 20,000, every fourth one of the next
     * 40,000, and so on. It depends on nothing but the point's number.
     */
    static boolean isKept(long index, int most) {
        return index % Math.max(1, Long.highestOneBit(index / most)) == 0;
    }

    /** Returns what the training has come to. */
    News.Reached reached() {
        return new News.Reached(last, best);
    }

    @Override
    public void onStep(Step next) {
        if (latest != null && latest.step() != next.step()) {
            take(latest);
        }
        latest = next;
    }

    @Override
    public void onMeasured(Metrics metrics, int bestStep) {
        best = Point.epoch(facts, bestStep);
    }

    @Override
    public boolean afterStep(TrainingProgress progress) {
        rate = progress.lastRate();
        if (latest != null && latest.step() < progress.step()) {
            take(latest); // it is complete: its step was taken
            latest = null;
        }
        return true;
    }

    private void take(Step step) {
        if (first != null && step.step() / facts.stepsPerEpoch() != first.step() / facts.stepsPerEpoch()) {
            pass();
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

    /** Passes the point on that is now complete. */
    private void pass() {
        int index = first.step() / facts.stepsPerEpoch();
        last = Point.epoch(facts, first.step());
        boolean isMeasured = first.validationLoss() != null;
        if (isKept(index, MOST) || (isMeasured && isKept(measured, MOST))) {
            to.accept(point(first, sum / count, Double.isNaN(lastRate) ? null : lastRate, false));
        }
        if (isMeasured) {
            measured++;
        }
        first = null;
    }

    private Point point(Step step, double loss, Double learningRate, boolean isLast) {
        return new Point(
                facts,
                step.step(),
                loss,
                learningRate,
                step.validationLoss(),
                step.validationMetric(),
                System.currentTimeMillis(),
                (System.nanoTime() - start) / 1e9,
                isOld,
                measured,
                isLast);
    }

    /** Passes on what is left, and the objective at the end. */
    @Override
    public void onEnd(Trainer.Result result) {
        close();
        if (latest != null) {
            last = Point.epoch(facts, latest.step());
            to.accept(point(latest, latest.loss(), null, true));
        }
    }

    /** Passes on what is left. */
    void close() {
        if (first != null) {
            pass();
        }
    }
}
