package io.firesteel.data;

import io.firesteel.compute.Block;
import io.firesteel.compute.Runner;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.CachedPartitions;
import io.firesteel.engine.JobRunner;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Rows;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;

/**
 * The selected rows of a table in blocks: consecutive rows of the canonical order or of a random one. A partition holds
 * consecutive blocks; partitions have equal numbers of blocks, or differ by one.
 *
 * <p>The rows of a block depend only on the data, the selection, the block's size and the order's seed.
 *
 * @param firstRow of the table
 * @param rows the number of rows selected
 * @param count the number of blocks
 */
record RowBlocks(JavaRDD<RowBlock> rdd, Shape shape, Rows firstRow, long rows, int count) {
    /**
     * The form of blocks.
     *
     * @param columns of the table
     * @param sparse whether zeros are left out; the rows must have been read so
     * @param blockRows the number of rows of a block
     * @param partitions the number of partitions
     */
    record Shape(Columns columns, boolean sparse, int blockRows, int partitions) {
        int features() {
            return columns.features().size();
        }

        int targets() {
            return columns.labels().size();
        }

        boolean weighted() {
            return columns.weight() != null;
        }
    }

    /** Returns the moments of each feature; those of a category have no meaning. */
    ColumnMoments featureMoments() {
        return moments(0, shape.sparse ? new double[shape.features()] : firstValues(0, shape.features()));
    }

    /** Returns the quartiles of each feature of dense rows; those of a category have no meaning. */
    ColumnQuartiles featureQuartiles() {
        return ColumnQuartiles.of(rdd, shape.blockRows, rows, shape.features(), shape.weighted());
    }

    /** Returns the moments of each target. */
    ColumnMoments targetMoments() {
        return moments(shape.features(), firstValues(shape.features(), shape.targets()));
    }

    private ColumnMoments moments(int from, double[] near) {
        try (Runner<RowBlock> runner = new JobRunner<>(rdd, count, shape.blockRows)) {
            return ColumnMoments.of(runner, shape.weighted(), from, near);
        }
    }

    private double[] firstValues(int from, int columns) {
        return Arrays.copyOfRange(firstRow.dense().values(), from, from + columns);
    }

    /** Encodes and caches the blocks, and returns them when they are cached. */
    Blocks cached(ExampleEncoder encoder) {
        JavaRDD<Block> packed = rdd.map(block -> new Block(block.number(), encoder.encode(block.rows())));
        return Blocks.cached(packed, count, shape.blockRows, rows);
    }

    /**
     * Moves the selected rows into blocks. When {@link #rows} is 0 there are none, and no other method may be called.
     *
     * @param shuffleSeed the seed of a random order, so that each block is a sample of all rows; null for the canonical
     *     order
     */
    static RowBlocks of(NumberedRows source, RowFilter selection, LabelIndex index, Shape shape, Long shuffleSeed) {
        BlockAssignment assignment = BlockAssignment.of(source, selection, shape.blockRows, shuffleSeed);
        int count = assignment.blocks();
        BlockPartitioner partitioner = new BlockPartitioner(shape.partitions, Math.max(1, count));
        JavaRDD<RowBlock> rdd = CachedPartitions.of(source.chunks()).areHereWithRoom()
                ? BlockGather.of(source, assignment, index, partitioner, shape.sparse)
                : BlockShuffle.of(source, assignment, index, partitioner, shape.sparse);
        rdd.setName("rows in blocks");
        return new RowBlocks(rdd, shape, source.firstRow(), assignment.rows(), count);
    }
}
