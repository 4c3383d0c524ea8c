package io.firesteel.table;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The rows of CSV files whose cells hold no line breaks, several times as fast as with Spark's reader and with the same result. A
 * line without quotes is cut at its separators; any other goes to the library that Spark's reader uses, with the same settings.
 *
 * <p>A row with a line break in a cell is found when it is read, and is refused as a fault of the kind
 * {@link RowFault.Kind#OPEN_QUOTES}: all rows before it have ended at a line's end, so that no row of a file comes before its first
 * such row and is cut wrongly. {@link NumberedRows} then reads the table another way.
 */
final class CsvSource implements RowSource {
    /*
     * Measured (AMD EPYC, two cores, 28 numbers of 17 digits a row): of the time from a file to blocks by way of Spark's
     * reader half was that library's, which looks at each character through its general machinery, and a fifth was making
     * and copying texts.
     */
    private final Dataset<Row> lines;
    private final CsvFiles files;
    private final CellParser cells;
    private final Columns columns;

    private CsvSource(Dataset<Row> lines, CsvFiles files, CellParser cells, Columns columns) {
        this.lines = lines;
        this.files = files;
        this.cells = cells;
        this.columns = columns;
    }

    /** Returns the source of a table; none where it is not in CSV files, or only Spark's reader can read them. */
    static Optional<CsvSource> of(Table table, CellSelection selected, Columns columns) {
        CsvFiles files = table.csvFiles().orElse(null);
        if (files == null || !CsvCells.canCut(files)) {
            return Optional.empty();
        }
        Dataset<Row> lines = table.lines();
        boolean hasPartitions = lines.columns().length > 1; // which are columns as well
        return !hasPartitions && selected.parser() instanceof CellParser cells
                ? Optional.of(new CsvSource(lines, files, cells, columns))
                : Optional.empty();
    }

    @Override
    public JavaRDD<RowChunk> chunks() {
        return CsvBody.lines(lines).mapPartitions(new Body(files)).mapPartitions(RowChunker.of(parser(), columns, 1));
    }

    /** Returns a parser of these lines, whose columns are all text. */
    private RowParser parser() {
        List<String> names = cells.names();
        boolean isMarked = columns.mark() != null;
        int[] places = new int[names.size() + (isMarked ? 2 : 1)];
        Map<String, Integer> placeOf = files.places();
        for (int i = 0; i < names.size(); i++) {
            places[i] = placeOf.get(names.get(i));
        }
        if (isMarked) {
            places[names.size() + 1] = placeOf.get(columns.mark());
        }
        return new CsvRowParser(
                cells, new CsvRow(places, names.size(), files.columns().size(), files.dialect()), files);
    }

    /** Drops blank lines and headers. */
    private record Body(CsvFiles files) implements FlatMapFunction<Iterator<InternalRow>, InternalRow> {
        @Override
        public Iterator<InternalRow> call(Iterator<InternalRow> lines) {
            return StreamSupport.stream(Spliterators.spliteratorUnknownSize(lines, Spliterator.ORDERED), false)
                    .filter(new CsvBody(files))
                    .iterator();
        }
    }
}
