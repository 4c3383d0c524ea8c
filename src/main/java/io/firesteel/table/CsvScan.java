package io.firesteel.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * A pass over the lines of CSV files before Spark's reader, which would take bytes that are not of the encoding for others, and
 * needs to be told of line breaks in cells.
 */
record CsvScan(CsvFiles files) implements FlatMapFunction<Iterator<InternalRow>, CsvScan.Piece> {
    /**
     * The finds in a piece of a file.
     *
     * @param rows the number of rows, up to the fault if there is one
     * @param fault of the first row that cannot be read in any way, or null
     * @param hasLineBreaks whether a row ends within quotes
     */
    record Piece(Origin origin, long rows, RowFault fault, boolean hasLineBreaks) implements Serializable {}

    /**
     * Returns the files with what their lines show of them.
     *
     * @param lines of the files
     * @throws io.firesteel.base.UserError when the headers differ, or a row is not text in the files' encoding
     */
    static CsvFiles of(Dataset<Row> lines, CsvFiles files) {
        List<Piece> pieces = new ArrayList<>(
                CsvBody.lines(lines).mapPartitions(new CsvScan(files)).collect());
        pieces.sort(Comparator.comparing(Piece::origin));
        String file = "";
        long rows = 0;
        for (Piece piece : pieces) {
            rows = piece.rows + (piece.origin.file().equals(file) ? rows : 0);
            file = piece.origin.file();
            if (piece.fault != null) {
                throw piece.fault.error(Origin.readable(file), rows);
            }
        }
        return pieces.stream().anyMatch(Piece::hasLineBreaks) ? files.withLineBreaks() : files;
    }

    @Override
    public Iterator<Piece> call(Iterator<InternalRow> lines) {
        List<Piece> pieces = new ArrayList<>();
        CsvBody body = new CsvBody(files);
        CsvLine line = body.line();
        String comment = files.option("comment");
        Origin origin = null;
        long rows = 0;
        RowFault fault = null;
        boolean hasLineBreaks = false;
        while (lines.hasNext()) {
            boolean isRow = body.test(lines.next());
            if (body.startsPiece()) {
                if (origin != null) {
                    pieces.add(new Piece(origin, rows, fault, hasLineBreaks));
                }
                origin = body.origin();
                rows = 0;
                fault = null;
                hasLineBreaks = false;
            }
            boolean isComment = comment != null && line.text().startsWith(comment);
            if (fault == null && !isComment) {
                rows += isRow ? 1 : 0;
                boolean goesOn = line.endsInQuotes();
                if (isRow && !line.isOfEncoding()) {
                    fault = line.encodingFault();
                } else if (isRow && goesOn && files.dialect().hasRuns()) {
                    fault = CsvRowParser.openQuotes(line);
                }
                hasLineBreaks = hasLineBreaks || goesOn;
            }
        }
        if (origin != null) {
            pieces.add(new Piece(origin, rows, fault, hasLineBreaks));
        }
        return pieces.iterator();
    }
}
