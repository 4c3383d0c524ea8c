package io.firesteel.train;

import io.firesteel.compute.Block;
import io.firesteel.compute.EvaluationSums;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Evaluation;
import io.firesteel.model.Metrics;
import io.firesteel.nn.Network;
import java.util.Comparator;
import java.util.List;

/** The metrics over blocks in memory, without Spark; the same bits as the distributed ones over the same blocks. */
public final class LocalEvaluation implements Validation {
    private final Evaluation evaluation;
    private final List<Block> blocks;
    private final EvaluationSums sums;

    /** The metrics over all blocks of a data set, given in any order. */
    public LocalEvaluation(Evaluation evaluation, Network network, Precision precision, List<Block> blocks) {
        this.evaluation = evaluation;
        this.blocks =
                blocks.stream().sorted(Comparator.comparingInt(Block::number)).toList();
        int blockRows =
                blocks.stream().mapToInt(block -> block.examples().size()).max().orElseThrow();
        sums = new EvaluationSums(new EvaluationSums.Shape(evaluation, network, precision, blockRows, blocks.size()));
    }

    @Override
    public Metrics at(double[] theta) {
        return evaluation.metrics(sums.at(theta, blocks.iterator()).get(0).sum()); // of all blocks, there is one node
    }
}
