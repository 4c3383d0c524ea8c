package io.firesteel.fit;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Pace;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.time.Duration;

/**
 * The time that a training may take, from the reading of the rows on. Some steps are timed, and the training gets the length that
 * fits: its schedule ends with it, and the model is that of a training of this length, on any machine. Steps that take longer than
 * was foreseen end at the end of the budget, with the model that was reached.
 */
public final class TimeBudget {
    /** How much of the time that is left is planned with: not all steps take as long as those that were timed. */
    private static final double PLANNED = 0.85;

    /** How much of the budget steps are timed, at most {@link #MOST_TIMED}. */
    private static final int TIMED_PART = 20;

    private static final Duration MOST_TIMED = Duration.ofSeconds(2);

    private final Duration budget;
    private final long start = System.nanoTime();

    /** Starts the time. */
    public TimeBudget(Duration budget) {
        this.budget = budget;
    }

    /** Returns the budget. */
    public Duration budget() {
        return budget;
    }

    /** Returns whether the time is over. */
    public boolean isOver() {
        return left() <= 0;
    }

    private double left() {
        return (budget.toNanos() - (System.nanoTime() - start)) / 1e9;
    }

    /** Returns the length of the training that fits into the time that is left after some of its steps were timed. */
    Length lengthOf(Training training) {
        Stopwatch stopwatch = new Stopwatch(shorter(budget.dividedBy(TIMED_PART), MOST_TIMED));
        training.timed(stopwatch);
        Settings settings = training.settings();
        long rows = training.data().training().rows();
        long refitted = settings.validation().refit()
                ? rows + training.data().validation().rows()
                : 0;
        int folds = settings.validation().folds() == null
                ? 0
                : settings.validation().folds();
        return Length.of(settings.config().pace(), rows, refitted, folds, PLANNED * left() / stopwatch.seconds());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Returns a listener to a training that another one follows, and that ends when the time is over. */
    TrainingListener ending(TrainingListener follower) {
        return new TrainingListener() {
            @Override
            public Trainer.Result resultBefore(Fitting.Prepared training) {
                return follower.resultBefore(training);
            }

            @Override
            public Trainer.ResumePoint start(Fitting.Prepared training) {
                return follower.start(training);
            }

            @Override
            public Watch watch(Fitting.Prepared training, int from) {
                return follower.watch(training, from).with(new Trainer.Listener() {
                    @Override
                    public void onStep(Step step) {}

                    @Override
                    public boolean afterStep(TrainingProgress progress) {
                        return !isOver();
                    }
                });
            }
        };
    }

    /**
     * The length of a training: as many epochs as fit, or where it is one of steps, as many steps.
     *
     * @param isOfEpochs which of the two
     */
    public record Length(boolean isOfEpochs, int count) {
        /**
         * Returns the length of a training that fits.
         *
         * @param pace the maximum length
         * @param rows that it is trained on
         * @param refitted the rows of the refit after it, which takes as long at most; 0 for none
         * @param folds the number of trainings without a fold before it
         * @param steps the number of steps for which there is time
         */
        static Length of(Pace pace, long rows, long refitted, int folds, double steps) {
            boolean isOfEpochs = pace.epochs() != null;
            double each = isOfEpochs ? pace.stepsPerEpoch(rows) : 1;
            double refit = refitted == 0 ? 0 : isOfEpochs ? pace.stepsPerEpoch(refitted) : 1;
            double fit = steps / (each * (1 + folds) + refit);
            int most = isOfEpochs ? pace.epochs() : pace.iterations();
            return new Length(isOfEpochs, (int) Math.max(Math.min(1, most), Math.min(most, fit)));
        }

        /** Returns the setting of which it is a value. */
        public Setting<Integer> setting() {
            return isOfEpochs ? Setting.EPOCHS : Setting.ITERATIONS;
        }
    }
}
