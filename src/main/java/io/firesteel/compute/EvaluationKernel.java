package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;

/**
 * The sums of an {@link Evaluation}, from which a network's metrics follow.
 *
 * @param precision of blocks and products
 */
public record EvaluationKernel(Evaluation evaluation, Network network, Precision precision) implements Kernel<Block> {
    /** Creates the kernel for all metrics of a model. */
    public EvaluationKernel(ModelDescription description, Precision precision) {
        this(new Evaluation(description), description.network(), precision);
    }

    @Override
    public int number(Block block) {
        return block.number();
    }

    @Override
    public int length() {
        return evaluation.length();
    }

    /** Returns the metrics of the network with these parameters, over all blocks of a runner. */
    public Metrics metrics(double[] theta, Runner<Block> runner) {
        return evaluation.metrics(runner.sum(this, Point.of(theta)).sums());
    }

    @Override
    public Worker<Block> worker(int blockRows) {
        Parameters theta = new Parameters(network, precision);
        Backprop backprop = new Backprop(network, theta, blockRows);
        return new Worker<>() {
            @Override
            public void moveTo(Point point, Pass pass) {
                theta.theta().setAll(point.theta());
            }

            @Override
            public void offerTo(SummationTree tree, int leaf, Block block) {
                double[] sums = tree.buffer();
                evaluation.sum(backprop, block.examples(), sums);
                tree.offer(leaf, sums);
            }
        };
    }
}
