package io.firesteel.data;

import io.firesteel.table.NumberedRows;

/** A split of rows into those that a model is trained on and those that it is validated on. */
public sealed interface Split {
    /** No validation rows. */
    record None() implements Split {}

    /**
     * A random fraction of the table's rows for validation.
     *
     * @param fraction more than 0 and less than 1
     * @param stratified whether it is that fraction of each class
     */
    record Fraction(double fraction, boolean stratified) implements Split {}

    /**
     * One of several random parts of the table's rows for validation.
     *
     * @param part 0 .. folds - 1
     * @param stratified whether each class is divided by itself
     */
    record Fold(int part, int folds, boolean stratified) implements Split {}

    /** The rows that the table's column of marks marks for validation. */
    record Marked() implements Split {}

    /** Another table's rows for validation, read by the columns of this one; all rows of this one are trained on. */
    record OtherRows(NumberedRows rows) implements Split {}
}
