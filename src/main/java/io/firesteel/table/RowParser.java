package io.firesteel.table;

import io.firesteel.model.CellRules;
import io.firesteel.model.Labeling;
import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;

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

        /** What is wrong with the row. */
        public RowFault fault() {
            return fault;
        }
    }

    /** Numbers the labels of classes, whose column is the one after the features, and categories that are to be learnt. */
    interface Dictionary extends CellRules.Dictionary {
        /** The index of a number's name. */
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
        default boolean isTrue(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        /** The vector of a cell. */
        default Vector vector(int i) {
            throw new UnsupportedOperationException("a row without vectors");
        }

        /** Sets all features at once, if they are known to be finite numbers; says whether it did. */
        default boolean setFeatures(Rows.Builder into) {
            return false;
        }
    }

    /** Sets features, NaN for one that is missing, targets and weight of the row that {@code into} has begun. */
    void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow;

    /** Whether the row that was parsed last is marked as held out. */
    default boolean isMarked(RowView row) throws BadRow {
        return false;
    }
}
