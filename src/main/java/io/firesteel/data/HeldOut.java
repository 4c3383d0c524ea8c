package io.firesteel.data;

/** Which rows are held out from training. */
public sealed interface HeldOut {
    /** Which part of the table's split is held out, where it is split. */
    default int part() {
        return 0;
    }

    /** None. */
    record Nothing() implements HeldOut {}

    /**
     * A part of the table's rows, drawn by lot.
     *
     * @param fraction more than 0 and less than 1
     * @param stratified whether it is that part of each class
     */
    record Fraction(double fraction, boolean stratified) implements HeldOut {}

    /**
     * One of several parts of the table's rows, drawn by lot.
     *
     * @param part 0 .. folds - 1
     * @param stratified whether each class is dealt for itself
     */
    record Fold(int part, int folds, boolean stratified) implements HeldOut {}

    /** Those that the column {@link Columns#mark} marks. */
    record Marked() implements HeldOut {}

    /** The rows of another table. */
    record Rows(Table table) implements HeldOut {}
}
