package io.firesteel.data;

import io.firesteel.table.NumberedRows;
import io.firesteel.table.RowChunk;
import io.firesteel.table.Rows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.commons.collections4.iterators.LazyIteratorChain;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import scala.Tuple2;

/** Moves rows into blocks by a shuffle between executors, with little in memory at a time. */
final class BlockShuffle {
    private BlockShuffle() {}

    /** Returns the blocks, in the partitions that the partitioner gives them. */
    static JavaRDD<RowBlock> of(
            NumberedRows source,
            BlockAssignment assignment,
            LabelIndex index,
            BlockPartitioner partitioner,
            boolean sparse) {
        return source.chunks()
                .mapPartitionsToPair(new Cut(assignment, index))
                .repartitionAndSortWithinPartitions(partitioner)
                .mapPartitions(new Assemble(assignment, sparse));
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

    /** Cuts chunks into pieces, one for each block that gets some of their rows; the key of a piece is its block. */
    private record Cut(BlockAssignment assignment, LabelIndex index)
            implements PairFlatMapFunction<Iterator<RowChunk>, Integer, Piece> {
        /** The initial capacity, in rows, of a piece when the rows of a chunk go to many blocks. */
        private static final int FEW = 4;

        /**
         * The number of values that are collected before pieces are sent when the rows of a chunk go to many blocks, 16
         * MiB: Spark moves a few pieces of many rows much faster than many pieces of one.
         */
        private static final long STREWN = 2 << 20;

        @Override
        public Iterator<Tuple2<Integer, Piece>> call(Iterator<RowChunk> chunks) {
            return new LazyIteratorChain<>() {
                @Override
                protected Iterator<Tuple2<Integer, Piece>> nextIterator(int count) {
                    return chunks.hasNext() ? cut(chunks) : null;
                }
            };
        }

        /** Returns the pieces of the next chunk, or of several chunks where their rows go to many blocks. */
        private Iterator<Tuple2<Integer, Piece>> cut(Iterator<RowChunk> chunks) {
            Map<Integer, PieceBuilder> pieces = new HashMap<>();
            boolean strewn = assignment.order() != null;
            long size = 0;
            do {
                RowChunk chunk = chunks.next();
                RecodedRows rows = index.recoded(chunk);
                int capacity = strewn
                        ? FEW
                        : Math.min(assignment.blockRows(), chunk.head().rows());
                assignment.each(chunk, (row, block, place) -> pieces.computeIfAbsent(
                                block, absent -> new PieceBuilder(rows.rows().builder(capacity)))
                        .add(place, rows, row));
                size += rows.rows().filled();
            } while (strewn && size < STREWN && chunks.hasNext());
            return pieces.entrySet().stream()
                    .map(piece -> new Tuple2<>(piece.getKey(), piece.getValue().build()))
                    .iterator();
        }
    }

    /** Makes blocks of pieces that are sorted by block: one block at a time is in memory. */
    private record Assemble(BlockAssignment assignment, boolean sparse)
            implements FlatMapFunction<Iterator<Tuple2<Integer, Piece>>, RowBlock> {
        @Override
        public Iterator<RowBlock> call(Iterator<Tuple2<Integer, Piece>> pieces) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return pieces.hasNext();
                }

                @Override
                public RowBlock next() {
                    Tuple2<Integer, Piece> first = pieces.next();
                    BlockAssembler block = new BlockAssembler(assignment.size(first._1()));
                    put(first._2(), block);
                    while (!block.isFull()) {
                        put(pieces.next()._2(), block);
                    }
                    return block.block(first._1(), sparse);
                }
            };
        }

        private static void put(Piece piece, BlockAssembler into) {
            RecodedRows rows = RecodedRows.asTheyAre(piece.rows);
            for (int i = 0; i < piece.places.length; i++) {
                into.put(piece.places[i], rows, i);
            }
        }
    }
}
