package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Models;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Dropout;
import io.firesteel.nn.Samples;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every kind of kernel over the same blocks, of a model of three classes. */
public final class KernelCases {
    public static final int ROWS = 130;
    public static final int BLOCK_ROWS = 10;
    private static final TrainedModel MODEL = Models.threeClasses();

    private KernelCases() {}

    /** The weight of each class's examples, as a kernel without parameters. */
    public record Totals(int length) implements Kernel.Plain<Block> {
        @Override
        public void add(Block block, double[] sums) {
            for (int j = 0; j < block.examples().size(); j++) {
                sums[(int) block.examples().y().get(0, j)] += block.examples().weight(j);
            }
        }
    }

    /** A block without examples. */
    public record BareBlock(int number) implements Numbered, Serializable {}

    /** Thirteen blocks, the examples of which have weights. */
    public static List<Block> blocks(Precision precision) {
        Samples samples = Samples.random(MODEL.network(), ROWS, true, 3);
        for (int i = 0; i < ROWS; i++) {
            samples.y()[i][0] = i % 3;
        }
        return SampleBlocks.of(samples, precision, BLOCK_ROWS);
    }

    public static Map<String, Kernel<Block>> kernels(Precision precision) {
        Map<String, Kernel<Block>> kernels = new LinkedHashMap<>();
        Sampling sampling = new Sampling(4, new Dropout(0.1, List.of(0.3)), new BatchSchedule(4, 45, ROWS, BLOCK_ROWS));
        ClassWeights classWeights = new ClassWeights(List.of(1.0, 2.5, 0.3));
        EvaluationKernel evaluation =
                new EvaluationKernel(new Evaluation(MODEL.description(), true), MODEL.network(), precision);
        kernels.put("loss", new LossKernel(MODEL.network(), precision));
        kernels.put(
                "loss without gradient",
                new LossKernel(MODEL.network(), precision, classWeights, 0.1, Sampling.NONE).value());
        kernels.put("loss of batches", new LossKernel(MODEL.network(), precision, classWeights, 0.1, sampling));
        kernels.put("evaluation", evaluation);
        kernels.put(
                "permutation",
                new PermutationKernel(
                        evaluation,
                        List.of(
                                new PermutationKernel.Permuted(0, 1, 0),
                                new PermutationKernel.Permuted(1, 2, 0),
                                new PermutationKernel.Permuted(1, 2, 1)),
                        7));
        kernels.put("sample", new SampleKernel(MODEL.description(), precision, ROWS, BLOCK_ROWS, 7));
        kernels.put("totals", new Totals(3));
        return kernels;
    }

    /** The points to evaluate at: of some steps, of all data, and of other parameters. */
    public static List<Point> points() {
        double[] theta = MODEL.theta();
        double[] half = theta.clone();
        for (int i = 0; i < half.length; i++) {
            half[i] /= 2;
        }
        return List.of(new Point(theta, 0), new Point(half, 1), new Point(theta, 5), Point.of(theta), Point.of(half));
    }
}
