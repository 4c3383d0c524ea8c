package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Schedule;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.Sparse;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.OptimizerConfig;
import io.firesteel.train.OptimizerKind;
import io.firesteel.train.Pace;
import io.firesteel.train.Regularization;
import io.firesteel.train.TrainingConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The resolution of settings: each one that was not given gets the default that fits, and all are checked to fit each other and,
 * where it is known, the table.
 */
final class SettingsResolver {
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

    private final Settings.Builder given;
    private final Facts facts;

    SettingsResolver(Settings.Builder given, Facts facts) {
        this.given = given;
        this.facts = facts;
    }

    /**
     * What is known of a table.
     *
     * @param outputs the number of classes, or of targets
     * @param sparse whether the inputs are
     * @param task of its labels; null where it is not known
     * @param taskReason why it has the task; null where the task was asked for
     */
    record Facts(long rows, int outputs, boolean sparse, Task task, String taskReason) {
        /** No table yet: as if it had as many rows as need be. */
        static final Facts NONE = new Facts(Long.MAX_VALUE, 1, false, null, null);

        private boolean areKnown() {
            return task != null;
        }
    }

    /** Returns a setting's value: what was given, or the default that fits; null for none. */
    <T> T get(Setting<T> setting) {
        T value = given.given(setting);
        if (value == null && setting == Setting.MISSING && preset() != Preset.NOTES && hasSparseInputs()) {
            @SuppressWarnings("unchecked") // of the setting's type
            T means = (T) Missing.MEAN; // sparse inputs have no indicators
            return means;
        }
        return value == null ? setting.byDefault(fits(setting) ? preset() : Preset.NOTES) : value;
    }

    private <T> T get(Setting<T> setting, T otherwise) {
        T value = get(setting);
        return value == null ? otherwise : value;
    }

    private boolean isGiven(Setting<?> setting) {
        return given.isGiven(setting);
    }

    private boolean hasSparseInputs() {
        return facts.sparse() || given.given(Setting.SPARSE) == Sparse.TRUE;
    }

    private Preset preset() {
        return isGiven(Setting.PRESET) ? given.given(Setting.PRESET) : Preset.DEFAULT;
    }

