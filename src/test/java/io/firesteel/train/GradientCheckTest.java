package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.compute.Block;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.compute.Sampling;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import io.firesteel.nn.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient that training uses against central differences of the objective that training reports, for every
 * activation, loss and depth, with and without weights, penalties, dropout, weights
 * of classes, smoothed labels, and batches. New enum values join by themselves.
 *
 * <p>The check is made through {@link Trainer}, so that the penalty and its ranges are the ones in use: one step reports J of
 * this step at theta, and at learning rate 2^-10 it moves by just -dJ/dtheta / 1024, an ensemble by as many times that as it has
 * members.
 *
 * <p>The step h = 2^-17, about the cube root of the rounding error of J: the difference (J(t + h) - J(t - h)) / 2h is then
 * wrong by h^2 J''' / 6, about 1e-11, and by rounding of J over h, about 1e-11 as well. Each element's error is
 * relative to the element itself or, where that is small, to 1/100 of the greatest element, since an element that happens
 * to be 1e-6 cannot be had to seven digits in this way.
 *
 * <p>relu has no derivative at z = 0; nor have the absolute error and that of quantiles where a = y, and Huber's bends where |a - y| = 1, and the
 * size of a weight at 0. The examples and parameters are drawn again until every hidden z, every weight and, for those
 * losses, every error is more than 100 h = 0.00076 away from there; moving one parameter by h moves none by that much, so no difference straddles a kink. Nor is any
 * output's z above 5, of which the Poisson loss takes the exponential.
 */
class GradientCheckTest {
    private static final double H = 0x1p-17;
    private static final double FARTHEST_FROM_KINK = 100 * H;
    private static final double TOLERANCE = 1e-7;
    private static final int M = 7;

    private static final int BLOCK_ROWS = 3;
    private static final long SEED = 6;

    record Case(Network network, boolean weighted, Regularization regularization) {
        @Override
        public String toString() {
            return network.activations() + " " + network.loss() + (weighted ? ", weighted" : "") + " " + regularization
                    + (network.members() > 1 ? ", members" : "");
        }

        /** What examples of class 0, 1 and 2 count; where targets are numbers, they are below 1: class 0. */
        ClassWeights classWeights() {
            return regularization.l1() > 0 ? new ClassWeights(List.of(2.0, 0.5, 1.0)) : ClassWeights.NONE;
        }

        /** One step, over a batch of 4 of the 7 rows, a block and a part of another, or over all. */
        TrainingConfig config(double learningRate) {
            Pace pace = new Pace(1, null, regularization.l1() > 0 ? 4 : null, null);
            return Configs.descent(network, learningRate, pace, regularization, SEED, 0);
        }
    }

    /** A theta and samples that are not near a kink. */
    private record Point(Samples samples, double[] theta) {}

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Loss loss : Loss.values()) {
            for (Activation activation : Activation.values()) {
                for (List<Integer> layers : List.of(List.of(4, 3), List.of(4, 5, 3), List.of(4, 5, 4, 3))) {
                    Network network = Networks.of(layers, activation, loss);
                    for (boolean weighted : new boolean[] {false, true}) {
                        cases.add(new Case(network, weighted, Regularization.NONE));
                        cases.add(new Case(network, weighted, Configs.l2(0.3)));
                    }
                    cases.add(new Case(network, true, all(network, 0.4)));
                }
            }
        }
        return cases.stream();
    }

    private static Regularization all(Network network, double dropout) {
        return new Regularization(0.3, 0.2, 0.2, List.of(network.depth() == 1 ? 0 : dropout), false, 0.1);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradient_equalsCentralDifferences(Case c) {
        Point point = pointAwayFromKinks(c);
        double[] analytic = gradient(c, point.samples, point.theta);
        double[] numeric = new double[analytic.length];
        for (int i = 0; i < numeric.length; i++) {
            double[] moved = point.theta.clone();
            moved[i] = point.theta[i] + H;
            double above = loss(c, point.samples, moved);
            moved[i] = point.theta[i] - H;
            double below = loss(c, point.samples, moved);
            numeric[i] = (above - below) / (2 * H);
        }
        double greatest = Arrays.stream(numeric).map(Math::abs).max().orElseThrow();
        assertTrue(greatest > 1e-2, "the point must have a slope to speak of, not " + greatest);
        for (int i = 0; i < numeric.length; i++) {
            double scale = Math.max(Math.abs(numeric[i]), greatest / 100);
            assertEquals(numeric[i], analytic[i], TOLERANCE * scale, "element " + i);
        }
    }

    /** All hidden layers of different activations at once. */
    @ParameterizedTest
    @MethodSource("mixed")
    void gradient_ofMixedActivations_equalsCentralDifferences(Case c) {
        gradient_equalsCentralDifferences(c);
    }

    static Stream<Case> mixed() {
        List<Activation> activations = List.of(Activation.values());
        List<Integer> layers = new ArrayList<>(List.of(4));
        activations.forEach(activation -> layers.add(5));
        layers.add(3);
        return Arrays.stream(Loss.values())
                .map(loss -> Networks.of(layers, activations, loss))
                .map(network -> new Case(network, true, all(network, 0.1)));
    }

    /** Of each loss an ensemble of three members. */
    @ParameterizedTest
    @MethodSource("ensembles")
    void gradient_ofMembers_equalsCentralDifferences(Case c) {
        gradient_equalsCentralDifferences(c);
    }

    static Stream<Case> ensembles() {
        return Arrays.stream(Loss.values())
                .flatMap(loss -> Stream.of(Activation.TANH, Activation.RELU)
                        .map(activation -> Networks.of(List.of(4, 5, 4, 3), activation, loss)
                                .withMembers(3)))
                .flatMap(network -> Stream.of(
                        new Case(network, false, Regularization.NONE), new Case(network, true, all(network, 0.3))));
    }

    private static Point pointAwayFromKinks(Case c) {
        Network network = c.network;
        for (long seed = 1; seed < 100; seed++) {
            Samples samples = Samples.random(network, M, c.weighted, seed);
            double[] theta = Initializer.NORMAL.start(network, 0.7, seed);
            for (int l = 1;
                    l <= network.depth();
                    l++) { // biases that are not 0, so that the penalty might show in them
                for (Network.Placed b : network.tensors("b" + l)) {
                    for (int i = 0; i < network.units(l); i++) {
                        theta[b.start() + i] = 0.3 * i - 0.4;
                    }
                }
            }
            Sampling sampling =
                    c.config(1).loss(network, ClassWeights.NONE, M, BLOCK_ROWS).sampling();
            StepSamples step = StepSamples.of(samples, sampling, BLOCK_ROWS, 0);
            List<NaiveNetwork> oracles = NaiveNetwork.members(network, theta);
            double nearest = Arrays.stream(theta).map(Math::abs).min().orElseThrow();
            boolean tame = true;
            for (int e = 0; e < oracles.size() * step.samples().size(); e++) {
                int member = e / step.samples().size();
                int example = e % step.samples().size();
                NaiveNetwork oracle = oracles.get(member).dropping(step.masks(network, member, sampling, 0));
                double[] y = step.samples().y()[example];
                double[][] z = oracle.z(step.samples().x()[example], example);
                tame &= Arrays.stream(z[network.depth()]).allMatch(output -> output < 5);
                for (int l = 1; l < network.depth(); l++) {
                    nearest = Math.min(
                            nearest, Arrays.stream(z[l]).map(Math::abs).min().orElseThrow());
                }
                for (int i = 0; network.loss() == Loss.ABSOLUTE_ERROR && i < network.outputs(); i++) {
                    nearest = Math.min(nearest, Math.abs(z[network.depth()][i] - y[i]));
                }
                for (int i = 0; network.loss() == Loss.QUANTILE && i < network.outputs(); i++) {
                    nearest = Math.min(nearest, Math.abs(z[network.depth()][i] - y[0]));
                }
                for (int i = 0; network.loss() == Loss.HUBER && i < network.outputs(); i++) {
                    double error = Math.abs(z[network.depth()][i] - y[i]);
                    nearest = Math.min(nearest, Math.abs(error - 1));
                }
            }
            if (nearest > FARTHEST_FROM_KINK && tame) {
                return new Point(samples, theta);
            }
        }
        throw new AssertionError("no point away from kinks");
    }

    private static double loss(Case c, Samples samples, double[] theta) {
        return oneStep(c, samples, theta).history().get(0).loss();
    }

    private static double[] gradient(Case c, Samples samples, double[] theta) {
        double[] moved = oneStep(c, samples, theta).theta();
        double[] gradient = new double[theta.length];
        Arrays.setAll(gradient, i -> (theta[i] - moved[i]) * 1024 / c.network.members());
        return gradient;
    }

    private static Trainer.Result oneStep(Case c, Samples samples, double[] theta) {
        TrainingConfig config = c.config(0x1p-10);
        LossKernel kernel = config.loss(c.network, c.classWeights(), M, BLOCK_ROWS);
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, BLOCK_ROWS);
        blocks.set(0, new Block(0, Samples.mixed(blocks.get(0).examples()))); // as with categories
        blocks.set(1, new Block(1, Samples.sparse(blocks.get(1).examples())));
        MeanLoss objective = new MeanLoss(kernel, LocalRunner.of(blocks, 1));
        return new Trainer(c.network, config, M).train(objective, Trainer.ResumePoint.beginning(theta), step -> {});
    }
}
