package io.firesteel.data;

import com.univocity.parsers.csv.CsvParser;
import java.util.Map;

/** Cuts lines of CSV into cells and has them parsed. */
final class CsvRowParser implements RowParser {
    private static final long serialVersionUID = 1;

    private final Cells cells;
    private final CsvRow cut;
    private final Map<String, String> options;
    private transient CsvParser library;

    CsvRowParser(Cells cells, CsvRow cut, Map<String, String> options) {
        this.cells = cells;
        this.cut = cut;
        this.options = options;
    }

    @Override
    public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
        String line = row.text(0);
        if (!cut.plain(line)) {
            if (library == null) {
                library = new CsvParser(CsvLines.csvOptions(options).asParserSettings());
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
