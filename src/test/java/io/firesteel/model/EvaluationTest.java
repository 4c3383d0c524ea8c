package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Samples;
import io.firesteel.train.Block;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Metrics worked by hand, over blocks of two examples each, whose sums are added. */
class EvaluationTest {
    private static Metrics metrics(TrainedModel model, Samples scaled) {
        Evaluation evaluation = new Evaluation(model.description());
        Backprop backprop = new Backprop(model.network(), Parameters.of(model.network(), model.theta()), 2);
        double[] total = new double[evaluation.length()];
        double[] sums = new double[evaluation.length()];
        for (Block block : scaled.blocks(Precision.DOUBLE, 2)) {
            evaluation.sum(backprop, block.examples(), sums);
            for (int i = 0; i < total.length; i++) {
                total[i] += sums[i];
            }
        }
        return evaluation.metrics(total);
    }

    /** One input, no hidden layer: z = x, P(yes) = sigmoid(x). */
    private static TrainedModel logistic() {
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        return Models.with(
                Models.model(Task.CLASSIFICATION, network, Scaling.none(1), List.of("no", "yes"), Scaling.none(1)),
                1,
                0);
    }

    /*
     * P(yes) of x = log 3 is 3/4, of -log 3 is 1/4, of 0 is 1/2 (and not above it: "no").
     *
     *   x        y     P(its class)   predicted   weight
     *   log 3    yes   3/4            yes         1
     *   log 3    no    1/4            yes         2
     *   -log 3   no    3/4            no          0.5
     *   -log 3   yes   1/4            no          1.5
     *   0        no    1/2            no          3
     *
     * confusion (true, predicted): no-no 0.5 + 3 = 3.5, no-yes 2, yes-no 1.5, yes-yes 1; total weight 8.
     * accuracy = (3.5 + 1) / 8 = 0.5625
     * logLoss = (1 log 4/3 + 2 log 4 + 0.5 log 4/3 + 1.5 log 4 + 3 log 2) / 8
     */
    @Test
    void metrics_ofTwoClassesWithWeights_byHand() {
        double log3 = Math.log(3);
        Samples samples = new Samples(
                new double[][] {{log3}, {log3}, {-log3}, {-log3}, {0}},
                new double[][] {{1}, {0}, {0}, {1}, {0}},
                new double[] {1, 2, 0.5, 1.5, 3});
        Metrics metrics = metrics(logistic(), samples);

        assertEquals(5, metrics.rows());
        assertEquals(0.5625, metrics.get("accuracy"), 1e-15);
        double logLoss = (1.5 * Math.log(4.0 / 3) + 3.5 * Math.log(4) + 3 * Math.log(2)) / 8;
        assertEquals(logLoss, metrics.get("logLoss"), 1e-14);
        assertEquals(logLoss, metrics.loss(), 1e-14);
        assertConfusion(new double[][] {{3.5, 2}, {1.5, 1}}, metrics);
        assertEquals(
                List.of("accuracy", "logLoss", "confusion"),
                List.copyOf(metrics.values().keySet()));
    }

    /** The same table without weights: 3 of 5 right, each row once. */
    @Test
    void metrics_ofTwoClasses_byHand() {
        double log3 = Math.log(3);
        Samples samples = new Samples(
                new double[][] {{log3}, {log3}, {-log3}, {-log3}, {0}}, new double[][] {{1}, {0}, {0}, {1}, {0}}, null);
        Metrics metrics = metrics(logistic(), samples);
        assertEquals(3.0 / 5, metrics.get("accuracy"), 1e-15);
        assertEquals((2 * Math.log(4.0 / 3) + 2 * Math.log(4) + Math.log(2)) / 5, metrics.get("logLoss"), 1e-14);
        assertConfusion(new double[][] {{2, 1}, {1, 1}}, metrics);
    }

