package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Contributions.OfRow;
import io.firesteel.nn.Activation;
import io.firesteel.nn.CategoryEmbedding;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import io.firesteel.nn.Piecewise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Contributions against integrals of central differences, and where they are known. */
class ContributionsTest {
    /** Numbers 0 and 2, categories 1 (of 3 values) and 3 (of 5). */
    private static final int[] FIRSTS = {0, 1, 4, 5};

    private static final int INPUTS = 10;

    /** Points of Simpson's rule, and the distance of the differences. */
    private static final int POINTS = 600;

    private static final double H = 1e-5;

    private static TrainedModel random(Task task, Network network, Scaling targets) {
        int classes = task == Task.CLASSIFICATION ? Math.max(2, network.outputs()) : 0;
        List<String> names = Stream.of("a", "b", "c", "d").limit(classes).toList();
        TrainedModel plain = Models.model(task, network, Scaling.none(network.inputs()), names, targets);
        Random random = new Random(11);
        return Models.with(
                plain,
                Arrays.stream(plain.theta())
                        .map(w -> 0.7 * random.nextGaussian())
                        .toArray());
    }

    /** The row with the inputs of each feature times a factor of its own: numbers dense, categories sparse. */
    private static AnyMatrix scaled(double[] row, double[] factors) {
        Matrix dense = Precision.DOUBLE.zeros(2, 1);
        dense.set(0, 0, row[0] * factors[0]);
        dense.set(1, 0, row[2] * factors[2]);
        int[] indices = {FIRSTS[1] + (int) row[1], FIRSTS[3] + (int) row[3]};
        double[] values = {factors[1], factors[3]};
        return new MixedMatrix(
                new int[] {0, 4}, dense, Precision.DOUBLE.sparse(INPUTS, new int[] {0, 2}, indices, values));
    }

    /** The score that contributions are to, by its definition. */
    private static double score(TrainedModel.Scorer scorer, Task task, AnyMatrix x, int chosen) {
        double[] scores = scorer.scoreScaled(x)[0];
        if (task == Task.REGRESSION) {
            return scores.length == 1
                    ? scores[0]
                    : scores[scores.length / 2]; // the median of an odd number of quantiles
        }
        double p = scores[chosen];
        double rest = 0;
        for (int k = 0; k < scores.length; k++) {
            rest += k == chosen ? 0 : scores[k];
        }
        return Math.log(p / rest);
    }

    static Stream<TrainedModel> models() {
        List<TrainedModel> models = new ArrayList<>();
        for (Activation activation : List.of(Activation.GELU, Activation.TANH, Activation.ELU)) {
            for (Loss loss : List.of(Loss.SIGMOID_CROSS_ENTROPY, Loss.SOFTMAX_CROSS_ENTROPY)) {
                int outputs = loss == Loss.SIGMOID_CROSS_ENTROPY ? 1 : 3;
                models.add(random(
                        Task.CLASSIFICATION,
                        Network.of(List.of(INPUTS, 5, 4, outputs), activation, loss),
                        Scaling.none(outputs)));
            }
        }
        Scaling target = new Scaling(new double[] {50}, new double[] {7});
        for (Loss loss : Loss.OF_REGRESSION) {
            Network network = Networks.of(List.of(INPUTS, 6, loss == Loss.QUANTILE ? 3 : 1), Activation.TANH, loss);
            models.add(random(Task.REGRESSION, network, target));
        }
        List<CategoryEmbedding.Feature> embedded = List.of(new CategoryEmbedding.Feature(5, 5));
        List<CategoryEmbedding.Feature> both =
                List.of(new CategoryEmbedding.Feature(1, 3), new CategoryEmbedding.Feature(5, 5));
        Network table = Network.of(List.of(INPUTS, 5, 4, 3), Activation.GELU, Loss.SOFTMAX_CROSS_ENTROPY);
        models.add(random(
                Task.CLASSIFICATION,
                table.withInputs(List.of(0, 4), embedded, true)
                        .withParametricActivations()
                        .withMembers(3),
                Scaling.none(3)));
        models.add(random(
                Task.CLASSIFICATION,
                Network.of(List.of(INPUTS, 5, 1), Activation.GELU, Loss.SIGMOID_CROSS_ENTROPY)
                        .withInputs(List.of(0, 4), both, true)
                        .withMembers(2),
                Scaling.none(1)));
        models.add(random(
                Task.CLASSIFICATION,
                table.withInputs(List.of(0, 4), embedded, true)
                        .withPieces(List.of( // knots between the panels of Simpson's rule, and none at the base
                                new Piecewise.Pieces(0, List.of(-0.5, -0.1, 0.26, 0.65)),
                                new Piecewise.Pieces(4, List.of(-0.4, -0.2, 0.2)))),
                Scaling.none(3)));
        for (Loss loss : List.of(Loss.POISSON, Loss.QUANTILE)) {
            models.add(random(
                    Task.REGRESSION,
                    Networks.of(List.of(INPUTS, 5, loss == Loss.QUANTILE ? 3 : 1), Activation.TANH, loss)
                            .withInputs(List.of(0, 4), List.of(), false)
                            .withMembers(2),
                    target));
        }
        return models.stream().map(ContributionsTest::encoded);
    }

