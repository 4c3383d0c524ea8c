package io.firesteel.table;

import io.firesteel.model.CellRules;
import io.firesteel.model.Labeling;
import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.unsafe.types.UTF8String;

/** Reads the numbers and the label of one row. */
public interface RowParser extends Serializable {
    /** A row that cannot be used. It has no stack trace, since a task may meet many. */
    final class BadRow extends Exception {
        private static final long serialVersionUID = 1;

        private final RowFault fault;

        BadRow(RowFault fault) {
            super(fault.problem(), null, false, false);
            this.fault = fault;
        }

        /** Returns the problem of the row. */
        public RowFault fault() {
            return fault;
        }
    }

    /** Numbers the class labels, whose column follows the features, and the categories that are to be learnt. */
    interface Dictionary extends CellRules.Dictionary {
        /** Returns the index of a number's name. */
        default int index(int column, double number) {
            return index(column, Labeling.name(number));
        }
    }

    /** The cells of a row, as Spark or a line of text holds them; by default all are text. */
    interface RowView extends CellRules.Cells {
        @Override
        default double number(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        @Override
        default long whole(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        @Override
        default int days(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        @Override
        default boolean isTrue(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        /** Returns the text of a cell as Spark holds it, in UTF-8. */
        default UTF8String utf8(int i) {
            return UTF8String.fromString(text(i));
        }

        /** Returns the vector in a cell. */
        default Vector vector(int i) {
            throw new UnsupportedOperationException("a row without vectors");
        }

        /** Returns the numbers of the array in a cell; NaN stands for one that is null. */
        default double[] array(int i) {
            throw new UnsupportedOperationException("a row without arrays");
        }

        /** Sets all features if they are known to be finite numbers; returns whether it did. */
        default boolean setFeatures(Rows.Builder into) {
            return false;
        }
    }

    /** Sets features, targets and weight of the row that {@code into} has begun; a missing feature is NaN. */
    void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow;

    /** Returns whether the row that was parsed last is marked for validation. */
    default boolean isMarked(RowView row) throws BadRow {
        return false;
    }
}
