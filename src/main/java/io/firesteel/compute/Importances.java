package io.firesteel.compute;

import io.firesteel.compute.PermutationKernel.Permuted;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Importance;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Metric;
import io.firesteel.model.Spread;
import io.firesteel.model.TrainedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Computes the importance of each input column for a model: by how much a metric is worse when the column's values are
 * permuted among the rows of each block (Breiman 2001, over blocks).
 */
public final class Importances {
    /** The greatest length of a vector of sums: permutations are computed together as far as they fit. */
    private static final int MOST_NUMBERS = 1 << 20;

    private Importances() {}

    /**
     * Computes the importance of each input column, the greatest first.
     *
     * @param precision of the blocks
     * @param metric one that is defined on these examples
     * @param repeats permutations of each column
     */
    public static List<Importance> of(
            TrainedModel model, Precision precision, Runner<Block> runner, Metric metric, int repeats, long seed) {
        Evaluation evaluation = new Evaluation(model.description(), metric.isArea());
        EvaluationKernel measured = new EvaluationKernel(evaluation, model.network(), precision);
        double whole = metric.of(measured.metrics(model.theta(), runner));
        List<String> names = model.description().inputs().features();
        List<Permuted> all = new ArrayList<>();
        InputLayout layout = model.description().inputs().layout();
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
            PermutationKernel kernel = new PermutationKernel(measured, some, seed);
            double[] sums = runner.sum(kernel, Point.of(model.theta())).sums();
            for (int p = 0; p < some.size(); p++) {
                losses[from + p] = metric.gain(whole, metric.of(evaluation.metrics(kernel.part(sums, p))));
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
}
