package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.InferredTask;
import io.firesteel.data.Preparation;
import io.firesteel.data.TableRows;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Schedule;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Schema;
import io.firesteel.table.Sparse;
import io.firesteel.table.Table;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.OptimizerConfig;
import io.firesteel.train.OptimizerKind;
import io.firesteel.train.Pace;
import io.firesteel.train.Regularization;
import io.firesteel.train.TrainingConfig;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings of a training, resolved and checked as far as that needs no data. {@link #builder()} makes them.
 *
 * @param inputs what a table's columns are
 * @param layers what the network has besides units and activations
 * @param config network, optimiser, length and what else the training loop needs
 * @param validation which rows the model is validated on
 * @param stopping what is measured on the validation rows and what follows; null where no rows are held out of the model's own
 *     training
 * @param metric by which models are compared
 * @param threshold above which the second of two classes is predicted; null for 1/2
 * @param engine where steps are computed
 * @param taskReason why the labels have this task; null where the task was asked for, or no label was seen yet
 * @param given the settings that were given, with which the rows of a table decide the others
 * @param open the keys of settings that the rows of a table will decide; empty once they have
 * @param texts the settings by their keys, as a model contains them, with the builder's notes
 */
public record Settings(
        Task task,
        InputSettings inputs,
        LayerSettings layers,
        TrainingConfig config,
        ValidationSettings validation,
        EarlyStopping stopping,
        Metric metric,
        Threshold threshold,
        Engine engine,
        String taskReason,
        Builder given,
        Set<String> open,
        Map<String, String> texts) {

    /** Returns a builder in which everything has its default. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the precision of blocks and products. */
    public Precision precision() {
        return config.precision();
    }

    /** Returns whether models are measured on rows that they were not trained on. */
    public boolean isValidated() {
        return validation.holdsRowsOut() || validation.folds() != null;
    }

    /** Returns whether the validation rows choose the threshold between two classes. */
    boolean choosesThreshold() {
        return threshold != null && threshold.isChosen();
    }

    /** Returns the threshold between two classes that was given; null for 1/2, and where the validation rows choose it. */
    Double givenThreshold() {
        return threshold == null || threshold.isChosen() || threshold.value() == 0.5 ? null : threshold.value();
    }

    /** Returns the same settings for a training during which nothing is measured. */
    Settings withoutStopping() {
        return new Settings(
                task,
                inputs,
                layers,
                config,
                validation,
                null,
                metric,
                threshold,
                engine,
                taskReason,
                given,
                open,
                texts);
    }

    /** Returns the settings of a training on a table's rows of another length. */
    Settings ofLength(TrainingLength length, TableRows rows) {
        Builder other = given.copy();
        other.given.keySet().removeAll(Set.of(Setting.EPOCHS, Setting.ITERATIONS));
        return other.set(length.setting(), length.count()).build().decidedBy(rows);
    }

    /**
     * Reads a table's rows.
     *
     * @throws io.firesteel.base.UserError when it cannot be used
     */
    TableRows read(Table table) {
        NumberedRows rows = read(table, task);
        if (!open.contains(Setting.TASK.key())) {
            return TableRows.toTrainOn(rows, null);
        }
        InferredTask inferred = InferredTask.of(rows, table.hasDecimalCommas());
        if (inferred.task() != task) {
            rows.close();
            rows = read(table, inferred.task());
        }
        return TableRows.toTrainOn(rows, inferred.reason());
    }

    private NumberedRows read(Table table, Task as) {
        Columns columns = columns(table.measured(), as);
        return NumberedRows.read(table, columns.reading(inputs.sparse()).forLoss(config.loss()), inputs.kinds());
    }

    /**
     * Makes sure that a table has the columns that these settings name.
     *
     * @throws io.firesteel.base.UserError when it has not
     */
    public void expectColumns(Schema schema) {
        Columns unused = columns(schema, task);
    }

    private Columns columns(Schema schema, Task as) {
        return Columns.forTraining(
                schema, as, inputs.features(), inputs.labels(), inputs.weight(), validation.column(), inputs.exclude());
    }

    /**
     * Returns the settings of a training on a table's rows, which decide the task and how many rows are held out and make a
     * batch, where this was not given.
     *
     * @throws io.firesteel.base.UserError when the settings do not fit the task
     */
    Settings decidedBy(TableRows rows) {
        return given.build(new Facts(
                rows.count(), rows.outputs(), rows.isSparse(), rows.columns().task(), rows.taskReason()));
    }

    /**
     * What is known of a table.
     *
     * @param outputs the number of classes, or of targets
     * @param sparse whether the inputs are
     * @param taskReason why it has the task
     */
    private record Facts(long rows, int outputs, boolean sparse, Task task, String taskReason) {}

    /** Returns how rows are prepared for the training, in blocks of this many partitions. */
    Preparation preparation(TableRows rows, int partitions) {
        return new Preparation(
                network(rows),
                config.precision(),
                config.seed(),
                config.pace().hasBatches(),
                inputs.standardize(),
                inputs.robust(),
                inputs.pieces(),
                partitions);
    }

    /**
     * Returns the network for some rows.
     *
     * @throws io.firesteel.base.UserError when the settings do not fit them
     */
    Network network(TableRows rows) {
        double dropout = config.regularization().inputDropout();
        if (rows.isSparse() && dropout > 0) {
            throw new SettingError(
                    "input-dropout", dropout, "none where inputs are sparse", mention("sparse", false) + " fills them");
        }
        if (rows.isSparse() && inputs.robust() && given.isGiven(Setting.ROBUST)) {
            throw new SettingError(
                    "robust",
                    true,
                    "false where inputs are sparse, whose quartiles are 0",
                    mention("sparse", false) + " fills them");
        }
        if (rows.isSparse() && inputs.kinds().missing() == Missing.INDICATOR && given.isGiven(Setting.MISSING)) {
            throw new SettingError(
                    "missing",
                    Missing.INDICATOR,
                    mention("missing", Missing.MEAN) + " where inputs are sparse",
                    mention("sparse", false) + " fills them");
        }
        if (rows.isSparse() && layers.embedding() != Embedding.NONE && given.isGiven(Setting.EMBEDDING)) {
            throw new SettingError(
                    "embedding",
                    layers.embedding(),
                    "none where inputs are sparse",
                    mention("sparse", false) + " fills them");
        }
        try {
            InputLayout layout = rows.layout();
            return layers.applied(config.network(task, layout.inputs(), rows.outputs()), layout, rows.isSparse());
        } catch (UserError e) {
            throw e; // which says it already
        } catch (IllegalArgumentException e) {
            throw new UserError(mention("hidden") + " is too large: " + e.getMessage(), e);
        }
    }

    /** Returns what decides how rows are read: two settings of the same key read a table alike. */
    Object rowsKey() {
        return java.util.Arrays.asList(config.loss(), inputs);
    }

    /** Returns what decides how read rows become blocks. */
    Object dataKey(TableRows rows) {
        return List.of(
                rowsKey(),
                config.precision(),
                rows.blockRows(network(rows)),
                config.pace().hasBatches());
    }

    /**
     * Returns the maximum number of steps on this many rows.
     *
     * @throws SettingError when none follows the warm-up, or they are too many
     */
    int steps(long rows) {
        Pace pace = config.pace();
        int steps = pace.steps(rows);
        if (config.rule().schedule() instanceof Schedule.WarmUp warmUp && warmUp.steps() >= steps) {
            String total = pace.epochs() == null
                    ? mention("iterations", steps)
                    : "the " + steps + " steps of " + mention("epochs", pace.epochs());
            throw new SettingError("warm-up", warmUp.steps(), "fewer steps than " + total);
        }
        return steps;
    }

    /** Collects the values of settings, each of which it checks by itself, and resolves them. */
    public static final class Builder {
        /** The number of steps of a training that has no other length. */
        private static final int USUAL_ITERATIONS = 200;

        private static final List<Setting<?>> HELD_OUT_OTHERWISE =
                List.of(Setting.VALIDATION_COLUMN, Setting.VALIDATION_DATA, Setting.FOLDS);

        /** Settings that have a meaning only with rows that are held out, however few rows there are. */
        private static final List<Setting<?>> NEED_ROWS_HELD_OUT = List.of(
                Setting.METRIC,
                Setting.VALIDATE_EVERY,
                Setting.PATIENCE,
                Setting.MIN_DELTA,
                Setting.KEEP_BEST,
                Setting.STRATIFY);

        /** Settings whose default depends on a table. */
        private static final List<Setting<?>> DECIDED_BY_ROWS = List.of(
                Setting.VALIDATION_FRACTION,
                Setting.PATIENCE,
                Setting.REFIT,
                Setting.BATCH_SIZE,
                Setting.LABEL_SMOOTHING,
                Setting.MISSING,
                Setting.ROBUST,
                Setting.PIECES,
                Setting.EMBEDDING,
                Setting.MAX_ONE_HOT,
                Setting.SCALE_INPUTS);

        private final Map<Setting<?>, Object> given = new HashMap<>();
        private final Map<String, String> notes = new TreeMap<>();
        private long rows; // of the table that the settings are resolved for
        private int outputs; // its classes or targets
        private boolean sparse; // whether its inputs are

        private Builder() {}

        /**
         * Gives a setting a value.
         *
         * @throws SettingError when the value cannot be meant
         */
        public <T> Builder set(Setting<T> setting, T value) {
            given.put(setting, setting.checked(value));
            return this;
        }

        /**
         * Gives the setting of a key the value that a text says.
         *
         * @throws SettingError when the value cannot be meant
         * @throws IllegalArgumentException when there is no such setting
         */
        public Builder set(String key, String text) {
            Setting<?> setting = Setting.of(key);
            given.put(setting, setting.parse(text));
            return this;
        }

        /** Adds what else a model shall contain among its settings, such as the path of the data. */
        public Builder note(String key, String text) {
            notes.put(key, text);
            return this;
        }

        /** Returns a builder of the same values. */
        public Builder copy() {
            Builder copy = new Builder();
            copy.given.putAll(given);
            copy.notes.putAll(notes);
            return copy;
        }

        /** Returns whether a setting has been given a value. */
        public boolean isGiven(Setting<?> setting) {
            return given.containsKey(setting);
        }

        /** Returns a setting's value, or its default; null for none. */
        <T> T get(Setting<T> setting) {
            @SuppressWarnings("unchecked") // set takes nothing else
            T value = (T) given.get(setting);
            if (value == null && setting == Setting.MISSING && preset() != Preset.NOTES && hasSparseInputs()) {
                @SuppressWarnings("unchecked") // of the setting's type
                T means = (T) Missing.MEAN; // sparse inputs have no indicators
                return means;
            }
            return value == null ? setting.byDefault(fits(setting) ? preset() : Preset.NOTES) : value;
        }

        private boolean hasSparseInputs() {
            return sparse || given.get(Setting.SPARSE) == Sparse.TRUE;
        }

        private Preset preset() {
            return (Preset) given.getOrDefault(Setting.PRESET, Setting.PRESET.byDefault(Preset.DEFAULT));
        }

        /** Returns whether the preset's default of a setting fits to what was given; else that of the notes does. */
        private boolean fits(Setting<?> setting) {
            if (setting == Setting.VALIDATION_FRACTION) {
                return HELD_OUT_OTHERWISE.stream().noneMatch(this::isGiven)
                        && (Preset.canHoldOut(rows, outputs)
                                || NEED_ROWS_HELD_OUT.stream().anyMatch(this::isGiven)
                                || (isGiven(Setting.THRESHOLD)
                                        && get(Setting.THRESHOLD).isChosen())
                                || Boolean.TRUE.equals(given.get(Setting.REFIT)));
            } else if (setting == Setting.PATIENCE) {
                return holdsRowsOut();
            } else if (setting == Setting.REFIT) {
                return get(Setting.VALIDATION_FRACTION) > 0;
            }
            if (setting == Setting.DROPOUT) {
                return !get(Setting.HIDDEN).isEmpty() && get(Setting.OPTIMIZER) != OptimizerKind.LBFGS;
            }
            if (setting == Setting.ROBUST) {
                return get(Setting.STANDARDIZE) && !hasSparseInputs();
            }
            if (setting == Setting.PIECES) {
                return isRecipe() && get(Setting.ROBUST);
            }
            if (setting == Setting.EMBEDDING || setting == Setting.MAX_ONE_HOT || setting == Setting.SCALE_INPUTS) {
                return isRecipe() && !hasSparseInputs();
            }
            if (setting == Setting.PARAMETRIC || setting == Setting.SCALE_RATES || setting == Setting.MEMBERS) {
                return isRecipe();
            }
            return (setting != Setting.SCHEDULE && setting != Setting.ANNEAL) || hasBatches();
        }

        /** Returns whether the network can be as the preset has it: one with hidden layers, of which each tensor has its rate. */
        private boolean isRecipe() {
            OptimizerKind optimizer = get(Setting.OPTIMIZER);
            return preset() != Preset.NOTES
                    && !get(Setting.HIDDEN).isEmpty()
                    && (optimizer == OptimizerKind.ADAM || optimizer == OptimizerKind.ADAMW);
        }

        private boolean holdsRowsOut() {
            return get(Setting.VALIDATION_FRACTION) > 0
                    || isGiven(Setting.VALIDATION_COLUMN)
                    || isGiven(Setting.VALIDATION_DATA);
        }

        /** Returns whether steps see a part of the rows. */
        private boolean hasBatches() {
            OptimizerKind optimizer = get(Setting.OPTIMIZER);
            boolean usual =
                    preset() != Preset.NOTES && optimizer != OptimizerKind.GD && optimizer != OptimizerKind.LBFGS;
            return usual || isGiven(Setting.BATCH_SIZE) || isGiven(Setting.BATCH_FRACTION);
        }

        /** Returns the task that was asked for, or that a setting has alone; null where labels decide. */
        private Task askedTask() {
            if (isGiven(Setting.LOSS) && !isGiven(Setting.TASK)) {
                return Task.REGRESSION;
            }
            Metric asked = get(Setting.METRIC);
            boolean isOfNumbers = asked.fits(Task.REGRESSION) && !asked.fits(Task.CLASSIFICATION);
            boolean isOfClasses = isGiven(Setting.CLASS_WEIGHT)
                    || isGiven(Setting.THRESHOLD)
                    || Boolean.TRUE.equals(get(Setting.STRATIFY))
                    || (asked.fits(Task.CLASSIFICATION) && !asked.fits(Task.REGRESSION));
            Task only = isOfClasses ? Task.CLASSIFICATION : isOfNumbers ? Task.REGRESSION : null;
            return given(Setting.TASK, only);
        }

        /**
         * Resolves the settings.
         *
         * @throws io.firesteel.base.UserError when they do not fit each other
         */
        public Settings build() {
            return build(null);
        }

        /** Resolves the settings for a table; null where it is not known yet. */
        private Settings build(Facts facts) {
            rows = facts == null ? Long.MAX_VALUE : facts.rows();
            outputs = facts == null ? 1 : facts.outputs();
            sparse = facts != null && facts.sparse();
            Task asked = askedTask();
            Task task = asked != null ? asked : facts == null ? Task.CLASSIFICATION : facts.task();
            Loss loss = get(Setting.LOSS);
            SettingError.expect(
                    loss == null || task.losses(1).contains(loss),
                    "loss",
                    loss,
                    mention("task", "regression") + ", since a " + task + " has its own loss");
            SettingError.expect(
                    !get(Setting.ROBUST) || get(Setting.STANDARDIZE),
                    "robust",
                    true,
                    mention("standardize", true) + ", since it is a way to standardize");
            SettingError.expect(
                    get(Setting.ROBUST) || get(Setting.PIECES) == 0,
                    "pieces",
                    get(Setting.PIECES),
                    mention("robust", true) + ", since pieces end at quantiles, or 0");
            InputSettings inputs = new InputSettings(
                    get(Setting.LABEL),
                    get(Setting.FEATURES),
                    get(Setting.WEIGHT),
                    get(Setting.EXCLUDE),
                    new FeatureKinds(
                            get(Setting.CATEGORICAL), get(Setting.UNSEEN), get(Setting.MISSING), get(Setting.DATES)),
                    get(Setting.SPARSE),
                    get(Setting.STANDARDIZE),
                    get(Setting.ROBUST),
                    get(Setting.PIECES));
            LayerSettings layers = new LayerSettings(
                    get(Setting.EMBEDDING),
                    get(Setting.MAX_ONE_HOT),
                    get(Setting.SCALE_INPUTS),
                    get(Setting.PARAMETRIC),
                    get(Setting.MEMBERS));
            TrainingConfig config = config(task, loss);
            SettingError.expect(
                    config.classWeighting().isNone() || task == Task.CLASSIFICATION,
                    "class-weight",
                    get(Setting.CLASS_WEIGHT),
                    mention("task", "classification") + ", since a " + task + " has no classes");
            SettingError.expect(
                    config.regularization().labelSmoothing() == 0 || task != Task.REGRESSION,
                    "label-smoothing",
                    get(Setting.LABEL_SMOOTHING),
                    "0 with " + mention("task", Task.REGRESSION) + ", whose targets are numbers");
            ValidationSettings validation = ValidationSettings.of(this, task);
            Metric metric = MetricRules.expectFits(get(Setting.METRIC), task, loss);
            return new Settings(
                    task,
                    inputs,
                    layers,
                    config,
                    validation,
                    stopping(validation, metric),
                    metric,
                    threshold(task, facts, validation),
                    get(Setting.ENGINE),
                    facts == null ? null : facts.taskReason(),
                    copy(),
                    facts == null ? open(asked) : Set.of(),
                    Map.copyOf(texts(task, config)));
        }

        /** Returns the keys of settings that depend on the rows of a table. */
        private Set<String> open(Task asked) {
            Set<String> open = new TreeSet<>();
            if (asked == null) {
                open.add(Setting.TASK.key());
            }
            if (preset() != Preset.NOTES) {
                DECIDED_BY_ROWS.stream()
                        .filter(setting -> !isGiven(setting))
                        .forEach(setting -> open.add(setting.key()));
            }
            return open;
        }

        private TrainingConfig config(Task task, Loss loss) {
            List<Activation> activations = get(Setting.ACTIVATION);
            boolean rectifier = activations.stream().anyMatch(Activation::isRectifier);
            Initializer usual = isRecipe() ? Initializer.LECUN : rectifier ? Initializer.HE : Initializer.GLOROT;
            Initializer initializer = given(Setting.INIT, usual);
            String classWeight = get(Setting.CLASS_WEIGHT);
            return new TrainingConfig(
                    get(Setting.HIDDEN),
                    activations,
                    initializer,
                    given(Setting.INIT_SCALE, initializer.defaultScale()),
                    optimizer(task),
                    pace(),
                    new Regularization(
                            get(Setting.L2),
                            get(Setting.L1),
                            get(Setting.INPUT_DROPOUT),
                            get(Setting.DROPOUT),
                            get(Setting.ANNEAL),
                            labelSmoothing(task)),
                    get(Setting.TOLERANCE),
                    get(Setting.SEED),
                    get(Setting.PRECISION),
                    loss,
                    quantiles(loss),
                    classWeight == null ? ClassWeighting.NONE : ClassWeighting.parse(classWeight));
        }

        /**
         * Returns the label smoothing that was given, else the one that pays: where it is the accuracy of many classes that counts,
         * and for few rows, of which a network would become surer than they let it be.
         */
        private double labelSmoothing(Task task) {
            double usual = 0;
            if (isRecipe() && task == Task.CLASSIFICATION) {
                boolean areMany = outputs > 2 && get(Setting.METRIC) == Metric.ACCURACY;
                usual = areMany ? Preset.LABEL_SMOOTHING : Preset.labelSmoothing(rows, outputs);
            }
            return given(Setting.LABEL_SMOOTHING, usual);
        }

        private Quantiles quantiles(Loss loss) {
            List<Double> levels = get(Setting.QUANTILES);
            return levels != null ? new Quantiles(levels) : loss == Loss.QUANTILE ? Quantiles.USUAL : Quantiles.NONE;
        }

        private <T> T given(Setting<T> setting, T otherwise) {
            T value = get(setting);
            return value == null ? otherwise : value;
        }

        private OptimizerConfig optimizer(Task task) {
            Map<String, Double> ofKind = new LinkedHashMap<>();
            for (Setting<?> setting : Setting.all()) {
                if (isGiven(setting) && OptimizerKind.haveSetting(setting.key())) {
                    ofKind.put(setting.key(), (Double) get(setting));
                }
            }
            if (preset() != Preset.NOTES && !isGiven(Setting.OPTIMIZER)) {
                ofKind.putIfAbsent(Setting.LEARNING_RATE.key(), Preset.learningRate(task));
                ofKind.putIfAbsent(Setting.BETA2.key(), Preset.BETA2);
                ofKind.putIfAbsent(Setting.WEIGHT_DECAY.key(), Preset.WEIGHT_DECAY);
            }
            Schedule schedule = Schedule.parse(get(Setting.SCHEDULE));
            int warmUp = get(Setting.WARM_UP);
            return new OptimizerConfig(
                    get(Setting.OPTIMIZER),
                    ofKind,
                    warmUp == 0 ? schedule : new Schedule.WarmUp(warmUp, schedule),
                    get(Setting.SCALE_RATES));
        }

        private Pace pace() {
            Integer iterations = get(Setting.ITERATIONS);
            Integer epochs = get(Setting.EPOCHS);
            if (iterations == null && epochs == null) {
                if (preset() != Preset.NOTES && hasBatches()) {
                    epochs = preset().epochs();
                } else {
                    iterations = USUAL_ITERATIONS;
                }
            }
            boolean usualBatches = hasBatches() && !isGiven(Setting.BATCH_SIZE) && !isGiven(Setting.BATCH_FRACTION);
            return new Pace(
                    iterations,
                    epochs,
                    usualBatches ? Integer.valueOf(Preset.batchSize(rows)) : get(Setting.BATCH_SIZE),
                    get(Setting.BATCH_FRACTION));
        }

        /** Returns the threshold between two classes; null for 1/2. */
        private Threshold threshold(Task task, Facts facts, ValidationSettings validation) {
            Threshold threshold = get(Setting.THRESHOLD);
            if (threshold == null) {
                return null;
            }
            SettingError.expect(
                    task == Task.CLASSIFICATION,
                    "threshold",
                    threshold,
                    mention("task", Task.CLASSIFICATION) + ", since " + mention("task", task) + " has no classes");
            SettingError.expect(
                    facts == null || facts.outputs() == 2,
                    "threshold",
                    threshold,
                    "a label of two classes, of which the second is predicted above it, and not of "
                            + (facts == null ? 0 : facts.outputs()));
            if (threshold.isChosen() && !validation.holdsRowsOut()) {
                throw new SettingError(
                        "threshold",
                        threshold,
                        validation.folds() == null
                                ? "validation rows, by which it is chosen"
                                : "a number with " + mention("folds") + ", after which no rows are held out",
                        validation.folds() == null ? "add " + mention("validation-fraction", 0.2) : "");
            }
            return threshold;
        }

        private EarlyStopping stopping(ValidationSettings validation, Metric metric) {
            int patience = get(Setting.PATIENCE);
            SettingError.expect(
                    !isGiven(Setting.MIN_DELTA) || patience > 0,
                    "min-delta",
                    get(Setting.MIN_DELTA),
                    mention("patience") + " with it");
            if (!validation.holdsRowsOut()) {
                for (Setting<?> setting :
                        List.of(Setting.METRIC, Setting.VALIDATE_EVERY, Setting.PATIENCE, Setting.KEEP_BEST)) {
                    boolean ofFolds = setting == Setting.METRIC && validation.folds() != null;
                    boolean isOff = setting == Setting.PATIENCE && patience == 0;
                    if (isGiven(setting) && !ofFolds && !isOff) {
                        throw new SettingError(
                                setting.key(),
                                setting.write(given.get(setting)),
                                "validation rows with it",
                                "add " + mention("validation-fraction", 0.2));
                    }
                }
                return null;
            }
            return new EarlyStopping(
                    metric,
                    get(Setting.VALIDATE_EVERY),
                    patience,
                    get(Setting.MIN_DELTA),
                    given(Setting.KEEP_BEST, patience > 0));
        }

        private Map<String, String> texts(Task task, TrainingConfig config) {
            Map<String, String> texts = new TreeMap<>(notes);
            for (Setting<?> setting : Setting.all()) {
                if (isGiven(setting) || setting.isWritten(preset())) {
                    texts.put(setting.key(), setting.write(get(setting)));
                }
            }
            config.rule().settings().forEach((key, value) -> texts.put(key, value.toString()));
            texts.put(Setting.TASK.key(), task.toString());
            if (!config.quantiles().isNone()) {
                texts.put(
                        Setting.QUANTILES.key(),
                        Setting.QUANTILES.write(config.quantiles().levels()));
            }
            double smoothing = config.regularization().labelSmoothing();
            if (smoothing > 0) {
                texts.put(Setting.LABEL_SMOOTHING.key(), Setting.LABEL_SMOOTHING.write(smoothing));
            }
            putIfAny(texts, Setting.ITERATIONS, config.pace().iterations());
            putIfAny(texts, Setting.EPOCHS, config.pace().epochs());
            putIfAny(texts, Setting.BATCH_SIZE, config.pace().batchSize());
            return texts;
        }

        private static void putIfAny(Map<String, String> texts, Setting<?> setting, Integer value) {
            if (value != null) {
                texts.put(setting.key(), value.toString());
            }
        }
    }
}
