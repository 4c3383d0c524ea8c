package io.firesteel.data;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Some consecutive rows as they were read, numbers only.
 *
 * @param head what the driver needs to know of them
 * @param categories for each feature whose categories are not known yet, by its place in the row, those of the batch;
 *     then rows are dense
 * @param rows the rows: a feature of {@code categories} is an index into these, or NaN where it is missing; the target of a
 *     classification is an index into {@link Head#labels}
 * @param marked the rows that a column marks as held out; none where no column does
 */
public record RowBatch(Head head, Map<Integer, List<String>> categories, Rows rows, BitSet marked)
        implements Serializable {

    /**
     * A batch without its values.
     *
     * @param origin the piece of a file that the rows are from
     * @param ordinal how many rows of that piece come before
     * @param rows how many rows there are
     * @param filled how many features the rows hold
     * @param firstRow the first row if it is the first of its piece, else none
     * @param labels the distinct labels of the batch, in the order in which they appear; empty for numeric targets
     * @param labelRows the first row of each of these labels, counted from the batch's first
     * @param fault what is wrong with the row that would follow the last one, or null; nothing of the piece is read
     *     after it
     */
    public record Head(
            Origin origin,
            long ordinal,
            int rows,
            long filled,
            Rows firstRow,
            List<String> labels,
            List<Integer> labelRows,
            Fault fault)
            implements Serializable {
        /** The canonical order. */
        static final Comparator<Head> ORDER = Comparator.comparing(Head::origin).thenComparingLong(Head::ordinal);
    }

    /**
     * What is wrong with a row.
     *
     * @param message to be read after "row 17"
     * @param isText whether it is a text in a column of numbers
     */
    public record Fault(String message, boolean isText) implements Serializable {}
}
