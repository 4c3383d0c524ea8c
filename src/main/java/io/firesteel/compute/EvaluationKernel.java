package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ThresholdMetric;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;

/**
 * The sums of an {@link Evaluation}, from which a network's metrics follow.
 *
 * @param precision of blocks and products
 */
public record EvaluationKernel(Evaluation evaluation, Network network, Precision precision) implements OutputKernel {
    /** Creates the kernel for all metrics of a model. */
    public EvaluationKernel(ModelDescription description, Precision precision) {
        this(new Evaluation(description), description.network(), precision);
    }

    @Override
    public String purpose() {
        return "metrics";
    }

    @Override
    public int length() {
        return evaluation.length();
    }

    @Override
    public void add(Backprop backprop, Block block, double[] sums) {
        evaluation.sum(backprop, block.examples(), sums);
    }

    /**
     * Returns the threshold between two classes that is best for a metric, over all blocks of a runner.
     *
     * @return null where these have one class only
     */
    public Double threshold(double[] theta, Runner<Block> runner, ThresholdMetric metric) {
        return evaluation.threshold(runner.sum(this, Point.of(theta)).sums(), metric);
    }

    /** Returns the metrics of the network with these parameters, over all blocks of a runner. */
    public Metrics metrics(double[] theta, Runner<Block> runner) {
        return evaluation.metrics(runner.sum(this, Point.of(theta)).sums());
    }
}