    /** The model of the four features. */
    private static TrainedModel encoded(TrainedModel model) {
        Encoding encoding = new Encoding(
                Encoding.Missing.MEAN,
                java.util.Map.of("x0", 0.0, "x2", 0.0),
                Encoding.Unseen.IGNORE,
                java.util.Map.of("x1", List.of("a", "b", "c"), "x3", List.of("a", "b", "c", "d", "e")));
        return new TrainedModel(
                Models.encoded(model.description(), List.of("x0", "x1", "x2", "x3"), encoding, Scaling.none(4)),
                model.theta());
    }

    @ParameterizedTest
    @MethodSource("models")
    void of_areTheIntegralsOfDifferences(TrainedModel model) {
        Task task = model.description().task();
        double[] row = {1.3, 2, -0.8, 4};
        AnyMatrix x = model.description().inputs().layout().encode(row, 4, 1, Scaling.none(4), Precision.DOUBLE);
        TrainedModel.Scorer scorer = model.scorer(1);
        double[][] scores = scorer.scoreScaled(x);
        int chosen = scores[0].length == 2 ? 1 : ModelDescription.Targets.argmax(scores[0]);
        OfRow found = new Contributions(model).of(x, scores).get(0);
        assertTrue(found.isExact());
        double[] none = new double[4];
        double[] whole = {1, 1, 1, 1};
        assertEquals(score(scorer, task, scaled(row, none), chosen), found.base(), 1e-9);
        assertEquals(score(scorer, task, scaled(row, whole), chosen), found.score(), 1e-9);
        assertEquals(
                found.score() - found.base(), Arrays.stream(found.ofColumns()).sum(), 1e-6);
        for (int c = 0; c < 4; c++) {
            double integral = 0;
            for (int p = 0; p <= POINTS; p++) {
                double[] above = new double[4];
                Arrays.fill(above, (double) p / POINTS);
                double[] below = above.clone();
                above[c] += H;
                below[c] -= H;
                double slope = (score(scorer, task, scaled(row, above), chosen)
                                - score(scorer, task, scaled(row, below), chosen))
                        / (2 * H);
                integral += slope * (p == 0 || p == POINTS ? 1 : p % 2 == 1 ? 4 : 2) / (3.0 * POINTS);
            }
            // Where quantiles cross on the way the integrand jumps, and Simpson's rule is off by a part of a step.
            boolean jumps = model.network().loss() == Loss.QUANTILE;
            assertEquals(integral, found.ofColumns()[c], jumps ? 0.1 : 2e-6, "column " + c);
        }
    }

    /** A linear model: w (x - mean) / deviation, in the target's units. */
    @Test
    void of_aLinearModel_areItsTerms() {
        Network network = Network.of(List.of(3, 1), Activation.TANH, Loss.SQUARED_ERROR);
        Scaling inputs = new Scaling(new double[] {5, -1, 0}, new double[] {2, 4, 1});
        Scaling targets = new Scaling(new double[] {1000}, new double[] {100});
        TrainedModel model =
                Models.with(Models.model(Task.REGRESSION, network, inputs, List.of(), targets), 0.5, -2, 3, 0.25);
        AnyMatrix x = model.description()
                .inputs()
                .layout()
                .encode(new double[] {9, 7, 0, 5, -1, 0.1}, 3, 2, inputs, Precision.DOUBLE);
        List<OfRow> found = new Contributions(model).of(x, model.scorer(2).scoreScaled(x));
        assertEquals(1025, found.get(0).base(), 1e-9);
        assertArrayEquals(new double[] {100, -400, 0}, found.get(0).ofColumns(), 1e-9);
        assertArrayEquals(new double[] {0, 0, 30}, found.get(1).ofColumns(), 1e-9);
        assertEquals(1055, found.get(1).score(), 1e-9);
    }

