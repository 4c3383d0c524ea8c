package io.firesteel.data;

import io.firesteel.compute.Block;
import io.firesteel.compute.Runner;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.JobRunner;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Rows;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;

/**
 * The selected rows of a table, moved into blocks: consecutive rows, or, where they are to be put into a random order, rows that
 * are consecutive in it. A partition holds a run of consecutive blocks; the runs are as equal as can be.
 *
 * <p>Which rows a block holds depends on the data, the selection, the block's size and the order's seed, on nothing else.
 */
final class RowBlocks {
    private final JavaRDD<RowBlock> rdd;
    private final Shape shape;
    private final Rows firstRow;
    private final long rows;
    private final int count;

    private RowBlocks(JavaRDD<RowBlock> rdd, Shape shape, Rows firstRow, long rows, int count) {
        this.rdd = rdd;
        this.shape = shape;
        this.firstRow = firstRow;
        this.rows = rows;
        this.count = count;
    }

    /**
     * What blocks hold.
     *
     * @param columns of the table
     * @param sparse whether rows are held without their zeros; then they must have been read so
     * @param blockRows the rows of a block
     * @param partitions the partitions that the blocks are in
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

    /** The number of rows selected. */
    long rows() {
        return rows;
    }

    /** The moments of each feature; those of a category mean nothing. */
    ColumnMoments featureMoments() {
        return moments(0, shape.sparse ? new double[shape.features()] : firstValues(0, shape.features()));
    }

    /** The moments of each target. */
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

    /** Encodes and caches the blocks: when it returns, they are there. */
    Blocks cached(ExampleEncoder encoder) {
        JavaRDD<Block> packed = rdd.map(block -> new Block(block.number(), encoder.encode(block.rows())));
        return Blocks.cached(packed, count, shape.blockRows, rows);
    }

    /**
     * Moves the selected rows into blocks; when {@link #rows} is 0 there are none, and nothing else can be asked.
     *
     * @param shuffleSeed of a random order, so that each block is a sample of all rows; null for their own
     */
    static RowBlocks of(NumberedRows source, RowFilter selection, LabelIndex index, Shape shape, Long shuffleSeed) {
        BlockAssignment assignment = BlockAssignment.of(source, selection, shape.blockRows, shuffleSeed);
        int count = assignment.blocks();
        BlockPartitioner partitioner = new BlockPartitioner(shape.partitions, Math.max(1, count));
        JavaRDD<RowBlock> rdd = source.areInThisProcess()
                ? BlockGather.of(source, assignment, index, partitioner, shape.sparse)
                : BlockShuffle.of(source, assignment, index, partitioner, shape.sparse);
        return new RowBlocks(rdd, shape, source.firstRow(), assignment.rows(), count);
    }
}
