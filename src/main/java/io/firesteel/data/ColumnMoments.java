package io.firesteel.data;

import io.firesteel.compute.Kernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.model.Scaling;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * The mean and standard deviation of columns, in one pass over the rows and with the same bits on any cluster: weighted
 * sums of d and d^2 along the canonical tree, where d is the distance from the first row, so that a column far from
 * zero loses no digits.
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

    /** Returns the scaling to mean 0 and deviation 1; a constant column is only shifted. */
    public Scaling scaling() {
        return new Scaling(mean, deviation);
    }

    /**
     * Returns the moments of a run of columns that are all features or all others.
     *
     * @param near the columns' shifts: the first row's values, NaN where they are missing
     */
    static ColumnMoments of(Runner<RowBlock> blocks, boolean weighted, int from, double[] near) {
        double[] shift = DoubleStream.of(near).map(d -> Double.isNaN(d) ? 0 : d).toArray();
        if (DoubleStream.of(near).anyMatch(Double::isNaN)) {
            // A column that the first row lacks may be far from zero: the mean of a pass more is near.
            double[] mean = shiftedBy(blocks, weighted, from, shift).mean;
            Arrays.setAll(shift, i -> Double.isNaN(near[i]) && Double.isFinite(mean[i]) ? mean[i] : shift[i]);
        }
        return shiftedBy(blocks, weighted, from, shift);
    }

    private static ColumnMoments shiftedBy(Runner<RowBlock> blocks, boolean weighted, int from, double[] shift) {
        int columns = shift.length;
        double[] sums =
                blocks.sum(new Moments(weighted, from, shift), Point.NONE).sums();
        double m = sums[3 * columns];
        double[] mean = new double[columns];
        double[] deviation = new double[columns];
        double[] weight = Arrays.copyOfRange(sums, 2 * columns, 3 * columns);
        for (int i = 0; i < columns; i++) {
            if (weight[i] == 0) {
                deviation[i] = 1; // there is no mean
                continue;
            }
            double distance = sums[i] / weight[i];
            double squares = sums[columns + i] / weight[i];
            double variance = squares - distance * distance;
            mean[i] = shift[i] + distance;
            deviation[i] = variance <= ROUNDING * squares ? 1 : Math.sqrt(variance * (weight[i] / m)); // NaN stays
        }
        return new ColumnMoments(mean, deviation, weight);
    }

    /** The sums of a block, as {@link Rows#addMoments} has them. */
    private record Moments(boolean weighted, int from, double[] shift) implements Kernel.Plain<RowBlock> {
        @Override
        public int length() {
            return 3 * shift.length + 1;
        }

        @Override
        public int number(RowBlock block) {
            return block.number();
        }

        @Override
        public void add(RowBlock block, double[] sums) {
            block.rows().addMoments(from, shift, weighted, sums);
        }
    }
}
