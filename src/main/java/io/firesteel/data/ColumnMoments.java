package io.firesteel.data;

import io.firesteel.compute.Kernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.model.Scaling;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The mean and standard deviation of columns, with the same bits on any cluster: weighted sums of d and d^2 along the
 * canonical tree, where d is the distance from the first row, so that a column far from zero loses no digits.
 *
 * <p>One pass over the rows is enough unless the first row lies far from the others of a column, which may be since the
 * first row of the table need not be one of the selected rows: the difference of two large numbers then loses the variance.
 * The sums themselves tell this. Two more passes mend it: the first finds the mean from plain sums, the second the
 * distances from this mean.
 *
 * <p>NaN is a missing value, which is replaced by the mean of the others: it adds nothing to the sums of d and d^2, but
 * its row counts in the deviation.
 *
 * @param mean the mean of the values that are not missing
 * @param deviation the deviation of all values, divided by m, not m - 1; 1 where a column is constant
 * @param weight the total weight of the values that are not missing
 */
public record ColumnMoments(double[] mean, double[] deviation, double[] weight) {
    /** A variance below this part of the mean square is what rounding leaves of a constant column. */
    private static final double ROUNDING = 1e-14;

    /** The same of distances from a constant column's rounded mean, which are all one tiny number. */
    private static final double ROUNDING_OF_MEAN = 1e-10;

    /** With a variance below this part of the mean square, more than two digits are lost. */
    private static final double FAR = 1e-2;

    /** Returns the scaling to mean 0 and deviation 1; a constant column is only shifted. */
    public Scaling scaling() {
        return new Scaling(mean, deviation);
    }

    /**
     * Returns the moments of a run of columns that are all features or all others.
     *
     * @param near the columns' shifts at first: the first row's values, NaN where they are missing; 0 where rows are sparse
     */
    static ColumnMoments of(Runner<RowBlock> blocks, boolean weighted, int from, double[] near) {
        double[] shift = DoubleStream.of(near).map(d -> Double.isNaN(d) ? 0 : d).toArray();
        Sums sums = Sums.of(blocks, weighted, from, shift);
        boolean[] isFar = new boolean[near.length];
        boolean moves = false; // whether the shift of a column that is far is not 0 already
        boolean anyFar = false;
        for (int i = 0; i < near.length; i++) {
            isFar[i] = Double.isNaN(near[i]) || sums.areFar(i);
            anyFar |= isFar[i];
            moves |= isFar[i] && shift[i] != 0;
        }
        if (!anyFar) {
            return sums.moments(isFar);
        }
        if (moves) {
            sums = Sums.of(blocks, weighted, from, moved(shift, isFar, new double[near.length]));
        }
        double[] mean = sums.moments(isFar).mean;
        return Sums.of(blocks, weighted, from, moved(shift, isFar, mean)).moments(isFar);
    }

    /** Returns the shifts with those of some columns replaced, as far as these are finite. */
    private static double[] moved(double[] shift, boolean[] which, double[] to) {
        double[] moved = shift.clone();
        for (int i = 0; i < moved.length; i++) {
            if (which[i]) {
                moved[i] = Double.isFinite(to[i]) ? to[i] : 0;
            }
        }
        return moved;
    }

    /**
     * The sums of a pass over the rows.
     *
     * @param shift of each column
     * @param all as {@code Rows.addMoments} has them
     */
    private record Sums(double[] shift, double[] all) {
        static Sums of(Runner<RowBlock> blocks, boolean weighted, int from, double[] shift) {
            return new Sums(
                    shift,
                    blocks.sum(new Moments(weighted, from, shift), Point.NONE)
                            .sums()
                            .clone());
        }

        private double weight(int i) {
            return all[2 * shift.length + i];
        }

        private double distance(int i) {
            return all[i] / weight(i);
        }

        private double squares(int i) {
            return all[shift.length + i] / weight(i);
        }

        private double variance(int i) {
            return squares(i) - distance(i) * distance(i);
        }

        /** Returns whether a column's values are far from its shift, compared with how far they are from each other. */
        boolean areFar(int i) {
            boolean tells = Double.isFinite(squares(i)) && variance(i) >= FAR * squares(i);
            return weight(i) != 0 && squares(i) != 0 && !tells;
        }

        /**
         * Returns the moments.
         *
         * @param centred which columns' shifts are their means
         */
        ColumnMoments moments(boolean[] centred) {
            int columns = shift.length;
            double m = all[3 * columns];
            double[] mean = new double[columns];
            double[] deviation = new double[columns];
            for (int i = 0; i < columns; i++) {
                if (weight(i) == 0) {
                    deviation[i] = 1; // there is no mean
                    continue;
                }
                double variance = variance(i);
                mean[i] = shift[i] + distance(i);
                boolean isConstant = Double.isFinite(squares(i))
                        && variance <= (centred[i] ? ROUNDING_OF_MEAN : ROUNDING) * squares(i);
                deviation[i] = isConstant ? 1 : Math.sqrt(variance * (weight(i) / m)); // NaN and infinity stay
            }
            return new ColumnMoments(mean, deviation, Arrays.copyOfRange(all, 2 * columns, 3 * columns));
        }
    }

    /** The sums of a block, as {@code Rows.addMoments} has them. */
    private record Moments(boolean weighted, int from, double[] shift) implements Kernel.Plain<RowBlock> {
        @Override
        public String purpose() {
            return "means and deviations";
        }

        @Override
        public int length() {
            return 3 * shift.length + 1;
        }

        @Override
        public void add(RowBlock block, double[] sums) {
            block.rows().addMoments(from, shift, weighted, sums);
        }
    }
}
