package io.firesteel.spark;

import io.firesteel.model.Scaling;
import io.firesteel.spark.RowBatch.Head;
import io.firesteel.train.Block;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * The selected rows of a data set, moved into blocks of consecutive rows by one shuffle. A partition holds a run of
 * consecutive blocks; the runs are as equal as can be.
 *
 * <p>Which rows a block holds depends on the data, the selection and the block's size, on nothing else.
 */
public final class RawBlocks {
    /** A block's values, row after row, before scaling and packing. */
    record RawBlock(int number, int rows, double[] values) implements Serializable {}

    private final JavaRDD<RawBlock> rdd;
    private final Packing packing;
    private final double[] firstRow;
    private final long rows;
    private final int count;

    private RawBlocks(JavaRDD<RawBlock> rdd, Packing packing, double[] firstRow, long rows, int count) {
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

    /** The mean and deviation of each feature. */
    public Scaling featureScaling() {
        return ColumnMoments.of(rdd, count, packing, firstRow, 0, packing.features());
    }

    /** The mean and deviation of each target. */
    public Scaling targetScaling() {
        return ColumnMoments.of(rdd, count, packing, firstRow, packing.features(), packing.targets());
    }

    /** Scales and packs the blocks and caches them: when it returns, they are there. */
    public Blocks pack(Scaling inputs, Scaling targets) {
        Packing how = packing; // what is captured below is sent to the executors
        JavaRDD<Block> packed = rdd.map(block -> new Block(block.number(), how.pack(block, inputs, targets)));
        return Blocks.cached(packed, count, packing.blockRows(), rows);
    }

    /** Moves the selected rows into blocks; when {@link #rows} is 0 there are none, and nothing else can be asked. */
    public static RawBlocks of(NumberedRows source, RowSelection selection, Packing packing, int partitions) {
        Map<Place, Start> starts = new HashMap<>();
        long row = 0;
        long rank = 0;
        for (Head head : source.heads()) {
            starts.put(Place.of(head), new Start(row, rank));
            for (int i = 0; i < head.rows(); i++) {
                rank += selection.includes(row++) ? 1 : 0;
            }
        }
        int blockRows = packing.blockRows();
        int count = Math.toIntExact((rank + blockRows - 1) / blockRows);
        JavaPairRDD<Long, double[]> pieces = source.batches()
                .flatMapToPair(new Cut(starts, selection, packing))
                .repartitionAndSortWithinPartitions(new Runs(partitions, Math.max(1, count), blockRows));
        JavaRDD<RawBlock> rdd = pieces.mapPartitions(new Assemble(packing.width(), blockRows, rank));
        return new RawBlocks(rdd, packing, source.firstRow(), rank, count);
    }

    /** Names a batch. */
    private record Place(Origin origin, long ordinal) implements Serializable {
        static Place of(Head head) {
            return new Place(head.origin(), head.ordinal());
        }
    }

    /** A batch's first row: its number among all rows, and how many selected rows come before it. */
    private record Start(long row, long rank) implements Serializable {}

    /** Cuts the selected rows of a batch at the borders of blocks; the key of a piece is its first row's rank. */
    private record Cut(Map<Place, Start> starts, RowSelection selection, Packing packing)
            implements PairFlatMapFunction<RowBatch, Long, double[]> {
        @Override
        public Iterator<Tuple2<Long, double[]>> call(RowBatch batch) {
            int width = packing.width();
            int blockRows = packing.blockRows();
            int labelAt = packing.features();
            Start start = starts.get(Place.of(batch.head()));
            List<Tuple2<Long, double[]>> pieces = new ArrayList<>();
            double[] piece = new double[Math.min(blockRows, batch.head().rows()) * width];
            int filled = 0;
            long rank = start.rank;
            for (int i = 0; i < batch.head().rows(); i++) {
                if (!selection.includes(start.row + i)) {
                    continue;
                }
                System.arraycopy(batch.values(), i * width, piece, filled * width, width);
                if (!packing.classes().isEmpty()) {
                    String label = batch.head().labels().get((int) batch.values()[i * width + labelAt]);
                    piece[filled * width + labelAt] = packing.classes().get(label);
                }
                filled++;
                rank++;
                if (rank % blockRows == 0) {
                    pieces.add(piece(rank - filled, piece, filled * width));
                    filled = 0;
                }
            }
            if (filled > 0) {
                pieces.add(piece(rank - filled, piece, filled * width));
            }
            return pieces.iterator();
        }

        private Tuple2<Long, double[]> piece(long firstRank, double[] values, int length) {
            return new Tuple2<>(firstRank, Arrays.copyOf(values, length));
        }
    }

    /** Gives partition p the run of blocks [blocks * p / partitions, blocks * (p + 1) / partitions). */
    private static final class Runs extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int partitions;
        private final int blocks;
        private final int blockRows;

        Runs(int partitions, int blocks, int blockRows) {
            this.partitions = partitions;
            this.blocks = blocks;
            this.blockRows = blockRows;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            long block = (Long) key / blockRows;
            return (int) (((block + 1) * partitions - 1) / blocks);
        }
    }

    /** Puts sorted pieces together: one block at a time is in memory. */
    private record Assemble(int width, int blockRows, long rows)
            implements FlatMapFunction<Iterator<Tuple2<Long, double[]>>, RawBlock> {
        @Override
        public Iterator<RawBlock> call(Iterator<Tuple2<Long, double[]>> pieces) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return pieces.hasNext();
                }

                @Override
                public RawBlock next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    Tuple2<Long, double[]> piece = pieces.next();
                    long first = piece._1();
                    int size = (int) Math.min(blockRows, rows - first);
                    double[] values = Arrays.copyOf(piece._2(), size * width);
                    int filled = piece._2().length;
                    while (filled < values.length) {
                        double[] more = pieces.next()._2();
                        System.arraycopy(more, 0, values, filled, more.length);
                        filled += more.length;
                    }
                    return new RawBlock(Math.toIntExact(first / blockRows), size, values);
                }
            };
        }
    }
}
