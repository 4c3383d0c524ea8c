package io.firesteel.base;

/** A cell of a table that cannot be used. */
public final class CellError extends ColumnError {
    private static final long serialVersionUID = 1;

    private final String column;

    /**
     * Creates the error of a wrong cell.
     *
     * @param table the file, or what else the rows are in
     * @param row the row's number, the first one 1; 0 where rows have none
     * @param column its column; null where the whole row is meant
     * @param value the cell's text; null where it is empty
     * @param problem what is wrong with it and what was expected, to be read after the place and the quoted value
     * @param hint the way out; empty for none
     */
    public CellError(String table, long row, String column, String value, String problem, String hint) {
        super(
                table
                        + (row == 0 ? "" : ", row " + row)
                        + (column == null ? "" : ", column " + column)
                        + ": "
                        + (value == null ? "" : "\"" + value + "\" ")
                        + problem,
                hint);
        this.column = column;
    }

    /** Returns the column; null where the whole row is meant. */
    public String column() {
        return column;
    }
}
