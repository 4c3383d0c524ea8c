package io.firesteel.cli;

import io.firesteel.base.UserError;
import io.firesteel.compute.Saturation;
import io.firesteel.data.Columns;
import io.firesteel.data.Sparse;
import io.firesteel.data.Table;
import io.firesteel.data.TrainingData;
import io.firesteel.data.TrainingRows;
import io.firesteel.fit.FitOptions;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Recipe;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Examples;
import io.firesteel.store.AtomicOutput;
import io.firesteel.store.ModelStore;
import io.firesteel.train.Trainer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ObjIntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code train}: data in, model out. */
@Command(name = "train", description = "Trains a network on a table and writes the model.")
class Train extends SparkCommand {
    @Mixin
    private DataOptions source;

    @Option(
            names = "--label",
            split = ",",
            paramLabel = "COL",
            description = "The target column; of a regression or multilabel the target columns. LibSVM has its own.")
    private List<String> labels = List.of();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Where the model goes.")
    private String model;

    @Mixin
    private OverwriteOption existing;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COL",
            description = "The input columns; by default all others.")
    private List<String> features = List.of();

    @Option(names = "--weight", paramLabel = "COL", description = "The column of row weights, 0 or more.")
    private String weight;

    @Mixin
    private FitOptions fitting;

    @Option(
            names = "--warm-start",
            paramLabel = "MODEL",
            description =
                    "Starts from the weights of a model of the same settings, and keeps its features, classes and "
                            + "scaling.")
    private String warmStart;

    @Mixin
    private CheckpointOptions checkpoint;

    /**
     * Checks the options, as far as that needs no data.
     *
     * @throws UserError when they cannot be meant
     */
    final Recipe resolve() {
        Recipe recipe = fitting.resolve(options());
        expectSuitsFolds();
        return recipe;
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Recipe recipe = resolve();
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        WarmStart warm = warmStart(recipe, hadoop);
        try (AtomicOutput output = openOutput(spark);
                Checkpoints checkpoints =
                        Checkpoints.open(checkpoint, existing.overwrite, recipe.settings(), hadoop, this::warn);
                TrainingRows rows = readRows(table(spark), warm);
                TrainingData data = data(spark, rows, recipe)) {
            Fitting ofModel = new Fitting(recipe, data);
            ofModel.loss();
            double[] start = warm == null ? ofModel.start() : warm.theta();
            announce(recipe, data, start);
            List<Fold> folds = fitting.folds() == null
                    ? List.of()
                    : crossValidate(
                            recipe,
                            rows,
                            (metrics, part) -> print(String.format(
                                    Locale.ROOT,
                                    "fold %-6s %s",
                                    part + 1 + "/" + fitting.folds(),
                                    MetricsText.line(metrics))));
            if (!folds.isEmpty()) {
                print("folds       " + MetricsText.folds(folds));
            }
            rows.forget(); // what is left to do is done with the blocks
            train(recipe, data, ofModel.from(start, folds), checkpoints, output);
        }
    }

    /** The table that the options name. */
    final Table table(SparkSession spark) {
        return source.open(spark);
    }

    /** Whether the model is to be written. */
    final boolean hasModel() {
        return model != null;
    }

    /** Whether what is there already is replaced. */
    final boolean overwrites() {
        return existing.overwrite;
    }

    /** What is asked of the model. */
    final FitOptions fitting() {
        return fitting;
    }

    /** Reads the rows that the options name. */
    final TrainingRows readRows(Table table, WarmStart warm) {
        if (warm != null) {
            Columns columns = warm.columns(table, weight, fitting.mark(), source.exclude);
            return TrainingRows.read(table, columns.reading(fitting.sparse()), fitting.loss(), warm.description());
        }
        return fitting.read(
                table,
                Columns.forTraining(table, fitting.task(), features, labels, weight, fitting.mark(), source.exclude));
    }

    /** The data to train on, that can be validated as the options want it. */
    final TrainingData data(SparkSession spark, TrainingRows rows, Recipe recipe) {
        if (fitting.folds() != null) {
            recipe.expectRowsFor(rows, fitting.folds(), fitting.isStratified());
        }
        return recipe.data(rows, fitting.heldOut(path -> source.open(spark, path)));
    }

    /** Says what is about to be trained, and what may be amiss with it. */
    final void announce(Recipe recipe, TrainingData data, double[] start) {
        print("data        " + TrainingSummary.data(source.data, data));
        print("network     " + TrainingSummary.network(data.network(), recipe.precision()));
        if (data.training().kernels().size() > 1) {
            warn("the machines use different BLAS kernels, so that the last bits depend on who computes what: "
                    + String.join("; ", data.training().kernels()));
        }
        warnOfSaturation(recipe, data, start);
    }

    private void train(
            Recipe recipe, TrainingData data, Fitting.Prepared prepared, Checkpoints checkpoints, AtomicOutput output)
            throws IOException {
        Fitting.Fit fit = run(recipe, prepared, checkpoints);
        checkpoints.saveLast();
        TrainedModel trained = fit.model();
        warnOfDeadUnits(recipe, data, trained.theta());
        print("training    " + MetricsText.line(recipe.measured(trained, data.training())));
        if (data.validation() != null) {
            print("validation  " + MetricsText.line(recipe.measured(trained, data.validation())));
        }
        ModelStore.save(trained, output);
        print("loss        " + TrainingSummary.loss(fit.result(), fit.loss(), prepared.stepsPerEpoch()));
        print("time        " + TrainingSummary.time(fit.times(), fit.place()));
        print("model       " + model);
    }

    /** Trains, from where the checkpoints go on, and shows how it goes. */
    final Fitting.Fit run(Recipe recipe, Fitting.Prepared prepared, Checkpoints checkpoints) {
        Trainer.Point from = checkpoints.start(prepared);
        Metric metric = recipe.rule() == null ? null : recipe.rule().metric();
        boolean terminal = System.getenv("FIRESTEEL_TTY") != null;
        try (Progress progress = new Progress(errors(), terminal, from.state().step(), prepared.steps(), metric)) {
            return prepared.run(from, Trainer.Listener.all(List.of(progress, checkpoints)));
        }
    }

    /** Trains a model without each fold and measures it on the fold. */
    final List<Fold> crossValidate(Recipe recipe, TrainingRows rows, ObjIntConsumer<Metrics> told) {
        return recipe.crossValidate(
                rows,
                fitting.folds(),
                fitting.isStratified(),
                fold -> run(fold.recipe(), fold.from(fold.start(), List.of()), Checkpoints.none()),
                told);
    }

    /** Refuses what has no meaning with --folds, each model of which is of other rows. */
    private void expectSuitsFolds() {
        if (fitting.folds() == null) {
            return;
        }
        Map<String, String> others = new LinkedHashMap<>();
        others.put("--checkpoint", checkpoint.directory);
        others.put("--resume", checkpoint.resume);
        others.put("--warm-start", warmStart);
        others.values().removeIf(Objects::isNull);
        others.forEach((option, value) -> {
            throw new UserError(option + " " + value + ": expected none with --folds, which trains "
                    + (fitting.folds() + 1) + " models, each of other rows");
        });
    }

    /** The model to start from; null for none. */
    private WarmStart warmStart(Recipe recipe, Configuration hadoop) throws IOException {
        if (warmStart == null) {
            return null;
        }
        if (fitting.startsAreGiven()) {
            throw new UserError(
                    "--init and --init-scale: expected none with --warm-start, whose weights are the model's");
        }
        WarmStart warm = WarmStart.open(warmStart, hadoop);
        warm.expectFits(recipe, labels, features, fitting.kinds());
        if (fitting.sparse() == Sparse.TRUE && !warm.description().inputs().keepsZeros()) {
            throw new UserError("--sparse true: expected false with --warm-start " + warmStart
                    + ", a model that centres its inputs and so fills them");
        }
        return warm;
    }

    private void warnOfSaturation(Recipe recipe, TrainingData data, double[] start) {
        warnOfParts(
                Saturation.ofHiddenLayers(data.network(), start, recipe.precision(), someRows(data)),
                0.5,
                "saturated at the start, so that it will hardly learn: try a smaller --init-scale"
                        + (recipe.standardize() ? "" : " or --standardize true"));
    }

    private void warnOfDeadUnits(Recipe recipe, TrainingData data, double[] theta) {
        Examples some = someRows(data);
        warnOfParts(
                Saturation.deadOfHiddenLayers(data.network(), theta, recipe.precision(), some),
                0.1,
                "dead, 0 for each of the " + some.size()
                        + " rows that were looked at, so that they learn no more: try a "
                        + "smaller --learning-rate or --activation leaky-relu");
    }

    private static Examples someRows(TrainingData data) {
        return data.training().rdd().first().examples();
    }

    /** Warns of layers of which more units than a part are so. */
    private void warnOfParts(List<Double> parts, double most, String so) {
        for (int l = 1; l <= parts.size(); l++) {
            if (parts.get(l - 1) > most) {
                warn(String.format(
                        Locale.ROOT, "%.0f%% of the units of hidden layer %d are %s", 100 * parts.get(l - 1), l, so));
            }
        }
    }

    final AtomicOutput openOutput(SparkSession spark) {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        try {
            if (existing.overwrite && !ModelStore.mayReplace(model, hadoop)) {
                throw new UserError("--model " + model + " is not a model: --overwrite replaces models only");
            }
            return AtomicOutput.open(model, existing.overwrite, hadoop);
        } catch (FileAlreadyExistsException e) {
            throw new UserError("--model " + model + " exists: --overwrite replaces it", e);
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--model " + model + " cannot be written: " + e.getMessage(), e);
        }
    }
}
