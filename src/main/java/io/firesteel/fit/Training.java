package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.Runner;
import io.firesteel.compute.Saturation;
import io.firesteel.data.Split;
import io.firesteel.data.TableRows;
import io.firesteel.data.TrainingSet;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.ExecutorMemory;
import io.firesteel.model.Closeup;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Examples;
import io.firesteel.table.NumberedRows;
import io.firesteel.train.DivergedException;
import io.firesteel.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The training of a model on a table: rows in, model out. It holds the rows in memory until it is closed. */
public final class Training implements AutoCloseable {
    private final Settings settings;
    private final int partitions;
    private final TableRows rows;
    private final TrainingSet data;
    private final Fitting fitting;
    private final WarmStart warm; // null for none
    private final TimeBudget budget; // null for any time
    private final double[] start;
    private TrainingSet all; // of a refit; null before it
    private Examples some; // of a block; null before they are asked for

    private Training(
            Settings settings, int partitions, TableRows rows, TrainingSet data, WarmStart warm, TimeBudget budget) {
        this.settings = settings;
        this.partitions = partitions;
        this.rows = rows;
        this.data = data;
        this.warm = warm;
        this.budget = budget;
        fitting = new Fitting(settings, data);
        start = warm == null ? fitting.start() : warm.model().theta();
    }

    /**
     * Trains a model on a DataFrame.
     *
     * @throws UserError when settings or rows cannot be used, or the training diverges
     */
    public static TrainedModel fit(Settings settings, Dataset<Row> frame) {
        return trained(settings, Source.of(frame), TrainingListener.SILENT);
    }

    /**
     * Trains a model on the rows of a source while a listener follows.
     *
     * @throws UserError when settings or rows cannot be used, or the training diverges
     */
    public static TrainedModel trained(Settings settings, Source source, TrainingListener listener) {
        try (Training training = read(settings, source, null, listener)) {
            return training.fit(listener);
        }
    }

    /**
     * Reads and checks the rows, and makes blocks of them, for a training that may take any time.
     *
     * @param warm the model to start from; null for none
     * @throws UserError when settings or rows cannot be used
     */
    public static Training read(Settings settings, Source source, WarmStart warm, TrainingListener listener) {
        return read(settings, source, warm, null, listener);
    }

