package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.TrainedModel;
import io.firesteel.train.Trainer;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Training, cross-validation, search and plan as calls from Java, on a small table. */
@Tag("spark")
class TrainingTest {
    private static Dataset<Row> table;

    /** 120 points of a noisy plane. */
    @BeforeAll
    static void makeTable() {
        Random random = new Random(3);
        List<Row> rows = IntStream.range(0, 120)
                .mapToObj(i -> {
                    double a = random.nextGaussian();
                    double b = random.nextGaussian();
                    return RowFactory.create(a, b, 2 * a - b + 0.1 * random.nextGaussian());
                })
                .toList();
        table = TestSpark.session()
                .createDataFrame(
                        rows,
                        new StructType()
                                .add("a", DataTypes.DoubleType)
                                .add("b", DataTypes.DoubleType)
                                .add("y", DataTypes.DoubleType))
                .cache();
    }

    private static Settings.Builder plane() {
        return Settings.builder()
                .set("preset", "notes")
                .set("task", "regression")
                .set("label", "y")
                .set("hidden", "none")
                .set("iterations", "30");
    }

    /** Notes what it is told. */
    private static final class Notes implements TrainingListener {
        private final List<Integer> steps = new ArrayList<>();
        private final List<Metrics> folds = new ArrayList<>();
        private final List<Map<String, String>> trials = new ArrayList<>();
        private int ended;

        @Override
        public Trainer.Listener watch(Fitting.Prepared training, int from) {
            steps.add(training.steps());
            return new Trainer.Listener() {
                @Override
                public void onStep(ModelDescription.Step step) {}

                @Override
                public void onOver() {
                    ended++;
                }
            };
        }

        @Override
        public void onFold(int fold, Metrics metrics) {
            assertEquals(folds.size(), fold);
            folds.add(metrics);
        }

        @Override
        public void onTrial(int trial, int of, Map<String, String> settings) {
            assertEquals(trials.size(), trial);
            trials.add(settings);
        }
    }

    @Test
    void forwardingListener_forwardsEachCall() {
        Set<String> calls = calls(TrainingListener.class);
        assertTrue(calls.size() > 10, calls.toString());
        assertEquals(calls, calls(ForwardingListener.class));
    }

    private static Set<String> calls(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .collect(Collectors.toSet());
    }

    @Test
    void fit_learnsThePlane() {
        TrainedModel model = Training.fit(plane().build(), table);
        assertEquals(List.of("a", "b"), model.description().inputs().features());
        assertEquals(2 * 0.5 - 0.25, model.score(new double[] {0.5, 0.25})[0], 0.1);
        assertEquals("30", model.description().provenance().settings().get("iterations"));
    }

    /** The example of the page "Spark ML and Java". */
    @Test
    void fit_asOnThePage() {
        Dataset<Row> table = TestSpark.session()
                .read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv("data/flower.csv");
        Settings settings = Settings.builder()
                .set(Setting.PRESET, Preset.NOTES)
                .set(Setting.LABEL, List.of("color"))
                .set(Setting.HIDDEN, List.of(4))
                .set(Setting.LEARNING_RATE, 1.2)
                .set(Setting.ITERATIONS, 1000)
                .build();
        TrainedModel model = Training.fit(settings, table);
        double[] probabilities = model.scoreRow(Map.of("x1", 1.5, "x2", -0.5));
        assertEquals(1, probabilities[0] + probabilities[1], 1e-12);
        List<ModelDescription.Step> history = model.description().provenance().history();
        assertTrue(history.get(1000).loss() < 0.25, "loss " + history.get(1000).loss());
    }

