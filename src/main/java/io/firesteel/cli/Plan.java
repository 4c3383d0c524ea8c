package io.firesteel.cli;

import io.firesteel.data.TrainingData;
import io.firesteel.data.TrainingRows;
import io.firesteel.engine.Blocks;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Recipe;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.optim.Optimizer;
import io.firesteel.train.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;

/** {@code plan}: what a training would take. It reads the rows and takes some steps, which it measures; nothing is written. */
@Command(
        name = "plan",
        description = "Says what a training would take, in memory and time: reads the rows, and measures some steps.",
        modelTransformer = Plan.Options.class)
final class Plan extends Train {
    /** Options of train that write something, or go on with what was written. */
    private static final Set<String> NOT_HERE =
            Set.of("model", "overwrite", "checkpoint", "checkpoint-every", "checkpoint-keep", "resume", "warm-start");

    /** The options of train but those. */
    static final class Options implements IModelTransformer {
        @Override
        public CommandSpec transform(CommandSpec spec) {
            NOT_HERE.forEach(name -> spec.remove(spec.findOption("--" + name)));
            return spec;
        }
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Recipe recipe = resolve();
        long start = System.nanoTime();
        try (TrainingRows rows = readRows(table(spark), null);
                TrainingData data = data(spark, rows, recipe)) {
            double reading = (System.nanoTime() - start) / 1e9;
            rows.forget();
            Fitting fitting = new Fitting(recipe, data);
            double[] theta = fitting.start();
            announce(recipe, data, theta);
            Fitting.Prepared prepared = fitting.from(theta, List.of());
            Speed speed = Speed.of(prepared);
            print("reading     " + Progress.duration(reading) + ", once, into blocks");
            print("memory      " + memory(data));
            print("step        " + step(prepared, speed, spark));
            print("training    " + training(prepared, speed));
        }
    }

    private static String memory(TrainingData data) {
        Blocks training = data.training();
        long heldOut = data.validation() == null ? 0 : data.validation().bytes();
        return String.format(
                Locale.ROOT,
                "%s of blocks in the executors' memory, %.0f bytes a row%s",
                bytes(training.bytes() + heldOut),
                (double) training.bytes() / training.rows(),
                heldOut == 0 ? "" : ", " + bytes(heldOut) + " of them held out");
    }

    private static String step(Fitting.Prepared prepared, Speed speed, SparkSession spark) {
        boolean moves = !prepared.runner().isOnDriver() && !spark.sparkContext().isLocal();
        return String.format(
                Locale.ROOT,
                "%s, measured over %d steps, %s%s",
                Progress.duration(speed.seconds),
                speed.measured,
                prepared.runner().place(),
                moves
                        ? "; " + bytes(8L * prepared.loss().network().parameterCount())
                                + " of weights to each executor, and of sums back from each task"
                        : "");
    }

    private String training(Fitting.Prepared prepared, Speed speed) {
        double seconds = speed.seconds * prepared.steps();
        Integer folds = fitting().folds();
        return String.format(
                Locale.ROOT,
                "at most %,d steps, about %s%s",
                prepared.steps(),
                Progress.duration(seconds),
                folds == null
                        ? ""
                        : "; " + folds + " folds before it, about " + Progress.duration(seconds * (folds - 1)));
    }

    private static String bytes(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        double size = bytes;
        int unit = 0;
        for (; size >= 1024 && unit < units.length - 1; unit++) {
            size /= 1024;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
    }

    /**
     * How fast steps are, with all that belongs to them.
     *
     * @param seconds of a step
     */
    private record Speed(double seconds, int measured) {
        static Speed of(Fitting.Prepared prepared) {
            Stopwatch stopwatch = new Stopwatch();
            try {
                prepared.run(prepared.beginning(), stopwatch);
            } catch (Enough e) {
                // the training has taken as many steps as it needed
            }
            return stopwatch.speed();
        }
    }

    /** Ends a training that has been measured. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super(null, null, false, false);
        }
    }

    /** Measures steps until enough time is over, and leaves out the first half, in which Java still compiles the code. */
    private static final class Stopwatch implements Trainer.Listener {
        private static final long ENOUGH_NANOS = 2_000_000_000L;
        private static final int LEAST_STEPS = 4;

        private final long start = System.nanoTime();
        private final List<Long> ends = new ArrayList<>(List.of(start));

        @Override
        public void onStep(Step step) {}

        @Override
        public void onState(Optimizer.State state, double[] best) {
            long now = System.nanoTime();
            ends.add(now);
            if (now - start > ENOUGH_NANOS && ends.size() > LEAST_STEPS) {
                throw new Enough();
            }
        }

        Speed speed() {
            int steps = ends.size() - 1;
            int from = steps / 2;
            int measured = steps - from;
            return new Speed(measured == 0 ? 0 : (ends.get(steps) - ends.get(from)) / 1e9 / measured, measured);
        }
    }
}
