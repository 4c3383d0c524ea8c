package io.firesteel.fit;

import io.firesteel.data.TrainingSet;
import java.time.Duration;

/**
 * The memory and time that a training takes, measured on some of its steps.
 *
 * @param reading the seconds that the rows took to be read
 * @param trainingRows the number of rows that are trained on
 * @param trainingBytes the bytes of their blocks
 * @param validationBytes the bytes of the validation rows' blocks
 * @param steps the maximum number of steps
 * @param refitSteps the maximum number of steps of the refit on all rows; 0 where there is none
 * @param step the seconds that a step takes, with all that belongs to it
 * @param measured the number of steps that were measured
 * @param onDriver whether steps are computed on the driver
 * @param place in words where steps are computed
 * @param parameters the number of the network's parameters
 */
public record Plan(
        double reading,
        long trainingRows,
        long trainingBytes,
        long validationBytes,
        int steps,
        int refitSteps,
        double step,
        int measured,
        boolean onDriver,
        String place,
        int parameters) {
    /** How long steps are taken. */
    private static final Duration ENOUGH = Duration.ofSeconds(2);

    /**
     * Reads the rows and takes some steps; the model is not kept.
     *
     * @throws io.firesteel.base.UserError when settings or rows cannot be used, or the training diverges
     */
    public static Plan of(Settings settings, Source source, TrainingListener listener) {
        long start = System.nanoTime();
        try (Training training = Training.read(settings, source, null, listener)) {
            double reading = (System.nanoTime() - start) / 1e9;
            Fitting.Prepared prepared = training.prepareTiming();
            boolean onDriver = prepared.runner().isOnDriver();
            String place = prepared.runner().place();
            Stopwatch stopwatch = new Stopwatch(ENOUGH);
            prepared.run(prepared.beginning(), stopwatch);
            TrainingSet data = training.data();
            return new Plan(
                    reading,
                    data.training().rows(),
                    data.training().bytes(),
                    data.validation() == null ? 0 : data.validation().bytes(),
                    prepared.steps(),
                    refitSteps(training),
                    stopwatch.seconds(),
                    stopwatch.measured(),
                    onDriver,
                    place,
                    data.network().parameterCount());
        }
    }

    private static int refitSteps(Training training) {
        if (!training.settings().validation().refit()) {
            return 0;
        }
        TrainingSet data = training.data();
        return training.settings()
                .steps(data.training().rows() + data.validation().rows());
    }
}
