package io.firesteel.table;

import io.firesteel.model.CellRules;
import java.io.Serializable;
import java.util.Map;

/**
 * Rows as numbers: first the features, then the others (targets and, if there is one, the weight). Dense rows store all
 * numbers, sparse rows leave out features that are 0.
 */
public sealed interface Rows extends Serializable permits DenseRows, SparseRows {
    /** Returns the number of rows. */
    int count();

    /** Returns number k of those that follow the features of a row. */
    double other(int row, int k);

    /** Returns the number of feature values that are stored, over all rows. */
    long filled();

    /** Returns the number of rows in which a feature is NaN, for each feature that ever is. */
    Map<Integer, Integer> missing();

    /** Returns these rows with all their numbers. */
    DenseRows dense();

    /**
     * Adds to {@code sums} the rows' moments for a run of columns, which are all features or all others: for each
     * column the sum of w d, then for each the sum of w d^2, then for each the sum of w, then the sum of w over all
     * rows. Here w is a row's weight, and d a number's distance from its column's shift; NaN counts in the last sum
     * only.
     *
     * @param from the first of the columns
     * @param shift the shift of each column; sparse rows take a time that grows with the number of features that are shifted
     * @param weighted whether the last number of a row is its weight
     */
    void addMoments(int from, double[] shift, boolean weighted, double[] sums);

    /** Returns a builder of rows of this form and these columns. */
    Builder builder(int capacity);

    /** Returns a builder of rows, with memory for about {@code capacity} rows at first. */
    static Builder builder(boolean sparse, int features, int others, int capacity) {
        return sparse ? new SparseRows.Builder(features, others) : new DenseRows.Builder(features, others, capacity);
    }

    /** Builds rows, number by number or from other rows. It is used by one thread. */
    sealed interface Builder extends CellRules.Features permits DenseRows.Builder, SparseRows.Builder {
        /** Begins a row of zeros, and drops a row that has not ended. */
        void begin();

        /** Sets a number of the row: features in ascending order, each at most once, or one of the others. */
        @Override
        void set(int column, double value);

        /** Sets the first numbers of the row to those in this row of the columns. */
        void set(double[][] columns, int row);

        /** Ends the row. */
        void end();

        /** Adds rows from .. to - 1 of other rows, which have the same form and columns. */
        void add(Rows rows, int from, int to);

        /**
         * Replaces indices by other numbers, in row {@code from} and those after it; NaN stays NaN.
         *
         * @param column a feature of dense rows, or one of the numbers that follow
         * @param numbers the number for each index
         */
        void recode(int from, int column, double[] numbers);

        /** Returns the number of rows. */
        int count();

        /** Returns the number of values that are stored. */
        long size();

        /** Returns the rows and empties the builder. */
        Rows take();
    }
}
