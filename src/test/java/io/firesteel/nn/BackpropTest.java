package io.firesteel.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackpropTest {
    private static final Network LOGISTIC_UNIT =
            Network.of(List.of(2, 1), Activation.SIGMOID, Loss.SIGMOID_CROSS_ENTROPY);

    /*
     * The notes' single logistic unit: z = w^T x + b, dL/dw = dz x, dL/db = dz.
     *
     *   w = (1, -2), b = 0.5, x = (3, 1), y = 0
     *   z = 3 - 2 + 0.5 = 1.5          a = 1 / (1 + e^-1.5) = 0.8175744762
     *   L = -log(1 - a) = 1.7014132779
     *   dz = a - 0 = 0.8175744762      dw = dz x = (2.4527234286, 0.8175744762)    db = dz
     */
    @Test
    void lossAndGradient_ofOneLayer_isTheNotesLogisticUnit() {
        Parameters gradient = new Parameters(LOGISTIC_UNIT, Precision.DOUBLE);
        Backprop backprop = new Backprop(LOGISTIC_UNIT, Parameters.of(LOGISTIC_UNIT, new double[] {1, -2, 0.5}), 1);
        Examples example = new Samples(new double[][] {{3, 1}}, new double[][] {{0}}, null).all(Precision.DOUBLE);

        assertEquals(1.7014132779, backprop.lossAndGradient(example, gradient), 1e-10);
        assertArrayEquals(new double[] {2.4527234286, 0.8175744762, 0.8175744762}, gradient.toArray(), 1e-10);
        assertEquals(0.8175744762, backprop.predict(example.x()).get(0, 0), 1e-10);
    }

    /*
     * Sums, each example times its weight: with the unit above, the example twice with weights 2 and 0.5 gives 2.5 times
     * its loss and gradient, and not their mean.
     */
    @Test
    void lossAndGradient_ofSeveralExamples_addsWeightedSums() {
        Parameters gradient = new Parameters(LOGISTIC_UNIT, Precision.DOUBLE);
        Backprop backprop = new Backprop(LOGISTIC_UNIT, Parameters.of(LOGISTIC_UNIT, new double[] {1, -2, 0.5}), 2);
        Examples twice = new Samples(new double[][] {{3, 1}, {3, 1}}, new double[2][1], new double[] {2, 0.5})
                .all(Precision.DOUBLE);

        assertEquals(2.5 * 1.7014132779, backprop.lossAndGradient(twice, gradient), 1e-9);
        assertArrayEquals(
                new double[] {2.5 * 2.4527234286, 2.5 * 0.8175744762, 2.5 * 0.8175744762}, gradient.toArray(), 1e-9);
    }

    /*
     * Softmax of z = (0, log 3) is (1/4, 3/4). True class 0: L = log 4, dz = (-3/4, 3/4); x = 2, so dW = 2 dz.
     */
    @Test
    void lossAndGradient_ofSoftmax_byHand() {
        Network network = Network.of(List.of(1, 2), Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
        double[] theta = {0, Math.log(3) / 2, 0, 0};
        Backprop backprop = new Backprop(network, Parameters.of(network, theta), 1);
        Parameters gradient = new Parameters(network, Precision.DOUBLE);
        Examples example = new Samples(new double[][] {{2}}, new double[][] {{0}}, null).all(Precision.DOUBLE);

        assertEquals(Math.log(4), backprop.lossAndGradient(example, gradient), 1e-15);
        assertArrayEquals(new double[] {-1.5, 1.5, -0.75, 0.75}, gradient.toArray(), 1e-15);
    }

    /*
     * Labels smoothed by 0.3. Softmax of z = (log 1, log 2, log 5) is (1/8, 2/8, 5/8). True class 2: the target is
     * (0.1, 0.1, 0.8), L = 0.1 log 8 + 0.1 log 4 + 0.8 log(8/5), dz = (0.025, 0.15, -0.175).
     * Sigmoid of z = log 3 is 3/4. True class 1, smoothed by 0.2: the target is 0.9, L = 0.9 log(4/3) + 0.1 log 4, dz = -0.15.
     * What is evaluated is not smoothed: a Backprop of its own has L = log(8/5).
     */
    @Test
    void lossAndGradient_ofSmoothedLabels_byHand() {
        Network softmax = Network.of(List.of(1, 3), Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
        Parameters theta = Parameters.of(softmax, new double[] {0, 0, 0, 0, Math.log(2), Math.log(5)});
        Parameters gradient = new Parameters(softmax, Precision.DOUBLE);
        Examples example = new Samples(new double[][] {{1}}, new double[][] {{2}}, null).all(Precision.DOUBLE);
        Backprop backprop = new Backprop(softmax, theta, 1, ClassWeights.NONE, 0.3);
        assertEquals(0.7225765, backprop.lossAndGradient(example, gradient), 1e-7);
        assertArrayEquals(new double[] {0.025, 0.15, -0.175, 0.025, 0.15, -0.175}, gradient.toArray(), 1e-15);
        assertEquals(
                Math.log(1.6),
                new Backprop(softmax, theta, 1).evaluated(example).loss(),
                1e-15);

        Network sigmoid = Network.of(List.of(1, 1), Activation.SIGMOID, Loss.SIGMOID_CROSS_ENTROPY);
        gradient = new Parameters(sigmoid, Precision.DOUBLE);
        example = new Samples(new double[][] {{2}}, new double[][] {{1}}, null).all(Precision.DOUBLE);
        backprop =
                new Backprop(sigmoid, Parameters.of(sigmoid, new double[] {0, Math.log(3)}), 1, ClassWeights.NONE, 0.2);
        assertEquals(0.3975433, backprop.lossAndGradient(example, gradient), 1e-7);
        assertArrayEquals(new double[] {-0.3, -0.15}, gradient.toArray(), 1e-15);
    }

    /*
     * Squared error, two outputs: z = W x + b = (1, 2) 3 + (0, 1) = (3, 7), y = (1, 10): e = (2, -3), L = (4 + 9) / 2 =
     * 6.5, dW = e x = (6, -9), db = e.
     */
    @Test
    void lossAndGradient_ofSquaredError_byHand() {
        Network network = Network.of(List.of(1, 2), Activation.SIGMOID, Loss.SQUARED_ERROR);
        Backprop backprop = new Backprop(network, Parameters.of(network, new double[] {1, 2, 0, 1}), 1);
        Parameters gradient = new Parameters(network, Precision.DOUBLE);
        Examples example = new Samples(new double[][] {{3}}, new double[][] {{1, 10}}, null).all(Precision.DOUBLE);

        assertEquals(6.5, backprop.lossAndGradient(example, gradient));
        assertArrayEquals(new double[] {6, -9, 2, -3}, gradient.toArray());
    }

    /*
     * One output z = 2 x + 1, one example after the other, weight 1. Errors e = z - y:
     *   x = 1    z = 3    y = 1      e = 2      absolute 2, slope 1       Huber 2 - 1/2 = 1.5, slope 1
     *   x = 0    z = 1    y = 1.5    e = -0.5   absolute 0.5, slope -1    Huber 1/8, slope -0.5
     *   x = -2   z = -3   y = 0      e = -3     absolute 3, slope -1      Huber 2.5, slope -1
     *   x = 3    z = 7    y = 7      e = 0      none, no slope            none, no slope
     * absolute: 5.5, dW = 1 * 1 - 0 - 1 * -2 = 3, db = -1.   Huber: 4.125, dW = 1 - 0 + 2 = 3, db = 1 - 0.5 - 1 = -0.5.
     */
    @Test
    void lossAndGradient_ofAbsoluteErrorAndHuber_byHand() {
        Samples samples =
                new Samples(new double[][] {{1}, {0}, {-2}, {3}}, new double[][] {{1}, {1.5}, {0}, {7}}, null);
        double[] theta = {2, 1};
        assertLossAndGradient(Loss.ABSOLUTE_ERROR, theta, samples, 5.5, 3, -1);
        assertLossAndGradient(Loss.HUBER, theta, samples, 4.125, 3, -0.5);
    }

    /*
     * z = log(2) x + log(3), a = 3 * 2^x:
     *   x = 1    a = 6     y = 6    deviance 0                                     a - y = 0
     *   x = 2    a = 12    y = 0    0 - 0 + 12                                     12
     *   x = 0    a = 3     y = 9    9 log 3 - 9 + 3 = 3.8875105980                 -6
     * loss 15.8875105980, dW = 24, db = 6
     */
    @Test
    void lossAndGradient_ofPoisson_byHand() {
        Samples samples = new Samples(new double[][] {{1}, {2}, {0}}, new double[][] {{6}, {0}, {9}}, null);
        double[] theta = {Math.log(2), Math.log(3)};
        assertLossAndGradient(Loss.POISSON, theta, samples, 15.8875105980, 24, 6);
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.POISSON);
        Matrix a = new Backprop(network, Parameters.of(network, theta), 3)
                .predict(samples.all(Precision.DOUBLE).x());
        assertEquals(12, a.get(0, 1), 1e-14);
    }

    /*
     * Quantiles 1/4 and 3/4, of which x (w1, w2) + (b1, b2) = (2x, x + 1):
     *   x = 1    z = 2, 2    y = 2    losses 0, 0                                     dz = 0, 0
     *   x = 3    z = 6, 4    y = 5    losses 3/4 * 1 = .75, 3/4 * 1 = .75             dz = 3/4, -3/4
     *   x = 0    z = 0, 1    y = 0    losses 0, 1/4 * 1 = .25                         dz = 0, 1/4
     * Means over the quantiles: loss 1.75 / 2, dW1 = 9/4 / 2, dW2 = -9/4 / 2, db = 3/4 / 2, -1/2 / 2.
     * Predictions are in order: of x = 3 they are 4, 6.
     */
    @Test
    void lossAndGradient_ofQuantiles_byHand() {
        Network network = new Network(List.of(1, 2), List.of(), Loss.QUANTILE, new Quantiles(List.of(0.25, 0.75)));
        Samples samples = new Samples(new double[][] {{1}, {3}, {0}}, new double[][] {{2}, {5}, {0}}, null);
        Parameters gradient = new Parameters(network, Precision.DOUBLE);
        Backprop backprop = new Backprop(network, Parameters.of(network, new double[] {2, 1, 0, 1}), 3);
        assertEquals(0.875, backprop.lossAndGradient(samples.all(Precision.DOUBLE), gradient), 1e-15);
        assertArrayEquals(new double[] {1.125, -1.125, 0.375, -0.25}, gradient.toArray(), 1e-15);
        for (Precision precision : Precision.values()) {
            Parameters theta = new Parameters(network, precision);
            theta.theta().setAll(new double[] {2, 1, 0, 1});
            Matrix a = new Backprop(network, theta, 3)
                    .predict(samples.all(precision).x());
            assertEquals(List.of(4.0, 6.0), List.of(a.get(0, 1), a.get(1, 1)));
            assertEquals(List.of(0.0, 1.0), List.of(a.get(0, 2), a.get(1, 2)));
        }
    }

    private static void assertLossAndGradient(
            Loss loss, double[] theta, Samples samples, double expected, double... gradient) {
        Network network = Networks.of(List.of(1, 1), Activation.TANH, loss);
        Parameters found = new Parameters(network, Precision.DOUBLE);
        Backprop backprop = new Backprop(network, Parameters.of(network, theta), samples.size());
        assertEquals(expected, backprop.lossAndGradient(samples.all(Precision.DOUBLE), found), 1e-10);
        assertArrayEquals(gradient, found.toArray(), 1e-13);
    }

    /** Where exp(|z|) overflows and 1 - a is 0 in floating point, the loss is still |z|, not infinite and not NaN. */
    @Test
    void loss_ofVeryWrongPrediction_isLargeAndFinite() {
        for (Precision precision : Precision.values()) {
            assertEquals(1000, lossAt(LOGISTIC_UNIT, precision, new double[] {1000, 0, 0}, 0), 1e-12);
            assertEquals(1000, lossAt(LOGISTIC_UNIT, precision, new double[] {-1000, 0, 0}, 1), 1e-12);
            assertEquals(0, lossAt(LOGISTIC_UNIT, precision, new double[] {1000, 0, 0}, 1), 1e-300);
            Network softmax = Network.of(List.of(2, 2), Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
            assertEquals(2000, lossAt(softmax, precision, new double[] {1000, -1000, 0, 0, 0, 0}, 1), 1e-12);
            assertEquals(0, lossAt(softmax, precision, new double[] {1000, -1000, 0, 0, 0, 0}, 0), 1e-300);
        }
    }

    /** The loss of x = (1, 0) with the target y; the gradient must be finite. */
    private static double lossAt(Network network, Precision precision, double[] theta, double y) {
        Parameters parameters = new Parameters(network, precision);
        parameters.theta().setAll(theta);
        Parameters gradient = new Parameters(network, precision);
        Examples example = new Samples(new double[][] {{1, 0}}, new double[][] {{y}}, null).all(precision);
        double loss = new Backprop(network, parameters, 1).lossAndGradient(example, gradient);
        for (double g : gradient.toArray()) {
            assertTrue(Double.isFinite(g));
        }
        return loss;
    }

    /** In either precision, for every loss and depth: the first layer's products are other ones, all else is one code. */
    @Test
    void lossAndGradient_ofSparseInputs_equalsThatOfDense() {
        for (Loss loss : Loss.values()) {
            for (List<Integer> layers : List.of(List.of(9, 2), List.of(9, 17, 2), List.of(9, 4, 33, 2))) {
                for (Precision precision : Precision.values()) {
                    Network network = Networks.of(layers, Activation.TANH, loss);
                    Samples samples = Samples.random(network, 6, true, 5);
                    for (double[] x : samples.x()) {
                        Arrays.setAll(x, i -> x[i] > 0 ? x[i] : 0);
                    }
                    Examples dense = samples.all(precision);
                    Examples sparse = Samples.sparse(dense);
                    Parameters theta = new Parameters(network, precision);
                    theta.theta().setAll(Initializer.GLOROT.start(network, 1, 5));
                    Backprop backprop = new Backprop(network, theta, 6);
                    Parameters expected = new Parameters(network, precision);
                    Parameters gradient = new Parameters(network, precision);
                    double tolerance = precision == Precision.DOUBLE ? 1e-14 : 1e-5;
                    double lossOfDense = backprop.lossAndGradient(dense, expected);
                    assertEquals(lossOfDense, backprop.lossAndGradient(sparse, gradient), 10 * tolerance);
                    assertArrayEquals(expected.toArray(), gradient.toArray(), 10 * tolerance);
                    assertEquals(lossOfDense, backprop.evaluated(sparse).loss(), 10 * tolerance);
                    assertEvaluated(backprop, sparse);
                }
            }
        }
    }

    @Test
    void loss_equalsThatOfLossAndGradient() {
        for (Loss loss : Loss.values()) {
            Network network = Networks.of(List.of(3, 4, 2), Activation.TANH, loss);
            Backprop backprop =
                    new Backprop(network, Parameters.of(network, Initializer.GLOROT.start(network, 1, 5)), 6);
            Examples block = Samples.random(network, 6, true, 5).all(Precision.DOUBLE);
            double withGradient = backprop.lossAndGradient(block, new Parameters(network, Precision.DOUBLE));
            assertEquals(withGradient, backprop.evaluated(block).loss());
            assertTrue(withGradient > 0);
        }
    }

    @Test
    void predict_isTheOraclesOutput() {
        for (Loss loss : Loss.values()) {
            for (Activation activation : Activation.values()) {
                Network network = Networks.of(List.of(3, 4, 5, 2), activation, loss);
                double[] theta = Initializer.NORMAL.start(network, 0.8, 9);
                double[][] x = Samples.random(network, 6, false, 3).x();
                Matrix outputs = new Backprop(network, Parameters.of(network, theta), 6)
                        .predict(Samples.random(network, 6, false, 3)
                                .all(Precision.DOUBLE)
                                .x());
                NaiveNetwork oracle = NaiveNetwork.like(network).set(theta);
                for (int j = 0; j < 6; j++) {
                    double[] expected = oracle.predict(x[j]);
                    for (int i = 0; i < 2; i++) {
                        assertEquals(expected[i], outputs.get(i, j), 1e-13, network.toString());
                    }
                }
            }
        }
    }

    /** Scratch memory belongs to the Backprop: what a larger block left there must not show in a smaller one. */
    @Test
    void lossAndGradient_afterALargerBlock_isAsIfNew() {
        for (Precision precision : Precision.values()) {
            Network network = new Network(
                    List.of(3, 4, 4, 2), List.of(Activation.GELU, Activation.RELU), Loss.SOFTMAX_CROSS_ENTROPY);
            Parameters theta = new Parameters(network, precision);
            theta.theta().setAll(Initializer.HE.start(network, 1, 2));
            Samples samples = Samples.random(network, 9, true, 4);
            Backprop used = new Backprop(network, theta, 7);
            Parameters usedGradient = new Parameters(network, precision);
            used.lossAndGradient(samples.slice(precision, 0, 7), usedGradient);
            double usedLoss = used.lossAndGradient(samples.slice(precision, 7, 9), usedGradient);

            Parameters freshGradient = new Parameters(network, precision);
            double freshLoss =
                    new Backprop(network, theta, 2).lossAndGradient(samples.slice(precision, 7, 9), freshGradient);
            assertEquals(freshLoss, usedLoss);
            assertArrayEquals(freshGradient.toArray(), usedGradient.toArray());
        }
    }

    @Test
    void lossAndGradient_ofNoExamples_isZero() {
        Network network = Network.of(List.of(3, 4, 2), Activation.SIGMOID, Loss.SIGMOID_CROSS_ENTROPY);
        for (Precision precision : Precision.values()) {
            Parameters gradient = new Parameters(network, precision);
            gradient.theta().setAll(Initializer.NORMAL.start(network, 1, 1)); // what an earlier block might have left
            Backprop backprop = new Backprop(network, new Parameters(network, precision), 2);
            double loss =
                    backprop.lossAndGradient(Samples.random(network, 2, true, 1).slice(precision, 1, 1), gradient);
            assertEquals(0, loss);
            assertArrayEquals(new double[network.parameterCount()], gradient.toArray());
        }
    }

    @Test
    void examples_ofDifferentNumbers_areRefused() {
        Matrix two = Precision.DOUBLE.zeros(1, 2);
        Matrix three = Precision.DOUBLE.zeros(1, 3);
        assertThrows(IllegalArgumentException.class, () -> new Examples(two, three, null));
        assertThrows(IllegalArgumentException.class, () -> new Examples(two, two, three));
        assertThrows(IllegalArgumentException.class, () -> new Examples(two, two, Precision.DOUBLE.zeros(2, 2)));
    }

    @Test
    void totalWeight_isTheSumOfWeightsOrTheNumberOfExamples() {
        Samples plain = new Samples(new double[3][1], new double[3][1], null);
        Samples weighted = new Samples(new double[3][1], new double[3][1], new double[] {0.5, 0, 2});
        assertEquals(3, plain.all(Precision.DOUBLE).totalWeight());
        assertEquals(2.5, weighted.all(Precision.DOUBLE).totalWeight());
    }

    /** One pass for outputs and loss gives the bits of a pass for each, in a network that is no ensemble. */
    private static void assertEvaluated(Backprop backprop, Examples block) {
        double loss = backprop.trainedLoss(block);
        Matrix outputs = backprop.predict(block.x());
        double[] expected = new double[outputs.size()];
        outputs.copyInto(expected);
        Backprop.Evaluated evaluated = backprop.evaluated(block);
        double[] found = new double[evaluated.A().size()];
        evaluated.A().copyInto(found);
        assertEquals(loss, evaluated.loss());
        assertArrayEquals(expected, found);
    }
}
