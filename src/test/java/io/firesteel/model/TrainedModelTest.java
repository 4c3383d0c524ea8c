package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TrainedModelTest {
    /*
     * Layers 2, 3, 1 with W1 = 0, b1 = 0 and W2 = (0 0 0), b2 = log 3: P(yes) = 1 / (1 + 1/3) = 3/4 whatever the input.
     */
    @Test
    void score_ofTwoClasses_isOneMinusPAndP() {
        double[] theta = new double[13];
        theta[12] = Math.log(3);
        assertArrayEquals(
                new double[] {0.25, 0.75},
                Models.with(Models.twoClasses(), theta).score(new double[] {5, 6}),
                1e-15);
    }

    @Test
    void score_ofClasses_sumsToOne() {
        Random random = new Random(1);
        for (TrainedModel model : List.of(Models.twoClasses(), Models.threeClasses())) {
            for (int i = 0; i < 100; i++) {
                double[] scores = model.score(new double[] {9 * random.nextGaussian(), 9 * random.nextGaussian()});
                assertEquals(model.description().targets().classes().size(), scores.length);
                double sum = 0;
                for (double score : scores) {
                    assertTrue(score >= 0 && score <= 1);
                    sum += score;
                }
                assertEquals(1, sum, 1e-15);
            }
        }
    }

    /*
     * Inputs scaled by (x - 1) / 0.5 and (x + 2) / 4: x = (2, 2) becomes (2, 1). With only the weight from input 0 to unit
     * 0 (1), and from unit 0 to the output (1): P = sigmoid(tanh(2)).
     */
    @Test
    void score_scalesTheInputs() {
        double[] theta = new double[13];
        theta[0] = 1;
        theta[9] = 1;
        double p = 1 / (1 + Math.exp(-Math.tanh(2)));
        assertEquals(p, Models.with(Models.twoClasses(), theta).score(new double[] {2, 2})[1], 1e-15);
    }

    /*
     * Targets were scaled by (y - 10) / 2 and (y + 1) / 0.5. W = (1 2; 3 4), b = (5, 6), x = (1, -1):
     * scaled outputs 1 - 2 + 5 = 4 and 3 - 4 + 6 = 5; raw 10 + 2 * 4 = 18 and -1 + 0.5 * 5 = 1.5.
     */
    @Test
    void score_ofARegression_isInTheTargetsUnits() {
        Scaling targets = new Scaling(new double[] {10, -1}, new double[] {2, 0.5});
        TrainedModel model = Models.with(Models.regression(targets), 1, 3, 2, 4, 5, 6);
        assertArrayEquals(new double[] {18, 1.5}, model.score(new double[] {1, -1}));
    }

    /** W1 = 0, W2 = 0, b2 = (log 3, 0, -log 3): each label has its own probability, and they need not sum to 1. */
    @Test
    void score_ofLabels_isTheProbabilityOfEach() {
        TrainedModel model = Models.threeLabels();
        double[] theta = new double[model.theta().length];
        theta[theta.length - 3] = Math.log(3);
        theta[theta.length - 1] = -Math.log(3);
        assertArrayEquals(
                new double[] {0.75, 0.5, 0.25}, Models.with(model, theta).score(new double[] {5, 6}), 1e-15);
    }

    /*
     * Inputs blue, green, red and (x1 + 2) / 4, with the mean -2 of x1 for a missing one. With W1 = (1 2 3 4; 0 0 0 0) and
     * W2 = (1 0): P(yes) = sigmoid(tanh(1, 2 or 3 for the color, and x1 + 2)).
     */
    @Test
    void score_ofCategoriesAndMissingValues_byHand() {
        double[] theta = {1, 0, 2, 0, 3, 0, 4, 0, 0, 0, 1, 0, 0};
        TrainedModel model = Models.with(Models.mixed(), theta);
        double nan = Double.NaN;
        double[][] rows = {{0, -2}, {1, -2.5}, {2, -4}, {1, nan}, {nan, -1.5}, {nan, nan}};
        double[] z = {1, 1.5, 1, 2, 0.5, 0};
        double[][] batch = model.scorer(8).score(rows);
        for (int j = 0; j < z.length; j++) {
            double p = 1 / (1 + Math.exp(-Math.tanh(z[j])));
            assertEquals(p, model.score(rows[j])[1], 1e-15);
            assertEquals(p, batch[j][1], 1e-15, "whatever was in the scorer's memory before");
        }
    }

    @Test
    void scoreRow_takesValuesAsATableHasThem() {
        TrainedModel model = Models.mixed();
        double[] expected = model.score(new double[] {1, 5});
        assertArrayEquals(expected, model.scoreRow(Map.of("x0", "green", "x1", 5, "id", "other columns")));
        assertArrayEquals(expected, model.scoreRow(Map.of("x0", " green", "x1", " 5.0 ")));
        double[] unknown = model.score(new double[] {Double.NaN, 1});
        assertArrayEquals(unknown, model.scoreRow(Map.of("x0", "gold", "x1", true)));
        double[] missing = model.score(new double[] {Double.NaN, Double.NaN});
        assertArrayEquals(missing, model.scoreRow(Map.of("x0", "", "x1", Float.NaN)));
        Map<String, Object> nulls = new HashMap<>();
        nulls.put("x1", null);
        assertArrayEquals(missing, model.scoreRow(nulls));
        assertRefused("feature x1: \"much\" is not a finite number", () -> model.scoreRow(Map.of("x1", "much")));
        double infinite = Double.POSITIVE_INFINITY;
        assertRefused("x1: \"Infinity\" is not a finite", () -> model.scoreRow(Map.of("x1", infinite)));
        assertRefused("x0: \"Infinity\" is not a finite", () -> model.scoreRow(Map.of("x0", infinite, "x1", 1)));
    }

    /** Values of one number are one category, as they are when a table is read. */
    @Test
    void scoreRow_ofCategoriesThatAreNumbers() {
        ModelDescription mixed = Models.mixed().description();
        Encoding numbers = mixed.inputs().encoding().withCategories(Map.of("x0", List.of("-1", "2", "10.5")));
        TrainedModel model = new TrainedModel(
                Models.encoded(
                        mixed,
                        mixed.inputs().features(),
                        numbers,
                        mixed.inputs().scaling()),
                Models.mixed().theta());
        double[] expected = model.score(new double[] {1, 5});
        for (Object two : List.of(2, 2L, 2.0, "2", "2.00", "02")) {
            assertArrayEquals(expected, model.scoreRow(Map.of("x0", two, "x1", 5)));
        }
    }

    @Test
    void score_ofWhatTrainingDidNotHave_isRefused() {
        ModelDescription mixed = Models.mixed().description();
        Encoding strict = new Encoding(
                Encoding.Missing.ERROR,
                Map.of(),
                Encoding.Unseen.ERROR,
                mixed.inputs().encoding().categories());
        TrainedModel model = new TrainedModel(
                Models.encoded(
                        mixed, mixed.inputs().features(), strict, mixed.inputs().scaling()),
                Models.mixed().theta());
        assertRefused("feature x1: is missing", () -> model.scoreRow(Map.of("x0", "red")));
        assertRefused("feature x0: is missing", () -> model.scoreRow(Map.of("x1", 3)));
        assertRefused(
                "feature x0: \"gold\" is not a known category", () -> model.scoreRow(Map.of("x0", "gold", "x1", 3)));
        assertRefused("feature x0: is missing", () -> model.scoreRow(Map.of("x0", Double.NaN, "x1", 3)));
        assertRefused("\"nan\" is not a known category", () -> model.scoreRow(Map.of("x0", "nan", "x1", 3)));
        assertRefused("feature x1 is NaN", () -> model.score(new double[] {0, Double.NaN}));
        for (double index : new double[] {Double.NaN, -1, 3, 0.5}) {
            assertRefused(
                    "feature x0 is " + index + ": expected a category's index, 0 to 2",
                    () -> model.score(new double[] {index, 1}));
        }
        assertRefused("feature x0 is NaN", () -> Models.twoClasses().score(new double[] {Double.NaN, 1}));
    }

    private static void assertRefused(String part, Executable scoring) {
        String message = assertThrows(IllegalArgumentException.class, scoring).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void score_ofTheWrongNumberOfFeatures_isRefused() {
        for (int features : new int[] {0, 1, 3}) {
            String message = assertThrows(IllegalArgumentException.class, () -> Models.twoClasses()
                            .score(new double[features]))
                    .getMessage();
            assertEquals(features + " features: expected 2, [x0, x1]", message);
        }
    }

    @Test
    void scorer_ofABatch_givesWhatEachRowGives() {
        TrainedModel model = Models.threeClasses();
        double[][] rows = rows(10);
        double[][] batch = model.scorer(16).score(rows);
        assertEquals(10, batch.length);
        for (int j = 0; j < 10; j++) {
            assertArrayEquals(model.score(rows[j]), batch[j], 1e-15);
        }
        assertEquals(0, model.scorer(16).score(new double[0][]).length);
    }

    /** Spark's perceptron fails this: its models score in a shared buffer. */
    @Test
    void score_onEightThreadsForTwoSeconds_givesTheAnswersOfOne() throws InterruptedException, ExecutionException {
        scoreOnEightThreads(2);
    }

    @Test
    @Tag("faults")
    void score_onEightThreadsForAMinute_givesTheAnswersOfOne() throws InterruptedException, ExecutionException {
        scoreOnEightThreads(60);
    }

    /** Each thread scores all rows again and again, one at a time and in batches, and compares every bit. */
    private static void scoreOnEightThreads(int seconds) throws InterruptedException, ExecutionException {
        TrainedModel model = Models.threeClasses();
        double[][] rows = rows(500);
        double[][] alone = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            alone[i] = Models.threeClasses().score(rows[i]);
        }
        double[][] batch = Models.threeClasses().scorer(rows.length).score(rows);
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            CountDownLatch go = new CountDownLatch(8);
            Callable<Long> scoring = () -> {
                go.countDown();
                go.await();
                long rounds = 0;
                for (; System.nanoTime() < end; rounds++) {
                    for (int i = 0; i < rows.length; i++) {
                        assertArrayEquals(alone[i], model.score(rows[i]));
                    }
                    double[][] scores = model.scorer(rows.length).score(rows);
                    for (int i = 0; i < rows.length; i++) {
                        assertArrayEquals(batch[i], scores[i]);
                    }
                }
                return rounds;
            };
            for (Future<Long> rounds : executor.invokeAll(Collections.nCopies(8, scoring))) {
                assertTrue(rounds.get() > 0);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static double[][] rows(int n) {
        Random random = new Random(3);
        double[][] rows = new double[n][2];
        for (double[] row : rows) {
            row[0] = random.nextGaussian();
            row[1] = random.nextGaussian();
        }
        return rows;
    }

    @Test
    void theta_isCopiedInAndOut() {
        double[] theta = new double[13];
        TrainedModel model = Models.with(Models.twoClasses(), theta);
        theta[0] = 1;
        model.theta()[0] = 2;
        assertEquals(0, model.theta()[0]);
        assertNotSame(model.theta(), model.theta());
    }

    @Test
    void model_ofTheWrongNumberOfParameters_isRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Models.with(Models.twoClasses(), new double[12]))
                .getMessage();
        assertEquals("12 parameters for layers [2, 3, 1]: expected 13", message);
    }

    @Test
    void argmax_isTheFirstOfTheGreatest() {
        assertEquals(1, ModelDescription.Targets.argmax(new double[] {0.2, 0.4, 0.4}));
        assertEquals(0, ModelDescription.Targets.argmax(new double[] {0.5, 0.5}));
        assertEquals(2, ModelDescription.Targets.argmax(new double[] {-3, -2, -1}));
    }

    /** Models travel to executors. */
    @Test
    void serialization_keepsTheModel() throws IOException, ClassNotFoundException {
        TrainedModel model = Models.threeClasses();
        double[] x = {0.5, -2};
        double[] before = model.score(x);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(model);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            TrainedModel read = (TrainedModel) in.readObject();
            assertArrayEquals(model.theta(), read.theta());
            assertArrayEquals(before, read.score(x));
        }
    }
}
