package io.firesteel.table;

import com.univocity.parsers.csv.CsvParser;

/** Cuts lines of CSV into cells and parses them. */
final class CsvRowParser implements RowParser {
    private static final long serialVersionUID = 1;

    private final CellParser cells;
    private final CsvRow cut;
    private final CsvFiles files;
    private transient CsvLine line;
    private transient CsvParser library;

    CsvRowParser(CellParser cells, CsvRow cut, CsvFiles files) {
        this.cells = cells;
        this.cut = cut;
        this.files = files;
    }

    @Override
    public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
        if (line == null) {
            line = new CsvLine(files.dialect());
            library = files.library();
        }
        line.set(row.utf8(0));
        boolean isPlain = cut.plain(line);
        if (!(isPlain && cut.isAscii()) && !line.isOfEncoding()) {
            throw new BadRow(line.encodingFault());
        }
        if (!isPlain) {
            if (line.endsInQuotes()) {
                throw new BadRow(openQuotes(line));
            }
            cut.set(library.parseLine(line.text()));
        }
        cells.parse(cut, dictionary, into);
    }

    /** Returns the fault of a line that ends within quotes. */
    static RowFault openQuotes(CsvLine line) {
        return RowFault.ofRow(line.text(), "ends within quotes").as(RowFault.Kind.OPEN_QUOTES);
    }

    @Override
    public boolean isMarked(RowView row) throws BadRow {
        return cells.isMarked(cut); // which holds the row that was parsed
    }
}
