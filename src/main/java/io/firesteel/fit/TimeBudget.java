package io.firesteel.fit;

import java.time.Duration;

/**
 * The time that a training may take, from the reading of the rows on. Some steps are timed, and the training gets the length that
 * fits: its schedule ends with it, and the model is that of a training of this length, on any machine. If steps then take longer than
 * those that were timed, the training stops when the time is over, and the model is what it has reached.
 */
public final class TimeBudget {
    /** How much of the time that is left is planned with: not all steps take as long as those that were timed. */
    private static final double PLANNED = 0.85;

    /** Steps are timed for this part of the time, and at most for {@link #MOST_TIMED}. */
    private static final int TIMED_PART = 20;

    private static final Duration MOST_TIMED = Duration.ofSeconds(2);

    private final Duration time;
    private final long start = System.nanoTime();

    /** Starts the time. */
    public TimeBudget(Duration time) {
        this.time = time;
    }

    /** Returns the whole time. */
    public Duration time() {
        return time;
    }

    /** Returns whether the time is over. */
    public boolean isOver() {
        return left() <= 0;
    }

    private double left() {
        return (time.toNanos() - (System.nanoTime() - start)) / 1e9;
    }

    /** Returns how long steps are timed. */
    Duration timed() {
        Duration part = time.dividedBy(TIMED_PART);
        return part.compareTo(MOST_TIMED) < 0 ? part : MOST_TIMED;
    }

    /** Returns the number of steps for which there is time, where each takes this many seconds. */
    double steps(double seconds) {
        return PLANNED * left() / seconds;
    }
}