    /*
     * Two inputs as the logits of classes a and b, c fixed at 0: W = (1 0; 0 1; 0 0).
     *
     *   x                P(a), P(b), P(c)     y   predicted
     *   (log 2, 0)       1/2, 1/4, 1/4        a   a
     *   (0, log 2)       1/4, 1/2, 1/4        c   b
     *   (-log 2, -log 2) 1/4, 1/4, 1/2        c   c
     *
     * accuracy 2/3, logLoss (log 2 + log 4 + log 2) / 3 = 4/3 log 2
     */
    @Test
    void metrics_ofThreeClasses_byHand() {
        Network network = Network.of(List.of(2, 3), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
        TrainedModel model = Models.with(
                Models.model(Task.CLASSIFICATION, network, Scaling.none(2), List.of("a", "b", "c"), Scaling.none(3)),
                1,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
                0);
        double log2 = Math.log(2);
        Samples samples = new Samples(
                new double[][] {{log2, 0}, {0, log2}, {-log2, -log2}}, new double[][] {{0}, {2}, {2}}, null);
        Metrics metrics = metrics(model, samples);
        assertEquals(2.0 / 3, metrics.get("accuracy"), 1e-15);
        assertEquals(4.0 / 3 * log2, metrics.get("logLoss"), 1e-15);
        assertConfusion(new double[][] {{1, 0, 0}, {0, 0, 0}, {0, 1, 1}}, metrics);
    }

    private static void assertConfusion(double[][] expected, Metrics metrics) {
        double[][] confusion = (double[][]) metrics.values().get("confusion");
        assertEquals(expected.length, confusion.length);
        for (int c = 0; c < expected.length; c++) {
            assertArrayEquals(expected[c], confusion[c], "true class " + c);
        }
    }

    /*
     * One target with mean 100 and deviation 10 in training; the network's output is x, so the prediction is 100 + 10 x.
     *
     *   x     prediction   truth (scaled)    error   weight
     *   0     100          100 (0)            0      1
     *   1     110          104 (0.4)          6      1
     *   -1     90           98 (-0.2)        -8      2
     *   2     120          122 (2.2)         -2      4
     *
     * Weight 8. sum w e^2 = 36 + 128 + 16 = 180: rmse = sqrt(22.5). sum w |e| = 6 + 16 + 8 = 30: mae = 3.75.
     * The truth's weighted mean is (100 + 104 + 2 * 98 + 4 * 122) / 8 = 888 / 8 = 111, not the 100 of training.
     * sum w (y - 111)^2 = 121 + 49 + 2 * 169 + 4 * 121 = 992: r2 = 1 - 180 / 992.
     * The loss is in scaled units and half: 180 / 100 / 2 / 8 = 0.1125.
     */
    @Test
    void metrics_ofARegressionWithWeights_byHand() {
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.SQUARED_ERROR);
        Scaling targets = new Scaling(new double[] {100}, new double[] {10});
        TrainedModel model =
                Models.with(Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), targets), 1, 0);
        Samples samples = new Samples(
                new double[][] {{0}, {1}, {-1}, {2}},
                new double[][] {{0}, {0.4}, {-0.2}, {2.2}},
                new double[] {1, 1, 2, 4});
        Metrics metrics = metrics(model, samples);
        assertEquals(4, metrics.rows());
        assertEquals(Math.sqrt(22.5), metrics.get("rmse"), 1e-13);
        assertEquals(3.75, metrics.get("mae"), 1e-13);
        assertEquals(1 - 180.0 / 992, metrics.get("r2"), 1e-13);
        assertEquals(0.1125, metrics.loss(), 1e-15);
        assertEquals(List.of("rmse", "mae", "r2"), List.copyOf(metrics.values().keySet()));
    }

    /*
     * The loss is the one trained with, the metrics are in the targets' units whatever it is. One target in units of 10:
     * z = x, so that a Poisson network predicts 10 e^x, the others 10 x.
     *
     *                            x = 0, y = 30 (3)    x = log 2, y = 20 (2)
     *   poisson   predictions    10                   20
     *             errors         20                   0          rmse sqrt(200), mae 10
     *             deviance / 2   3 log 3 - 3 + 1      0          1.2958368660 / 2 in the mean
     *   absolute  predictions    0                    6.93...
     *             errors         30                   13.0685... (1.3068528194): mean loss (3 + 1.3068528194) / 2
     *   huber     errors         30 (3)               as above   mean loss (2.5 + .8068528194) / 2
     */
    @Test
    void metrics_ofOtherLosses_areInTheTargetsUnits() {
        Samples samples = new Samples(new double[][] {{0}, {Math.log(2)}}, new double[][] {{3}, {2}}, null);
        Metrics poisson = metrics(tens(Loss.POISSON), samples);
        assertEquals(Math.sqrt(200), poisson.get("rmse"), 1e-13);
        assertEquals(10, poisson.get("mae"), 1e-13);
        assertEquals(1 - 400 / 50.0, poisson.get("r2"), 1e-13);
        assertEquals(1.2958368660 / 2, poisson.loss(), 1e-10);
        Metrics absolute = metrics(tens(Loss.ABSOLUTE_ERROR), samples);
        assertEquals((30 + 13.068528194) / 2, absolute.get("mae"), 1e-8);
        assertEquals((3 + 1.3068528194) / 2, absolute.loss(), 1e-10);
        Metrics huber = metrics(tens(Loss.HUBER), samples);
        assertEquals((2.5 + 0.8068528194) / 2, huber.loss(), 1e-10);
        assertEquals(absolute.values(), huber.values());
    }

    private static TrainedModel tens(Loss loss) {
        Network network = Network.of(List.of(1, 1), Activation.TANH, loss);
        Scaling targets = new Scaling(new double[] {0}, new double[] {10});
        return Models.with(Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), targets), 1, 0);
    }

    /*
     * Two targets: the errors' means over the targets. The outputs are (x, 0), unscaled, truth (x, y2):
     *   first target always right; second: y2 = 1, 3, so e = -1, -3, mean 2, spread 1 + 1 = 2.
     *   rmse = sqrt((0 + 1 + 9) / 2 targets / 2 rows) = sqrt 2.5     mae = (0 + 1 + 3) / 2 / 2 = 1
     *   r2 = ((1 - 0) + (1 - 10 / 2)) / 2 = (1 - 4) / 2 = -1.5
     */
    @Test
    void metrics_ofTwoTargets_areMeansOverThem() {
        Network network = Network.of(List.of(1, 2), Activation.TANH, Loss.SQUARED_ERROR);
        TrainedModel model = Models.with(
                Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), Scaling.none(2)), 1, 0, 0, 0);
        Samples samples = new Samples(new double[][] {{0}, {1}}, new double[][] {{0, 1}, {1, 3}}, null);
        Metrics metrics = metrics(model, samples);
        assertEquals(Math.sqrt(2.5), metrics.get("rmse"), 1e-15);
        assertEquals(1, metrics.get("mae"), 1e-15);
        assertEquals(-1.5, metrics.get("r2"), 1e-15);
    }

    /** In single too, a class is what the scores say, and the counts are exact. */
    @Test
    void sum_inSingle_countsTheSame() {
        TrainedModel model = Models.threeClasses();
        Samples samples = Samples.random(model.network(), 50, false, 2);
        Evaluation evaluation = new Evaluation(model.description());
        Parameters single = new Parameters(model.network(), Precision.SINGLE);
        single.theta().setAll(model.theta());
        double[] sums = new double[evaluation.length()];
        evaluation.sum(new Backprop(model.network(), single, 50), samples.all(Precision.SINGLE), sums);
        double[] inDouble = new double[evaluation.length()];
        evaluation.sum(
                new Backprop(model.network(), Parameters.of(model.network(), model.theta()), 50),
                samples.all(Precision.DOUBLE),
                inDouble);
        assertEquals(inDouble[2], sums[2], 1e-5 * inDouble[2]);
        sums[2] = inDouble[2];
        assertArrayEquals(inDouble, sums);
        assertTrue(Map.copyOf(evaluation.metrics(sums).values()).containsKey("accuracy"));
    }
}
