package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;
import static io.firesteel.fit.SettingType.FLAG;
import static io.firesteel.fit.SettingType.LONG;
import static io.firesteel.fit.SettingType.NUMBER;
import static io.firesteel.fit.SettingType.NUMBERS;
import static io.firesteel.fit.SettingType.TEXT;
import static io.firesteel.fit.SettingType.TEXTS;
import static io.firesteel.fit.SettingType.UNITS;
import static io.firesteel.fit.SettingType.WHOLE;
import static io.firesteel.fit.SettingType.choice;
import static io.firesteel.fit.SettingType.choices;

import io.firesteel.base.Bounds;
import io.firesteel.base.SettingError;
import io.firesteel.base.Suggestion;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Schedule;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.FeatureKinds.Dates;
import io.firesteel.table.Sparse;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.OptimizerKind;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A setting of a training: its key, its type, its default, what it may be and what it means. The constants are the table of all
 * settings, from which the command line makes its options and Spark ML its Params. {@link Settings} has the values.
 *
 * @param <T> its values
 */
public final class Setting<T> {
    /** What settings are about, in the order of a list of them. */
    public enum Group {
        DATA("Data"),
        NETWORK("Network"),
        OPTIMISER("Optimiser and batches"),
        REGULARISATION("Regularisation"),
        STOPPING("Length, validation and stopping"),
        RUNNING("Where and how it runs");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static final Map<String, Setting<?>> TABLE = new LinkedHashMap<>();

    public static final Setting<Preset> PRESET = new Setting<>(Group.DATA, "preset", choice(Preset.class), "NAME")
            .is(Preset.DEFAULT)
            .help(
                    "Defaults of all other settings: default for accuracy; best for more of it, in several times the time; fast "
                            + "for a quick look; or notes for gradient descent on all rows, with nothing held out and nothing "
                            + "guessed.");

    public static final Setting<Task> TASK = new Setting<>(Group.DATA, "task", choice(Task.class), "NAME")
            .usually("regression if the label has many distinct numbers, else classification")
            .help(
                    "Task: classification (labels of any values), regression (numbers) or multilabel (several label columns "
                            + "of 0 and 1, or false and true).")
            .elsewhere("problem", "problem-type", "mode");

    public static final Setting<List<String>> LABEL = new Setting<>(Group.DATA, "label", TEXTS, "COL")
            .is(List.of())
            .help(
                    "Label column; several columns for a regression of several targets and for multilabel. LibSVM files have "
                            + "their own.")
            .elsewhere(
                    "target",
                    "targets",
                    "y",
                    "target-column",
                    "label-column",
                    "labels",
                    "labelcol",
                    "label-col",
                    "response");

    public static final Setting<List<String>> FEATURES = new Setting<>(Group.DATA, "features", TEXTS, "COL")
            .is(List.of())
            .usually("all others")
            .help("Feature columns.")
            .elsewhere("feature", "columns", "x", "inputs", "features-col", "feature-columns");

    public static final Setting<String> WEIGHT = new Setting<>(Group.DATA, "weight", TEXT, "COL")
            .help("Column of row weights, 0 or more.")
            .elsewhere("sample-weight", "weights", "weight-col");

    public static final Setting<List<String>> EXCLUDE = new Setting<>(Group.DATA, "exclude", TEXTS, "COL")
            .is(List.of())
            .help("Columns to ignore.")
            .elsewhere("ignore", "ignore-columns", "skip");

    public static final Setting<List<String>> CATEGORICAL = new Setting<>(Group.DATA, "categorical", TEXTS, "COL")
            .is(List.of(FeatureKinds.AUTO))
            .inNotes(List.of())
            .help(
                    "Feature columns that hold categories, each value of which becomes an input of 0 or 1; auto: all columns with "
                            + "values that are not numbers; a column of names or ids, or of mostly numbers, is refused.")
            .elsewhere("categories", "cat", "cat-features", "categorical-features", "categorical-columns");

