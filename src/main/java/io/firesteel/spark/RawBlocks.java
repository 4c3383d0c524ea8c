package io.firesteel.spark;

import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import io.firesteel.spark.RowBatch.Head;
import io.firesteel.train.Batches;
import io.firesteel.train.Block;
import io.firesteel.train.Permutation;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/**
 * The selected rows of a data set, moved into blocks by one shuffle: consecutive rows, or, where they are to be put into a
 * random order, rows that are consecutive in it. A partition holds a run of consecutive blocks; the runs are as equal as can
 * be.
 *
 * <p>Which rows a block holds depends on the data, the selection, the block's size and the order's seed, on nothing else.
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

    /** The moments of each feature; those of a category mean nothing. */
    public ColumnMoments featureMoments() {
        return ColumnMoments.of(rdd, count, packing, firstRow, 0, packing.features());
    }

    /** The moments of each target. */
    public ColumnMoments targetMoments() {
        return ColumnMoments.of(rdd, count, packing, firstRow, packing.features(), packing.targets());
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
        Permutation order = shuffleSeed == null || rank == 0 ? null : Batches.shuffle(shuffleSeed, rank);
        JavaPairRDD<Integer, Piece> pieces = source.batches()
                .flatMapToPair(new Cut(starts, selection, packing, order))
                .repartitionAndSortWithinPartitions(new Runs(partitions, Math.max(1, count)));
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

    /** Some rows of a block: their places in it, and their values, row after row. */
    private record Piece(int[] places, double[] values) implements Serializable {
        /** Copies the rows to their places. */
        void copyInto(double[] block, int width) {
            for (int i = 0; i < places.length; i++) {
                System.arraycopy(values, i * width, block, places[i] * width, width);
            }
        }
    }

    /** A piece that grows. */
    private static final class PieceBuilder {
        private final int width;
        private int rows;
        private int[] places = new int[4];
        private double[] values;

        PieceBuilder(int width) {
            this.width = width;
            this.values = new double[places.length * width];
        }

        /** Makes room for a row; returns where its values are to be put in {@link #values}. */
        int add(int place) {
            if (rows == places.length) {
                places = Arrays.copyOf(places, 2 * rows);
                values = Arrays.copyOf(values, 2 * rows * width);
            }
            places[rows] = place;
            return rows++ * width;
        }

        Piece build() {
            return new Piece(Arrays.copyOf(places, rows), Arrays.copyOf(values, rows * width));
        }
    }

    /**
     * Cuts the selected rows of a batch into pieces, one for each block that gets some of them; the key of a piece is its
     * block.
     *
     * @param order where the rows go; null for their own
     */
    private record Cut(Map<Place, Start> starts, RowSelection selection, Packing packing, Permutation order)
            implements PairFlatMapFunction<RowBatch, Integer, Piece> {
        @Override
        public Iterator<Tuple2<Integer, Piece>> call(RowBatch batch) {
            int width = packing.width();
            int labelAt = packing.features();
            Map<Integer, double[]> indices = packing.indices(batch);
            Start start = starts.get(Place.of(batch.head()));
            Map<Integer, PieceBuilder> pieces = new HashMap<>();
            long rank = start.rank;
            for (int i = 0; i < batch.head().rows(); i++) {
                if (!selection.includes(start.row + i)) {
                    continue;
                }
                long to = order == null ? rank : order.at(rank);
                int block = (int) (to / packing.blockRows());
                PieceBuilder piece = pieces.computeIfAbsent(block, absent -> new PieceBuilder(width));
                int at = piece.add((int) (to % packing.blockRows()));
                System.arraycopy(batch.values(), i * width, piece.values, at, width);
                if (!packing.classes().isEmpty()) {
                    String label = batch.head().labels().get((int) batch.values()[i * width + labelAt]);
                    piece.values[at + labelAt] = packing.classes().get(label);
                }
                indices.forEach((column, ofBatch) -> {
                    double index = piece.values[at + column];
                    piece.values[at + column] = Double.isNaN(index) ? index : ofBatch[(int) index];
                });
                rank++;
            }
            return pieces.entrySet().stream()
                    .map(piece -> new Tuple2<>(piece.getKey(), piece.getValue().build()))
                    .iterator();
        }
    }

    /** Gives partition p the run of blocks [blocks * p / partitions, blocks * (p + 1) / partitions). */
    private static final class Runs extends Partitioner {
        private static final long serialVersionUID = 1;

        private final int partitions;
        private final int blocks;

        Runs(int partitions, int blocks) {
            this.partitions = partitions;
            this.blocks = blocks;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            long block = (Integer) key;
            return (int) (((block + 1) * partitions - 1) / blocks);
        }
    }

    /** Puts pieces that are sorted by block together: one block at a time is in memory. */
    private record Assemble(int width, int blockRows, long rows)
            implements FlatMapFunction<Iterator<Tuple2<Integer, Piece>>, RawBlock> {
        @Override
        public Iterator<RawBlock> call(Iterator<Tuple2<Integer, Piece>> pieces) {
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
                    Tuple2<Integer, Piece> first = pieces.next();
                    int size = (int) Math.min(blockRows, rows - (long) first._1() * blockRows);
                    double[] values = new double[size * width];
                    Piece piece = first._2();
                    piece.copyInto(values, width);
                    for (int filled = piece.places.length; filled < size; filled += piece.places.length) {
                        piece = pieces.next()._2();
                        piece.copyInto(values, width);
                    }
                    return new RawBlock(first._1(), size, values);
                }
            };
        }
    }
}
