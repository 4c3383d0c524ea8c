package io.firesteel.data;

import io.firesteel.table.RowChunk;
import java.io.Serializable;

/** Selects rows of a table, the same ones on every cluster. */
sealed interface RowFilter extends Serializable {
    /** All rows. */
    RowFilter ALL = new All();

    /**
     * Returns whether a row is selected.
     *
     * @param row its number in the canonical order
     * @param chunk the chunk that holds it
     * @param i its number in the chunk
     */
    boolean includes(long row, RowChunk chunk, int i);

    /** Selects all rows. */
    record All() implements RowFilter {
        @Override
        public boolean includes(long row, RowChunk chunk, int i) {
            return true;
        }
    }

    /** Selects the rows that a column of the table marks, or the others. */
    record Marked(boolean marked) implements RowFilter {
        @Override
        public boolean includes(long row, RowChunk chunk, int i) {
            return chunk.marked().get(i) == marked;
        }
    }

    /** Selects the rows of one part of a split, or those of all other parts. */
    record Part(RandomSplit split, int part, boolean others) implements RowFilter {
        @Override
        public boolean includes(long row, RowChunk chunk, int i) {
            return (split.part(row, chunk, i) == part) != others;
        }
    }
}
