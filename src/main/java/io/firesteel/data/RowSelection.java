package io.firesteel.data;

import java.io.Serializable;

/**
 * Which rows of a data set are meant: all, one part of a split, or all but that.
 *
 * @param split null for all rows
 * @param part the number of the part
 * @param others whether the rows of the other parts are meant, not those of this one
 */
public record RowSelection(Split split, int part, boolean others) implements Serializable {
    /** All rows. */
    public static final RowSelection ALL = new RowSelection(null, 0, false);

    /** The rows of one part. */
    public static RowSelection part(Split split, int part) {
        return new RowSelection(split, part, false);
    }

    /** The rows of all other parts. */
    public static RowSelection allBut(Split split, int part) {
        return new RowSelection(split, part, true);
    }

    /**
     * Whether a row belongs to the selection.
     *
     * @param row its number in the canonical order
     * @param batch that holds it
     * @param i its number in the batch
     */
    boolean includes(long row, RowBatch batch, int i) {
        return split == null || (split.part(row, batch, i) == part) != others;
    }
}
