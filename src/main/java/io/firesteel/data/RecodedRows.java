package io.firesteel.data;

import io.firesteel.table.Rows;
import java.util.List;

/**
 * The rows of a chunk, whose labels and categories get other indices when they are copied.
 *
 * @param rows the chunk's rows
 * @param codes the new indices of each column that holds indices
 */
record RecodedRows(Rows rows, List<Codes> codes) {
    /** The new number of each index of a column. */
    record Codes(int column, double[] numbers) {}

    /** Returns rows whose indices stay as they are. */
    static RecodedRows asTheyAre(Rows rows) {
        return new RecodedRows(rows, List.of());
    }

    /** Adds rows from .. to - 1. */
    void addTo(Rows.Builder into, int from, int to) {
        int first = into.count();
        into.add(rows, from, to);
        for (Codes each : codes) {
            into.recode(first, each.column, each.numbers);
        }
    }
}
