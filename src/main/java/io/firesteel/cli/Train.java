package io.firesteel.cli;

import io.firesteel.data.Columns;
import io.firesteel.data.HeldOut;
import io.firesteel.data.Sparse;
import io.firesteel.data.Table;
import io.firesteel.data.TrainingData;
import io.firesteel.data.TrainingRows;
import io.firesteel.data.UserError;
import io.firesteel.linalg.Blas;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelFormat;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.spark.AtomicOutput;
import io.firesteel.spark.Blocks;
import io.firesteel.spark.Engine;
import io.firesteel.spark.ModelStore;
import io.firesteel.spark.SparkEvaluation;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.Goal;
import io.firesteel.train.LocalObjective;
import io.firesteel.train.Saturation;
import io.firesteel.train.TimedObjective;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
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
            names = "--task",
            paramLabel = "NAME",
            defaultValue = "classification",
            description =
                    "classification (any label values), regression (numbers) or multilabel (several columns of 0 and "
                            + "1, or false and true).")
    private Task task;

    @Option(
            names = "--loss",
            paramLabel = "NAME",
            description = "Of a regression: squared (by default), absolute, huber (squared up to one deviation of the "
                    + "target, absolute beyond), poisson (for counts, with a log link).")
    private Loss loss;

    @Option(
            names = "--features",
            split = ",",
            paramLabel = "COL",
            description = "The input columns; by default all others.")
    private List<String> features = List.of();

    @Mixin
    private InputOptions inputs;

    @Option(names = "--weight", paramLabel = "COL", description = "The column of row weights, 0 or more.")
    private String weight;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private OptimizerOptions optimizer;

    @Mixin
    private PaceOptions pace;

    @Option(
            names = "--tolerance",
            paramLabel = "T",
            defaultValue = "0",
            description =
                    "Stops when a step improves the loss by less than this part of it (with batches: when a pass over "
                            + "all rows improves the mean loss of its steps so); 0 never does.")
    private double tolerance;

    @Option(
            names = "--class-weight",
            paramLabel = "W",
            description =
                    "Of a classification: yes=2,no=0.5, factors of the rows' weights by class (1 for those that are "
                            + "not named), or balanced: each class counts as much as any other. Metrics do not know it.")
    private String classWeight;

    @Mixin
    private RegularizationOptions regularization;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of weights and validation split.")
    private long seed;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            defaultValue = "double",
            description = "Of blocks and products: double, or single, which is faster and half as large.")
    private Precision precision;

    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "Where steps run: job, on the cluster; local, on the driver, for small data; auto, on the "
                    + "faster of the two. The result is the same, bit for bit.")
    private Engine engine;

    @Option(
            names = "--standardize",
            paramLabel = "BOOL",
            arity = "1",
            defaultValue = "true",
            description = "Scales inputs and regression targets to mean 0, deviation 1 (sparse inputs to deviation 1 "
                    + "alone, targets of a poisson loss to mean 1); the model undoes it.")
    private boolean standardize;

    @Option(
            names = "--sparse",
            paramLabel = "WHEN",
            description =
                    "Whether rows are held without their zeros, and inputs not centred: true, false, or auto, the "
                            + "default: for LibSVM and columns of vectors, where at most a twentieth is filled.")
    private Sparse sparse; // null for auto, as checkpoints have it that are older than the option

    @Option(
            names = "--warm-start",
            paramLabel = "MODEL",
            description =
                    "Starts from the weights of a model of the same settings, and keeps its features, classes and "
                            + "scaling.")
    private String warmStart;

    @Mixin
    private ValidationOptions validation;

    @Mixin
    private StoppingOptions stopping;

    @Mixin
    private CheckpointOptions checkpoint;

    /** What the options come to: the training, and how it is watched; that is null where no rows are held out. */
    record Resolved(TrainingConfig config, EarlyStopping rule) {}

    /**
     * Checks the options, as far as that needs no data.
     *
     * @throws UserError when they cannot be meant
     */
    final Resolved resolve() {
        if (loss != null && !task.losses(1).contains(loss)) {
            throw new UserError("--loss " + loss + ": expected none with --task " + task + ", whose loss is "
                    + "cross-entropy (--task regression may have it)");
        }
        TrainingConfig config = config();
        if (!config.classWeighting().isNone() && task != Task.CLASSIFICATION) {
            throw new UserError("--class-weight " + classWeight + ": expected none with --task " + task
                    + ", since only a classification has classes");
        }
        validation.check(task);
        EarlyStopping rule = stopping.rule(task, validation.isGiven(), validation.folds != null);
        expectSuitsFolds();
        return new Resolved(config, rule);
    }

    @Override
    void run(SparkSession spark) throws IOException {
        Resolved resolved = resolve();
        TrainingConfig config = resolved.config;
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        WarmStart warm = warmStart(config, hadoop);
        try (AtomicOutput output = openOutput(spark);
                Checkpoints checkpoints =
                        Checkpoints.open(checkpoint, existing.overwrite, settings(), hadoop, this::warn);
                TrainingRows rows = readRows(table(spark), warm);
                TrainingData data = data(rows, resolved, heldOut(spark))) {
            Goal goal = goal(config, data);
            double[] start = warm == null ? trainer(config, data).start() : warm.theta();
            announce(data, start);
            List<ModelDescription.Fold> folds = !hasFolds()
                    ? List.of()
                    : crossValidate(
                            config,
                            rows,
                            (metrics, part) -> print(String.format(
                                    Locale.ROOT,
                                    "fold %-6s %s",
                                    part + 1 + "/" + validation.folds,
                                    MetricsText.line(metrics))));
            if (!folds.isEmpty()) {
                print("folds       " + MetricsText.folds(folds));
            }
            rows.forget(); // what is left to do is done with the blocks
            train(resolved, data, goal, folds, start, checkpoints, output);
        }
    }

    /** The table that the options name. */
    final Table table(SparkSession spark) {
        return source.open(spark);
    }

    /** The rows of the model's own training that the options hold out. */
    final HeldOut heldOut(SparkSession spark) {
        return validation.heldOut(spark, source, task);
    }

    /** Whether models are measured by rows that they were not trained on. */
    final boolean isValidated() {
        return validation.isGiven() || hasFolds();
    }

    /** Whether folds are. */
    final boolean hasFolds() {
        return validation.folds != null;
    }

    /** Whether the model is to be written. */
    final boolean hasModel() {
        return model != null;
    }

    /** Whether what is there already is replaced. */
    final boolean overwrites() {
        return existing.overwrite;
    }

    /** The metric by which models are compared. */
    final Metric metric() {
        return StoppingOptions.metric(stopping.metric, task);
    }

    /** What decides how rows are read, of the options that a search may vary. */
    final Object rowsKey() {
        return List.of(Optional.ofNullable(loss), Optional.ofNullable(sparse), inputs.kinds());
    }

    /** What decides how data is made of rows, of the options that a search may vary. */
    final Object dataKey(TrainingRows rows) {
        TrainingConfig config = config();
        return List.of(
                rowsKey(),
                standardize,
                precision,
                rows.blockRows(config),
                config.pace().hasBatches());
    }

    /** All metrics of a model on blocks. */
    final Metrics measured(TrainedModel trained, Blocks blocks) {
        return SparkEvaluation.of(trained.description(), trained.theta(), precision, blocks);
    }

    /** Reads the rows that the options name. */
    final TrainingRows readRows(Table table, WarmStart warm) {
        Sparse reading = sparse == null ? Sparse.AUTO : sparse;
        if (warm != null) {
            Columns columns = warm.columns(table, weight, validation.column, source.exclude);
            return TrainingRows.read(table, columns.reading(reading), loss, warm.description());
        }
        Columns columns = Columns.forTraining(table, task, features, labels, weight, validation.column, source.exclude);
        return TrainingRows.read(table, columns.reading(reading), inputs.kinds(), loss);
    }

    /** The data to train on, that can be validated as the options want it. */
    final TrainingData data(TrainingRows rows, Resolved resolved, HeldOut heldOut) {
        if (validation.folds != null) {
            rows.expectRowsFor(validation.folds, validation.isStratified(task), resolved.config);
        }
        TrainingData data = rows.data(resolved.config, standardize, heldOut, partitions());
        if (resolved.rule != null && !resolved.rule.metric().isAlwaysDefined()) {
            try {
                expectDefined(resolved.rule.metric(), data);
            } catch (UserError e) {
                data.close();
                throw e;
            }
        }
        return data;
    }

    /**
     * What a training minimises on these data.
     *
     * @throws UserError when settings do not fit them
     */
    final Goal goal(TrainingConfig config, TrainingData data) {
        long rows = data.training().rows();
        steps(config, rows);
        ClassWeights classWeights = data.classWeights(config.classWeighting());
        return config.goal(data.network(), classWeights, rows, data.training().blockRows());
    }

    /** A trainer on these data. */
    static Trainer trainer(TrainingConfig config, TrainingData data) {
        return new Trainer(data.network(), config, data.training().rows());
    }

    /** As many tasks as there are cores. */
    private static int partitions() {
        return Math.max(1, SparkSession.active().sparkContext().defaultParallelism());
    }

    /** Says what is about to be trained, and what may be amiss with it. */
    private void announce(TrainingData data, double[] start) {
        print("data        " + TrainingSummary.data(source.data, data));
        print("network     " + TrainingSummary.network(data.network(), precision));
        if (data.training().kernels().size() > 1) {
            warn("the machines use different BLAS kernels, so that the last bits depend on who computes what: "
                    + String.join("; ", data.training().kernels()));
        }
        warnOfSaturation(data, start);
    }

    private void train(
            Resolved resolved,
            TrainingData data,
            Goal goal,
            List<ModelDescription.Fold> folds,
            double[] start,
            Checkpoints checkpoints,
            AtomicOutput output)
            throws IOException {
        Fit fit = fit(resolved, data, goal, folds, start, checkpoints);
        checkpoints.saveLast();
        ModelDescription description = fit.description;
        double[] theta = fit.result.theta();
        print("training    " + MetricsText.line(SparkEvaluation.of(description, theta, precision, data.training())));
        if (data.validation() != null) {
            print("validation  "
                    + MetricsText.line(SparkEvaluation.of(description, theta, precision, data.validation())));
        }
        ModelStore.save(new TrainedModel(description, theta), output);
        int stepsPerEpoch = resolved.config.pace().stepsPerEpoch(data.training().rows());
        print("loss        " + TrainingSummary.loss(fit.result, fit.goal, stepsPerEpoch));
        print("time        " + TrainingSummary.time(fit.objective));
        print("model       " + model);
    }

    /** A training that is done. */
    record Fit(Trainer.Result result, Goal goal, TimedObjective objective, ModelDescription description) {}

    /** Trains from {@code start}, or from where the checkpoints go on. */
    final Fit fit(
            Resolved resolved,
            TrainingData data,
            Goal goal,
            List<ModelDescription.Fold> folds,
            double[] start,
            Checkpoints checkpoints) {
        TrainingConfig config = resolved.config;
        EarlyStopping rule = resolved.rule;
        Network network = data.network();
        long rows = data.training().rows();
        int steps = steps(config, rows);
        Trainer trainer = trainer(config, data);
        TimedObjective objective = engine.objective(goal, data.training(), start);
        String blas = objective instanceof LocalObjective
                ? Blas.description()
                : String.join("; ", data.training().kernels());
        Trainer.Point from = checkpoints.start(
                data.training(),
                trainer.begin(start),
                steps,
                config.pace().stepsPerEpoch(rows),
                history -> describe(data, history, validated(rule, null, folds), blas));
        Trainer.Watch watch = null;
        if (rule != null) {
            Evaluation evaluation = evaluation(data, rule.metric());
            watch = new Trainer.Watch(
                    Engine.evaluation(objective, evaluation, network, precision, data.validation()), rule);
        }
        try (Progress progress = new Progress(
                errors(),
                System.getenv("FIRESTEEL_TTY") != null,
                from.state().step(),
                steps,
                rule == null ? null : rule.metric())) {
            Trainer.Result result =
                    trainer.train(objective, from, watch, Trainer.Listener.all(List.of(progress, checkpoints)));
            Integer kept = result.isEarlier() ? result.step() : null;
            return new Fit(
                    result, goal, objective, describe(data, result.history(), validated(rule, kept, folds), blas));
        }
    }

    private static ModelDescription.Validation validated(
            EarlyStopping rule, Integer keptStep, List<ModelDescription.Fold> folds) {
        return rule == null && folds.isEmpty()
                ? null
                : new ModelDescription.Validation(
                        rule == null ? null : rule.metric(), keptStep, folds.isEmpty() ? null : folds);
    }

    /** The evaluation of the rows held out, with no more than the metric needs. */
    private Evaluation evaluation(TrainingData data, Metric metric) {
        return new Evaluation(describe(data, List.of(), null, ""), metric.isArea());
    }

    /** Refuses a metric that is not defined on the rows held out. */
    private void expectDefined(Metric metric, TrainingData data) {
        Evaluation evaluation = evaluation(data, metric);
        double[] any = new double[data.network().parameterCount()];
        StoppingOptions.expectDefined(
                metric, new SparkEvaluation(evaluation, data.network(), precision, data.validation()).at(any));
    }

    /** Trains a model without each fold and measures it on the fold. */
    final List<ModelDescription.Fold> crossValidate(
            TrainingConfig config, TrainingRows rows, ObjIntConsumer<Metrics> told) {
        int folds = validation.folds;
        List<ModelDescription.Fold> measured = new ArrayList<>();
        for (int part = 0; part < folds; part++) {
            HeldOut fold = new HeldOut.Fold(part, folds, validation.isStratified(task));
            try (TrainingData data = rows.data(config, standardize, fold, partitions())) {
                double[] start = trainer(config, data).start();
                Fit fit =
                        fit(new Resolved(config, null), data, goal(config, data), List.of(), start, Checkpoints.none());
                Metrics metrics = SparkEvaluation.of(fit.description, fit.result.theta(), precision, data.validation());
                told.accept(metrics, part);
                measured.add(ModelDescription.Fold.of(metrics));
            }
        }
        return measured;
    }

    /** Refuses what has no meaning with --folds, each model of which is of other rows. */
    private void expectSuitsFolds() {
        if (validation.folds == null) {
            return;
        }
        Map<String, String> others = new LinkedHashMap<>();
        others.put("--checkpoint", checkpoint.directory);
        others.put("--resume", checkpoint.resume);
        others.put("--warm-start", warmStart);
        others.values().removeIf(Objects::isNull);
        others.forEach((option, value) -> {
            throw new UserError(option + " " + value + ": expected none with --folds, which trains "
                    + (validation.folds + 1) + " models, each of other rows");
        });
    }

    /** The model to start from; null for none. */
    private WarmStart warmStart(TrainingConfig config, Configuration hadoop) throws IOException {
        if (warmStart == null) {
            return null;
        }
        if (network.startsAreGiven()) {
            throw new UserError(
                    "--init and --init-scale: expected none with --warm-start, whose weights are the model's");
        }
        WarmStart warm = WarmStart.open(warmStart, hadoop);
        warm.expectFits(config, task, labels, features, inputs.kinds(), standardize);
        if (sparse == Sparse.TRUE && !warm.description().inputs().keepsZeros()) {
            throw new UserError("--sparse true: expected false with --warm-start " + warmStart
                    + ", a model that centres its inputs and so fills them");
        }
        return warm;
    }

    private void warnOfSaturation(TrainingData data, double[] start) {
        List<Double> parts = Saturation.ofHiddenLayers(
                data.network(), start, precision, data.training().rdd().first().examples());
        for (int l = 1; l <= parts.size(); l++) {
            if (parts.get(l - 1) > 0.5) {
                warn(String.format(
                        Locale.ROOT,
                        "%.0f%% of the units of hidden layer %d are saturated at the start, so that it will hardly "
                                + "learn: try a smaller --init-scale%s",
                        100 * parts.get(l - 1),
                        l,
                        standardize ? "" : " or --standardize true"));
            }
        }
    }

    private ModelDescription describe(
            TrainingData data,
            List<ModelDescription.Step> history,
            ModelDescription.Validation validated,
            String blas) {
        return new ModelDescription(
                ModelFormat.VERSION,
                task,
                data.network().layers(),
                ModelDescription.activationNames(data.network()),
                data.network().loss(),
                data.columns().features(),
                data.columns().ignored(),
                data.columns().encoding(),
                data.inputs(),
                data.columns().labels(),
                data.classes(),
                data.targets(),
                seed,
                data.training().rows(),
                data.validation() == null ? 0 : data.validation().rows(),
                data.training().blockRows(),
                precision.toString(),
                blas,
                Firesteel.Version.number(),
                org.apache.spark.package$.MODULE$.SPARK_VERSION(),
                System.getProperty("java.version"),
                settings(),
                history,
                validated,
                "");
    }

    /** The options that have a value, as the command line names them. Readers' options may hold secrets: not those. */
    private Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        for (OptionSpec option : options()) {
            String name = option.longestName().substring(2);
            Object value = option.getValue();
            if (value != null && !option.usageHelp() && !option.versionHelp() && !name.equals("option")) {
                settings.put(name, value instanceof List<?> list ? join(list) : value.toString());
            }
        }
        TrainingConfig config = config();
        config.rule().settings().forEach((name, value) -> settings.put(name, value.toString()));
        if (config.pace().iterations() != null) {
            settings.put("iterations", config.pace().iterations().toString());
        }
        return settings;
    }

    private static String join(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private TrainingConfig config() {
        try {
            return new TrainingConfig(
                    network.hiddenUnits(),
                    network.activations(),
                    network.initializer(),
                    network.initScale(),
                    optimizer.optimizer(),
                    pace.pace(),
                    regularization.regularization(),
                    tolerance,
                    seed,
                    precision,
                    loss,
                    classWeight == null ? ClassWeighting.NONE : ClassWeighting.parse(classWeight));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    /** How many steps there will be at most, on so many rows; there is to be one after a warm-up. */
    private int steps(TrainingConfig config, long rows) {
        try {
            int steps = config.pace().steps(rows);
            optimizer.expectFitting(steps, config.pace());
            return steps;
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
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
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--model " + model + " cannot be written: " + e.getMessage(), e);
        }
    }
}
