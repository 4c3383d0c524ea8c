package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.Columns;
import io.firesteel.data.FeatureKinds;
import io.firesteel.data.HeldOut;
import io.firesteel.data.Sparse;
import io.firesteel.data.Table;
import io.firesteel.data.TrainingRows;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Loss;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.TrainingConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * What is asked of a model, wherever it is asked: on the command line, in a properties file, by the Params of Spark ML. Each
 * default is written here and nowhere else.
 */
public final class FitOptions {
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

    @Mixin
    private InputOptions inputs;

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

    @Mixin
    private ValidationOptions validation;

    @Mixin
    private StoppingOptions stopping;

    /**
     * Checks the options, as far as that needs no data.
     *
     * @param given the options that the settings are made of, these among them
     * @throws UserError when they cannot be meant
     */
    public Recipe resolve(List<OptionSpec> given) {
        if (loss != null && !task.losses(1).contains(loss)) {
            throw new SettingError(
                    "loss", loss, mention("task", "regression") + ", since a " + task + " has its own loss");
        }
        TrainingConfig config = config();
        if (!config.classWeighting().isNone() && task != Task.CLASSIFICATION) {
            throw new SettingError(
                    "class-weight",
                    classWeight,
                    mention("task", "classification") + ", since a " + task + " has no classes");
        }
        validation.check(task);
        return new Recipe(
                task,
                config,
                standardize,
                engine,
                stopping.rule(task, validation.isGiven(), folds() != null),
                settings(given, config));
    }

    private TrainingConfig config() {
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
    }

    /** The options that have a value, by their names. Readers' options may hold secrets: not those. */
    private static Map<String, String> settings(List<OptionSpec> given, TrainingConfig config) {
        Map<String, String> settings = new TreeMap<>();
        for (OptionSpec option : given) {
            String name = option.longestName().substring(2);
            Object value = option.getValue();
            if (value != null && !option.usageHelp() && !option.versionHelp() && !name.equals("option")) {
                settings.put(name, value instanceof List<?> list ? join(list) : value.toString());
            }
        }
        config.rule().settings().forEach((name, value) -> settings.put(name, value.toString()));
        if (config.pace().iterations() != null) {
            settings.put("iterations", config.pace().iterations().toString());
        }
        return settings;
    }

    private static String join(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    /**
     * Reads a table's rows.
     *
     * @param columns which of its columns are what
     */
    public TrainingRows read(Table table, Columns columns) {
        return TrainingRows.read(table, columns.reading(sparse()), inputs.kinds(), loss);
    }

    /** The task. */
    public Task task() {
        return task;
    }

    /** The loss of a regression; null for the task's usual one. */
    public Loss loss() {
        return loss;
    }

    /** What features may be besides numbers. */
    public FeatureKinds kinds() {
        return inputs.kinds();
    }

    /** Whether rows are read without their zeros. */
    public Sparse sparse() {
        return sparse == null ? Sparse.AUTO : sparse;
    }

    /** Whether anything is said of how weights start. */
    public boolean startsAreGiven() {
        return network.startsAreGiven();
    }

    /**
     * Which rows are held out of the model's own training.
     *
     * @param open opens another table
     */
    public HeldOut heldOut(Function<String, Table> open) {
        return validation.heldOut(task, open);
    }

    /** The column that marks the rows that are held out; null for none. */
    public String mark() {
        return validation.column;
    }

    /** How many folds are measured; null for none. */
    public Integer folds() {
        return validation.folds;
    }

    /** Whether a part that is held out is one of each class. */
    public boolean isStratified() {
        return validation.isStratified(task);
    }

    /** Whether models are measured by rows that they were not trained on. */
    public boolean isValidated() {
        return validation.isGiven() || folds() != null;
    }

    /**
     * The metric by which models are compared.
     *
     * @throws UserError when the task has no such metric
     */
    public Metric metric() {
        return StoppingOptions.metric(stopping.metric, task);
    }

    /** What decides how rows are read, of these options. */
    public Object rowsKey() {
        return List.of(Optional.ofNullable(loss), Optional.ofNullable(sparse), inputs.kinds());
    }
}