    public static final Setting<Unseen> UNSEEN = new Setting<>(Group.DATA, "unseen", choice(Unseen.class), "NAME")
            .is(Unseen.IGNORE)
            .inNotes(Unseen.ERROR)
            .help(
                    "Treatment of a category that was not in the training data: error refuses the row; ignore sets all inputs "
                            + "of the column to 0.");

    public static final Setting<Missing> MISSING = new Setting<>(Group.DATA, "missing", choice(Missing.class), "NAME")
            .is(Missing.INDICATOR)
            .inNotes(Missing.ERROR)
            .help(
                    "Treatment of an empty cell, or NaN, in a feature: error refuses the row; mean takes the mean of the "
                            + "column's training rows, and sets all inputs of a category to 0; indicator does the same and adds "
                            + "an input, 1 where the cell is missing, for each column of numbers with 20 or more missing cells.")
            .elsewhere("nan", "impute", "imputer", "na");

    public static final Setting<Dates> DATES = new Setting<>(Group.DATA, "dates", choice(Dates.class), "NAME")
            .unlessGiven(Dates.NONE)
            .help(
                    "Treatment of features that are dates or times, in columns of such a type or as text such as 2024-03-01T12:30:00: "
                            + "none refuses the types, and leaves text columns as text; expand makes numbers of them: year, month, day of the "
                            + "week, hour if there are times, and elapsed days.")
            .elsewhere("parse-dates", "datetime", "timestamps");

    public static final Setting<Boolean> STANDARDIZE = new Setting<>(Group.DATA, "standardize", FLAG, "BOOL")
            .is(true)
            .help(
                    "Standardize inputs and regression targets to mean 0 and standard deviation 1 (sparse inputs are scaled "
                            + "but not centred, targets of a Poisson loss are divided by their mean). The model contains the scaling.")
            .elsewhere("normalize", "normalise", "scale", "standardise", "standardization", "scaler");

    public static final Setting<Boolean> ROBUST = new Setting<>(Group.DATA, "robust", FLAG, "BOOL")
            .unlessGiven(true)
            .inNotes(false)
            .help(
                    "Standardize inputs by their median and quartiles, in place of mean and deviation, and limit outliers smoothly "
                            + "to three times the distance between the quartiles. Not for sparse inputs.");

    public static final Setting<Sparse> SPARSE = new Setting<>(Group.DATA, "sparse", choice(Sparse.class), "WHEN")
            .unlessGiven(Sparse.AUTO)
            .help(
                    "Store rows sparsely, without their zeros: true, false or auto, which does so for LibSVM files and vectors "
                            + "of whose numbers at most a twentieth are not 0. Sparse inputs are not centred.");

    public static final Setting<List<Integer>> HIDDEN = new Setting<>(Group.NETWORK, "hidden", UNITS, "N")
            .is(List.of(128, 128, 128))
            .inNotes(List.of(64))
            .inFast(List.of(64, 64))
            .where(units -> units.forEach(n -> SettingError.expect(n > 0, "hidden", units, UNITS.expected())))
            .help("Number of units of each hidden layer, such as 64,32; none for a linear model.")
            .elsewhere(
                    "layers",
                    "hidden-layers",
                    "hidden-layer-sizes",
                    "units",
                    "hidden-units",
                    "width",
                    "hidden-sizes",
                    "layer-sizes");

    public static final Setting<List<Activation>> ACTIVATION = new Setting<>(
                    Group.NETWORK, "activation", choices(Activation.class), "NAME")
            .is(List.of(Activation.GELU))
            .inNotes(List.of(Activation.TANH))
            .help("Activation function of the hidden layers, one for all or one each: "
                    + choice(Activation.class).expected() + ".")
            .elsewhere("act", "activations", "activation-function");

    public static final Setting<Boolean> PARAMETRIC = new Setting<>(Group.NETWORK, "parametric", FLAG, "BOOL")
            .unlessGiven(true)
            .inNotes(false)
            .help(
                    "Let each hidden unit learn how much of the activation function it applies, and how much it stays linear.");

    public static final Setting<Embedding> EMBEDDING = new Setting<>(
                    Group.NETWORK, "embedding", choice(Embedding.class), "NAME")
            .unlessGiven(Embedding.PERIODIC)
            .inNotes(Embedding.NONE)
            .help(
                    "Embedding of the inputs that are numbers: periodic adds three learnt functions of each number, made of 16 "
                            + "cosines; or none.");

