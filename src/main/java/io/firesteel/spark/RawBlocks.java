package io.firesteel.spark;

import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import io.firesteel.spark.NumberedRows.Place;
import io.firesteel.spark.RowBatch.Head;
import io.firesteel.train.Batches;
import io.firesteel.train.Block;
import io.firesteel.train.Permutation;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
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
    /** A block's rows, before scaling and packing. */
    record RawBlock(int number, Rows rows) implements Serializable {}

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
        double[] near = packing.sparse() ? new double[packing.features()] : firstValues(0, packing.features());
        return ColumnMoments.of(rdd, count, packing.weighted(), 0, near);
    }

    /** The moments of each target. */
    public ColumnMoments targetMoments() {
        double[] near = firstValues(packing.features(), packing.targets());
        return ColumnMoments.of(rdd, count, packing.weighted(), packing.features(), near);
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
        Map<Place, Long> firstRows = source.firstRows();
        Map<Place, Integer> selected = new HashMap<>();
        if (selection.equals(RowSelection.ALL)) {
            source.heads().forEach(head -> selected.put(Place.of(head), head.rows()));
        } else {
            BlockJob.run(source.batches(), new Count(firstRows, selection), selected::putAll);
        }
        Map<Place, Start> starts = new HashMap<>();
        long rank = 0;
        for (Head head : source.heads()) {
            Place place = Place.of(head);
            starts.put(place, new Start(firstRows.get(place), rank));
            rank += selected.get(place);
        }
        int blockRows = packing.blockRows();
        int count = Math.toIntExact((rank + blockRows - 1) / blockRows);
        Permutation order = shuffleSeed == null || rank == 0 ? null : Batches.shuffle(shuffleSeed, rank);
        JavaPairRDD<Integer, Piece> pieces = source.batches()
                .mapPartitionsToPair(new Cut(starts, selection, packing, order))
                .repartitionAndSortWithinPartitions(new Runs(partitions, Math.max(1, count)));
        JavaRDD<RawBlock> rdd = pieces.mapPartitions(new Assemble(packing.sparse(), blockRows, rank));
        return new RawBlocks(rdd, packing, source.firstRow(), rank, count);
    }

    /** Counts the selected rows of each batch. */
    private record Count(Map<Place, Long> firstRows, RowSelection selection)
            implements BlockJob.Work<RowBatch, HashMap<Place, Integer>> {
        @Override
        public HashMap<Place, Integer> on(Iterator<RowBatch> batches) {
            HashMap<Place, Integer> counts = new HashMap<>();
            batches.forEachRemaining(batch -> {
                long first = firstRows.get(Place.of(batch.head()));
                counts.put(Place.of(batch.head()), (int)
                        IntStream.range(0, batch.head().rows())
                                .filter(i -> selection.includes(first + i, batch, i))
                                .count());
            });
            return counts;
        }
    }

    /** A batch's first row: its number among all rows, and how many selected rows come before it. */
    private record Start(long row, long rank) implements Serializable {}

    /** Some rows of a block, and their places in it. */
    private record Piece(int[] places, Rows rows) implements Serializable {}

    /** A piece that grows. */
    private static final class PieceBuilder {
        private int[] places = new int[4];
        private final Rows.Builder rows;

        PieceBuilder(Rows.Builder rows) {
            this.rows = rows;
        }

        void add(int place, Rows from, int row) {
            int count = rows.count();
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count] = place;
            rows.add(from, row, row + 1);
        }

        Piece build() {
            return new Piece(Arrays.copyOf(places, rows.count()), rows.take());
        }
    }

    /**
     * Cuts the selected rows of batches into pieces, one for each block that gets some of them; the key of a piece is its
     * block.
     *
     * @param order where the rows go; null for their own
     */
    private record Cut(Map<Place, Start> starts, RowSelection selection, Packing packing, Permutation order)
            implements PairFlatMapFunction<Iterator<RowBatch>, Integer, Piece> {
        /** Room for rows, when batches are strewn over many blocks. */
        private static final int FEW = 4;

        /**
         * The numbers that are strewn at a time, 16 MiB: a batch alone would give each of many blocks a row or two, and Spark
         * moves a few pieces of some rows much faster than many of one.
         */
        private static final long STREWN = 2 << 20;

        @Override
        public Iterator<Tuple2<Integer, Piece>> call(Iterator<RowBatch> batches) {
            return new Iterator<>() {
                private Iterator<Tuple2<Integer, Piece>> ready = Collections.emptyIterator();

                @Override
                public boolean hasNext() {
                    while (!ready.hasNext() && batches.hasNext()) {
                        ready = cut(batches);
                    }
                    return ready.hasNext();
                }

                @Override
                public Tuple2<Integer, Piece> next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    return ready.next();
                }
            };
        }

        /** The pieces of the next batch, or, where rows are strewn, of the next ones. */
        private Iterator<Tuple2<Integer, Piece>> cut(Iterator<RowBatch> batches) {
            Map<Integer, PieceBuilder> pieces = new HashMap<>();
            long size = 0;
            do {
                RowBatch batch = batches.next();
                Rows rows = packing.recoded(batch);
                cut(batch, rows, pieces);
                size += rows.filled();
            } while (order != null && size < STREWN && batches.hasNext());
            return pieces.entrySet().stream()
                    .map(piece -> new Tuple2<>(piece.getKey(), piece.getValue().build()))
                    .iterator();
        }

        private void cut(RowBatch batch, Rows rows, Map<Integer, PieceBuilder> pieces) {
            Start start = starts.get(Place.of(batch.head()));
            int capacity = order == null ? Math.min(packing.blockRows(), rows.count()) : FEW;
            long rank = start.rank;
            for (int i = 0; i < batch.head().rows(); i++) {
                if (!selection.includes(start.row + i, batch, i)) {
                    continue;
                }
                long to = order == null ? rank : order.at(rank);
                int block = (int) (to / packing.blockRows());
                PieceBuilder piece = pieces.computeIfAbsent(block, absent -> new PieceBuilder(rows.builder(capacity)));
                piece.add((int) (to % packing.blockRows()), rows, i);
                if (!packing.classes().isEmpty()) {
                    piece.rows.setOther(0, packing.classOf(batch, i));
                }
                rank++;
            }
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

    /** Which row of which piece each place of a block gets. */
    private static final class Places {
        private final Rows[] pieces;
        private final int[] rows;
        private int filled;

        Places(int size) {
            pieces = new Rows[size];
            rows = new int[size];
        }

        void put(Piece piece) {
            for (int i = 0; i < piece.places.length; i++) {
                pieces[piece.places[i]] = piece.rows;
                rows[piece.places[i]] = i;
            }
            filled += piece.places.length;
        }

        boolean areFull() {
            return filled == rows.length;
        }

        /** The rows in the order of the places. */
        Rows inOrder() {
            Rows.Builder block = pieces[0].builder(rows.length);
            int place = 0;
            while (place < rows.length) {
                int end = place + 1; // of the places whose rows are side by side already
                while (end < rows.length && pieces[end] == pieces[place] && rows[end] == rows[end - 1] + 1) {
                    end++;
                }
                block.add(pieces[place], rows[place], rows[end - 1] + 1);
                place = end;
            }
            return block.take();
        }
    }

    /** Puts pieces that are sorted by block together: one block at a time is in memory. */
    private record Assemble(boolean sparse, int blockRows, long rows)
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
                    Places places = new Places(size);
                    places.put(first._2());
                    while (!places.areFull()) {
                        places.put(pieces.next()._2());
                    }
                    Rows whole = places.inOrder();
                    return new RawBlock(first._1(), sparse ? whole : whole.dense());
                }
            };
        }
    }
}
