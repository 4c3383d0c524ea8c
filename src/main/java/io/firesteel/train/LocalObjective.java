package io.firesteel.train;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
import java.util.ArrayList;
import java.util.List;

/** The mean loss over blocks in memory, without Spark; the same bits as the distributed one over the same blocks. */
public final class LocalObjective implements Objective {
    private final List<Block> blocks = new ArrayList<>();
    private final double totalWeight;
    private final BlockSums sums;

    /** The mean over the examples of these blocks, numbered in their order. */
    public LocalObjective(Network network, Precision precision, List<Examples> examples) {
        int blockRows = 0;
        SummationTree weight = new SummationTree(examples.size(), 1);
        for (Examples block : examples) {
            weight.offer(blocks.size(), new double[] {block.totalWeight()});
            blocks.add(new Block(blocks.size(), block));
            blockRows = Math.max(blockRows, block.size());
        }
        totalWeight = weight.root()[0];
        sums = new BlockSums(network, precision, blockRows);
    }

    @Override
    public Value at(double[] theta) {
        SummationTree tree = new SummationTree(blocks.size(), theta.length + 1);
        sums.at(theta, blocks.iterator(), blocks.size()).forEach(tree::offer);
        return BlockSums.mean(tree.root(), totalWeight);
    }
}
