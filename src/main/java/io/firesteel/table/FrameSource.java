package io.firesteel.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The rows of any table as Spark reads them, row by row: JSON, lines of LibSVM, DataFrames, and all that the other
 * sources cannot read.
 */
record FrameSource(Table table, CellSelection cells, Columns columns) implements RowSource {
    @Override
    public JavaRDD<RowChunk> chunks() {
        return withOrigin()
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(
                        RowChunker.of(cells.parser(), columns, cells.cells().size()));
    }

    /** Returns the cells, followed by two that tell each row's origin; pieces may come in any order. */
    private Dataset<Row> withOrigin() {
        if (!table.isInFiles()) {
            return FrameOrder.of(table.data(), cells.cells(), cells.rounded());
        }
        List<Column> selected = new ArrayList<>(cells.cells());
        Origin.COLUMNS.forEach(name -> selected.add(functions.col(name)));
        return table.data().select(selected.toArray(Column[]::new));
    }
}