    public static final Setting<Integer> PIECES = new Setting<>(Group.NETWORK, "pieces", WHOLE, "N")
            .unlessGiven(64)
            .inNotes(0)
            .in(Bounds.PARTS_OR_NONE)
            .help(
                    "Maximum number of pieces of a column of numbers. With pieces the network learns functions that have steps. In a "
                            + "column whose quartiles are equal, such as a gain that is mostly 0, they end at quantiles of the other "
                            + "values. In a column of 3 to 64 different whole numbers, which may be codes, they end at these numbers, "
                            + "if each has 8 rows on average, and all such columns have at most 128 different numbers together. All "
                            + "columns together have at most 256 pieces. Needs " + mention("robust") + "; 0 for none.")
            .elsewhere("bins", "n-bins", "max-bin", "max-bins", "knots");

    public static final Setting<Integer> MAX_ONE_HOT = new Setting<>(Group.NETWORK, "max-one-hot", WHOLE, "N")
            .unlessGiven(64)
            .inNotes(Encoding.MOST_CATEGORIES)
            .in(Bounds.COUNT_OR_NONE)
            .help(
                    "A column of more categories than this has them embedded: the network learns eight numbers for each. Other "
                            + "columns have one input for each category.")
            .elsewhere("max-cat-to-onehot", "one-hot-max-size", "embed-categories");

    public static final Setting<Boolean> SCALE_INPUTS = new Setting<>(Group.NETWORK, "scale-inputs", FLAG, "BOOL")
            .unlessGiven(true)
            .inNotes(false)
            .help(
                    "Learn a factor for each input, with a high learning rate, so that useless inputs soon count little.");

    public static final Setting<Integer> MEMBERS = new Setting<>(Group.NETWORK, "members", WHOLE, "K")
            .unlessGiven(1)
            .inBest(8)
            .in(Bounds.COUNT)
            .help(
                    "Number of networks that are trained together and make one model, the mean of their predictions: more are more "
                            + "accurate, and take as many times as long.")
            .elsewhere("ensemble", "ensemble-size", "n-members", "bagging");

    public static final Setting<Initializer> INIT = new Setting<>(
                    Group.NETWORK, "init", choice(Initializer.class), "NAME")
            .usually("lecun; with " + mention("preset", Preset.NOTES) + ", " + mention("hidden", "none")
                    + " or another optimizer than adam and adamw: he with "
                    + names(Activation.values(), Activation::isRectifier) + ", else glorot")
            .help("Initialisation of the weights: " + choice(Initializer.class).expected() + ".")
            .elsewhere("initializer", "initialization", "kernel-initializer", "weight-init");

    public static final Setting<Double> INIT_SCALE = new Setting<>(Group.NETWORK, "init-scale", NUMBER, "X")
            .in(Bounds.NOT_NEGATIVE)
            .usually("1; 0.01 with normal")
            .help("Factor of the initial weights; with normal their standard deviation.");

    public static final Setting<Loss> LOSS = new Setting<>(Group.NETWORK, "loss", SettingType.LOSS, "NAME")
            .usually("squared for a regression")
            .help(
                    "Loss function of a regression: squared, absolute, huber (squared up to one standard deviation of the "
                            + "target, absolute beyond), poisson (for counts, with a log link) or quantile (see "
                            + mention("quantiles") + ").")
            .elsewhere("objective", "criterion", "loss-function");

    public static final Setting<List<Double>> QUANTILES = new Setting<>(Group.NETWORK, "quantiles", NUMBERS, "Q")
            .where(levels -> SettingError.expect(
                    !levels.isEmpty() && Quantiles.areLevels(levels),
                    "quantiles",
                    levels,
                    "increasing numbers above 0 and below 1, such as 0.1,0.5,0.9"))
            .usually("0.1,0.5,0.9 with " + mention("loss", Loss.QUANTILE))
            .help("Quantiles of the target that one model predicts, with " + mention("loss", Loss.QUANTILE)
                    + ": 0.9 is a number that nine of ten rows do not exceed. They never cross.")
            .elsewhere("quantile", "quantile-alpha", "tau", "probs", "quantile-probabilities");

