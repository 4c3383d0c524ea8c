package io.firesteel.data;

import io.firesteel.table.Rows;

/** Puts the rows of a block in the order of its places. */
final class BlockAssembler {
    private final RecodedRows[] from; // the chunk of each place
    private final int[] rows; // and the row of that chunk
    private int filled;

    BlockAssembler(int size) {
        from = new RecodedRows[size];
        rows = new int[size];
    }

    /** Puts a row of a chunk at a place. */
    void put(int place, RecodedRows chunk, int row) {
        from[place] = chunk;
        rows[place] = row;
        filled++;
    }

    /** Returns whether each place has its row. */
    boolean isFull() {
        return filled == rows.length;
    }

    /** Returns the block, which must be full. */
    RowBlock block(int number, boolean sparse) {
        Rows.Builder block = from[0].rows().builder(rows.length);
        int place = 0;
        while (place < rows.length) {
            int end = place + 1; // of the places whose rows are side by side already
            while (end < rows.length && from[end].rows() == from[place].rows() && rows[end] == rows[end - 1] + 1) {
                end++;
            }
            from[place].addTo(block, rows[place], rows[end - 1] + 1);
            place = end;
        }
        Rows inOrder = block.take();
        return new RowBlock(number, sparse ? inOrder : inOrder.dense());
    }
}
