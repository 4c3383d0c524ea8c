package io.firesteel.table;

import io.firesteel.base.CellError;
import java.io.Serializable;
import org.apache.commons.lang3.StringUtils;

/**
 * What is wrong with a row, wherever it is.
 *
 * @param column the column of the bad cell; null where the whole row is meant
 * @param value the cell as text, shortened; null where it is empty
 * @param problem what is wrong with it and what was expected, to be read after the value
 * @param hint the way out, with mentions of settings; empty for none
 * @param isText whether it is a text in a column of numbers, which may be meant as one of categories
 */
public record RowFault(String column, String value, String problem, String hint, boolean isText)
        implements Serializable {
    private static final int LONGEST_VALUE = 60;

    /** A bad cell that is no text in a column of numbers. */
    static RowFault of(String column, String value, String problem, String hint) {
        return new RowFault(column, value == null ? null : abbreviated(value), problem, hint, false);
    }

    /** A bad row, or part of one. */
    static RowFault ofRow(String value, String problem) {
        return of(null, value, problem, "");
    }

    /** The same fault as one of a text in a column of numbers. */
    RowFault asText() {
        return new RowFault(column, value, problem, hint, true);
    }

    /** The error that names the row. */
    public CellError error(String table, long row) {
        return new CellError(table, row, column, value, problem, hint);
    }

    /** A cell on one line that is not too long. */
    static String abbreviated(String text) {
        return StringUtils.abbreviate(text.replaceAll("\\s+", " "), LONGEST_VALUE);
    }
}
