package io.firesteel.data;

import java.io.Serializable;

/** A division of a data set's rows into parts, the same on every cluster. */
public interface Split extends Serializable {
    /**
     * The number of the part that a row belongs to.
     *
     * @param row its number in the canonical order
     * @param batch that holds it
     * @param i its number in the batch
     */
    int part(long row, RowBatch batch, int i);

    /** By a column of the table: part 0 are the rows that it marks, part 1 the others. */
    record Marked() implements Split {
        @Override
        public int part(long row, RowBatch batch, int i) {
            return batch.marked().get(i) ? 0 : 1;
        }
    }
}
