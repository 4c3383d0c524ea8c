package io.firesteel.fit;

import io.firesteel.data.TrainingSet;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.ArrayList;
import java.util.List;

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

    /**
     * Reads the rows and takes some steps; the model is not kept.
     *
     * @throws io.firesteel.base.UserError when settings or rows cannot be used, or the training diverges
     */
    public static Plan of(Settings settings, Source source, TrainingListener listener) {
        long start = System.nanoTime();
        try (Training training = Training.read(settings, source, null, listener)) {
            double reading = (System.nanoTime() - start) / 1e9;
            Fitting.Prepared prepared = training.prepare(List.of());
            boolean onDriver = prepared.runner().isOnDriver();
            String place = prepared.runner().place();
            Stopwatch stopwatch = new Stopwatch();
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

    /** Measures steps, ends the training after enough time, and ignores the first half, in which Java still compiles the code. */
    private static final class Stopwatch implements Trainer.Listener {
        private static final long ENOUGH_NANOS = 2_000_000_000L;
        private static final int LEAST_STEPS = 4;

        private final long start = System.nanoTime();
        private final List<Long> ends = new ArrayList<>(List.of(start));

        @Override
        public void onStep(Step step) {}

        @Override
        public boolean afterStep(TrainingProgress progress) {
            long now = System.nanoTime();
            ends.add(now);
            return now - start <= ENOUGH_NANOS || ends.size() <= LEAST_STEPS;
        }

        int measured() {
            return ends.size() - 1 - from();
        }

        double seconds() {
            return measured() == 0 ? 0 : (ends.get(ends.size() - 1) - ends.get(from())) / 1e9 / measured();
        }

        private int from() {
            return (ends.size() - 1) / 2;
        }
    }
}
