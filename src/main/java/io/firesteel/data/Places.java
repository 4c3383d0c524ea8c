package io.firesteel.data;

/** Which row of which batch each place of a block gets. */
final class Places {
    private final RecodedRows[] from;
    private final int[] rows;
    private int filled;

    Places(int size) {
        from = new RecodedRows[size];
        rows = new int[size];
    }

    void put(int place, RecodedRows batch, int row) {
        from[place] = batch;
        rows[place] = row;
        filled++;
    }

    boolean areFull() {
        return filled == rows.length;
    }

    /** The rows in the order of the places. */
    Rows inOrder() {
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
        return block.take();
    }
}