    public static final Setting<OptimizerKind> OPTIMIZER = new Setting<>(
                    Group.OPTIMISER, "optimizer", choice(OptimizerKind.class), "NAME")
            .is(OptimizerKind.ADAMW)
            .inNotes(OptimizerKind.GD)
            .help("Optimizer: " + choice(OptimizerKind.class).expected()
                    + " (gd is gradient descent). Naming one, also adamw, sets " + mention("learning-rate") + ", "
                    + mention("beta2") + " and " + mention("weight-decay") + " to that optimizer's own defaults.")
            .elsewhere("solver", "optimiser", "opt", "optim", "algorithm");

    public static final Setting<Double> LEARNING_RATE = ofOptimizers(
                    Group.OPTIMISER, "learning-rate", "A", "Learning rate.")
            .usually(Preset.learningRate(Task.CLASSIFICATION) + ", for a regression "
                    + Preset.learningRate(Task.REGRESSION)
                    + "; where an optimizer is named or with " + mention("preset", Preset.NOTES) + ": "
                    + OptimizerKind.defaultsInWords("learning-rate"))
            .elsewhere("lr", "alpha", "eta", "rate", "learning-rate-init", "step-size", "stepsize");

    public static final Setting<Double> MOMENTUM = ofOptimizers(
                    Group.OPTIMISER, "momentum", "X", "Fraction of the previous step's velocity that a step keeps.")
            .elsewhere("mu");

    public static final Setting<Double> BETA1 =
            ofOptimizers(Group.OPTIMISER, "beta1", "X", "Decay rate of the mean of the gradients.");

    public static final Setting<Double> BETA2 =
            ofOptimizers(Group.OPTIMISER, "beta2", "X", "Decay rate of the mean of the squared gradients.");

    public static final Setting<Double> EPSILON = ofOptimizers(
                    Group.OPTIMISER, "epsilon", "X", "Constant that is added to the denominator of a step.")
            .elsewhere("eps");

    public static final Setting<Double> WEIGHT_DECAY = ofOptimizers(
                    Group.REGULARISATION,
                    "weight-decay",
                    "X",
                    "Weight decay: each step lowers a weight by this times learning rate times weight.")
            .elsewhere("wd", "decay");

    public static final Setting<Boolean> SCALE_RATES = new Setting<>(Group.OPTIMISER, "scale-rates", FLAG, "BOOL")
            .unlessGiven(true)
            .inNotes(false)
            .help(
                    "Multiply the learning rate of a weight matrix of n inputs by sqrt(256 / n), and that of other parameters by "
                            + "factors of their own, so that one rate fits layers of any width; with adam and adamw.");

    public static final Setting<String> SCHEDULE = new Setting<>(Group.OPTIMISER, "schedule", TEXT, "NAME")
            .is("cosine-cycles")
            .inNotes("constant")
            .where(Schedule::parse)
            .help(
                    "Learning rate schedule: constant; step:EVERY[,FACTOR], which multiplies the rate by FACTOR (0.1) after "
                            + "every EVERY steps; inverse-time:D, which divides it by 1 + D k in step k; cosine, which lowers it to 0 "
                            + "at the last step; cosine-cycles[:N], N (4) cycles from 0 up and down again, each twice as long as the "
                            + "one before; adaptive[:T], which divides it by 5 after two consecutive epochs that improve the "
                            + "loss by less than T (1e-4).")
            .elsewhere("scheduler", "lr-schedule", "lr-scheduler", "learning-rate-schedule");

    public static final Setting<Integer> WARM_UP = new Setting<>(Group.OPTIMISER, "warm-up", WHOLE, "N")
            .is(0)
            .in(Bounds.COUNT_OR_NONE)
            .help(
                    "Number of steps in which the learning rate grows linearly to its full value, before the schedule begins.")
            .elsewhere("warmup", "warmup-steps", "warm-up-steps");