    /** Scores that bend along the line: |x| in relu, whose contributions are known, and networks of many kinks. */
    @Test
    void of_kinks() {
        // a = relu(x0 - 1/4), z = 2 a: the path bends at a quarter of the way to x0 = 1, and x1 adds nothing.
        Network one = Network.of(List.of(2, 1, 1), Activation.RELU, Loss.SQUARED_ERROR);
        TrainedModel bent = Models.with(
                Models.model(Task.REGRESSION, one, Scaling.none(2), List.of(), Scaling.none(1)), 1, 0, -0.25, 2, 0);
        AnyMatrix x = Precision.DOUBLE.zeros(2, 1).columns(new int[] {0});
        ((Matrix) x).set(0, 0, 1);
        ((Matrix) x).set(1, 0, 1);
        OfRow found =
                new Contributions(bent).of(x, bent.scorer(1).scoreScaled(x)).get(0);
        assertArrayEquals(new double[] {1.5, 0}, found.ofColumns(), 1e-9);
        for (Activation activation : List.of(Activation.RELU, Activation.LEAKY_RELU)) {
            Network network = Network.of(List.of(6, 40, 40, 1), activation, Loss.SIGMOID_CROSS_ENTROPY)
                    .withInputs(List.of(0, 1, 2, 3, 4, 5), List.of(), true);
            TrainedModel model = random(Task.CLASSIFICATION, network, Scaling.none(1));
            Matrix rows = Precision.DOUBLE.zeros(6, 5);
            Random random = new Random(4);
            rows.setAll(random.doubles(30, -2, 2).toArray());
            for (OfRow row : new Contributions(model).of(rows, model.scorer(5).scoreScaled(rows))) {
                assertTrue(row.isExact());
                assertEquals(
                        row.score() - row.base(), Arrays.stream(row.ofColumns()).sum(), 1e-6);
            }
        }
    }

    /** The parts of a date are one column, and rows do not depend on those beside them. */
    @Test
    void of_dates_areOfTheirColumn() {
        Network network = Network.of(List.of(4, 3, 1), Activation.TANH, Loss.SQUARED_ERROR);
        TrainedModel plain = random(Task.REGRESSION, network, Scaling.none(1));
        Encoding encoding = Encoding.NONE.withDates(java.util.Map.of("t", List.of(DatePart.YEAR, DatePart.DAYS)));
        List<String> features = List.of("x0", "t.year", "t.days", "x3");
        TrainedModel dated = new TrainedModel(
                Models.encoded(plain.description(), features, encoding, Scaling.none(4)), plain.theta());
        Matrix x = Precision.DOUBLE.zeros(4, 3);
        x.setAll(new Random(2).doubles(12, -2, 2).toArray());
        List<OfRow> ofFeatures = new Contributions(plain).of(x, plain.scorer(3).scoreScaled(x));
        List<OfRow> ofColumns = new Contributions(dated).of(x, dated.scorer(3).scoreScaled(x));
        for (int j = 0; j < 3; j++) {
            double[] each = ofFeatures.get(j).ofColumns();
            assertArrayEquals(
                    new double[] {each[0], each[1] + each[2], each[3]},
                    ofColumns.get(j).ofColumns(),
                    1e-12);
            AnyMatrix one = x.columns(new int[] {j});
            assertArrayEquals(
                    each,
                    new Contributions(plain)
                            .of(one, plain.scorer(1).scoreScaled(one))
                            .get(0)
                            .ofColumns(),
                    1e-12);
        }
    }

    @Test
    void severalLabels_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Contributions(Models.threeLabels()));
        assertThrows(IllegalArgumentException.class, () -> new Contributions(Models.regression(Scaling.none(2))));
    }
}
