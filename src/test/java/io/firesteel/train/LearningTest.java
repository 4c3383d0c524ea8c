package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Permutation;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.compute.Saturation;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Evaluated;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the whole of it learns: the peers' cases, and the notes' lesson about initial weights. */
class LearningTest {
    private static final Trainer.Listener SILENT = step -> {};

    /*
     * One step by hand, after scikit-learn's test_fit: logistic units, one example, learning rate 0.1, L2 0.1. W below is
     * the notes' (n_l, n_{l-1}), the transpose of scikit-learn's.
     *
     *   x = (.6, .8, .7)   y = 0   W1 = (.1 .3 .5; .2 .1 0)   b1 = (.1, .1)   W2 = (.1 .2)   b2 = 1
     *   z1 = (.06 + .24 + .35 + .1, .12 + .08 + 0 + .1) = (.75, .3)          a1 = (.6791786992, .5744425168)
     *   z2 = .1 * .6791786992 + .2 * .5744425168 + 1 = 1.1828063733          a2 = .7654520219
     *   loss = -log(1 - a2) = 1.4500951146
     *   penalty = .1 / 2 * (.01 + .09 + .25 + .04 + .01 + 0 + .01 + .04) = .0225
     *   dz2 = a2 - 0 = .7654520219
     *   dz1 = W2^T dz2 * a1 (1 - a1) = (.0765452022 * .2178949940, .1530904044 * .2444583117) = (.0166788164, .0374242218)
     *   W1 - .1 (dz1 x^T + .1 W1):  first row   .1 - .1 (.0100072898 + .01) = .0979992710
     *                                           .3 - .1 (.0133430531 + .03) = .2956656947
     *                                           .5 - .1 (.0116751714 + .05) = .4938324829
     *                               second row  .2 - .1 (.0224545331 + .02) = .1957545467
     *                                           .1 - .1 (.0299393774 + .01) = .0960060623
     *                                            0 - .1 (.0261969553 +  0 ) = -.0026196955
     *   b1 - .1 dz1 = (.0983321184, .0962575778)
     *   W2 - .1 (dz2 a1^T + .1 W2) = (.1 - .1 (.5198787085 + .01), .2 - .1 (.4397081860 + .02)) = (.0470121291, .1540291814)
     *   b2 - .1 dz2 = .9234547978
     *   P after the step = .7394919180
     *
     * scikit-learn's numbers carry on with rounded ones (.4939998 and -.002244 for W1's last column) and are meant to
     * three decimals, that is 1.5e-3.
     */
    @Test
    void oneStep_byHand() {
        Network network = Network.of(List.of(3, 2, 1), Activation.SIGMOID, Loss.SIGMOID_CROSS_ENTROPY);
        Samples samples = new Samples(new double[][] {{.6, .8, .7}}, new double[][] {{0}}, null);
        double[] start = {.1, .2, .3, .1, .5, 0, .1, .1, .1, .2, 1};

        Trainer.Result result = new Trainer(network, Configs.descent(.1, 1, .1, 0), 1)
                .train(objective(network, samples), Trainer.ResumePoint.beginning(start), SILENT);

        double[] byHand = {
            .0979992710,
            .1957545467,
            .2956656947,
            .0960060623,
            .4938324829,
            -.0026196955, // W1, column after column
            .0983321184,
            .0962575778, // b1
            .0470121291,
            .1540291814, // W2
            .9234547978 // b2
        };
        double[] scikitLearn = {
            .098, .195756, .2956664, .096008, .4939998, -.002244, .098333, .09626, .04706, .154089, .9235
        };
        assertArrayEquals(byHand, result.theta(), 1e-10);
        assertArrayEquals(scikitLearn, result.theta(), 1.5e-3);
        assertEquals(1.4500951146 + .0225, result.history().get(0).loss(), 1e-10);
        double p = predict(network, result.theta(), new double[] {.6, .8, .7})[0];
        assertEquals(.7394919180, p, 1e-10);
        assertEquals(.739, p, 1.5e-3);
    }

