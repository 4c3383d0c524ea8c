package io.firesteel.data;

import org.apache.spark.Partitioner;

/** Cuts consecutive blocks into partitions as equal as can be; some are empty where there are more partitions than blocks. */
final class BlockPartitioner extends Partitioner {
    private static final long serialVersionUID = 1;

    private final int partitions;
    private final int blocks;

    BlockPartitioner(int partitions, int blocks) {
        this.partitions = partitions;
        this.blocks = blocks;
    }

    @Override
    public int numPartitions() {
        return partitions;
    }

    /** Returns the partition of a block, whose key is its number. */
    @Override
    public int getPartition(Object block) {
        return (int) ((((Integer) block + 1L) * partitions - 1) / blocks);
    }

    /** Returns the first block of a partition. */
    int start(int partition) {
        return (int) ((long) blocks * partition / partitions);
    }

    /** Returns the block after the last one of a partition. */
    int end(int partition) {
        return start(partition + 1);
    }
}
