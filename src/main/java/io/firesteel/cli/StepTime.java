package io.firesteel.cli;

/** The time of a step, measured while a training runs. It ignores the first steps, which are slow: Java still compiles the code. */
final class StepTime {
    private Mark earlier = new Mark(0, 0); // a quarter to a half of the way so far
    private Mark later = earlier;
    private Mark last = earlier;

    /** When this many steps were taken. */
    private record Mark(int steps, double seconds) {}

    /** Notes that {@code steps} steps were taken in {@code seconds}, both from the start. */
    void note(int steps, double seconds) {
        last = new Mark(steps, seconds);
        if (steps >= 2 * later.steps) {
            earlier = later;
            later = last;
        }
    }

    /** Returns the seconds of a step; NaN before the first one. */
    double seconds() {
        return (last.seconds - earlier.seconds) / (last.steps - earlier.steps);
    }

    /** Returns the seconds from the start in which {@code steps} steps will have been taken. */
    double until(int steps) {
        return last.seconds + (steps - last.steps) * seconds();
    }
}