    public static final Setting<Integer> ITERATIONS = new Setting<>(Group.STOPPING, "iterations", WHOLE, "N")
            .in(Bounds.COUNT_OR_NONE)
            .usually("200 with " + mention("preset", Preset.NOTES) + " or without batches")
            .help("Maximum number of steps.")
            .elsewhere(
                    "iter", "steps", "max-steps", "n-iter", "num-iterations", "max-iter", "max-iterations", "maxiter");

    public static final Setting<Integer> EPOCHS = new Setting<>(Group.STOPPING, "epochs", WHOLE, "E")
            .in(Bounds.COUNT_OR_NONE)
            .usually(Preset.DEFAULT.epochs() + ", or " + Preset.FAST.epochs() + " with "
                    + mention("preset", Preset.FAST))
            .help("Maximum number of epochs, in place of " + mention("iterations") + ".")
            .elsewhere("epoch", "n-epochs", "num-epochs", "max-epochs", "passes", "max-iter");

    public static final Setting<Integer> BATCH_SIZE = new Setting<>(Group.OPTIMISER, "batch-size", WHOLE, "B")
            .in(Bounds.COUNT)
            .usually("64 to 1024, by the number of rows; all rows with " + mention("preset", Preset.NOTES)
                    + " and with optimizers gd and lbfgs")
            .help("Number of rows in a batch. Every row is in one batch of an epoch, at random.")
            .elsewhere("batch", "batchsize", "minibatch", "mini-batch", "mini-batch-size", "block-size");

    public static final Setting<Double> BATCH_FRACTION = new Setting<>(Group.OPTIMISER, "batch-fraction", NUMBER, "F")
            .in(Bounds.FRACTION)
            .help("Size of a batch as a fraction of the rows, in place of " + mention("batch-size") + ".");

    public static final Setting<Double> TOLERANCE = new Setting<>(Group.STOPPING, "tolerance", NUMBER, "T")
            .is(0.0)
            .in(Bounds.RATE_OR_OFF)
            .help(
                    "Stop when an epoch (without batches, a step) improves the loss by less than this fraction of it; 0 never "
                            + "stops.")
            .elsewhere("tol");

    public static final Setting<String> CLASS_WEIGHT = new Setting<>(Group.DATA, "class-weight", TEXT, "W")
            .usually("all 1")
            .where(ClassWeighting::parse)
            .help(
                    "Class weights of a classification, by which the loss of a class's rows is multiplied: yes=2,no=0.5, or "
                            + "balanced, which makes each class count as much as any other. Metrics ignore class weights.")
            .elsewhere("class-weights", "balanced", "scale-pos-weight");

    public static final Setting<Threshold> THRESHOLD = new Setting<>(
                    Group.DATA, "threshold", SettingType.THRESHOLD, "X")
            .usually("0.5")
            .help(
                    "Probability above which the second of two classes is predicted: a number, or a metric that is to be greatest on the "
                            + "validation rows: accuracy, balanced-accuracy, or f1, that of the second class. Probabilities stay as they are.")
            .elsewhere("decision-threshold", "cutoff", "cut-off", "classification-threshold");

    public static final Setting<Double> L2 = new Setting<>(Group.REGULARISATION, "l2", NUMBER, "X")
            .is(0.0)
            .in(Bounds.NOT_NEGATIVE)
            .help("L2 penalty: half of this times the sum of the squared weights is added to the loss.")
            .elsewhere("lambda", "reg", "reg-param", "regparam", "ridge", "reg-lambda");

    public static final Setting<Double> L1 = new Setting<>(Group.REGULARISATION, "l1", NUMBER, "X")
            .unlessGiven(0.0)
            .in(Bounds.NOT_NEGATIVE)
            .help("L1 penalty: this times the sum of the absolute weights is added to the loss.")
            .elsewhere("lasso", "reg-alpha");

    public static final Setting<List<Double>> DROPOUT = new Setting<>(Group.REGULARISATION, "dropout", NUMBERS, "P")
            .unlessGiven(List.of(0.15))
            .inNotes(List.of(0.0))
            .where(rates -> rates.forEach(rate -> Bounds.RATE.check("dropout", rate)))
            .help(
                    "Dropout rate of the hidden layers, one for all or one each: the fraction of the units that a step drops.")
            .elsewhere("dropout-rate", "drop");

