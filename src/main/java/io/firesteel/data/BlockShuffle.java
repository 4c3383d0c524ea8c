package io.firesteel.data;

import io.firesteel.data.RawBlocks.RawBlock;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.commons.collections4.iterators.LazyIteratorChain;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** Moves rows into blocks by a shuffle: from any executors to any, with little in memory at a time. */
final class BlockShuffle {
    private BlockShuffle() {}

    /** The blocks; partition p holds run p of them. */
    static JavaRDD<RawBlock> of(NumberedRows source, Arrangement arrangement, Packing packing, Runs runs) {
        return source.batches()
                .mapPartitionsToPair(new Cut(arrangement, packing))
                .repartitionAndSortWithinPartitions(new ByRun(runs))
                .mapPartitions(new Assemble(arrangement, packing.sparse()));
    }

    /** Some rows of a block, and their places in it. */
    private record Piece(int[] places, Rows rows) implements Serializable {}

    /** A piece that grows. */
    private static final class PieceBuilder {
        private int[] places = new int[4];
        private final Rows.Builder rows;

        PieceBuilder(Rows.Builder rows) {
            this.rows = rows;
        }

        void add(int place, RecodedRows from, int row) {
            int count = rows.count();
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count] = place;
            from.addTo(rows, row, row + 1);
        }

        Piece build() {
            return new Piece(Arrays.copyOf(places, rows.count()), rows.take());
        }
    }

    /** Cuts batches into pieces, one for each block that gets some of their rows; the key of a piece is its block. */
    private record Cut(Arrangement arrangement, Packing packing)
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
            return new LazyIteratorChain<>() {
                @Override
                protected Iterator<Tuple2<Integer, Piece>> nextIterator(int count) {
                    return batches.hasNext() ? cut(batches) : null;
                }
            };
        }

        /** The pieces of the next batch, or, where rows are strewn, of the next ones. */
        private Iterator<Tuple2<Integer, Piece>> cut(Iterator<RowBatch> batches) {
            Map<Integer, PieceBuilder> pieces = new HashMap<>();
            boolean strewn = arrangement.order() != null;
            long size = 0;
            do {
                RowBatch batch = batches.next();
                RecodedRows rows = packing.recoded(batch);
                int capacity = strewn
                        ? FEW
                        : Math.min(arrangement.blockRows(), batch.head().rows());
                arrangement.each(batch, (row, block, place) -> pieces.computeIfAbsent(
                                block, absent -> new PieceBuilder(rows.rows().builder(capacity)))
                        .add(place, rows, row));
                size += rows.rows().filled();
            } while (strewn && size < STREWN && batches.hasNext());
            return pieces.entrySet().stream()
                    .map(piece -> new Tuple2<>(piece.getKey(), piece.getValue().build()))
                    .iterator();
        }
    }

    /** A partition for each run. */
    private static final class ByRun extends Partitioner {
        private static final long serialVersionUID = 1;

        private final Runs runs;

        ByRun(Runs runs) {
            this.runs = runs;
        }

        @Override
        public int numPartitions() {
            return runs.count();
        }

        @Override
        public int getPartition(Object key) {
            return runs.of((Integer) key);
        }
    }

    /** Puts pieces that are sorted by block together: one block at a time is in memory. */
    private record Assemble(Arrangement arrangement, boolean sparse)
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
                    Tuple2<Integer, Piece> first = pieces.next();
                    Places places = new Places(arrangement.size(first._1()));
                    put(first._2(), places);
                    while (!places.areFull()) {
                        put(pieces.next()._2(), places);
                    }
                    return RawBlock.of(first._1(), places, sparse);
                }
            };
        }

        private static void put(Piece piece, Places into) {
            RecodedRows rows = RecodedRows.asTheyAre(piece.rows);
            for (int i = 0; i < piece.places.length; i++) {
                into.put(piece.places[i], rows, i);
            }
        }
    }
}
