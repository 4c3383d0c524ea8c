package io.firesteel.spark;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Some consecutive rows as they were read, numbers only.
 *
 * @param head what the driver needs to know of them
 * @param categories for each feature whose categories are not known yet, by its place in the row, those of the batch
 * @param values row after row: the features (for one of {@code categories} an index into these, NaN for one that is
 *     missing), the targets (for a classification one, an index into {@link Head#labels}), and the weight if rows have one
 */
public record RowBatch(Head head, Map<Integer, List<String>> categories, double[] values) implements Serializable {

    /**
     * A batch without its values.
     *
     * @param origin the piece of a file that the rows are from
     * @param ordinal how many rows of that piece come before
     * @param rows how many rows there are
     * @param firstRow the first row's values if it is the first of its piece, else empty
     * @param labels the distinct labels of the batch, in the order in which they appear; empty for numeric targets
     * @param labelRows the first row of each of these labels, counted from the batch's first
     * @param fault what is wrong with the row that would follow the last one, or null; nothing of the piece is read
     *     after it
     */
    public record Head(
            Origin origin,
            long ordinal,
            int rows,
            double[] firstRow,
            List<String> labels,
            List<Integer> labelRows,
            Fault fault)
            implements Serializable {
        /** The canonical order. */
        static final Comparator<Head> ORDER = Comparator.comparing(Head::origin).thenComparingLong(Head::ordinal);
    }

    /** What is wrong with a row, to be read after "row 17: ". */
    public record Fault(String message) implements Serializable {}
}