    public static final Setting<Boolean> ANNEAL = new Setting<>(Group.REGULARISATION, "anneal", FLAG, "BOOL")
            .unlessGiven(true)
            .inNotes(false)
            .help("Lower dropout and weight decay to 0 along a cosine in the second half of the planned training.");

    public static final Setting<Double> INPUT_DROPOUT = new Setting<>(
                    Group.REGULARISATION, "input-dropout", NUMBER, "P")
            .unlessGiven(0.0)
            .in(Bounds.RATE)
            .help("Dropout rate of the inputs: the fraction that a step drops.");

    public static final Setting<Double> LABEL_SMOOTHING = new Setting<>(
                    Group.REGULARISATION, "label-smoothing", NUMBER, "E")
            .in(Bounds.RATE)
            .usually(Preset.LABEL_SMOOTHING + " with " + mention("metric", Metric.ACCURACY)
                    + " and more than two classes; else classes / (rows + classes) for up to 1,024 rows, and 0 for more or with "
                    + mention("preset", Preset.NOTES))
            .help(
                    "Label smoothing of a classification, or of several labels: training aims at a probability of 1 - E for the true class, "
                            + "plus E divided equally among all classes. Of many classes fewer are predicted wrongly, but the "
                            + "probabilities become too cautious. Metrics ignore it.")
            .elsewhere("smoothing", "smooth", "label-smooth");

    public static final Setting<Double> VALIDATION_FRACTION = new Setting<>(
                    Group.STOPPING, "validation-fraction", NUMBER, "F")
            .is(0.2)
            .inNotes(0.0)
            .in(Bounds.RATE)
            .help("Fraction of the rows that is held out for validation, at random.")
            .elsewhere(
                    "validation-split",
                    "val-split",
                    "val-fraction",
                    "test-size",
                    "holdout",
                    "hold-out",
                    "validation",
                    "test-fraction",
                    "split");

    public static final Setting<Boolean> STRATIFY = new Setting<>(Group.STOPPING, "stratify", FLAG, "BOOL")
            .usually("true for a classification")
            .help("Stratify: hold out the same fraction of every class.");

    public static final Setting<String> VALIDATION_COLUMN = new Setting<>(
                    Group.STOPPING, "validation-column", TEXT, "COL")
            .help("Column that marks the validation rows by 1 or true, and the others by 0 or false.");

    public static final Setting<String> VALIDATION_DATA = new Setting<>(Group.STOPPING, "validation-data", TEXT, "PATH")
            .help("Table of validation rows.")
            .elsewhere("valid", "val-data", "test-data", "test", "eval-data", "validation-file");

    public static final Setting<Integer> FOLDS = new Setting<>(Group.STOPPING, "folds", WHOLE, "K")
            .in(Bounds.PARTS)
            .help("K-fold cross-validation: train without each fold and validate on it, then train on all rows.")
            .elsewhere("cv", "k-fold", "kfold", "n-folds", "num-folds", "cross-validation", "k-folds", "nfold");

    public static final Setting<Metric> METRIC = new Setting<>(Group.STOPPING, "metric", choice(Metric.class), "NAME")
            .unlessGiven(Metric.LOSS)
            .help("Metric of the validation rows. "
                    + Arrays.stream(Task.values())
                            .map(task -> task + ": " + names(Metric.values(), metric -> metric.fits(task)))
                            .collect(Collectors.joining("; "))
                    + ". Areas under curves are for two classes.")
            .elsewhere("score", "scoring", "eval-metric", "metrics");

    public static final Setting<Integer> VALIDATE_EVERY = new Setting<>(Group.STOPPING, "validate-every", WHOLE, "N")
            .unlessGiven(1)
            .in(Bounds.COUNT)
            .help("Number of epochs (without batches, steps) from one validation to the next.");

