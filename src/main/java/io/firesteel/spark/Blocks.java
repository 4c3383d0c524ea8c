package io.firesteel.spark;

import io.firesteel.linalg.Blas;
import io.firesteel.linalg.SummationTree;
import io.firesteel.nn.Network;
import io.firesteel.train.Block;
import java.io.Serializable;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;

/**
 * A data set on the cluster, ready for training: its blocks, packed and cached.
 *
 * @param rdd the blocks; a partition holds any of them
 * @param count how many blocks there are
 * @param blockRows the examples of a block; the last may have fewer
 * @param rows the number of examples
 * @param totalWeight the sum of the examples' weights; their number where they have none
 * @param kernels the BLAS kernels of the executors: more than one name means that bits depend on who computes what
 */
public record Blocks(JavaRDD<Block> rdd, int count, int blockRows, long rows, double totalWeight, Set<String> kernels)
        implements AutoCloseable {

    /**
     * The block rows for a network: 512, fewer where layers are so wide that a block would not fit a cache anyway. It
     * depends on nothing but the network, because the bits depend on it.
     */
    public static int rowsFor(Network network) {
        // Measured (AMD EPYC, one core): the part of a step that is not products is the least, within noise, from 512
        // rows on, for 784-256-10 and for 28-100-100-2, in both precisions; with 256 it is up to twice as much.
        int widest = Collections.max(network.layers());
        return Math.max(16, Math.min(512, Integer.highestOneBit((8 << 20) / widest)));
    }

    /** Caches blocks that are there already, numbered 0 .. count - 1. */
    public static Blocks cached(JavaRDD<Block> rdd, int count, int blockRows, long rows) {
        rdd.persist(StorageLevel.MEMORY_AND_DISK());
        SummationTree weight = new SummationTree(count, 1);
        Set<String> kernels = new TreeSet<>();
        BlockJob.run(rdd, new Weigh(count), weighed -> {
            weighed.nodes.offerTo(weight);
            kernels.add(weighed.kernel);
        });
        return new Blocks(rdd, count, blockRows, rows, weight.root()[0], kernels);
    }

    private record Weighed(PackedNodes nodes, String kernel) implements Serializable {}

    private record Weigh(int count) implements BlockJob.Work<Block, Weighed> {
        @Override
        public Weighed on(Iterator<Block> blocks) {
            SummationTree tree = new SummationTree(count, 1);
            blocks.forEachRemaining(block ->
                    tree.offer(block.number(), new double[] {block.examples().totalWeight()}));
            return new Weighed(PackedNodes.of(tree.nodes()), Blas.description());
        }
    }

    /** Frees the cache. */
    @Override
    public void close() {
        rdd.unpersist(false);
    }
}
