package io.firesteel.table;

import java.io.Serializable;

/**
 * Some rows as they were read, numbers only: in each the features, and after them its others: the targets, and the weight
 * if rows have one. Either all numbers are held, or all but the features that are 0.
 */
public sealed interface Rows extends Serializable permits DenseRows, SparseRows {
    /** The number of rows. */
    int count();

    /** Number k of those that follow the features of a row. */
    double other(int row, int k);

    /** How many features are held, those of all rows together. */
    long filled();

    /** These rows with all their numbers. */
    DenseRows dense();

    /**
     * Adds to {@code sums} what the rows' moments take, for a run of columns that are all features or all others: of each
     * column the sum of w d, then of each the sum of w d^2, then of each the sum of w, then the sum of w over all rows, where
     * w is a row's weight and d a number's distance from its column's shift; a number that is NaN counts in the last only.
     *
     * @param from the first of the columns
     * @param shift of each of them; of the features of sparse rows it must be 0, or d would be filled
     * @param weighted whether the last number of a row is its weight
     */
    void addMoments(int from, double[] shift, boolean weighted, double[] sums);

    /** Puts rows of this form and these columns together. */
    Builder builder(int capacity);

    /** Puts rows of a form together, as many as about {@code capacity} at a time. */
    static Builder builder(boolean sparse, int features, int others, int capacity) {
        return sparse ? new SparseRows.Builder(features, others) : new DenseRows.Builder(features, others, capacity);
    }

    /** Puts rows together: number by number, or out of other rows. One thread, one builder. */
    sealed interface Builder permits DenseRows.Builder, SparseRows.Builder {
        /** Begins a row of zeros. What a row that has not ended held is forgotten. */
        void begin();

        /** Sets a number of the row: a feature, each once and in ascending order, or one of those that follow. */
        void set(int column, double value);

        /** Sets the first numbers of the row: those that stand in this row of columns. */
        void set(double[][] columns, int row);

        /** Ends the row. */
        void end();

        /** Adds rows from .. to - 1 of some that have the same form and columns. */
        void add(Rows rows, int from, int to);

        /**
         * Puts other numbers in the place of indices, in rows {@code from} and those after it; one that is NaN stays.
         *
         * @param column a feature, where rows are not sparse, or one of the numbers that follow
         * @param numbers that of each index
         */
        void recode(int from, int column, double[] numbers);

        /** The number of rows. */
        int count();

        /** How many numbers are held. */
        long size();

        /** The rows; the builder starts anew. */
        Rows take();
    }
}
