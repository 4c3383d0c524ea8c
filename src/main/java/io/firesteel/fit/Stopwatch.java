package io.firesteel.fit;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Measures steps, ends the training after enough time, and ignores the first half, in which Java still compiles the code. */
final class Stopwatch implements Trainer.Listener {
    private static final int LEAST_STEPS = 4;

    private final long enough; // nanoseconds
    private final BooleanSupplier isOver;
    private final long start = System.nanoTime();
    private final List<Long> ends = new ArrayList<>(List.of(start));

    /** Starts to measure. */
    Stopwatch(Duration enough) {
        this(enough, () -> false);
    }

    /**
     * Starts to measure.
     *
     * @param isOver tells that even the fewest steps would take too long
     */
    Stopwatch(Duration enough, BooleanSupplier isOver) {
        this.enough = enough.toNanos();
        this.isOver = isOver;
    }

    @Override
    public void onStep(Step step) {}

    @Override
    public boolean afterStep(TrainingProgress progress) {
        long now = System.nanoTime();
        ends.add(now);
        return !isOver.getAsBoolean() && (now - start <= enough || ends.size() <= LEAST_STEPS);
    }

    /** Returns the number of steps that count. */
    int measured() {
        return ends.size() - 1 - from();
    }

    /** Returns the seconds that a step takes, with all that belongs to it; 0 where there was none. */
    double seconds() {
        return measured() == 0 ? 0 : (ends.get(ends.size() - 1) - ends.get(from())) / 1e9 / measured();
    }

    private int from() {
        return (ends.size() - 1) / 2;
    }
}
