package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Objective;
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
class LocalObjectiveTest {
    private static final int M = 23;
    private static final int[] BLOCK_ROWS = {1, 2, 3, 7, M};

    record Case(Network network, Samples samples, double[] theta) {
        @Override
        public String toString() {
            return network.activations() + " " + network.loss() + (samples.weights() == null ? "" : ", weighted");
        }

        LocalObjective objective(Precision precision, int blockRows) {
            return new LocalObjective(network, precision, samples.blocks(precision, blockRows));
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
                    Network network = Network.of(List.of(4, 6, 5, 3), activation, loss);
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
            Objective.Value value = c.objective(Precision.DOUBLE, blockRows).at(c.theta);
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
            Trainer.Result result = new Trainer(c.network, Configs.descent(0.1, 20))
                    .train(c.objective(Precision.DOUBLE, blockRows), c.theta, (step, loss) -> {});
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
        Objective.Value expected = c.objective(Precision.DOUBLE, 7).at(c.theta);
        Objective.Value single = c.objective(Precision.SINGLE, 7).at(c.theta);
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
        return new Trainer(c.network, Configs.descent(0.1, 100))
                .train(c.objective(precision, 7), c.theta, (step, loss) -> {})
                .theta();
    }

    /** A weight of 2 is the example twice, and a weight of 0 the example left out. */
    @Test
    void at_weights_areExamplesRepeated() {
        for (Loss loss : Loss.values()) {
            Network network = Network.of(List.of(3, 4, 2), Activation.TANH, loss);
            double[] theta = Initializer.GLOROT.start(network, 1, 3);
            Samples s = Samples.random(network, 3, false, 8);
            double[][] x = s.x();
            double[][] y = s.y();
            Objective.Value weighted = valueOf(network, theta, new Samples(x, y, new double[] {2, 0, 1}));
            Objective.Value repeated = valueOf(
                    network,
                    theta,
                    new Samples(new double[][] {x[0], x[0], x[2]}, new double[][] {y[0], y[0], y[2]}, null));
            assertEquals(repeated.loss(), weighted.loss(), 1e-15);
            assertArrayEquals(repeated.gradient(), weighted.gradient(), 1e-15);
        }
    }

    private static Objective.Value valueOf(Network network, double[] theta, Samples samples) {
        return new LocalObjective(network, Precision.DOUBLE, samples.blocks(Precision.DOUBLE, 2)).at(theta);
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
        Objective.Value value = new LocalObjective(network, Precision.DOUBLE, blocks).at(theta);
        assertEquals(expected.loss(), value.loss(), 1e-13);
        assertArrayEquals(expected.gradient(), value.gradient(), 1e-13);
    }

    /** Promise 2: blocks have their numbers; who brings them in which order does not matter to the last bit. */
    @Test
    void at_blocksInAnyOrder_givesTheSameBits() {
        Case c = cases().findFirst().orElseThrow();
        Objective.Value expected = c.objective(Precision.SINGLE, 2).at(c.theta);
        List<Block> blocks = new ArrayList<>(c.samples.blocks(Precision.SINGLE, 2));
        Random random = new Random(1);
        for (int trial = 0; trial < 10; trial++) {
            Collections.shuffle(blocks, random);
            Objective.Value value = new LocalObjective(c.network, Precision.SINGLE, blocks).at(c.theta);
            assertEquals(expected.loss(), value.loss());
            assertArrayEquals(expected.gradient(), value.gradient());
        }
    }

    /** Blocks 0, 1 and 3: not a data set. */
    @Test
    void objective_ofBlocksThatAreNotAll_isRefused() {
        Case c = cases().findFirst().orElseThrow();
        List<Block> blocks = new ArrayList<>(c.samples.blocks(Precision.DOUBLE, 6));
        assertEquals(4, blocks.size());
        blocks.remove(2);
        assertThrows(IndexOutOfBoundsException.class, () -> new LocalObjective(c.network, Precision.DOUBLE, blocks));
    }

    @Test
    void times_addUp() {
        Case c = cases().findFirst().orElseThrow();
        LocalObjective objective = c.objective(Precision.DOUBLE, 7);
        assertEquals(StepTimes.NONE, objective.times());
        objective.at(c.theta);
        objective.at(c.theta);
        StepTimes times = objective.times();
        assertEquals(2, times.evaluations());
        assertTrue(times.products() > 0 && times.products() < times.total(), times.toString());
        assertEquals(0, times.outside(), "all of it is the task's");
        // 10 ns of which 7 in the task, 4 of them in products: 3 in the rest of the task, 3 outside.
        assertEquals(new StepTimes(1, 10, 4, 3), StepTimes.NONE.plus(10, 7, 4));
        assertEquals(3, StepTimes.NONE.plus(10, 7, 4).outside());
    }

    /** The value belongs to the caller: neither the next evaluation nor a change of theta changes it. */
    @Test
    void at_again_leavesTheFirstValueAlone() {
        Case c = cases().findFirst().orElseThrow();
        LocalObjective objective = c.objective(Precision.DOUBLE, 3);
        Objective.Value first = objective.at(c.theta);
        double[] copy = first.gradient().clone();
        objective.at(new double[c.theta.length]);
        assertArrayEquals(copy, first.gradient());
        assertArrayEquals(copy, objective.at(c.theta).gradient(), "and theta alone decides the value");
    }

    private static double norm(double[] v) {
        return Math.sqrt(Arrays.stream(v).map(e -> e * e).sum());
    }
}