    public static final Setting<Integer> PATIENCE = new Setting<>(Group.STOPPING, "patience", WHOLE, "K")
            .is(36) // more than the last cycle of the learning rate has of 64 epochs
            .inNotes(0)
            .inFast(9)
            .in(Bounds.COUNT_OR_OFF)
            .help("Stop after K consecutive validations without improvement; 0 never stops.")
            .elsewhere("early-stopping", "early-stop", "n-iter-no-change", "early-stopping-rounds");

    public static final Setting<Double> MIN_DELTA = new Setting<>(Group.STOPPING, "min-delta", NUMBER, "D")
            .unlessGiven(0.0)
            .in(Bounds.NOT_NEGATIVE)
            .help("Smallest improvement of the metric that counts for " + mention("patience") + ".")
            .elsewhere("min-improvement");

    public static final Setting<Boolean> KEEP_BEST = new Setting<>(Group.STOPPING, "keep-best", FLAG, "BOOL")
            .usually("true with " + mention("patience"))
            .help("Keep the weights with the best validation, instead of the last ones.")
            .elsewhere("restore-best-weights", "save-best");

    public static final Setting<Boolean> REFIT = new Setting<>(Group.STOPPING, "refit", FLAG, "BOOL")
            .unlessGiven(true)
            .inNotes(false)
            .inFast(false)
            .help("After the best epoch is known, train a new model on all rows for that number of epochs and save it. "
                    + "Validation metrics are those of the first training.")
            .elsewhere("retrain", "refit-full", "fit-all");

    public static final Setting<Long> SEED = new Setting<>(Group.RUNNING, "seed", LONG, "S")
            .is(1L)
            .help("Random seed of the initial weights, batches, dropout and validation rows.")
            .elsewhere("random-state", "random-seed", "rng");

    public static final Setting<Precision> PRECISION = new Setting<>(
                    Group.RUNNING, "precision", choice(Precision.class), "NAME")
            .is(Precision.SINGLE)
            .inNotes(Precision.DOUBLE)
            .help(
                    "Precision of the rows in memory and of matrix products: double, or single, which is faster and takes half "
                            + "the memory.")
            .elsewhere("dtype");

    public static final Setting<Engine> ENGINE = new Setting<>(Group.RUNNING, "engine", choice(Engine.class), "NAME")
            .is(Engine.AUTO)
            .help(
                    "Where steps are computed: job (by a Spark job each), resident (by a task on each executor that stays from step "
                            + "to step), local (by the driver's threads, for small data or in local mode) or auto (where they are "
                            + "fastest). The result is the same, bit for bit.")
            .elsewhere("device", "backend");

    private final Group group;
    private final String key;
    private final SettingType<T> type;
    private final String placeholder;
    private final Map<Preset, T> byDefault = new EnumMap<>(Preset.class); // none if it depends on others, or is nothing
    private boolean written = true; // whether a model names the default, too
    private String usually; // the default in words
    private String help = "";
    private List<String> otherNames = List.of();
    private Consumer<T> rule = value -> {};

    private Setting(Group group, String key, SettingType<T> type, String placeholder) {
        this.group = group;
        this.key = key;
        this.type = type;
        this.placeholder = placeholder;
        TABLE.put(key, this);
    }

    private static <T> String names(T[] values, Predicate<T> which) {
        return Arrays.stream(values).filter(which).map(T::toString).collect(Collectors.joining(", "));
    }

    private static Setting<Double> ofOptimizers(Group group, String key, String placeholder, String help) {
        return new Setting<>(group, key, NUMBER, placeholder)
                .where(value -> OptimizerKind.bounds(key).check(key, value))
                .usually(OptimizerKind.defaultsInWords(key))
                .help(help);
    }

    private Setting<T> is(T value) {
        for (Preset preset : Preset.values()) {
            byDefault.put(preset, value);
        }
        return this;
    }

    private Setting<T> inNotes(T value) {
        byDefault.put(Preset.NOTES, value);
        return this;
    }

    private Setting<T> inFast(T value) {
        byDefault.put(Preset.FAST, value);
        return this;
    }

    private Setting<T> inBest(T value) {
        byDefault.put(Preset.BEST, value);
        return this;
    }

    private Setting<T> unlessGiven(T value) {
        written = false;
        return is(value);
    }

