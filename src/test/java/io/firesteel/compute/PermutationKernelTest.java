package io.firesteel.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.compute.PermutationKernel.Permuted;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Models;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A model that looks at x1 alone: z = x1, with yes for z > 0. */
class PermutationKernelTest {
    private static final Network NETWORK = Network.of(List.of(3, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
    private static final TrainedModel MODEL = Models.with(
            Models.model(Task.CLASSIFICATION, NETWORK, Scaling.none(3), List.of("no", "yes"), Scaling.none(1)),
            0,
            1,
            0,
            0);
    private static final Evaluation EVALUATION = new Evaluation(MODEL.description(), true);

    private static final EvaluationKernel MEASURED = new EvaluationKernel(EVALUATION, NETWORK, Precision.DOUBLE);

    private static double[] sums(Kernel<Block> kernel, List<Block> blocks) {
        return LocalRunner.of(blocks, 1).sum(kernel, Point.of(MODEL.theta())).sums();
    }

    private static double[] sums(Samples samples, int blockRows, List<Permuted> permutations) {
        return sums(
                new PermutationKernel(MEASURED, permutations, 7),
                SampleBlocks.of(samples, Precision.DOUBLE, blockRows));
    }

    private static double accuracy(double[] sums, int p) {
        int length = EVALUATION.length();
        double[] part = Arrays.copyOfRange(sums, p * length, (p + 1) * length);
        return EVALUATION.metrics(part).get("accuracy");
    }

    /** Two examples that x1 tells apart: a permutation leaves both right, or neither. */
    @Test
    void at_ofTwoExamples_isOneOrderOrTheOther() {
        Samples samples = new Samples(new double[][] {{5, 2, 0}, {6, -2, 0}}, new double[][] {{1}, {0}}, null);
        List<Permuted> twenty = new ArrayList<>();
        for (int number = 0; number < 20; number++) {
            twenty.add(new Permuted(1, 2, number));
        }
        double[] sums = sums(samples, 2, twenty);
        Set<Double> accuracies = new HashSet<>();
        for (int p = 0; p < 20; p++) {
            accuracies.add(accuracy(sums, p));
        }
        assertEquals(Set.of(0.0, 1.0), accuracies);
    }

    @Test
    void at_ofColumnsThatDoNotMatter_isTheEvaluation_bitForBit() {
        Samples samples = Samples.random(NETWORK, 40, true, 3);
        for (double[] y : samples.y()) {
            y[0] = Math.rint(y[0]);
        }
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, 16);
        double[] plain = sums(MEASURED, blocks);
        // What x1's permutation leaves behind would show in the last.
        double[] sums = sums(samples, 16, List.of(new Permuted(0, 1, 0), new Permuted(1, 2, 0), new Permuted(2, 3, 0)));
        int length = EVALUATION.length();
        assertArrayEquals(plain, Arrays.copyOfRange(sums, 0, length));
        assertArrayEquals(plain, Arrays.copyOfRange(sums, 2 * length, 3 * length));
        assertTrue(
                EVALUATION.metrics(Arrays.copyOfRange(sums, length, 2 * length)).loss()
                        != EVALUATION.metrics(plain).loss());
    }

    /** A column of several rows of X moves as one, and the blocks themselves stay as they are. */
    @Test
    void at_leavesTheBlocksAlone() {
        Samples samples = Samples.random(NETWORK, 10, false, 4);
        for (double[] y : samples.y()) {
            y[0] = Math.rint(y[0]);
        }
        Block block = SampleBlocks.of(samples, Precision.DOUBLE, 10).get(0);
        Matrix x = (Matrix) block.examples().x();
        double[] before = new double[x.size()];
        x.copyInto(before);
        double[] sums = sums(new PermutationKernel(MEASURED, List.of(new Permuted(0, 3, 0)), 7), List.of(block));
        double[] after = new double[x.size()];
        x.copyInto(after);
        assertArrayEquals(before, after);
        assertEquals(10, sums[0]);
    }

    /** A column of categories is permuted as the rows of its inputs in the dense matrix are. */
    @Test
    void at_ofMixedInputs_isThatOfDenseOnes() {
        Samples samples = Samples.random(NETWORK, 20, true, 5);
        for (double[] y : samples.y()) {
            y[0] = Math.rint(y[0]);
        }
        Examples dense = samples.all(Precision.DOUBLE);
        List<Permuted> permuted = List.of(new Permuted(0, 2, 0), new Permuted(1, 2, 0), new Permuted(2, 3, 1));
        double[][] sums = new double[2][];
        for (int k = 0; k < 2; k++) {
            Block block = new Block(0, k == 0 ? dense : Samples.mixed(dense));
            sums[k] = sums(new PermutationKernel(MEASURED, permuted, 7), List.of(block));
        }
        assertArrayEquals(sums[0], sums[1], 1e-12);
    }
}
