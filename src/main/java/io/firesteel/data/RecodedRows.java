package io.firesteel.data;

import io.firesteel.table.Rows;
import java.util.List;

/**
 * The rows of a chunk, whose labels and categories are numbered anew where they are copied to.
 *
 * @param rows as the chunk has them
 * @param codes for each column that holds an index the number that takes its place
 */
record RecodedRows(Rows rows, List<Codes> codes) {
    /** What a column's indices become. */
    record Codes(int column, double[] numbers) {}

    /** Rows that stay as they are. */
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
