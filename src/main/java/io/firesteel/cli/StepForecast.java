package io.firesteel.cli;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Forecasts the time of a training by its own first steps, so that the forecast costs nothing: once for four seconds and an epoch,
 * with its validation, or for eight seconds. There is no forecast for a training that takes less than ten seconds.
 */
final class StepForecast implements Trainer.Listener {
    private static final double MEASURED_SECONDS = 4;
    private static final double MOST_MEASURED_SECONDS = 8;
    private static final double SHORTEST_SECONDS = 10;

    /** With fewer steps Java may not have compiled the code in four seconds. */
    private static final int FEW_STEPS = 60;

    private static final int LEAST_STEPS = 4;

    private final Progress.Course course;
    private final Consumer<String> say;
    private final LongSupplier clock;
    private final long start;
    private final StepTime time = new StepTime();
    private boolean isMade;

    /**
     * @param say receives the line of the forecast
     */
    StepForecast(Progress.Course course, Consumer<String> say) {
        this(course, say, System::nanoTime);
    }

    /**
     * @param clock nanoseconds from any time on
     */
    StepForecast(Progress.Course course, Consumer<String> say, LongSupplier clock) {
        this.course = course;
        this.say = say;
        this.clock = clock;
        start = clock.getAsLong();
    }

    @Override
    public void onStep(Step step) {
        if (isMade) {
            return;
        }
        int taken = step.step() - course.from();
        double seconds = (clock.getAsLong() - start) / 1e9;
        time.note(taken, seconds);
        boolean isWhole = seconds >= MEASURED_SECONDS && taken >= Math.max(FEW_STEPS, course.stepsPerEpoch());
        if (taken >= LEAST_STEPS && (isWhole || seconds >= MOST_MEASURED_SECONDS)) {
            isMade = true;
            if (isTold()) {
                say.accept(line());
            }
        }
    }

    private int steps() {
        return course.steps() - course.from();
    }

    private boolean isTold() {
        return isMade && time.until(steps()) >= SHORTEST_SECONDS;
    }

    private String line() {
        int each = course.inEpochs() ? course.stepsPerEpoch() : 1;
        return String.format(
                Locale.ROOT,
                "forecast    at most %s: %,d %s of %s each",
                Units.duration(time.until(steps())),
                (steps() + each - 1) / each,
                course.inEpochs() ? "epochs" : "steps",
                Units.duration(each * time.seconds()));
    }

    /** Returns the seconds that were forecast for the first {@code steps} steps; null where there was no forecast. */
    Double seconds(int steps) {
        return isTold() ? time.until(steps) : null;
    }
}
