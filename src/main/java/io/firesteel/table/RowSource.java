package io.firesteel.table;

import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;

/** Reads the rows of a table, in the fastest way that the table allows. Each way reads the same numbers in the same order. */
public sealed interface RowSource permits ColumnarSource, CsvSource, FrameSource {
    /** The rows in chunks; chunks may come in any order, rows of a chunk are in theirs. */
    JavaRDD<RowChunk> chunks();

    /**
     * Finds the source of a table's rows.
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
