package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationSums;
import io.firesteel.compute.PermutedSums;
import io.firesteel.compute.PermutedSums.Permuted;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Evaluation;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Metric;
import io.firesteel.model.Spread;
import io.firesteel.model.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How much a model needs each of its input columns: by how much a metric is worse when the column's values are permuted
 * among the rows of each block (Breiman 2001, over blocks).
 */
public final class SparkImportance {
    /** The most numbers of a task's sums: permutations are taken together as far as they fit. */
    private static final int MOST_NUMBERS = 1 << 20;

    private SparkImportance() {}

    /**
     * How much a column is needed.
     *
     * @param mean of the loss of the metric over the permutations
     * @param deviation of it
     */
    public record Importance(String column, double mean, double deviation) {}

    /**
     * The importance of each input column, the greatest first.
     *
     * @param metric one that is defined on these examples
     * @param repeats permutations of each column
     */
    public static List<Importance> of(
            TrainedModel model, Precision precision, Blocks blocks, Metric metric, int repeats, long seed) {
        Evaluation evaluation = new Evaluation(model.description(), metric.isArea());
        double[] theta = model.theta();
        double whole = metric.of(new SparkEvaluation(evaluation, model.network(), precision, blocks).at(theta));
        EvaluationSums.Shape measured =
                new EvaluationSums.Shape(evaluation, model.network(), precision, blocks.blockRows(), blocks.count());
        List<String> names = model.description().features();
        List<Permuted> all = new ArrayList<>();
        InputLayout layout = model.description().layout();
        int input = 0;
        for (int i = 0; i < names.size(); i++) {
            for (int number = 0; number < repeats; number++) {
                all.add(new Permuted(input, input + layout.inputs(i), number));
            }
            input += layout.inputs(i);
        }
        double[] losses = new double[all.size()];
        int together = Math.max(1, MOST_NUMBERS / evaluation.length());
        for (int from = 0; from < losses.length; from += together) {
            List<Permuted> some = List.copyOf(all.subList(from, Math.min(all.size(), from + together)));
            PermutedSums.Shape shape = new PermutedSums.Shape(measured, some, seed);
            double[] sums = sums(shape, theta, blocks);
            for (int p = 0; p < some.size(); p++) {
                losses[from + p] = metric.gain(whole, metric.of(evaluation.metrics(shape.part(sums, p))));
            }
        }
        List<Importance> importances = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            double[] ofColumn = Arrays.copyOfRange(losses, i * repeats, (i + 1) * repeats);
            importances.add(new Importance(names.get(i), Spread.mean(ofColumn), Spread.deviation(ofColumn)));
        }
        importances.sort(Comparator.comparingDouble(Importance::mean).reversed());
        return importances;
    }

    private static double[] sums(PermutedSums.Shape shape, double[] theta, Blocks blocks) {
        SummationTree tree = shape.tree();
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(blocks.rdd().context());
        try (Route route = Route.of(theta, shape.evaluation().precision(), spark)) {
            BlockJob.run(blocks.rdd(), new Permute(shape, route), parcel -> parcel.offerTo(tree));
        }
        return tree.root();
    }

    /** What a task does. */
    private record Permute(PermutedSums.Shape shape, Route route) implements BlockJob.Work<Block, Route.Parcel> {
        @Override
        public Route.Parcel on(Iterator<Block> run) {
            return route.send(new PermutedSums(shape).at(route.theta(), run));
        }
    }
}
