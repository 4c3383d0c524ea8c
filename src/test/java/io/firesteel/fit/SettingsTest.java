package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding;
import io.firesteel.model.Metric;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.optim.Schedule;
import io.firesteel.table.Sparse;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.OptimizerConfig;
import io.firesteel.train.OptimizerKind;
import io.firesteel.train.Regularization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    /** The settings of the course's notes, with those that are given. */
    private static Settings of(String... keysAndTexts) {
        Settings.Builder builder = Settings.builder().set(Setting.PRESET, Preset.NOTES);
        for (int i = 0; i < keysAndTexts.length; i += 2) {
            builder.set(keysAndTexts[i], keysAndTexts[i + 1]);
        }
        return builder.build();
    }

    /** Each default of the course's notes, as the documentation has it. */
    @Test
    void build_withoutValues_hasTheDefaults() {
        Settings settings = of();
        assertEquals(Task.CLASSIFICATION, settings.task());
        assertEquals(List.of(64), settings.config().hidden());
        assertEquals(List.of(Activation.TANH), settings.config().activations());
        assertEquals(Initializer.GLOROT, settings.config().initializer());
        assertEquals(1, settings.config().initScale());
        assertEquals(OptimizerKind.GD, settings.config().rule().kind());
        assertEquals(0.1, settings.config().learningRate());
        assertEquals(new Schedule.Constant(), settings.config().rule().schedule());
        assertEquals(200, settings.config().pace().iterations());
        assertNull(settings.config().pace().epochs());
        assertFalse(settings.config().pace().hasBatches());
        assertEquals(Regularization.NONE, settings.config().regularization());
        assertEquals(0, settings.config().tolerance());
        assertEquals(1, settings.config().seed());
        assertEquals(Precision.DOUBLE, settings.precision());
        assertNull(settings.config().loss());
        assertTrue(settings.config().classWeighting().isNone());
        assertEquals(Engine.AUTO, settings.engine());
        assertEquals(List.of(), settings.inputs().labels());
        assertEquals(List.of(), settings.inputs().kinds().categorical());
        assertEquals(Sparse.AUTO, settings.inputs().sparse());
        assertTrue(settings.inputs().standardize());
        assertFalse(settings.isValidated());
        assertNull(settings.stopping());
        assertEquals(Metric.LOSS, settings.metric());
    }

    /** The default preset, as the documentation has it. */
    @Test
    void build_ofPresets() {
        Settings settings = Settings.builder().build();
        assertEquals(List.of(128, 128, 128), settings.config().hidden());
        assertEquals(List.of(Activation.GELU), settings.config().activations());
        assertEquals(new LayerSettings(Embedding.PERIODIC, 64, true, true, 1), settings.layers());
        assertTrue(settings.inputs().robust());
        assertEquals(Initializer.LECUN, settings.config().initializer());
        OptimizerConfig rule = settings.config().rule();
        assertEquals(OptimizerKind.ADAMW, rule.kind());
        assertTrue(rule.scalesRates());
        assertEquals(
                Map.of("learning-rate", 0.0025, "beta1", 0.9, "beta2", 0.95, "epsilon", 1e-8, "weight-decay", 0.32),
                rule.settings());
        assertEquals(
                0.0125,
                Settings.builder()
                        .set(Setting.TASK, Task.REGRESSION)
                        .build()
                        .config()
                        .learningRate());
        assertEquals(
                new Regularization(0, 0, 0, List.of(0.15), true, 0),
                settings.config().regularization());
        assertEquals(new Schedule.CosineCycles(4), settings.config().rule().schedule());
        assertEquals(64, settings.config().pace().epochs());
        assertNull(settings.config().pace().iterations());
        assertEquals(Precision.SINGLE, settings.precision());
        assertEquals(List.of("auto"), settings.inputs().kinds().categorical());
        assertEquals(new EarlyStopping(Metric.LOSS, 1, 36, 0, true), settings.stopping());
        assertEquals(
                Set.of(
                        "task",
                        "batch-size",
                        "patience",
                        "refit",
                        "validation-fraction",
                        "label-smoothing",
                        "missing",
                        "robust",
                        "pieces",
                        "embedding",
                        "max-one-hot",
                        "scale-inputs"),
                settings.open(),
                "the rows decide");
        Settings fast = Settings.builder().set(Setting.PRESET, Preset.FAST).build();
        assertEquals(List.of(64, 64), fast.config().hidden());
        assertEquals(16, fast.config().pace().epochs());
        Settings best = Settings.builder().set(Setting.PRESET, Preset.BEST).build();
        assertEquals(new LayerSettings(Embedding.PERIODIC, 64, true, true, 8), best.layers());
        assertEquals(settings.config(), best.config(), "all else is the default's");
        assertEquals(settings.stopping(), best.stopping());
        assertEquals("8", best.texts().get("members"));
        assertFalse(settings.texts().containsKey("members"));
        Settings linear = Settings.builder()
                .set(Setting.PRESET, Preset.BEST)
                .set("hidden", "none")
                .build();
        assertEquals(1, linear.layers().members(), "the mean of linear models is one");
        assertEquals(Set.of("task"), of().open());
    }

    /** A setting that asks for something plain is not given the rest of the preset's network. */
    @Test
    void build_ofPresets_givesWay() {
        LayerSettings plain = new LayerSettings(Embedding.NONE, Encoding.MOST_CATEGORIES, false, false, 1);
        for (Settings settings : List.of(
                Settings.builder().set("hidden", "none").build(),
                Settings.builder().set("optimizer", "gd").build(),
                Settings.builder().set("optimizer", "lbfgs").build())) {
            assertEquals(plain, settings.layers());
            assertFalse(settings.config().rule().scalesRates());
        }
        Settings adam = Settings.builder().set("optimizer", "adam").build();
        assertTrue(adam.config().rule().scalesRates());
        assertEquals(0.001, adam.config().learningRate());
        assertEquals(0.999, adam.config().rule().settings().get("beta2"));
        Settings sparse = Settings.builder().set("sparse", "true").build();
        assertEquals(new LayerSettings(Embedding.NONE, Encoding.MOST_CATEGORIES, false, true, 1), sparse.layers());
        assertFalse(sparse.inputs().robust());
        assertFalse(
                Settings.builder().set("standardize", "false").build().inputs().robust());
    }

    @Test
    void batchSize_growsWithTheRows() {
        assertEquals(64, Preset.batchSize(1_024));
        assertEquals(128, Preset.batchSize(1_025));
        assertEquals(256, Preset.batchSize(100_000));
        assertEquals(512, Preset.batchSize(500_000));
        assertEquals(1_024, Preset.batchSize(Long.MAX_VALUE));
    }

    /** What was given tells the task where only one has it. */
    @Test
    void build_infersTheTaskFromOtherSettings() {
        assertEquals(Task.REGRESSION, of("loss", "huber").task());
        assertEquals(Set.of(), of("loss", "huber").open());
        assertEquals(Task.REGRESSION, of("metric", "rmse", "folds", "2").task());
        assertEquals(Set.of(), of("class-weight", "balanced").open());
        assertEquals(Set.of("task"), of("metric", "loss", "folds", "2").open());
    }

    @Test
    void build_resolvesWhatDependsOnOthers() {
        assertEquals(Initializer.HE, of("activation", "relu").config().initializer());
        assertEquals(0.01, of("init", "normal").config().initScale());
        assertEquals(0.001, of("optimizer", "adam").config().learningRate());
        assertNull(of("epochs", "3").config().pace().iterations());
        assertEquals(
                new Schedule.WarmUp(5, new Schedule.Cosine()),
                of("schedule", "cosine", "warm-up", "5").config().rule().schedule());
        assertEquals(
                new EarlyStopping(Metric.LOSS, 1, 0, 0, false),
                of("validation-fraction", "0.2").stopping());
        assertEquals(
                new EarlyStopping(Metric.ACCURACY, 1, 3, 0, true),
                of("validation-column", "held", "patience", "3", "metric", "accuracy")
                        .stopping());
        assertTrue(of("folds", "5").validation().stratified());
        assertFalse(of("folds", "5", "task", "regression").validation().stratified());
        assertNull(of("folds", "5").stopping(), "folds are not watched");
    }

    /** A value set by its type is the one set by its key from text. */
    @Test
    void set_byTypeAndByText_areTheSame() {
        Settings byType = Settings.builder()
                .set(Setting.PRESET, Preset.NOTES)
                .set(Setting.TASK, Task.REGRESSION)
                .set(Setting.HIDDEN, List.of(3, 2))
                .set(Setting.ACTIVATION, List.of(Activation.LEAKY_RELU, Activation.GELU))
                .set(Setting.LOSS, Loss.ABSOLUTE_ERROR)
                .set(Setting.OPTIMIZER, OptimizerKind.LBFGS)
                .set(Setting.LABEL, List.of("y"))
                .set(Setting.STANDARDIZE, false)
                .build();
        Settings byText = of(
                "task", "Regression",
                "hidden", "3,2",
                "activation", "leakyrelu,GELU",
                "loss", "absolute",
                "optimizer", "l-bfgs",
                "label", "y",
                "standardize", "false");
        assertEquals(values(byType), values(byText));
        assertEquals(byType.texts(), byText.texts());
        assertEquals(List.of(), of("hidden", "none").config().hidden());
    }

    /** What a model contains of its settings makes the same settings again. */
    @Test
    void texts_makeTheSameSettings() {
        List<Settings> some = List.of(
                of(),
                of("hidden", "none"),
                of("optimizer", "adamw", "batch-size", "10", "epochs", "3", "beta2", "0.99", "schedule", "step:5,0.5"),
                of(
                        "dropout",
                        "0.1,0.2",
                        "hidden",
                        "4,4",
                        "l1",
                        "0.5",
                        "class-weight",
                        "a=2,b=1",
                        "label-smoothing",
                        "0.2",
                        "sparse",
                        "false"),
                of("task", "regression", "loss", "poisson", "folds", "3", "metric", "rmse", "categorical", "a,b"),
                of(
                        "validation-data",
                        "x.csv",
                        "patience",
                        "2",
                        "min-delta",
                        "0.1",
                        "keep-best",
                        "false",
                        "seed",
                        "-7"));
        for (Settings settings : some) {
            Settings.Builder again = Settings.builder();
            settings.texts().forEach(again::set);
            assertEquals(values(settings), values(again.build()));
            assertEquals(settings.texts(), again.build().texts());
        }
    }

    /** What settings come to. */
    private static List<Object> values(Settings settings) {
        return Arrays.asList(
                settings.task(),
                settings.inputs(),
                settings.config(),
                settings.validation(),
                settings.stopping(),
                settings.metric(),
                settings.engine());
    }

    /** The keys that models have always contained (but for the preset), so that checkpoints of earlier versions can be compared with. */
    @Test
    void texts_containTheDefaults() {
        Map<String, String> expected = new TreeMap<>(Map.of(
                "task",
                "classification",
                "hidden",
                "64",
                "activation",
                "tanh",
                "optimizer",
                "gd",
                "learning-rate",
                "0.1",
                "schedule",
                "constant",
                "warm-up",
                "0",
                "iterations",
                "200",
                "tolerance",
                "0.0",
                "l2",
                "0.0"));
        expected.putAll(Map.of(
                "seed",
                "1",
                "precision",
                "double",
                "engine",
                "auto",
                "standardize",
                "true",
                "unseen",
                "error",
                "missing",
                "error",
                "validation-fraction",
                "0.0",
                "patience",
                "0",
                "categorical",
                "",
                "label",
                ""));
        expected.putAll(Map.of("features", "", "exclude", "", "data", "t.csv", "preset", "notes"));
        assertEquals(
                expected,
                new TreeMap<>(Settings.builder()
                        .set(Setting.PRESET, Preset.NOTES)
                        .note("data", "t.csv")
                        .build()
                        .texts()));
    }

    @ParameterizedTest
    @CsvSource({
        "hidden, 'abc', 'positive numbers of units such as 64,32, or none'",
        "hidden, '4,0', positive numbers",
        "hidden, '', positive numbers",
        "learning-rate, fast, a number",
        "learning-rate, 0, a positive number",
        "beta1, 1, '0 or more, and less than 1'",
        "weight-decay, -1, a number of 0 or more",
        "iterations, 1.5, a whole number",
        "iterations, -1, 0 or more",
        "batch-size, 0, 1 or more",
        "batch-fraction, 1.5, 'a fraction of the rows, above 0 and at most 1'",
        "tolerance, 1, '0 (off) or more, and less than 1'",
        "dropout, '0.1,1', less than 1",
        "init-scale, NaN, a number of 0 or more",
        "schedule, linear, constant",
        "class-weight, even, balanced",
        "label-smoothing, 1, '0 or more, and less than 1'",
        "threshold, 1, 'a number above 0 and below 1, or accuracy'",
        "threshold, auc, f1",
        "standardize, yes, true or false",
        "optimizer, newton, 'gd, momentum, nesterov, adam, adamw, lbfgs'",
        "loss, cross-entropy, 'squared, absolute, huber, poisson, quantile'",
        "validation-fraction, 1, less than 1",
        "folds, 1, 2 or more",
        "patience, -1, 0 (off) or more",
        "validate-every, 0, 1 or more",
        "min-delta, -1, a number of 0 or more",
        "precision, half, 'single, double'"
    })
    void set_aValueThatCannotBeMeant_isRefused(String key, String text, String expected) {
        SettingError e =
                assertThrows(SettingError.class, () -> Settings.builder().set(key, text));
        assertEquals(key, e.setting());
        assertTrue(e.expected().contains(expected), e.expected());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task=classification loss=huber | --loss huber: expected --task regression, since a classification has its",
                "task=regression threshold=0.3 | --threshold 0.3: expected --task classification",
                "preset=notes threshold=f1 | --threshold f1: expected validation rows",
                "task=multilabel class-weight=balanced | --class-weight balanced: expected --task classification",
                "task=regression label-smoothing=0.1 | --label-smoothing 0.1: expected 0 with --task regression",
                "robust=true standardize=false | --robust true: expected --standardize true",
                "optimizer=gd scale-rates=true | --scale-rates true: expected false with --optimizer gd",
                "epochs=3 iterations=5 | --epochs 3: expected only one of --epochs and --iterations",
                "batch-size=3 batch-fraction=0.5 | --batch-fraction 0.5: expected only one of --batch-size and",
                "momentum=0.5 | --momentum 0.5: expected --optimizer momentum or nesterov",
                "optimizer=lbfgs schedule=cosine | --schedule and --warm-up: expected neither with --optimizer lbfgs",
                "optimizer=lbfgs l1=1 | --l1 1.0: expected none with --optimizer lbfgs",
                "activation=tanh,relu | --activation tanh,relu: expected one activation, or one for each of the 1 hidden",
                "dropout=0.1 hidden=none | --dropout 0.1: expected no dropout without hidden layers",
                "validation-fraction=0.5 folds=2 | --validation-fraction and --folds: expected only one of them",
                "stratify=true | --stratify true: expected --validation-fraction or --folds with it",
                "stratify=true folds=2 task=regression | --stratify true: expected --task classification with it",
                "task=classification metric=rmse folds=2 | --metric rmse: expected a metric of a classification: loss, accuracy",
                "patience=3 | --patience 3: expected validation rows with it (add --validation-fraction 0.2)",
                "keep-best=true folds=3 | --keep-best true: expected validation rows with it",
                "min-delta=1 validation-fraction=0.5 | --min-delta 1.0: expected --patience with it"
            })
    void build_ofSettingsThatDoNotFit_isRefused(String given, String expected) {
        Settings.Builder builder = Settings.builder().set(Setting.PRESET, Preset.NOTES);
        for (String one : given.trim().split(" ")) {
            builder.set(one.split("=", 2)[0], one.split("=", 2)[1]);
        }
        String message = assertThrows(UserError.class, builder::build).render(SettingNames.OPTIONS);
        assertTrue(message.startsWith(expected), message);
    }

    @Test
    void set_anUnknownKey_isRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Settings.builder().set("hiden", "4"))
                .getMessage();
        assertTrue(message.contains("hiden (did you mean hidden?)"), message);
    }

    @Test
    void copy_isIndependent() {
        Settings.Builder first = Settings.builder().set(Setting.L2, 0.5).note("data", "a");
        Settings.Builder second = first.copy().set(Setting.L2, 0.25);
        assertEquals("0.5", first.build().texts().get("l2"));
        assertEquals("0.25", second.build().texts().get("l2"));
        assertEquals("a", second.build().texts().get("data"));
    }

    @Test
    void steps_needOneAfterTheWarmUp() {
        Settings settings = of("batch-size", "2", "epochs", "3", "warm-up", "6");
        String message =
                assertThrows(SettingError.class, () -> settings.steps(4)).render(SettingNames.OPTIONS);
        assertEquals("--warm-up 6: expected fewer steps than the 6 steps of --epochs 3", message);
        assertEquals(9, settings.steps(6));
    }

    /** The table reads well: whole sentences, each setting once, defaults that pass their own checks. */
    @Test
    void table_isWhole() {
        Set<String> keys = new TreeSet<>();
        List<String> bad = new ArrayList<>();
        for (Setting<?> setting : Setting.all()) {
            assertTrue(keys.add(setting.key()), setting.key());
            String help = SettingNames.OPTIONS.render(setting.help());
            if (!help.matches("(?s)[A-Z0-9].*\\.")) {
                bad.add(setting.key() + ": " + help);
            }
            for (Preset preset : Preset.values()) {
                if (setting.byDefault(preset) != null) {
                    assertEquals(setting.byDefault(preset), setting.parse(setting.write(setting.byDefault(preset))));
                }
            }
        }
        assertEquals(List.of(), bad);
        assertEquals(
                "0.0025, for a regression 0.0125; where an optimizer is named or with --preset notes: 0.1 with gd, "
                        + "0.01 with momentum and nesterov, 0.001 with adam and adamw",
                SettingNames.OPTIONS.render(Setting.LEARNING_RATE.defaultInWords()));
        assertEquals("adamw; gd with --preset notes", SettingNames.OPTIONS.render(Setting.OPTIMIZER.defaultInWords()));
    }
}
