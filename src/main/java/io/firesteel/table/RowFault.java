package io.firesteel.table;

import io.firesteel.base.CellError;
import io.firesteel.base.SettingNames;
import java.io.Serializable;
import org.apache.commons.lang3.StringUtils;

/**
 * The problem of a row, without the row's place.
 *
 * @param column the column of the bad cell; null where the whole row is meant
 * @param value the cell as text, shortened; null where it is empty
 * @param problem the problem and what was expected, to be read after the value
 * @param hint the way out, with mentions of settings; empty for none
 * @param kind tells faults that another way of reading may mend
 */
public record RowFault(String column, String value, String problem, String hint, Kind kind) implements Serializable {
    /** The kind of a fault. */
    public enum Kind {
        /** A text in a column of numbers, which may be meant as a category. */
        TEXT,
        /** A line that ends within quotes: a cell may hold a line break. */
        OPEN_QUOTES,
        OTHER
    }

    private static final int LONGEST_VALUE = 60;

    /** Stands for bytes that are not text. */
    private static final char UNREADABLE = '\uFFFD';

    /** Creates the fault of a cell. */
    public static RowFault of(String column, String value, String problem, String hint) {
        return new RowFault(column, value == null ? null : abbreviated(value), problem, hint, Kind.OTHER);
    }

    /** Creates the fault of a row, or of a part of one. */
    static RowFault ofRow(String value, String problem) {
        String hint = value.indexOf(UNREADABLE) < 0
                ? ""
                : "some bytes are not text in UTF-8: " + SettingNames.mention("option", "encoding=ISO-8859-1")
                        + " reads them as Western European text";
        return of(null, value, problem, hint);
    }

    /** Returns the same fault as one of another kind. */
    RowFault as(Kind other) {
        return new RowFault(column, value, problem, hint, other);
    }

    /** Returns the error that names the row. */
    public CellError error(String table, long row) {
        return new CellError(table, row, column, value, problem, hint);
    }

    /** Returns a cell on one line, shortened. */
    static String abbreviated(String text) {
        return StringUtils.abbreviate(text.replaceAll("\\s+", " "), LONGEST_VALUE);
    }
}