    private Setting<T> usually(String words) {
        usually = words;
        return this;
    }

    private Setting<T> in(Bounds range) {
        return where(value -> range.check(key, (Number) value));
    }

    private Setting<T> where(Consumer<T> check) {
        rule = check;
        return this;
    }

    /** Notes the names that other libraries have for it. */
    private Setting<T> elsewhere(String... names) {
        otherNames = List.of(names);
        return this;
    }

    private Setting<T> help(String sentence) {
        help = sentence;
        return this;
    }

    /** Returns all settings, in the order in which a list of them reads well. */
    public static Collection<Setting<?>> all() {
        return Collections.unmodifiableCollection(TABLE.values());
    }

    /**
     * Returns the setting with a key.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Setting<?> of(String key) {
        return find(key)
                .orElseThrow(() -> new IllegalArgumentException("no setting " + key + suggestion(key, TABLE.keySet())));
    }

    /** Returns the setting with a key; none where there is no such setting. */
    public static Optional<Setting<?>> find(String key) {
        return Optional.ofNullable(TABLE.get(key));
    }

    /** Returns the keys of the settings that other libraries call so: {@code lr} is {@code learning-rate}. */
    public static List<String> meantBy(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace('_', '-');
        return TABLE.values().stream()
                .filter(setting -> setting.otherNames.contains(plain))
                .map(Setting::key)
                .toList();
    }

    /**
     * Returns which of some names was probably meant, in a remark to be put after a wrong one: by what other libraries call a setting,
     * else the one that is spelled most like it.
     */
    public static String suggestion(String name, Collection<String> known) {
        List<String> meant = meantBy(name).stream().filter(known::contains).toList();
        return meant.isEmpty() ? Suggestion.of(name, known) : " (did you mean " + String.join(" or ", meant) + "?)";
    }

    /** Returns what it is about. */
    public Group group() {
        return group;
    }

    /** Returns the key, such as {@code learning-rate}. */
    public String key() {
        return key;
    }

    /** Returns the type of the values. */
    public SettingType<T> type() {
        return type;
    }

    /** Returns what stands for a value in a list of options. */
    public String placeholder() {
        return placeholder;
    }

    /** Returns the default of a preset; null where it depends on other settings, or is that nothing is set. */
    public T byDefault(Preset preset) {
        return byDefault.get(preset);
    }

    /** Returns the default in words, with mentions of settings; empty where there is none. */
    public String defaultInWords() {
        T usual = byDefault(Preset.DEFAULT);
        if (usually != null || usual == null || usual.equals(List.of())) {
            return usually == null ? "" : usually;
        }
        StringBuilder words = new StringBuilder(inWords(usual));
        byDefault.forEach((preset, value) -> {
            if (!value.equals(usual)) {
                words.append("; ").append(inWords(value)).append(" with ").append(mention("preset", preset));
            }
        });
        return words.toString();
    }

    private String inWords(T value) {
        return value.equals(List.of()) ? "none" : type.write().apply(value);
    }

    /** Returns what it means, in whole sentences with mentions of settings. */
    public String help() {
        return help;
    }

    /** Returns whether a model names the value even when it is a preset's default. */
    boolean isWritten(Preset preset) {
        return !byDefault.isEmpty() && (written || !byDefault(preset).equals(byDefault(Preset.NOTES)));
    }

    /**
     * Reads a value and checks it.
     *
     * @throws SettingError when it cannot be meant
     */
    public T parse(String text) {
        T value;
        try {
            value = type.parse().apply(text);
        } catch (IllegalArgumentException e) {
            throw new SettingError(key, text, type.expected());
        }
        return checked(value);
    }

    /**
     * Checks a value by itself.
     *
     * @throws SettingError when it cannot be meant
     */
    T checked(T value) {
        rule.accept(value);
        return value;
    }

    /** Returns a value as text that {@link #parse} reads. */
    String write(Object value) {
        @SuppressWarnings("unchecked") // a builder has taken it for this setting
        T mine = (T) value;
        return type.write().apply(mine);
    }

    @Override
    public String toString() {
        return key;
    }
}
