package io.firesteel.table;

import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;

/** A way to read the rows of a table. All ways read the same numbers in the same order. */
public sealed interface RowSource permits ColumnarSource, CsvSource, FrameSource {
    /** Returns the rows in chunks. Chunks may come in any order; the rows of a chunk are in the canonical order. */
    JavaRDD<RowChunk> chunks();

    /**
     * Returns the fastest source that can read a table.
     *
     * @throws io.firesteel.base.UserError when a column is missing, or is of a type that cannot be read
     */
    static RowSource of(Table table, Columns columns) {
        CellSelection cells = CellSelection.of(table, columns);
        Optional<? extends RowSource> fast = CsvSource.of(table, cells, columns);
        if (fast.isEmpty()) {
            fast = ColumnarSource.of(table, cells, columns);
        }
        return fast.isPresent() ? fast.get() : new FrameSource(table, cells, columns);
    }
}
