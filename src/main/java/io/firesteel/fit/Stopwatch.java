package io.firesteel.fit;

import io.firesteel.compute.StepTimes;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A clock of steps that ends the training after enough time. The first half does not count: Java still compiles the code. */
final class Stopwatch implements Trainer.Listener {
    private static final int LEAST_STEPS = 4;

    /** With fewer steps Java may not have compiled the code in so short a time, on a machine that is busy: then it takes longer. */
    private static final int FEW_STEPS = 60;

    private static final int TIMES_LONGER = 4;

    private final long enough; // nanoseconds
    private final long enoughOfFew; // the same where there are few steps
    private final BooleanSupplier isOver;
    private final Supplier<Fitting.Spent> spent;
    private final long start = System.nanoTime();
    private final List<Reading> ends = new ArrayList<>(); // the start, and the end of each step
    private TrainingProgress training; // null before the first step

    /** The time, and what the passes have taken until then. */
    private record Reading(long nanos, Fitting.Spent spent) {}

    /**
     * Starts to measure.
     *
     * @param spent tells what passes have taken so far
     */
    Stopwatch(Duration enough, Supplier<Fitting.Spent> spent) {
        this(enough, enough.multipliedBy(TIMES_LONGER), () -> false, spent);
    }

    /**
     * Starts to measure.
     *
     * @param isOver tells that even the fewest steps would take too long
     */
    Stopwatch(Duration enough, BooleanSupplier isOver) {
        this(enough, enough, isOver, () -> new Fitting.Spent(StepTimes.NONE, StepTimes.NONE));
    }

    private Stopwatch(Duration enough, Duration enoughOfFew, BooleanSupplier isOver, Supplier<Fitting.Spent> spent) {
        this.enough = enough.toNanos();
        this.enoughOfFew = enoughOfFew.toNanos();
        this.isOver = isOver;
        this.spent = spent;
        ends.add(new Reading(start, spent.get()));
    }

    @Override
    public void onStep(Step step) {}

    @Override
    public boolean afterStep(TrainingProgress progress) {
        long now = System.nanoTime();
        ends.add(new Reading(now, spent.get()));
        training = progress;
        long limit = ends.size() <= FEW_STEPS ? enoughOfFew : enough;
        return !isOver.getAsBoolean() && (now - start <= limit || ends.size() <= LEAST_STEPS);
    }

    /** Returns the number of steps that count. */
    int measured() {
        return ends.size() - 1 - from();
    }

    /** Returns the seconds that a step takes, with all that belongs to it; 0 where there was none. */
    double seconds() {
        return measured() == 0 ? 0 : (last().nanos - ends.get(from()).nanos) / 1e9 / measured();
    }

    /** Returns what the passes of the steps that count took, all together. */
    Fitting.Spent spent() {
        Fitting.Spent before = ends.get(from()).spent;
        Fitting.Spent all = last().spent;
        return new Fitting.Spent(
                all.steps().since(before.steps()), all.validations().since(before.validations()));
    }

    /** Returns the number of vectors as long as theta that the optimiser remembers, so far. */
    int vectors() {
        return training == null ? 0 : training.point().state().vectors().size();
    }

    private Reading last() {
        return ends.get(ends.size() - 1);
    }

    private int from() {
        return (ends.size() - 1) / 2;
    }
}
