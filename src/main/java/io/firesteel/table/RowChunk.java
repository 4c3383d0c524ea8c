package io.firesteel.table;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Consecutive rows as numbers, with what was learnt from them.
 *
 * @param head what the driver needs to know of them
 * @param categories the chunk's categories of each feature whose categories are still to be learnt; then rows are dense
 * @param rows the rows: a feature of {@code categories} is an index into these, or NaN where it is missing; the target
 *     of a classification is an index into {@link Head#labels}
 * @param marked the rows that the column of marks marks for validation; empty if there is no such column
 */
public record RowChunk(Head head, Map<Integer, List<String>> categories, Rows rows, BitSet marked)
        implements Serializable {

    /**
     * The place of a chunk in the canonical order.
     *
     * @param origin the piece of a file that the rows are from
     * @param ordinal the number of rows of that piece that come before
     */
    public record Position(Origin origin, long ordinal) implements Comparable<Position>, Serializable {
        private static final Comparator<Position> ORDER =
                Comparator.comparing(Position::origin).thenComparingLong(Position::ordinal);

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * A chunk without its values.
     *
     * @param position the chunk's place in the canonical order
     * @param rows the number of rows
     * @param filled the number of feature values that are stored
     * @param missing the number of rows in which a feature is missing, for each that ever is; empty where this is not wanted
     * @param firstRow the first row if the chunk is the first of its piece, else none
     * @param labels the distinct labels of the chunk, in the order in which they appear; empty for numeric targets
     * @param labelRows the first row of each of these labels, counted from the chunk's first
     * @param fault the problem of the row after the last one, or null; the rest of the piece is not read
     */
    public record Head(
            Position position,
            int rows,
            long filled,
            Map<Integer, Integer> missing,
            Rows firstRow,
            List<String> labels,
            List<Integer> labelRows,
            RowFault fault)
            implements Serializable {}
}