    /** Returns whether the preset's default of a setting fits to what was given; else that of the notes does. */
    private boolean fits(Setting<?> setting) {
        if (setting == Setting.VALIDATION_FRACTION) {
            return mayHoldRowsOut();
        }
        if (setting == Setting.PATIENCE) {
            return holdsRowsOut();
        }
        if (setting == Setting.REFIT) {
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
        if (setting == Setting.SCHEDULE || setting == Setting.ANNEAL) {
            return hasBatches();
        }
        return true;
    }

    /** Returns whether a part of the rows may be held out unasked: where they are many, or a setting needs it. */
    private boolean mayHoldRowsOut() {
        return HELD_OUT_OTHERWISE.stream().noneMatch(this::isGiven)
                && (Preset.canHoldOut(facts.rows(), facts.outputs())
                        || NEED_ROWS_HELD_OUT.stream().anyMatch(this::isGiven)
                        || (isGiven(Setting.THRESHOLD) && get(Setting.THRESHOLD).isChosen())
                        || Boolean.TRUE.equals(given.given(Setting.REFIT)));
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
        boolean usual = preset() != Preset.NOTES && optimizer != OptimizerKind.GD && optimizer != OptimizerKind.LBFGS;
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
        return get(Setting.TASK, only);
    }

    private void expect(boolean holds, Setting<?> setting, String expected) {
        SettingError.expect(holds, setting.key(), get(setting), expected);
    }

    /**
     * Resolves the settings.
     *
     * @throws io.firesteel.base.UserError when they do not fit each other or the table
     */
    Settings resolve() {
        Task asked = askedTask();
        Task task = asked != null ? asked : facts.areKnown() ? facts.task() : Task.CLASSIFICATION;
        Loss loss = get(Setting.LOSS);
        expect(
                loss == null || task.losses(1).contains(loss),
                Setting.LOSS,
                mention("task", "regression") + ", since a " + task + " has its own loss");
        expect(
                !get(Setting.ROBUST) || get(Setting.STANDARDIZE),
                Setting.ROBUST,
                mention("standardize", true) + ", since it is a way to standardize");
        expect(
                get(Setting.ROBUST) || get(Setting.PIECES) == 0,
                Setting.PIECES,
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
        expect(
                config.classWeighting().isNone() || task == Task.CLASSIFICATION,
                Setting.CLASS_WEIGHT,
                mention("task", "classification") + ", since a " + task + " has no classes");
        expect(
                config.regularization().labelSmoothing() == 0 || task != Task.REGRESSION,
                Setting.LABEL_SMOOTHING,
                "0 with " + mention("task", Task.REGRESSION) + ", whose targets are numbers");
        ValidationSettings validation = validation(task);
        Metric metric = MetricRules.expectFits(get(Setting.METRIC), task, loss);
        return new Settings(
                task,
                inputs,
                layers,
                config,
                validation,
                stopping(validation, metric),
                metric,
                threshold(task, validation),
                get(Setting.ENGINE),
                facts.taskReason(),
                given.copy(),
                facts.areKnown() ? Set.of() : open(asked),
                Map.copyOf(texts(task, config)));
    }

    /** Returns the keys of settings that depend on the rows of a table. */
    private Set<String> open(Task asked) {
        Set<String> open = new TreeSet<>();
        if (asked == null) {
            open.add(Setting.TASK.key());
        }
        if (preset() != Preset.NOTES) {
            DECIDED_BY_ROWS.stream().filter(setting -> !isGiven(setting)).forEach(setting -> open.add(setting.key()));
        }
        return open;
    }

    private TrainingConfig config(Task task, Loss loss) {
        List<Activation> activations = get(Setting.ACTIVATION);
        boolean rectifier = activations.stream().anyMatch(Activation::isRectifier);
        Initializer usual = isRecipe() ? Initializer.LECUN : rectifier ? Initializer.HE : Initializer.GLOROT;
        Initializer initializer = get(Setting.INIT, usual);
        String classWeight = get(Setting.CLASS_WEIGHT);
        return new TrainingConfig(
                get(Setting.HIDDEN),
                activations,
                initializer,
                get(Setting.INIT_SCALE, initializer.defaultScale()),
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
     * Returns the label smoothing that was given, else the one that pays: where it is the accuracy of many classes that counts, and for
     * few rows, of which a network would become surer than they let it be.
     */
    private double labelSmoothing(Task task) {
        double usual = 0;
        if (isRecipe() && task == Task.CLASSIFICATION) {
            boolean areMany = facts.outputs() > 2 && get(Setting.METRIC) == Metric.ACCURACY;
            usual = areMany ? Preset.LABEL_SMOOTHING : Preset.labelSmoothing(facts.rows(), facts.outputs());
        }
        return get(Setting.LABEL_SMOOTHING, usual);
    }

    private Quantiles quantiles(Loss loss) {
        List<Double> levels = get(Setting.QUANTILES);
        return levels != null ? new Quantiles(levels) : loss == Loss.QUANTILE ? Quantiles.USUAL : Quantiles.NONE;
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
                usualBatches ? Integer.valueOf(Preset.batchSize(facts.rows())) : get(Setting.BATCH_SIZE),
                get(Setting.BATCH_FRACTION));
    }

    /** Returns which rows the model is validated on. */
    private ValidationSettings validation(Task task) {
        Boolean stratify = get(Setting.STRATIFY);
        ValidationSettings validation = new ValidationSettings(
                get(Setting.VALIDATION_FRACTION),
                stratify == null ? task == Task.CLASSIFICATION : stratify,
                get(Setting.VALIDATION_COLUMN),
                get(Setting.VALIDATION_DATA),
                get(Setting.FOLDS),
                get(Setting.REFIT));
        expect(
                stratify == null || validation.fraction() > 0 || validation.folds() != null,
                Setting.STRATIFY,
                mention("validation-fraction") + " or " + mention("folds") + " with it");
        expect(
                stratify == null || !stratify || task == Task.CLASSIFICATION,
                Setting.STRATIFY,
                mention("task", "classification") + " with it, since a " + task + " has no classes");
        return validation;
    }

    /** Returns the threshold between two classes; null for 1/2. */
    private Threshold threshold(Task task, ValidationSettings validation) {
        Threshold threshold = get(Setting.THRESHOLD);
        if (threshold == null) {
            return null;
        }
        expect(
                task == Task.CLASSIFICATION,
                Setting.THRESHOLD,
                mention("task", Task.CLASSIFICATION) + ", since " + mention("task", task) + " has no classes");
        expect(
                !facts.areKnown() || facts.outputs() == 2,
                Setting.THRESHOLD,
                "a label of two classes, of which the second is predicted above it, and not of " + facts.outputs());
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
        expect(!isGiven(Setting.MIN_DELTA) || patience > 0, Setting.MIN_DELTA, mention("patience") + " with it");
        if (!validation.holdsRowsOut()) {
            for (Setting<?> setting :
                    List.of(Setting.METRIC, Setting.VALIDATE_EVERY, Setting.PATIENCE, Setting.KEEP_BEST)) {
                boolean ofFolds = setting == Setting.METRIC && validation.folds() != null;
                boolean isOff = setting == Setting.PATIENCE && patience == 0;
                if (isGiven(setting) && !ofFolds && !isOff) {
                    throw new SettingError(
                            setting.key(),
                            setting.write(given.given(setting)),
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
                get(Setting.KEEP_BEST, patience > 0));
    }

    private Map<String, String> texts(Task task, TrainingConfig config) {
        Map<String, String> texts = new TreeMap<>(given.notes());
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