    /** As where a checkpoint does not fit: nobody would ever end the threads of the steps. */
    @Test
    void fit_thatFailsBeforeItsFirstStep_endsItsThreads() throws InterruptedException {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "the threads beside the one that trains");
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Set<Thread> started = new HashSet<>();
        TrainingListener failing = new TrainingListener() {
            @Override
            public Trainer.ResumePoint start(Fitting.Prepared training) {
                training.runner().slices();
                started.addAll(Thread.getAllStackTraces().keySet());
                started.removeIf(thread ->
                        before.contains(thread) || !thread.getClass().getName().startsWith("io.firesteel.compute."));
                throw new UserError("it does not fit");
            }
        };
        Settings settings = plane().set("engine", "local").build();
        assertThrows(UserError.class, () -> Training.trained(settings, Source.of(table), failing));
        assertFalse(started.isEmpty());
        for (Thread thread : started) {
            thread.join(10_000);
            assertFalse(thread.isAlive(), thread::toString);
        }
    }

    @Test
    void run_measuresOnBothSides() {
        Settings settings = plane().set("validation-fraction", "0.25").build();
        TrainingListener silent = TrainingListener.SILENT;
        try (Training training = Training.read(settings, Source.of(table), null, silent)) {
            Training.Outcome outcome = training.run(silent);
            assertEquals(90, outcome.training().rows());
            assertEquals(30, outcome.validation().rows());
            assertEquals(
                    outcome.validation().loss(),
                    outcome.model().description().provenance().history().get(30).validationLoss(),
                    1e-12);
        }
    }

    /** Each fold is held out once; the model itself is trained on all rows, as without folds. */
    @Test
    void run_withFolds_trainsWithoutEachAndOnAll() {
        Notes notes = new Notes();
        try (Training training = Training.read(plane().set("folds", "3").build(), Source.of(table), null, notes)) {
            Training.Outcome outcome = training.run(notes);
            assertEquals(List.of(30, 30, 30, 30), notes.steps);
            assertEquals(4, notes.ended);
            assertEquals(120, notes.folds.stream().mapToLong(Metrics::rows).sum());
            assertNull(outcome.validation());
            List<Fold> folds =
                    outcome.model().description().provenance().validation().folds();
            assertEquals(notes.folds.stream().map(Fold::of).toList(), folds);
            assertArrayEquals(
                    Training.fit(plane().build(), table).theta(),
                    outcome.model().theta());
        }
    }

    @Test
    void search_sortsByTheMetric_andReturnsTheBestModel() {
        Notes notes = new Notes();
        Settings.Builder base = plane().set("validation-fraction", "0.25").set("metric", "r2");
        Search.Outcome outcome = new Search(base, SearchSpace.parse("learning-rate=0.0001|0.1|1e200;l2=0"), null, 1)
                .run(Source.of(table), true, notes);
        assertEquals(3, notes.trials.size());
        assertEquals(Metric.R2, outcome.metric());
        assertEquals(
                List.of("0.1", "0.0001", "1e200"),
                outcome.trials().stream()
                        .map(trial -> trial.settings().get("learning-rate"))
                        .toList());
        assertTrue(outcome.trials().get(2).failure().getMessage().contains("diverged"));
        assertNull(outcome.trials().get(2).score());
        assertArrayEquals(
                Training.fit(base.set("learning-rate", "0.1").set("l2", "0").build(), table)
                        .theta(),
                outcome.best().theta());
    }

    @Test
    void search_withFolds_trainsTheBestOnAllRows() {
        Search search =
                new Search(plane().set("folds", "2"), SearchSpace.parse("l2=0|10;standardize=true|false"), null, 1);
        Search.Outcome outcome = search.run(Source.of(table), true, TrainingListener.SILENT);
        assertEquals("0", outcome.trials().get(0).settings().get("l2"));
        assertEquals(4, outcome.trials().size());
        assertTrue(outcome.trials().get(0).deviation() > 0);
        Settings.Builder best = plane();
        outcome.trials().get(0).settings().forEach(best::set);
        assertArrayEquals(
                Training.fit(best.build(), table).theta(), outcome.best().theta());
        assertNull(search.run(Source.of(table), false, TrainingListener.SILENT).best());
    }

    @Test
    void search_thatCannotBe_isRefused() {
        SearchSpace space = SearchSpace.parse("l2=0|1");
        assertThrows(UserError.class, () -> new Search(plane(), space, null, 1), "without validation rows");
        UserError e = assertThrows(
                UserError.class, () -> new Search(plane().set("folds", "2"), SearchSpace.parse("hidden=4|0"), null, 1));
        assertTrue(e.getMessage().contains("hidden=0: expected positive"), e.getMessage());
    }

    /** 120 rows of three numbers of 8 bytes. */
    @Test
    void plan_measuresStepsAndBytes() {
        Plan plan = Plan.of(
                plane().set("validation-fraction", "0.25")
                        .set("iterations", "8")
                        .build(),
                Source.of(table),
                TrainingListener.SILENT);
        assertEquals(8, plan.steps());
        assertEquals(90, plan.trainingRows());
        assertEquals(90 * 24, plan.trainingBytes());
        assertEquals(30 * 24, plan.validationBytes());
        assertEquals(4, plan.measured(), "the second half");
        assertTrue(plan.step() > 0 && plan.reading() > 0);
        assertEquals(3, plan.parameters());
    }
}
