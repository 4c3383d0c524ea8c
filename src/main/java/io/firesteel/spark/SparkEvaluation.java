package io.firesteel.spark;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.train.Block;
import java.util.Iterator;

/** The metrics of a model over the blocks of a cluster, in one job. */
public final class SparkEvaluation {
    private SparkEvaluation() {}

    /**
     * The metrics.
     *
     * @param theta the parameters
     * @param precision of the blocks
     */
    public static Metrics of(ModelDescription description, double[] theta, Precision precision, Blocks blocks) {
        Evaluation evaluation = new Evaluation(description);
        SummationTree tree = new SummationTree(blocks.count(), evaluation.length());
        Evaluate work =
                new Evaluate(evaluation, description.network(), theta, precision, blocks.blockRows(), blocks.count());
        BlockJob.run(blocks.rdd(), work, nodes -> nodes.offerTo(tree));
        return evaluation.metrics(tree.root());
    }

    private record Evaluate(
            Evaluation evaluation, Network network, double[] theta, Precision precision, int blockRows, int count)
            implements BlockJob.Work<Block, PackedNodes> {
        @Override
        public PackedNodes on(Iterator<Block> run) {
            Parameters parameters = new Parameters(network, precision);
            parameters.theta().setAll(theta);
            Backprop backprop = new Backprop(network, parameters, blockRows);
            SummationTree tree = new SummationTree(count, evaluation.length());
            while (run.hasNext()) {
                Block block = run.next();
                double[] sums = tree.buffer();
                evaluation.sum(backprop, block.examples(), sums);
                tree.offer(block.number(), sums);
            }
            return PackedNodes.of(tree.nodes());
        }
    }
}
