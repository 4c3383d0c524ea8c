package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.data.Preparation;
import io.firesteel.data.TableRows;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.optim.Schedule;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.NumberedRows;
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
import java.util.TreeMap;

/**
 * The settings of a training, resolved and checked as far as that needs no data. {@link #builder()} makes them.
 *
 * @param inputs what a table's columns are
 * @param config network, optimiser, length and what else the training loop needs
 * @param validation which rows the model is validated on
 * @param stopping what is measured on the validation rows and what follows; null where no rows are held out of the model's own
 *     training
 * @param metric by which models are compared
 * @param engine where steps are computed
 * @param taskIsGiven whether the task was asked for, and is not the default
 * @param texts the settings by their keys, as a model contains them, with the builder's notes
 */
public record Settings(
        Task task,
        InputSettings inputs,
        TrainingConfig config,
        ValidationSettings validation,
        EarlyStopping stopping,
        Metric metric,
        Engine engine,
        boolean taskIsGiven,
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

    /** Returns the same settings for a training during which nothing is measured. */
    Settings withoutStopping() {
        return new Settings(task, inputs, config, validation, null, metric, engine, taskIsGiven, texts);
    }

    /**
     * Reads a table's rows.
     *
     * @throws io.firesteel.base.UserError when it cannot be used
     */
    TableRows read(Table table) {
        Columns columns = Columns.forTraining(
                table.measured(),
                task,
                inputs.features(),
                inputs.labels(),
                inputs.weight(),
                validation.column(),
                inputs.exclude());
        return TableRows.of(
                NumberedRows.read(table, columns.reading(inputs.sparse()).forLoss(config.loss()), inputs.kinds()),
                taskIsGiven);
    }

    /** Returns how rows are prepared for the training, in blocks of so many partitions. */
    Preparation preparation(TableRows rows, int partitions) {
        return new Preparation(
                network(rows),
                config.precision(),
                config.seed(),
                config.pace().hasBatches(),
                inputs.standardize(),
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
        try {
            return config.network(task, rows.inputs(), rows.outputs());
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
     * Returns the maximum number of steps on so many rows.
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
        private final Map<Setting<?>, Object> given = new HashMap<>();
        private final Map<String, String> notes = new TreeMap<>();

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
            return value == null ? setting.byDefault() : value;
        }

        /**
         * Resolves the settings.
         *
         * @throws io.firesteel.base.UserError when they do not fit each other
         */
        public Settings build() {
            Task task = get(Setting.TASK);
            Loss loss = get(Setting.LOSS);
            SettingError.expect(
                    loss == null || task.losses(1).contains(loss),
                    "loss",
                    loss,
                    mention("task", "regression") + ", since a " + task + " has its own loss");
            InputSettings inputs = new InputSettings(
                    get(Setting.LABEL),
                    get(Setting.FEATURES),
                    get(Setting.WEIGHT),
                    get(Setting.EXCLUDE),
                    new FeatureKinds(get(Setting.CATEGORICAL), get(Setting.UNSEEN), get(Setting.MISSING)),
                    get(Setting.SPARSE),
                    get(Setting.STANDARDIZE));
            TrainingConfig config = config(loss);
            SettingError.expect(
                    config.classWeighting().isNone() || task == Task.CLASSIFICATION,
                    "class-weight",
                    get(Setting.CLASS_WEIGHT),
                    mention("task", "classification") + ", since a " + task + " has no classes");
            ValidationSettings validation = ValidationSettings.of(this, task);
            Metric metric = MetricRules.expectFits(get(Setting.METRIC), task);
            return new Settings(
                    task,
                    inputs,
                    config,
                    validation,
                    stopping(validation, metric),
                    metric,
                    get(Setting.ENGINE),
                    isGiven(Setting.TASK),
                    Map.copyOf(texts(config)));
        }

        private TrainingConfig config(Loss loss) {
            List<Activation> activations = get(Setting.ACTIVATION);
            boolean rectifier = activations.stream().anyMatch(Activation::isRectifier);
            Initializer initializer = given(Setting.INIT, rectifier ? Initializer.HE : Initializer.GLOROT);
            String classWeight = get(Setting.CLASS_WEIGHT);
            return new TrainingConfig(
                    get(Setting.HIDDEN),
                    activations,
                    initializer,
                    given(Setting.INIT_SCALE, initializer.defaultScale()),
                    optimizer(),
                    pace(),
                    new Regularization(
                            get(Setting.L2), get(Setting.L1), get(Setting.INPUT_DROPOUT), get(Setting.DROPOUT)),
                    get(Setting.TOLERANCE),
                    get(Setting.SEED),
                    get(Setting.PRECISION),
                    loss,
                    classWeight == null ? ClassWeighting.NONE : ClassWeighting.parse(classWeight));
        }

        private <T> T given(Setting<T> setting, T otherwise) {
            T value = get(setting);
            return value == null ? otherwise : value;
        }

        private OptimizerConfig optimizer() {
            Map<String, Double> ofKind = new LinkedHashMap<>();
            for (Setting<?> setting : Setting.all()) {
                if (isGiven(setting) && OptimizerKind.haveSetting(setting.key())) {
                    ofKind.put(setting.key(), (Double) get(setting));
                }
            }
            Schedule schedule = Schedule.parse(get(Setting.SCHEDULE));
            int warmUp = get(Setting.WARM_UP);
            return new OptimizerConfig(
                    get(Setting.OPTIMIZER), ofKind, warmUp == 0 ? schedule : new Schedule.WarmUp(warmUp, schedule));
        }

        private Pace pace() {
            boolean inEpochs = isGiven(Setting.EPOCHS) && !isGiven(Setting.ITERATIONS);
            return new Pace(
                    inEpochs ? null : get(Setting.ITERATIONS),
                    get(Setting.EPOCHS),
                    get(Setting.BATCH_SIZE),
                    get(Setting.BATCH_FRACTION));
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

        private Map<String, String> texts(TrainingConfig config) {
            Map<String, String> texts = new TreeMap<>(notes);
            for (Setting<?> setting : Setting.all()) {
                if (isGiven(setting) || setting.isWritten()) {
                    texts.put(setting.key(), setting.write(get(setting)));
                }
            }
            config.rule().settings().forEach((key, value) -> texts.put(key, value.toString()));
            if (config.pace().iterations() != null) {
                texts.put(Setting.ITERATIONS.key(), config.pace().iterations().toString());
            }
            return texts;
        }
    }
}
