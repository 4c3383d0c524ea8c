package io.firesteel.table;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Some consecutive rows as they were read, numbers only, with what was learnt of them.
 *
 * @param head what the driver needs to know of them
 * @param categories for each feature whose categories are still to be learnt, by its place in the row, those of the chunk; then
 *     rows are dense
 * @param rows the rows: a feature of {@code categories} is an index into these, or NaN where it is missing; the target of a
 *     classification is an index into {@link Head#labels}
 * @param marked the rows that a column marks as held out; none where no column does
 */
public record RowChunk(Head head, Map<Integer, List<String>> categories, Rows rows, BitSet marked)
        implements Serializable {

    /**
     * The place of a chunk among all.
     *
     * @param origin the piece of a file that the rows are from
     * @param ordinal how many rows of that piece come before
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
     * @param position the chunk's place among all
     * @param rows how many rows there are
     * @param filled how many features the rows hold
     * @param firstRow the first row if it is the first of its piece, else none
     * @param labels the distinct labels of the chunk, in the order in which they appear; empty for numeric targets
     * @param labelRows the first row of each of these labels, counted from the chunk's first
     * @param fault what is wrong with the row that would follow the last one, or null; nothing of the piece is read after it
     */
    public record Head(
            Position position,
            int rows,
            long filled,
            Rows firstRow,
            List<String> labels,
            List<Integer> labelRows,
            RowFault fault)
            implements Serializable {}
}