    /**
     * Reads and checks the rows, makes blocks of them, and where there is a time for all, decides on a length that fits.
     *
     * @param warm the model to start from; null for none
     * @param budget the time for all; null for any
     * @throws UserError when settings or rows cannot be used
     */
    public static Training read(
            Settings settings, Source source, WarmStart warm, TimeBudget budget, TrainingListener listener) {
        TableRows rows = warm == null ? settings.read(source.table()) : warm.read(source.table(), settings);
        try {
            return of(settings.decidedBy(rows), source, rows, warm, budget, listener);
        } catch (RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private static Training of(
            Settings settings,
            Source source,
            TableRows rows,
            WarmStart warm,
            TimeBudget budget,
            TrainingListener listener) {
        TrainingSet data = data(settings, source, rows);
        try {
            Training training = new Training(settings, source.partitions(), rows, data, warm, budget);
            training.fitting.loss();
            listener.onData(settings, data);
            training.warnOfMemory(listener);
            training.warnOfStart(listener);
            if (budget == null) {
                return training;
            }
            TrainingLength length = training.lengthIn(budget);
            listener.onLength(budget.time(), length);
            return new Training(settings.ofLength(length, rows), source.partitions(), rows, data, warm, budget);
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** Makes blocks of rows, on whose validation rows the metric is defined. */
    static TrainingSet data(Settings settings, Source source, TableRows rows) {
        ValidationSettings validation = settings.validation();
        if (validation.folds() != null) {
            rows.expectRowsFor(validation.folds(), validation.stratified());
        }
        TrainingSet data;
        try (NumberedRows others = validation.data() == null
                ? null
                : NumberedRows.read(source.open().apply(validation.data()), rows.columns())) {
            data = rows.trainingSet(settings.preparation(rows, source.partitions()), validation.split(others));
        }
        try {
            expectUsable(settings, source, data);
        } catch (UserError e) {
            data.close();
            throw e;
        }
        return data;
    }

    private static void expectUsable(Settings settings, Source source, TrainingSet data) {
        Fitting fitting = new Fitting(settings, data);
        // else values that are too large have no mean, and were refused
        if (!settings.inputs().standardize() && !data.training().usable()) {
            throw new UserError(source.table().path()
                    + ": some rows to train on have values that are too large: expected features of sizes below 1e150");
        }
        if (settings.stopping() != null && !settings.stopping().metric().isAlwaysDefined()) {
            fitting.expectDefined(settings.stopping().metric());
        }
        if (settings.choosesThreshold()) {
            fitting.expectBothClasses();
        }
    }

    /** Returns the settings. */
    public Settings settings() {
        return settings;
    }

    /** Returns the rows, as blocks. */
    public TrainingSet data() {
        return data;
    }

    /** Prepares the training of the model on all rows that are not held out. */
    Fitting.Prepared prepare(List<Fold> folds) {
        freeRows();
        return fitting.from(start, folds);
    }

    /** Prepares the same training for steps that are only timed. */
    Fitting.Prepared prepareTiming() {
        freeRows();
        return fitting.toTime(start);
    }

    private void freeRows() {
        if (!settings.validation().refit()) {
            rows.close(); // from here on only the blocks are needed
        }
    }

    /**
     * The result of a training.
     *
     * @param fit the training without the rows held out
     * @param refit the training on all rows after it; null where there was none, or where it was stopped
     * @param stepsPerEpoch the number of steps of an epoch of the first
     * @param training the metrics of the model on the rows that it was trained on
     * @param validation the metrics on the validation rows, of the model that was trained without them; null where there are none
     */
    public record Outcome(Fitting.Fit fit, Fitting.Fit refit, int stepsPerEpoch, Metrics training, Metrics validation) {
        /** Returns the model. */
        public TrainedModel model() {
            return refit == null ? fit.model() : refit.model();
        }
    }

    /**
     * Validates the settings on folds, where this is asked for, and trains the model, twice where it is trained again on all rows.
     *
     * @throws io.firesteel.train.DivergedException when a loss is not finite
     */
    public TrainedModel fit(TrainingListener listener) {
        Fitting.Fit fit = first(listener);
        Fitting.Fit refit = refit(fit, listener);
        return refit == null ? fit.model() : refit.model();
    }

    private Fitting.Fit first(TrainingListener listener) {
        ValidationSettings validation = settings.validation();
        List<Fold> folds = validation.folds() == null ? List.of() : crossValidate(settings, rows, partitions, listener);
        Fitting.Fit fit = prepare(folds).run(inTime(listener));
        if (!isRefitted(fit)) {
            listener.onFitted();
        }
        return fit;
    }

    /** Returns the length of the training that fits into the time that is left after some steps were timed, which are not kept. */
    private TrainingLength lengthIn(TimeBudget time) {
        Fitting.Prepared prepared = fitting.toTime(start);
        Stopwatch stopwatch = new Stopwatch(time.timed(), time::isOver);
        prepared.run(prepared.beginning(), stopwatch);
        ValidationSettings validation = settings.validation();
        long trained = data.training().rows();
        return TrainingLength.of(
                settings.config().pace(),
                trained,
                validation.refit() ? trained + data.validation().rows() : 0,
                time.steps(stopwatch.seconds()));
    }

    /** Returns a listener that follows as another one does, and ends a training when the time is over. */
    private TrainingListener inTime(TrainingListener listener) {
        if (budget == null) {
            return listener;
        }
        return new ForwardingListener(listener) {
            @Override
            public Trainer.Listener watch(Fitting.Prepared training, int from) {
                return Trainer.Listener.all(
                        List.of(super.watch(training, from), Trainer.Listener.until(budget::isOver)));
            }
        };
    }

    private boolean isRefitted(Fitting.Fit fit) {
        return settings.validation().refit() && fit.result().end() != Trainer.End.STOPPED;
    }

    /**
     * Trains again on all rows, where this is asked for; the first training's blocks of rows to train on are freed.
     *
     * @return null where there is no such training, or it diverged or was stopped before its end
     */
    private Fitting.Fit refit(Fitting.Fit first, TrainingListener listener) {
        if (!isRefitted(first)) {
            return null;
        }
        data.training().close();
        all = rows.trainingSet(settings.preparation(rows, partitions), new Split.None());
        rows.close();
        Fitting again = Fitting.again(settings, all, first);
        try {
            Fitting.Fit refit =
                    again.from(warm == null ? again.start() : start, List.of()).run(inTime(listener));
            listener.onFitted();
            return refit.result().end() == Trainer.End.STOPPED ? null : refit;
        } catch (DivergedException e) {
            listener.onWarning(keptTheFirst(e));
            return null;
        }
    }

    /** Returns the warning of a training on all rows that failed, after one without the validation rows that did not. */
    static String keptTheFirst(DivergedException failure) {
        return "the model is that of the training without the validation rows, since the one on all rows failed: "
                + failure.problem();
    }

    /**
     * Does the same, and measures the model.
     *
     * @throws io.firesteel.train.DivergedException when a loss is not finite
     */
    public Outcome run(TrainingListener listener) {
        Fitting.Fit fit = first(listener);
        warnOfDeadUnits(fit.model().theta(), listener);
        warnOfCurve(fit.result().history(), listener);
        Metrics training = measured(fit.model(), data.training());
        Metrics validation = data.validation() == null ? null : measured(fit.model(), data.validation());
        Fitting.Fit refit = refit(fit, listener);
        return new Outcome(
                fit,
                refit,
                settings.config().pace().stepsPerEpoch(data.training().rows()),
                refit == null ? training : measured(refit.model(), all.training()),
                validation);
    }

    /** Trains a model without each fold and measures it on the fold. */
    static List<Fold> crossValidate(Settings settings, TableRows rows, int partitions, TrainingListener listener) {
        ValidationSettings validation = settings.validation();
        Settings unwatched = settings.withoutStopping();
        TrainingListener fromTheBeginning = new TrainingListener() {
            @Override
            public Trainer.Listener watch(Fitting.Prepared training, int from) {
                return listener.watch(training, from);
            }
        };
        List<Fold> measured = new ArrayList<>();
        for (int part = 0; part < validation.folds(); part++) {
            listener.onFoldBegin(part);
            Split fold = new Split.Fold(part, validation.folds(), validation.stratified());
            try (TrainingSet data = rows.trainingSet(settings.preparation(rows, partitions), fold)) {
                Fitting fitting = new Fitting(unwatched, data);
                TrainedModel model = fitting.from(fitting.start(), List.of())
                        .run(fromTheBeginning)
                        .model();
                Metrics metrics = measured(model, settings, data.validation());
                listener.onFold(part, metrics);
                measured.add(Fold.of(metrics));
            }
        }
        listener.onFolds(measured);
        return measured;
    }

    /**
     * Returns a close look at the outputs of the model that was trained without the validation rows on these, or where there are
     * none on the rows that it was trained on.
     */
    public Closeup closeup(Outcome outcome) {
        TrainedModel model = outcome.fit().model();
        Blocks blocks = data.validation() == null ? data.training() : data.validation();
        try (Runner<Block> runner = blocks.runner()) {
            return Measurement.closeup(model, settings.precision(), blocks, runner);
        }
    }

    private Metrics measured(TrainedModel model, Blocks blocks) {
        return measured(model, settings, blocks);
    }

    /** Returns all metrics of a model on blocks. */
    static Metrics measured(TrainedModel model, Settings settings, Blocks blocks) {
        return blocks.metrics(new EvaluationKernel(model.description(), settings.precision()), model.theta());
    }

    private void warnOfMemory(TrainingListener listener) {
        int parameters = data.network().parameterCount();
        ExecutorMemory memory = ExecutorMemory.of(data.training().rdd().context(), parameters, settings.precision());
        if (!memory.suffices()) {
            listener.onWarning(String.format(
                    Locale.ROOT,
                    "an executor has %,d MiB of memory, and a step of %,d parameters may take %,d MiB: try %s",
                    memory.heap() >> 20,
                    parameters,
                    memory.needed() >> 20,
                    SettingNames.spark("spark.executor.memory=" + ((memory.needed() >> 30) + 1) + "g")));
        }
    }

    private void warnOfStart(TrainingListener listener) {
        if (data.training().kernels().size() > 1) {
            listener.onWarning(
                    "the machines use different BLAS kernels, so that the last bits depend on which of them computes"
                            + " what: "
                            + String.join("; ", data.training().kernels()));
        }
        warnOfLayers(
                Saturation.of(data.network(), start, settings.precision(), someRows())
                        .saturated(),
                0.5,
                "saturated at the start, so that it will hardly learn: try a smaller " + mention("init-scale")
                        + (settings.inputs().standardize() ? "" : " or " + mention("standardize", true)),
                listener);
    }

    private void warnOfDeadUnits(double[] theta, TrainingListener listener) {
        Examples some = someRows();
        warnOfLayers(
                Saturation.of(data.network(), theta, settings.precision(), some).dead(),
                0.1,
                "dead: they are 0 for each of " + some.size() + " rows and learn no more; try a smaller "
                        + mention("learning-rate") + " or " + mention("activation", "leaky-relu"),
                listener);
    }

    private void warnOfCurve(List<Step> history, TrainingListener listener) {
        boolean keepsBest = settings.stopping() != null && settings.stopping().keepBest();
        if (warm == null) {
            LossDiagnosis.fault(history, keepsBest).ifPresent(listener::onWarning);
        }
    }

    /** Returns the parameters that the training starts from. */
    public double[] start() {
        return start;
    }

    /** Returns as many examples as a block has. */
    public Examples someRows() {
        if (some == null) {
            some = data.training().first(data.training().blockRows());
        }
        return some;
    }

    /** Warns of layers of which a larger part of the units than {@code most} is so. */
    private static void warnOfLayers(List<Double> parts, double most, String so, TrainingListener listener) {
        for (int l = 1; l <= parts.size(); l++) {
            if (parts.get(l - 1) > most) {
                listener.onWarning(String.format(
                        Locale.ROOT, "%.0f%% of the units of hidden layer %d are %s", 100 * parts.get(l - 1), l, so));
            }
        }
    }

    /** Frees the rows' memory. */
    @Override
    public void close() {
        data.close();
        if (all != null) {
            all.close();
        }
        rows.close();
    }
}
