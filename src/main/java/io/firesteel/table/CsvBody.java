package io.firesteel.table;

import com.univocity.parsers.csv.CsvParser;
import io.firesteel.base.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.unsafe.types.UTF8String;

/** Tells the lines of CSV files that are rows from blank lines and headers, and compares the headers. */
final class CsvBody implements Predicate<InternalRow> {
    /** The two bytes that mark the order of bytes in UTF-16, which are no text in UTF-8. */
    private static final String MARK_OF_UTF16 = "\uFFFD\uFFFD";

    private final CsvFiles files;
    private final CsvLine line;
    private final CsvParser library;
    private final String comment; // with which lines begin that are no rows; null for none
    private UTF8String file;
    private long start;
    private boolean startsPiece;
    private boolean headerIsNext;

    CsvBody(CsvFiles files) {
        this.files = files;
        line = new CsvLine(files.dialect());
        library = files.library();
        comment = files.option("comment");
    }

    /** Returns lines of files, each with its file and the first byte of the piece that it comes from. */
    static JavaRDD<InternalRow> lines(Dataset<Row> lines) {
        List<Column> selected = new ArrayList<>(List.of(functions.col(Schema.LINE)));
        Origin.COLUMNS.forEach(name -> selected.add(functions.col(name)));
        return lines.select(selected.toArray(Column[]::new))
                .queryExecution()
                .toRdd()
                .toJavaRDD();
    }

    /** Returns whether a line of {@link #lines} is a row. */
    @Override
    public boolean test(InternalRow row) {
        UTF8String of = row.getUTF8String(1);
        long at = row.getLong(2);
        startsPiece = at != start || !of.equals(file);
        if (startsPiece) {
            file = of.clone();
            start = at;
            headerIsNext = files.dialect().hasHeader() && start == 0;
        }
        line.set(row.getUTF8String(0));
        if (line.isBlank() || (comment != null && line.text().startsWith(comment))) {
            return false;
        }
        boolean isHeader = headerIsNext;
        if (isHeader) {
            expectHeader();
            headerIsNext = false;
        }
        return !isHeader;
    }

    /** Returns the line that was tested last. */
    CsvLine line() {
        return line;
    }

    /** Returns whether that line is the first of a piece of a file. */
    boolean startsPiece() {
        return startsPiece;
    }

    /** Returns the piece. */
    Origin origin() {
        return new Origin(file.toString(), start);
    }

    /** Fails when the line is not the header of the first file; one with line breaks is left to Spark's reader. */
    private void expectHeader() {
        String path = files.path();
        if (!line.isOfEncoding()) {
            RowFault fault = line.encodingFault();
            if (fault.value().startsWith(MARK_OF_UTF16)) {
                throw new UserError(
                        Origin.readable(file.toString()) + " is in UTF-16, but other files are in "
                                + files.dialect().encoding(),
                        "write all files in one encoding",
                        null);
            }
            throw new UserError(
                    Origin.readable(file.toString()) + ", header: " + fault.value() + " " + fault.problem(),
                    fault.hint(),
                    null);
        }
        if (line.endsInQuotes()) {
            return;
        }
        List<String> header = CsvFiles.texts(library.parseLine(line.text()));
        if (!header.equals(files.header())) {
            String has =
                    header.size() == files.header().size() ? String.join(", ", header) : header.size() + " columns";
            String expected = header.size() == files.header().size()
                    ? String.join(", ", files.header())
                    : Integer.toString(files.header().size());
            throw new UserError(path + ": its files have different headers: " + Origin.readable(file.toString())
                    + " has " + has + ", expected " + expected);
        }
    }
}
