package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.Block;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.compute.Sampling;
import io.firesteel.compute.StepTimes;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Dropout;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Evaluated;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The mean loss and gradient against the naive oracle, over any blocking, in both precisions. */
class MeanLossTest {
    private static final int M = 23;
    private static final int[] BLOCK_ROWS = {1, 2, 3, 7, M};

    record Case(Network network, Samples samples, double[] theta) {
        @Override
        public String toString() {
            return network.activations() + " " + network.loss() + (samples.weights() == null ? "" : ", weighted");
        }

        MeanLoss objective(Precision precision, int blockRows) {
            return new MeanLoss(
                    new LossKernel(network, precision),
                    LocalRunner.of(SampleBlocks.of(samples, precision, blockRows), 1));
        }

        NaiveNetwork oracle() {
            return NaiveNetwork.like(network).set(theta);
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Loss loss : Loss.values()) {
            for (Activation activation : Activation.values()) {
                for (boolean weighted : new boolean[] {false, true}) {
                    Network network = Networks.of(List.of(4, 6, 5, 3), activation, loss);
                    double[] theta = Initializer.GLOROT.start(network, 1, 11);
                    cases.add(new Case(network, Samples.random(network, M, weighted, 12), theta));
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void at_anyBlocking_equalsTheOracle(Case c) {
        NaiveNetwork.Value expected = c.oracle().at(c.samples, 0);
        assertTrue(norm(expected.gradient()) > 1e-2, "a gradient to speak of");
        for (int blockRows : BLOCK_ROWS) {
            Evaluated value = Evaluated.at(c.objective(Precision.DOUBLE, blockRows), c.theta);
            assertEquals(expected.loss(), value.loss(), 1e-12, "blocks of " + blockRows);
            assertArrayEquals(expected.gradient(), value.gradient(), 1e-12, "blocks of " + blockRows);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void twentySteps_atAnyBlocking_equalTheOracle(Case c) {
        NaiveNetwork oracle = c.oracle();
        double[] history = oracle.descend(c.samples, 0.1, 0, 20);
        assertTrue(history[20] < history[0], "20 steps lower the loss");
        for (int blockRows : BLOCK_ROWS) {
            Trainer.Result result = new Trainer(c.network, Configs.descent(0.1, 20), 1)
                    .train(
                            c.objective(Precision.DOUBLE, blockRows),
                            Trainer.ResumePoint.beginning(c.theta),
                            step -> {});
            assertArrayEquals(oracle.theta(), result.theta(), 1e-12, "blocks of " + blockRows);
            assertArrayEquals(
                    history,
                    result.history().stream().mapToDouble(step -> step.loss()).toArray(),
                    1e-12);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void at_inSingle_equalsDoubleToFiveDigits(Case c) {
        Evaluated expected = Evaluated.at(c.objective(Precision.DOUBLE, 7), c.theta);
        Evaluated single = Evaluated.at(c.objective(Precision.SINGLE, 7), c.theta);
        assertEquals(expected.loss(), single.loss(), 1e-5 * expected.loss());
        double[] error = new double[c.theta.length];
        Arrays.setAll(error, i -> single.gradient()[i] - expected.gradient()[i]);
        assertTrue(norm(error) <= 1e-5 * norm(expected.gradient()), norm(error) + "");
        assertTrue(norm(error) > 0, "single is not double under another name");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void training_inSingle_predictsAsInDoubleToTwoDigits(Case c) {
        double[] inDouble = trained(c, Precision.DOUBLE);
        double[] inSingle = trained(c, Precision.SINGLE);
        for (double[] x : c.samples.x()) {
            assertArrayEquals(
                    NaiveNetwork.like(c.network).set(inDouble).predict(x),
                    NaiveNetwork.like(c.network).set(inSingle).predict(x),
                    1e-2);
        }
    }

    private static double[] trained(Case c, Precision precision) {
        return new Trainer(c.network, Configs.descent(0.1, 100), 1)
                .train(c.objective(precision, 7), Trainer.ResumePoint.beginning(c.theta), step -> {})
                .theta();
    }

    /** A weight of 2 is the example twice, and a weight of 0 the example left out. */
    @Test
    void at_weights_areExamplesRepeated() {
        for (Loss loss : Loss.values()) {
            Network network = Networks.of(List.of(3, 4, 2), Activation.TANH, loss);
            double[] theta = Initializer.GLOROT.start(network, 1, 3);
            Samples s = Samples.random(network, 3, false, 8);
            double[][] x = s.x();
            double[][] y = s.y();
            Evaluated weighted = valueOf(network, theta, new Samples(x, y, new double[] {2, 0, 1}));
            Evaluated repeated = valueOf(
                    network,
                    theta,
                    new Samples(new double[][] {x[0], x[0], x[2]}, new double[][] {y[0], y[0], y[2]}, null));
            assertEquals(repeated.loss(), weighted.loss(), 1e-15);
            assertArrayEquals(repeated.gradient(), weighted.gradient(), 1e-15);
        }
    }

    /** Two classes in one output, and three in three. */
    private static final List<Network> CLASSIFIERS = List.of(
            Network.of(List.of(3, 4, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY),
            Network.of(List.of(3, 4, 3), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY));

    /** Samples of which each class has some, with row weights of 1 to 3 and one of 0. */
    private static Samples classified(Network network) {
        Samples random = Samples.random(network, 20, true, 8);
        double[][] y = new double[20][1];
        for (int i = 0; i < 20; i++) {
            y[i][0] = i * 7 % Math.max(2, network.outputs());
        }
        return new Samples(random.x(), y, random.weights());
    }

    /** Each row so many times, as its class and its place say, without a weight. */
    private static Samples repeated(Samples samples, int[] timesByClass, int[] timesByPlace) {
        List<double[]> x = new ArrayList<>();
        List<double[]> y = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            int times = timesByClass[(int) samples.y()[i][0]] * timesByPlace[i % timesByPlace.length];
            x.addAll(Collections.nCopies(times, samples.x()[i]));
            y.addAll(Collections.nCopies(times, samples.y()[i]));
        }
        return new Samples(x.toArray(double[][]::new), y.toArray(double[][]::new), null);
    }

    private static Evaluated valueOf(Network network, double[] theta, ClassWeights classWeights, Samples samples) {
        return valueOf(network, theta, classWeights, 0, samples);
    }

    private static Evaluated valueOf(
            Network network, double[] theta, ClassWeights classWeights, double labelSmoothing, Samples samples) {
        LossKernel kernel = new LossKernel(network, Precision.DOUBLE, classWeights, labelSmoothing, Sampling.NONE);
        return Evaluated.at(
                new MeanLoss(kernel, LocalRunner.of(SampleBlocks.of(samples, Precision.DOUBLE, 3), 1)), theta);
    }

    private static void assertClose(Evaluated expected, Evaluated value) {
        assertTrue(norm(expected.gradient()) > 1e-2, "a gradient to speak of");
        assertEquals(expected.loss(), value.loss(), 1e-12);
        assertArrayEquals(expected.gradient(), value.gradient(), 1e-12);
    }

    /** A weight of a class is that of each of its rows: with and without weights of their own. */
    @Test
    void at_classWeights_areFactorsOfRowWeights() {
        double[] factors = {2, 0.5, 0};
        for (Network network : CLASSIFIERS) {
            double[] theta = Initializer.GLOROT.start(network, 1, 3);
            Samples s = classified(network);
            ClassWeights classWeights = new ClassWeights(List.of(2.0, 0.5, 0.0));
            double[] once = new double[s.size()];
            double[] ofRows = new double[s.size()];
            for (int i = 0; i < s.size(); i++) {
                once[i] = factors[(int) s.y()[i][0]];
                ofRows[i] = s.weights()[i] * once[i];
            }
            Samples unweighted = new Samples(s.x(), s.y(), null);
            assertClose(
                    valueOf(network, theta, new Samples(s.x(), s.y(), once)),
                    valueOf(network, theta, classWeights, unweighted));
            assertClose(
                    valueOf(network, theta, new Samples(s.x(), s.y(), ofRows)),
                    valueOf(network, theta, classWeights, s));
        }
    }

    /** The oracle adds up the terms of all classes; the weight of a row is that of its own class, whatever the others' part in it. */
    @Test
    void at_smoothedLabels_equalsTheOracle() {
        double[] factors = {2, 0.5, 0};
        for (Network network : CLASSIFIERS) {
            double[] theta = Initializer.GLOROT.start(network, 1, 3);
            Samples s = classified(network);
            double[] ofRows = new double[s.size()];
            Arrays.setAll(ofRows, i -> s.weights()[i] * factors[(int) s.y()[i][0]]);
            for (double share : new double[] {0.1, 0.7}) {
                NaiveNetwork.Value expected =
                        NaiveNetwork.like(network).set(theta).smoothing(share).at(new Samples(s.x(), s.y(), ofRows), 0);
                assertClose(
                        new Evaluated(expected.loss(), expected.gradient()),
                        valueOf(network, theta, new ClassWeights(List.of(2.0, 0.5, 0.0)), share, s));
            }
        }
        Network labels = Network.of(List.of(3, 4, 3), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        double[] theta = Initializer.GLOROT.start(labels, 1, 3);
        Samples s = Samples.random(labels, 20, true, 8);
        NaiveNetwork.Value expected =
                NaiveNetwork.like(labels).set(theta).smoothing(0.1).at(s, 0);
        assertClose(
                new Evaluated(expected.loss(), expected.gradient()), valueOf(labels, theta, ClassWeights.NONE, 0.1, s));
    }

    /** A class of weight 2 is its rows twice, one of weight 0 is absent; rows of weight 2 and rows twice are balanced alike. */
    @Test
    void at_classWeights_areRowsRepeated() {
        for (Network network : CLASSIFIERS) {
            double[] theta = Initializer.GLOROT.start(network, 1, 3);
            Samples plain = repeated(classified(network), new int[] {1, 1, 1}, new int[] {1});
            assertClose(
                    valueOf(network, theta, repeated(plain, new int[] {2, 1, 0}, new int[] {1})),
                    valueOf(network, theta, new ClassWeights(List.of(2.0, 1.0, 0.0)), plain));

            double[] weights = new double[plain.size()];
            Arrays.setAll(weights, i -> i % 3 == 0 ? 2 : 1);
            Samples weighted = new Samples(plain.x(), plain.y(), weights);
            Samples twice = repeated(plain, new int[] {1, 1, 1}, new int[] {2, 1, 1});
            assertClose(
                    valueOf(network, theta, balanced(network, twice), twice),
                    valueOf(network, theta, balanced(network, weighted), weighted));
        }
    }

    private static ClassWeights balanced(Network network, Samples samples) {
        double[] totals = new double[Math.max(2, network.outputs())];
        for (int i = 0; i < samples.size(); i++) {
            totals[(int) samples.y()[i][0]] += samples.weights() == null ? 1 : samples.weights()[i];
        }
        return ClassWeighting.parse("balanced").of(List.of("a", "b", "c").subList(0, totals.length), totals);
    }

    /** Without its gradient it is the same number, of members and of weighted classes, too. */
    @Test
    void at_withoutGradient_hasTheSameBits() {
        for (Network one : CLASSIFIERS) {
            for (Network network : List.of(one, one.withMembers(3))) {
                double[] theta = Initializer.GLOROT.start(network, 1, 3);
                Samples samples = classified(network);
                for (Precision precision : Precision.values()) {
                    MeanLoss objective = new MeanLoss(
                            new LossKernel(
                                    network, precision, new ClassWeights(List.of(2.0, 0.5, 0.0)), 0.1, Sampling.NONE),
                            LocalRunner.of(SampleBlocks.of(samples, precision, 2), 1));
                    double loss = objective.at(theta, new double[theta.length]);
                    assertTrue(loss > 0.1);
                    assertEquals(loss, objective.at(theta));
                    assertEquals(
                            new Penalty(objective, 0.1, 0.2, WEIGHTS).at(theta, new double[theta.length]),
                            new Penalty(objective, 0.1, 0.2, WEIGHTS).at(theta));
                }
            }
        }
    }

    private static final List<Penalty.Range> WEIGHTS = List.of(new Penalty.Range(0, 2), new Penalty.Range(3, 5));

    /** Examples that all count nothing have nothing to say, and no NaN to say it with. */
    @Test
    void at_whereAllWeightsAreZero_isZero() {
        Network network = CLASSIFIERS.get(0);
        Samples s = classified(network);
        Evaluated value = valueOf(
                network, Initializer.GLOROT.start(network, 1, 3), new Samples(s.x(), s.y(), new double[s.size()]));
        assertEquals(0, value.loss());
        assertArrayEquals(new double[network.parameterCount()], value.gradient());
    }

    private static Evaluated valueOf(Network network, double[] theta, Samples samples) {
        return Evaluated.at(
                new MeanLoss(
                        new LossKernel(network, Precision.DOUBLE),
                        LocalRunner.of(SampleBlocks.of(samples, Precision.DOUBLE, 2), 1)),
                theta);
    }

    /** Promise 1: no empty block changes what is minimised, wherever it stands. */
    @Test
    void at_withEmptyBlocks_isUnchanged() {
        Network network = Network.of(List.of(3, 4, 2), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        double[] theta = Initializer.GLOROT.start(network, 1, 3);
        Samples s = Samples.random(network, 5, true, 8);
        int[][] runs = {{0, 0}, {0, 2}, {2, 2}, {2, 5}, {5, 5}};
        List<Block> blocks = new ArrayList<>();
        for (int[] run : runs) {
            blocks.add(new Block(blocks.size(), s.slice(Precision.DOUBLE, run[0], run[1])));
        }
        NaiveNetwork.Value expected = NaiveNetwork.like(network).set(theta).at(s, 0);
        Evaluated value =
                Evaluated.at(new MeanLoss(new LossKernel(network, Precision.DOUBLE), LocalRunner.of(blocks, 1)), theta);
        assertEquals(expected.loss(), value.loss(), 1e-13);
        assertArrayEquals(expected.gradient(), value.gradient(), 1e-13);
    }

    /** Promise 2: blocks have their numbers; who brings them in which order does not matter to the last bit. */
    @Test
    void at_blocksInAnyOrder_givesTheSameBits() {
        Case c = cases().findFirst().orElseThrow();
        Evaluated expected = Evaluated.at(c.objective(Precision.SINGLE, 2), c.theta);
        List<Block> blocks = new ArrayList<>(SampleBlocks.of(c.samples, Precision.SINGLE, 2));
        Random random = new Random(1);
        for (int trial = 0; trial < 10; trial++) {
            Collections.shuffle(blocks, random);
            Evaluated value = Evaluated.at(
                    new MeanLoss(new LossKernel(c.network, Precision.SINGLE), LocalRunner.of(blocks, 1)), c.theta);
            assertEquals(expected.loss(), value.loss());
            assertArrayEquals(expected.gradient(), value.gradient());
        }
    }

    /** Blocks 0, 1 and 3: not a data set. */
    @Test
    void objective_ofBlocksThatAreNotAll_isRefused() {
        Case c = cases().findFirst().orElseThrow();
        List<Block> blocks = new ArrayList<>(SampleBlocks.of(c.samples, Precision.DOUBLE, 6));
        assertEquals(4, blocks.size());
        blocks.remove(2);
        assertThrows(
                IllegalArgumentException.class,
                () -> new MeanLoss(new LossKernel(c.network, Precision.DOUBLE), LocalRunner.of(blocks, 1)));
    }

    @Test
    void times_addUp() {
        Case c = cases().findFirst().orElseThrow();
        MeanLoss objective = c.objective(Precision.DOUBLE, 7);
        assertEquals(StepTimes.NONE, objective.times());
        Evaluated.at(objective, c.theta);
        Evaluated.at(objective, c.theta);
        StepTimes times = objective.times();
        assertEquals(2, times.evaluations());
        assertTrue(times.products() > 0 && times.products() < times.total(), times.toString());
        assertEquals(times.total(), times.products() + times.restOfTask(), "all of it is the task's");
        // 10 ns of which 7 in the task, 4 of them in products: 3 in the rest of the task.
        assertEquals(new StepTimes(1, 10, 4, 3), StepTimes.NONE.plus(10, 7, 4));
    }

    /** The gradient is the caller's: no other evaluation changes it. */
    @Test
    void at_again_leavesTheFirstValueAlone() {
        Case c = cases().findFirst().orElseThrow();
        MeanLoss objective = c.objective(Precision.DOUBLE, 3);
        Evaluated first = Evaluated.at(objective, c.theta);
        double[] copy = first.gradient().clone();
        Evaluated.at(objective, new double[c.theta.length]);
        assertArrayEquals(copy, first.gradient());
        assertArrayEquals(copy, Evaluated.at(objective, c.theta).gradient(), "and theta alone decides the value");
    }

    static Stream<Sampling> samplings() {
        Dropout dropout = new Dropout(0.2, List.of(0.3, 0.5));
        return Stream.of(
                new Sampling(9, dropout, null),
                new Sampling(9, Dropout.NONE, new BatchSchedule(9, 5, M, 1)),
                new Sampling(9, dropout, new BatchSchedule(9, 9, M, 1)));
    }

    private static Sampling with(Sampling sampling, int blockRows) {
        BatchSchedule b = sampling.batches();
        BatchSchedule batches = b == null ? null : new BatchSchedule(b.seed(), b.batchRows(), b.rows(), blockRows);
        return new Sampling(sampling.seed(), sampling.dropout(), batches);
    }

    /** The oracle gets the rows of the batch, and drops by the masks' rule, written again: over any blocking, at any step. */
    @ParameterizedTest
    @MethodSource("samplings")
    void ofStep_equalsTheOracleOverWhatTheStepSees(Sampling any) {
        List<Case> cases = cases().filter(c -> c.network.loss().targetRows(3) == 1 || c.samples.weights() != null)
                .toList();
        for (Case c : cases) {
            for (int blockRows : BLOCK_ROWS) {
                Sampling sampling = with(any, blockRows);
                LossKernel kernel = new LossKernel(c.network, Precision.DOUBLE, ClassWeights.NONE, 0, sampling);
                Objective objective = new MeanLoss(
                        kernel, LocalRunner.of(SampleBlocks.of(c.samples, Precision.DOUBLE, blockRows), 1));
                String what = c + ", blocks of " + blockRows;
                double before = Double.NaN;
                for (int step = 0; step < 6; step++) {
                    StepSamples seen = StepSamples.of(c.samples, sampling, blockRows, step);
                    NaiveNetwork.Value expected = c.oracle()
                            .dropping(seen.masks(c.network, sampling, step))
                            .at(seen.samples(), 0);
                    Evaluated value = Evaluated.at(objective.ofStep(step), c.theta);
                    double scale = Math.max(1, expected.loss()); // a Poisson loss may be in the hundreds
                    assertEquals(expected.loss(), value.loss(), 1e-12 * scale, what);
                    assertArrayEquals(expected.gradient(), value.gradient(), 1e-12 * scale, what);
                    assertNotEquals(before, value.loss(), what);
                    before = value.loss();
                }
                Evaluated whole = Evaluated.at(c.objective(Precision.DOUBLE, blockRows), c.theta);
                assertEquals(whole.loss(), Evaluated.at(objective, c.theta).loss(), "without a step all is seen");
                assertArrayEquals(
                        whole.gradient(), Evaluated.at(objective, c.theta).gradient());
            }
        }
    }

    /** Promise 1 in batches: those of an epoch, each times its size, add up to the whole. */
    @Test
    void ofStep_batchesOfAnEpoch_addUpToTheWhole() {
        Case c = cases().filter(plain -> plain.samples.weights() == null)
                .findFirst()
                .orElseThrow();
        for (int blockRows : BLOCK_ROWS) {
            for (int batchRows : new int[] {1, 4, 7, 8, 22}) {
                BatchSchedule batches = new BatchSchedule(2, batchRows, M, blockRows);
                LossKernel kernel = new LossKernel(
                        c.network, Precision.DOUBLE, ClassWeights.NONE, 0, new Sampling(2, Dropout.NONE, batches));
                Objective objective = new MeanLoss(
                        kernel, LocalRunner.of(SampleBlocks.of(c.samples, Precision.DOUBLE, blockRows), 1));
                double loss = 0;
                double[] gradient = new double[c.theta.length];
                int K = batches.perEpoch();
                for (int k = 0; k < K; k++) {
                    Evaluated value = Evaluated.at(objective.ofStep(3 * K + k), c.theta);
                    int rows = k < K - 1 ? batchRows : M - (K - 1) * batchRows;
                    loss += value.loss() * rows / M;
                    for (int i = 0; i < gradient.length; i++) {
                        gradient[i] += value.gradient()[i] * rows / M;
                    }
                }
                Evaluated whole = Evaluated.at(objective, c.theta);
                assertEquals(whole.loss(), loss, 1e-12);
                assertArrayEquals(whole.gradient(), gradient, 1e-12);
            }
        }
    }

    /** One row in a batch has the weight 0, and so has the batch. */
    @Test
    void ofStep_ofABatchWithoutWeight_isZero() {
        Network network = Network.of(List.of(3, 4, 2), Activation.TANH, Loss.SQUARED_ERROR);
        double[] theta = Initializer.GLOROT.start(network, 1, 3);
        Samples samples = Samples.random(network, 5, true, 8);
        assertEquals(0, samples.weights()[1]);
        Sampling sampling = new Sampling(2, Dropout.NONE, new BatchSchedule(2, 1, 5, 2));
        Objective objective = new MeanLoss(
                new LossKernel(network, Precision.DOUBLE, ClassWeights.NONE, 0, sampling),
                LocalRunner.of(SampleBlocks.of(samples, Precision.DOUBLE, 2), 1));
        assertTrue(objective.variesByStep());
        int zeros = 0;
        for (int step = 0; step < 5; step++) {
            Evaluated value = Evaluated.at(objective.ofStep(step), theta);
            zeros += value.loss() == 0 && Arrays.equals(new double[theta.length], value.gradient()) ? 1 : 0;
        }
        assertEquals(1, zeros);
    }

    /** The mean over many steps of what dropout leaves of a linear layer is the whole. */
    @Test
    void ofStep_withInputDropout_keepsTheMeanOfALinearOutput() {
        Network network = Network.of(List.of(4, 1), Activation.TANH, Loss.SQUARED_ERROR);
        double[] theta = {0.3, -0.5, 0.7, 0.2, 0.1};
        Samples samples = Samples.random(network, 50, false, 4);
        LossKernel kernel = new LossKernel(
                network, Precision.DOUBLE, ClassWeights.NONE, 0, new Sampling(1, new Dropout(0.4, List.of(0.0)), null));
        Objective dropped = new MeanLoss(kernel, LocalRunner.of(SampleBlocks.of(samples, Precision.DOUBLE, 20), 1));
        double[] mean = new double[theta.length];
        for (int step = 0; step < 4000; step++) {
            mean[4] += Evaluated.at(dropped.ofStep(step), theta).gradient()[4] / 4000; // db: the mean error a - y
        }
        double whole = Evaluated.at(dropped, theta).gradient()[4];
        assertEquals(whole, mean[4], 0.005);
    }

    @Test
    void ofStep_withoutSampling_isTheObjective() {
        MeanLoss objective = cases().findFirst().orElseThrow().objective(Precision.DOUBLE, 7);
        assertFalse(objective.variesByStep());
        assertSame(objective, objective.ofStep(3));
    }

    private static double norm(double[] v) {
        return Math.sqrt(Arrays.stream(v).map(e -> e * e).sum());
    }
}
