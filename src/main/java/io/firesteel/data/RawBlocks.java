package io.firesteel.data;

import io.firesteel.compute.Block;
import io.firesteel.compute.Runner;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.JobRunner;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;

/**
 * The selected rows of a data set, moved into blocks: consecutive rows, or, where they are to be put into a random
 * order, rows that are consecutive in it. A partition holds a run of consecutive blocks; the runs are as equal as can
 * be.
 *
 * <p>Which rows a block holds depends on the data, the selection, the block's size and the order's seed, on nothing else.
 */
public final class RawBlocks {
    /** A block's rows, before scaling and packing. */
    record RawBlock(int number, Rows rows) implements Serializable {
        static RawBlock of(int number, Places places, boolean sparse) {
            Rows rows = places.inOrder();
            return new RawBlock(number, sparse ? rows : rows.dense());
        }
    }

    private final JavaRDD<RawBlock> rdd;
    private final Packing packing;
    private final Rows firstRow;
    private final long rows;
    private final int count;

    private RawBlocks(JavaRDD<RawBlock> rdd, Packing packing, Rows firstRow, long rows, int count) {
        this.rdd = rdd;
        this.packing = packing;
        this.firstRow = firstRow;
        this.rows = rows;
        this.count = count;
    }

    /** The number of rows selected. */
    public long rows() {
        return rows;
    }

    /** The moments of each feature; those of a category mean nothing. */
    public ColumnMoments featureMoments() {
        return moments(0, packing.sparse() ? new double[packing.features()] : firstValues(0, packing.features()));
    }

    /** The moments of each target. */
    public ColumnMoments targetMoments() {
        return moments(packing.features(), firstValues(packing.features(), packing.targets()));
    }

    private ColumnMoments moments(int from, double[] near) {
        try (Runner<RawBlock> runner = new JobRunner<>(rdd, count, packing.blockRows())) {
            return ColumnMoments.of(runner, packing.weighted(), from, near);
        }
    }

    private double[] firstValues(int from, int columns) {
        return Arrays.copyOfRange(firstRow.dense().values(), from, from + columns);
    }

    /** Encodes, scales and packs the blocks and caches them: when it returns, they are there. */
    public Blocks pack(InputLayout layout, Scaling inputs, Scaling targets) {
        Packing how = packing; // what is captured below is sent to the executors
        JavaRDD<Block> packed = rdd.map(block -> new Block(block.number(), how.pack(block, layout, inputs, targets)));
        return Blocks.cached(packed, count, packing.blockRows(), rows);
    }

    /** Moves the selected rows into blocks; when {@link #rows} is 0 there are none, and nothing else can be asked. */
    public static RawBlocks of(NumberedRows source, RowSelection selection, Packing packing, int partitions) {
        return of(source, selection, packing, partitions, null);
    }

    /** The same in the random order of a seed, so that each block is a sample of all rows. */
    public static RawBlocks shuffled(
            NumberedRows source, RowSelection selection, Packing packing, int partitions, long seed) {
        return of(source, selection, packing, partitions, seed);
    }

    private static RawBlocks of(
            NumberedRows source, RowSelection selection, Packing packing, int partitions, Long shuffleSeed) {
        Arrangement arrangement = Arrangement.of(source, selection, packing.blockRows(), shuffleSeed);
        int count = arrangement.blocks();
        Runs runs = new Runs(partitions, Math.max(1, count));
        JavaRDD<RawBlock> rdd = source.areInThisProcess()
                ? BlockGather.of(source, arrangement, packing, runs)
                : BlockShuffle.of(source, arrangement, packing, runs);
        return new RawBlocks(rdd, packing, source.firstRow(), arrangement.rows(), count);
    }
}
