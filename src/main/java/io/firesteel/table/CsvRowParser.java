package io.firesteel.table;

import com.univocity.parsers.csv.CsvParser;
import java.util.Map;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import scala.jdk.javaapi.CollectionConverters;

/** Cuts lines of CSV into cells and parses them. */
final class CsvRowParser implements RowParser {
    private static final long serialVersionUID = 1;

    private final CellParser cells;
    private final CsvRow cut;
    private final Map<String, String> options;
    private transient CsvParser library;

    CsvRowParser(CellParser cells, CsvRow cut, Map<String, String> options) {
        this.cells = cells;
        this.cut = cut;
        this.options = options;
    }

    /** Returns the options of Spark's reader of CSV, in the type that it and its library share. */
    static CSVOptions csvOptions(Map<String, String> options) {
        return new CSVOptions(scala.collection.immutable.Map.from(CollectionConverters.asScala(options)), false, "UTC");
    }

    @Override
    public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
        String line = row.text(0);
        if (!cut.plain(line)) {
            if (library == null) {
                library = new CsvParser(csvOptions(options).asParserSettings());
            }
            cut.set(line, library.parseLine(line));
        }
        cells.parse(cut, dictionary, into);
    }

    @Override
    public boolean isMarked(RowView row) throws BadRow {
        return cells.isMarked(cut); // which holds the row that was parsed
    }
}
