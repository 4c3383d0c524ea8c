package io.firesteel.base;

/** A column of a table, or one of its cells, that cannot be used as it is. Other columns may have problems of their own. */
public class ColumnError extends UserError {
    private static final long serialVersionUID = 1;

    /**
     * Creates the error of a wrong column.
     *
     * @param problem the table, the column and what is wrong with it
     * @param hint the way out; empty for none
     */
    public ColumnError(String problem, String hint) {
        super(problem, hint, null);
    }
}
