package io.firesteel.data;

import io.firesteel.table.NumberedRows;

/** Which rows are held out from training, to validate the model on. */
public sealed interface Split {
    /** No rows. */
    record None() implements Split {}

    /**
     * A random part of the table's rows.
     *
     * @param fraction more than 0 and less than 1
     * @param stratified whether it is that part of each class
     */
    record Fraction(double fraction, boolean stratified) implements Split {}

    /**
     * One of several random parts of the table's rows.
     *
     * @param part 0 .. folds - 1
     * @param stratified whether each class is divided by itself
     */
    record Fold(int part, int folds, boolean stratified) implements Split {}

    /** The rows that the table's column of marks marks. */
    record Marked() implements Split {}

    /** The rows of another table, read by the columns of this one, of which all rows are trained on. */
    record OtherRows(NumberedRows rows) implements Split {}
}
