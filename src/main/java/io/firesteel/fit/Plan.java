package io.firesteel.fit;

import io.firesteel.compute.Pass;
import io.firesteel.compute.StepTimes;
import io.firesteel.data.TrainingSet;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.Engine;
import io.firesteel.engine.StepCost.Load;
import io.firesteel.linalg.Precision;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * The memory and time that a training takes, measured on some of its steps.
 *
 * @param reading the seconds that the rows took to be read
 * @param trainingRows the number of rows that are trained on
 * @param trainingBytes the bytes of their blocks
 * @param validationBytes the bytes of the validation rows' blocks
 * @param steps the maximum number of steps
 * @param refitSteps the maximum number of steps of the refit on all rows; 0 where there is none
 * @param folds the number of folds; 0 for none
 * @param step the seconds that a step takes, with all that belongs to it
 * @param measured the number of steps that were measured
 * @param onDriver whether steps are computed on the driver
 * @param place in words where steps are computed
 * @param parameters the number of the network's parameters
 * @param work what a step consists of
 */
public record Plan(
        double reading,
        long trainingRows,
        long trainingBytes,
        long validationBytes,
        int steps,
        int refitSteps,
        int folds,
        double step,
        int measured,
        boolean onDriver,
        String place,
        int parameters,
        Work work) {
    /** How long steps are taken, where these are not few. */
    private static final Duration ENOUGH = Duration.ofSeconds(2);

    /**
     * What a step consists of, wherever it is computed.
     *
     * @param driver the seconds of a step outside of passes: the optimiser's, on the driver
     * @param passes how many passes over its rows a step has: 1, with l-bfgs 1 or more
     * @param pass what such a pass computes and exchanges
     * @param validations how many validations a step has, a fraction where not every step has one
     * @param validation what a validation computes and exchanges; null where nothing is held out
     * @param blocks the number of all blocks of the rows to train on
     * @param vectors the number of vectors as long as theta that the optimiser remembers
     */
    public record Work(
            double driver, double passes, Load pass, double validations, Load validation, int blocks, int vectors) {
        /** The sums of a validation, which are few. */
        private static final int SUMS = 2;

        private static Work of(Fitting.Prepared prepared, TrainingSet data, Stopwatch stopwatch, Precision precision) {
            int steps = Math.max(1, stopwatch.measured());
            StepTimes passes = stopwatch.spent().steps();
            StepTimes validations = stopwatch.spent().validations();
            double others = stopwatch.seconds() - (passes.total() + validations.total()) / 1e9 / steps;
            Blocks training = data.training();
            Blocks heldOut = data.validation();
            int theta = data.network().parameterCount();
            Pass first = prepared.loss().pass(0, training.count());
            int seen = (int) IntStream.range(0, first.leaves())
                    .map(first::block)
                    .distinct()
                    .count();
            double seconds = Engine.coreSeconds(
                    ofOne(passes.products() + passes.restOfTask(), passes.evaluations()),
                    prepared.runner(),
                    training,
                    seen,
                    first.leaves());
            Load pass = new Load(
                    seen, first.leaves(), seconds, theta, prepared.loss().length(), precision);
            Load validation = null;
            if (heldOut != null) {
                int all = heldOut.count();
                double ofOne = ofOne(validations.total(), validations.evaluations());
                double cores = Engine.coreSeconds(ofOne, prepared.runner(), heldOut, all, all);
                validation = new Load(all, all, cores, theta, SUMS, precision);
            }
            return new Work(
                    Math.max(0, others),
                    (double) passes.evaluations() / steps,
                    pass,
                    (double) validations.evaluations() / steps,
                    validation,
                    training.count(),
                    stopwatch.vectors());
        }

        private static double ofOne(long nanos, long count) {
            return count == 0 ? 0 : nanos / 1e9 / count;
        }
    }

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
            Stopwatch stopwatch = new Stopwatch(ENOUGH, prepared::spent);
            prepared.run(prepared.beginning(), stopwatch);
            TrainingSet data = training.data();
            Integer folds = settings.validation().folds();
            return new Plan(
                    reading,
                    data.training().rows(),
                    data.training().bytes(),
                    data.validation() == null ? 0 : data.validation().bytes(),
                    prepared.steps(),
                    refitSteps(training),
                    folds == null ? 0 : folds,
                    stopwatch.seconds(),
                    stopwatch.measured(),
                    onDriver,
                    place,
                    data.network().parameterCount(),
                    Work.of(prepared, data, stopwatch, training.settings().precision()));
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