    @Test
    void xor_isLearntCompletely() {
        Network network = Network.of(List.of(2, 5, 2), Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
        Samples xor =
                new Samples(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, new double[][] {{0}, {1}, {1}, {0}}, null);
        double[] theta = trained(network, xor, 1, 2, 3000);
        for (int i = 0; i < 4; i++) {
            double[] p = predict(network, theta, xor.x()[i]);
            assertTrue(p[(int) xor.y()[i][0]] > 0.99, Arrays.toString(p));
            assertEquals(1, p[0] + p[1], 1e-15);
        }
    }

    /**
     * scikit-learn's test_multilabel_classification, over data made as its make_multilabel_classification makes it: each
     * label has its own distribution of 20 words; a text draws its labels, and then words from their distributions.
     */
    @Test
    void severalLabels_areLearntAtOnce() {
        Random random = new Random(0);
        int labels = 5;
        double[][] words = new double[labels][20];
        for (double[] p : words) {
            Arrays.setAll(p, k -> random.nextDouble());
        }
        double[][] x = new double[50][20];
        double[][] y = new double[50][labels];
        for (int i = 0; i < x.length; i++) {
            for (int c = 0; c < labels; c++) {
                y[i][c] = random.nextDouble() < 0.4 ? 1 : 0;
            }
            for (int n = 0; n < 50; n++) {
                double[] sums = new double[20];
                for (int k = 0; k < 20; k++) {
                    double p = 0.01;
                    for (int c = 0; c < labels; c++) {
                        p += y[i][c] * words[c][k];
                    }
                    sums[k] = (k == 0 ? 0 : sums[k - 1]) + p;
                }
                double draw = sums[19] * random.nextDouble();
                int word = 0;
                while (sums[word] < draw) {
                    word++;
                }
                x[i][word]++;
            }
        }
        Network network = Network.of(List.of(20, 50, labels), Activation.SIGMOID, Loss.SIGMOID_CROSS_ENTROPY);
        TrainingConfig config = Configs.of(
                List.of(50),
                List.of(Activation.SIGMOID),
                Initializer.GLOROT,
                1,
                Configs.rule(OptimizerKind.LBFGS, Map.of(), new Schedule.Constant()),
                Pace.of(150),
                Configs.l2(1e-5 / 50),
                0,
                0,
                Precision.DOUBLE);
        Trainer trainer = new Trainer(network, config, 1);
        double[] theta = trainer.train(
                        objective(network, new Samples(x, y, null)),
                        Trainer.ResumePoint.beginning(trainer.start()),
                        SILENT)
                .theta();
        int right = 0;
        double farthest = 0;
        for (int i = 0; i < x.length; i++) {
            double[] p = predict(network, theta, x[i]);
            double[] rounded = Arrays.stream(p).map(Math::rint).toArray();
            right += Arrays.equals(rounded, y[i]) ? 1 : 0;
            farthest = Math.max(farthest, Math.abs(Arrays.stream(p).sum() - 1));
        }
        assertTrue(right > 0.97 * x.length, right + " rows have all labels right");
        assertTrue(farthest > 0.5, "the probabilities of a row need not sum to 1");
    }

    /** Spark's suite: a point that has both labels is given one half each, the others are given their class. */
    @Test
    void probabilities_areCalibrated() {
        Network network = Network.of(List.of(4, 5, 2), Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
        double[][] x = {{1, 2, 3, 4}, {4, 3, 2, 1}, {1, 1, 1, 1}, {1, 1, 1, 1}};
        Samples samples = new Samples(x, new double[][] {{0}, {1}, {0}, {1}}, null);
        double[] theta = trained(network, samples, 0.5, 0.5, 8000);
        assertArrayEquals(new double[] {1, 0}, predict(network, theta, x[0]), 1e-3);
        assertArrayEquals(new double[] {0, 1}, predict(network, theta, x[1]), 1e-3);
        assertArrayEquals(new double[] {.5, .5}, predict(network, theta, x[2]), 1e-3);
    }

    /**
     * The notes: zero weights keep the units of a layer alike for ever. Every unit of the hidden layer gets the same
     * inputs, the same error and so the same step: equal to the last bit, while the weights do move.
     */
    @ParameterizedTest
    @EnumSource(names = {"SIGMOID", "TANH"})
    void zeroWeights_keepTheUnitsAlikeForEver(Activation activation) {
        Network network = Network.of(List.of(3, 4, 1), activation, Loss.SIGMOID_CROSS_ENTROPY);
        Samples samples = Samples.random(network, 10, false, 1);
        double[] zero = Initializer.ZERO.start(network, 1, 1);
        double[] small = Initializer.NORMAL.start(network, 0.01, 1);
        // tanh(0) = 0 makes all weights but the last bias stay at zero; to let them move, the units start at bias 0.3.
        for (int i = 0; i < 4; i++) {
            zero[network.tensor("b1").start() + i] = 0.3;
            small[network.tensor("b1").start() + i] = 0.3;
        }
        Parameters alike = Parameters.of(network, train(network, samples, zero, 1, 200));
        Parameters different = Parameters.of(network, train(network, samples, small, 1, 200));
        for (int i = 1; i < 4; i++) {
            for (int j = 0; j < 3; j++) {
                assertNotEquals(0, alike.of(0, 0).get(0).get(i, j));
                assertEquals(
                        alike.of(0, 0).get(0).get(0, j), alike.of(0, 0).get(0).get(i, j), "rows of W[1] are equal");
                assertNotEquals(
                        different.of(0, 0).get(0).get(0, j),
                        different.of(0, 0).get(0).get(i, j));
            }
            assertNotEquals(0, alike.of(0, 2).get(0).get(0, i));
            assertEquals(alike.of(0, 2).get(0).get(0, 0), alike.of(0, 2).get(0).get(0, i), "columns of W[2] are equal");
            assertNotEquals(
                    different.of(0, 2).get(0).get(0, 0),
                    different.of(0, 2).get(0).get(0, i));
        }
    }

    /**
     * The notes: large weights give large |z|, a saturated activation and a gradient near zero. Near zero is what it is
     * for most draws, not on average: one unit that happens to have a small z passes on all of the large W[2]. With 3
     * units and 5 examples at a scale of 10,000 that is rare.
     */
    @ParameterizedTest
    @EnumSource(names = {"SIGMOID", "TANH"})
    void largeWeights_saturateAndStopTheFirstLayer(Activation activation) {
        Network network = Network.of(List.of(4, 3, 1), activation, Loss.SIGMOID_CROSS_ENTROPY);
        Samples samples = Samples.random(network, 5, false, 1);
        double[] small = Initializer.NORMAL.start(network, 0.01, 1);
        double[] large = Initializer.NORMAL.start(network, 10_000, 1);

        double atSmall = firstLayerGradientNorm(network, samples, small);
        double atLarge = firstLayerGradientNorm(network, samples, large);
        assertTrue(atSmall > 1e-4, "small weights leave a gradient: " + atSmall);
        assertTrue(atLarge < 1e-3 * atSmall, atLarge + " against " + atSmall);

        var examples = samples.all(Precision.DOUBLE);
        assertEquals(
                List.of(0.0),
                Saturation.of(network, small, Precision.DOUBLE, examples).saturated());
        assertEquals(
                List.of(1.0),
                Saturation.of(network, large, Precision.DOUBLE, examples).saturated());
    }

    /*
     * Two tanh units over three examples x = 1, 1, 0: the first has w = 5, so a = tanh(5, 5, 0) = (.9999, .9999, 0): two
     * of three saturated, which is more than half. The second has w = 1: a = (.76, .76, 0), none. One unit of two: 1/2.
     * The next layer has relu units, which are never called saturated.
     */
    @Test
    void saturation_byHand() {
        Network network =
                new Network(List.of(1, 2, 1, 1), List.of(Activation.TANH, Activation.RELU), Loss.SQUARED_ERROR);
        double[] theta = {5, 1, 0, 0, 1000, 1000, 0, 1, 0};
        Samples samples = new Samples(new double[][] {{1}, {1}, {0}}, new double[3][1], null);
        assertEquals(
                List.of(0.5, 0.0),
                Saturation.of(network, theta, Precision.DOUBLE, samples.all(Precision.DOUBLE))
                        .saturated());
    }

    /*
     * Three relu units over x = 1, 2: z = x, -x and 1 - x, so a = (1, 2), (0, 0) and (0, 0); of two units in three the
     * gradient is 0 for these examples. Over x = 0, 2 the third is alive: a = (1, 0).
     */
    @Test
    void deadUnits_byHand() {
        Network network = Network.of(List.of(1, 3, 1), Activation.RELU, Loss.SQUARED_ERROR);
        double[] theta = {1, -1, -1, 0, 0, 1, 1, 1, 1, 0};
        Samples dead = new Samples(new double[][] {{1}, {2}}, new double[2][1], null);
        Samples alive = new Samples(new double[][] {{0}, {2}}, new double[2][1], null);
        assertEquals(
                List.of(2 / 3.0),
                Saturation.of(network, theta, Precision.DOUBLE, dead.all(Precision.DOUBLE))
                        .dead());
        assertEquals(
                List.of(1 / 3.0),
                Saturation.of(network, theta, Precision.SINGLE, alive.all(Precision.SINGLE))
                        .dead());
        Network tanh = Network.of(List.of(1, 3, 1), Activation.TANH, Loss.SQUARED_ERROR);
        assertEquals(
                List.of(0.0),
                Saturation.of(tanh, theta, Precision.DOUBLE, dead.all(Precision.DOUBLE))
                        .dead());
    }

    /** As scikit-learn's MLPClassifier does unasked: 100 relu units, Adam, batches of 200, 200 epochs. */
    private static TrainingConfig likeScikitLearn() {
        return Configs.of(
                List.of(100),
                List.of(Activation.RELU),
                Initializer.HE,
                1,
                Configs.rule(OptimizerKind.ADAM, Map.of(), new Schedule.Constant()),
                new Pace(null, 200, 200, null),
                Configs.l2(1e-4 / 200), // scikit-learn divides its 1e-4 by the size of the batch
                0,
                1,
                Precision.SINGLE);
    }

    private static double[] trained(TrainingConfig config, Network network, Samples samples, int blockRows) {
        Trainer trainer = new Trainer(network, config, samples.size());
        LossKernel kernel = config.loss(network, ClassWeights.NONE, samples.size(), blockRows);
        Objective objective =
                new MeanLoss(kernel, LocalRunner.of(SampleBlocks.of(samples, config.precision(), blockRows), 1));
        return trainer.train(objective, Trainer.ResumePoint.beginning(trainer.start()), SILENT)
                .theta();
    }

    private static double[][] cells(String file) throws IOException {
        return Files.readAllLines(Path.of("data", file)).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
    }

    /** The first {@code inputs} cells of a row are inputs, divided by {@code scale}, the next is the target. */
    private static Samples samples(double[][] cells, int inputs, double scale) {
        double[][] x = new double[cells.length][];
        double[][] y = new double[cells.length][];
        for (int i = 0; i < cells.length; i++) {
            x[i] = Arrays.stream(cells[i], 0, inputs).map(cell -> cell / scale).toArray();
            y[i] = new double[] {cells[i][inputs]};
        }
        return new Samples(x, y, null);
    }

    /** The part of the samples whose class is thought the likeliest. */
    private static double accuracy(Network network, double[] theta, Samples samples) {
        int right = 0;
        for (int i = 0; i < samples.size(); i++) {
            double[] p = predict(network, theta, samples.x()[i]);
            right += p[(int) samples.y()[i][0]] == Arrays.stream(p).max().orElseThrow() ? 1 : 0;
        }
        return (double) right / samples.size();
    }

    private static TrainingConfig steps(OptimizerConfig optimizer, int steps, double l2, Precision precision) {
        return Configs.of(
                List.of(32),
                List.of(Activation.TANH),
                Initializer.GLOROT,
                1,
                optimizer,
                Pace.of(steps),
                Configs.l2(l2),
                0,
                1,
                precision);
    }

    /** scikit-learn's suite: digits by L-BFGS are known in training above 0.95, and a larger L2 leaves smaller weights. */
    @Test
    void digits_byLbfgs_areLearnt_andALargerL2ShrinksTheWeights() throws IOException {
        Samples samples = samples(cells("digits.csv"), 64, 16);
        Network network = Network.of(List.of(64, 32, 10), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
        OptimizerConfig lbfgs = Configs.rule(OptimizerKind.LBFGS, Map.of(), new Schedule.Constant());
        double before = Double.MAX_VALUE;
        for (double l2 : new double[] {1e-4, 1e-2, 1}) {
            double[] theta = trained(steps(lbfgs, 40, l2, Precision.DOUBLE), network, samples, 512);
            double squares = Arrays.stream(theta).map(weight -> weight * weight).sum();
            assertTrue(squares < before / 2, "l2 " + l2 + ": " + squares + " after " + before);
            before = squares;
            double accuracy = accuracy(network, theta, samples);
            assertTrue(l2 > 1e-4 || accuracy > 0.95, "accuracy " + accuracy);
        }
    }

    /** scikit-learn's suite: a regressor in single precision predicts what it does in double, within 2e-4. */
    @Test
    void abalone_inSingle_isPredictedAsInDouble() throws IOException {
        Samples samples = samples(cells("abalone_train.csv"), 10, 1);
        Network network = Network.of(List.of(10, 32, 1), Activation.TANH, Loss.SQUARED_ERROR);
        OptimizerConfig descent = Configs.rule(OptimizerKind.GD, Map.of("learning-rate", 0.1), new Schedule.Constant());
        double[] theta = trained(steps(descent, 200, 0, Precision.DOUBLE), network, samples, 512);
        double[] single = trained(steps(descent, 200, 0, Precision.SINGLE), network, samples, 512);
        for (double[] x : samples.x()) {
            assertEquals(predict(network, theta, x)[0], predict(network, single, x)[0], 2e-4);
        }
    }

    /** Digits, the last fifth held out: 0.975 at least of those are known, which is about what scikit-learn knows. */
    @Test
    void digits_inBatches_asScikitLearnByDefault() throws IOException {
        double[][] cells = cells("digits.csv");
        Permutation order = BatchSchedule.shuffle(3, cells.length);
        double[][] shuffled = new double[cells.length][];
        Arrays.setAll(shuffled, i -> cells[(int) order.at(i)]);
        int known = 4 * cells.length / 5;
        Network network = Network.of(List.of(64, 100, 10), Activation.RELU, Loss.SOFTMAX_CROSS_ENTROPY);
        Samples samples = samples(Arrays.copyOf(shuffled, known), 64, 16);
        double[] theta = trained(likeScikitLearn(), network, samples, 512);

        double accuracy = accuracy(network, theta, samples(Arrays.copyOfRange(shuffled, known, cells.length), 64, 16));
        assertTrue(accuracy >= 0.975, "accuracy " + accuracy);
    }

    /** Two spirals wound into each other, after Lang and Witbrock, of 97 points each: every point is learnt. */
    @Test
    void twoSpirals_inBatches_areLearntCompletely() {
        double[][] x = new double[194][];
        double[][] y = new double[194][];
        for (int i = 0; i < 194; i++) {
            int place = i / 2; // along its spiral
            double along = place / 96.0;
            double turn = Math.PI * (3 * along + i % 2);
            double r = 6.5 * (1 - along) + 0.5;
            x[i] = new double[] {r * Math.sin(turn) / 6.5, r * Math.cos(turn) / 6.5};
            y[i] = new double[] {1 - i % 2};
        }
        Network network = Network.of(List.of(2, 40, 40, 1), Activation.RELU, Loss.SIGMOID_CROSS_ENTROPY);
        TrainingConfig config = Configs.of(
                List.of(40, 40),
                List.of(Activation.RELU),
                Initializer.HE,
                1,
                Configs.rule(OptimizerKind.ADAM, Map.of("learning-rate", 0.01), new Schedule.Cosine()),
                new Pace(null, 300, 32, null),
                Regularization.NONE,
                0,
                1,
                Precision.DOUBLE);
        double[] theta = trained(config, network, new Samples(x, y, null), 512);
        for (int i = 0; i < 194; i++) {
            assertEquals(y[i][0], Math.rint(predict(network, theta, x[i])[0]), "point " + i);
        }
    }

    private static double firstLayerGradientNorm(Network network, Samples samples, double[] theta) {
        Matrix dW = Parameters.of(
                        network,
                        Evaluated.at(objective(network, samples), theta).gradient())
                .of(0, 0)
                .get(0);
        double squares = 0;
        for (int i = 0; i < dW.rows(); i++) {
            for (int j = 0; j < dW.cols(); j++) {
                squares += dW.get(i, j) * dW.get(i, j);
            }
        }
        return Math.sqrt(squares);
    }

    private static MeanLoss objective(Network network, Samples samples) {
        return new MeanLoss(
                new LossKernel(network, Precision.DOUBLE),
                LocalRunner.of(SampleBlocks.of(samples, Precision.DOUBLE, 3), 1));
    }

    private static double[] trained(Network network, Samples samples, double scale, double learningRate, int steps) {
        return train(network, samples, Initializer.NORMAL.start(network, scale, 1), learningRate, steps);
    }

    private static double[] train(Network network, Samples samples, double[] start, double learningRate, int steps) {
        return new Trainer(network, Configs.descent(learningRate, steps), 1)
                .train(objective(network, samples), Trainer.ResumePoint.beginning(start), SILENT)
                .theta();
    }

    private static double[] predict(Network network, double[] theta, double[] x) {
        return NaiveNetwork.like(network).set(theta).predict(x);
    }
}
