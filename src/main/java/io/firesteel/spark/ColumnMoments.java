package io.firesteel.spark;

import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Scaling;
import io.firesteel.spark.RawBlocks.RawBlock;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.DoubleStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * The mean and standard deviation of columns, in one pass over the cluster and with the same bits on any: weighted sums
 * of d and d^2 along the canonical tree, where d is the distance from the first row, so that a column far from zero
 * loses no digits.
 *
 * <p>NaN is a missing value, which the mean of the others stands for: it adds nothing to the sums of d and d^2, but counts
 * among the rows whose deviation is measured.
 *
 * @param mean of the values that there are
 * @param deviation of all, over m, not m - 1; 1 where a column is constant
 * @param weight of the values that there are
 */
public record ColumnMoments(double[] mean, double[] deviation, double[] weight) {
    /** A variance below this part of the mean square is what rounding leaves of a constant column. */
    private static final double ROUNDING = 1e-14;

    /** The scaling to mean 0 and deviation 1; a column that is constant is only shifted. */
    public Scaling scaling() {
        return new Scaling(mean, deviation);
    }

    static ColumnMoments of(
            JavaRDD<RawBlock> blocks, int count, Packing packing, double[] firstRow, int from, int columns) {
        double[] first = Arrays.copyOfRange(firstRow, from, from + columns);
        double[] shift =
                DoubleStream.of(first).map(d -> Double.isNaN(d) ? 0 : d).toArray();
        if (DoubleStream.of(first).anyMatch(Double::isNaN)) {
            // A column that the first row lacks may be far from zero: the mean of a pass more is near.
            double[] near = of(blocks, count, packing, shift, from).mean;
            Arrays.setAll(shift, i -> Double.isNaN(first[i]) && Double.isFinite(near[i]) ? near[i] : shift[i]);
        }
        return of(blocks, count, packing, shift, from);
    }

    private static ColumnMoments of(JavaRDD<RawBlock> blocks, int count, Packing packing, double[] shift, int from) {
        int columns = shift.length;
        Sum sum = new Sum(count, shift, from, packing.width(), packing.weighted());
        SummationTree tree = new SummationTree(count, sum.length());
        BlockJob.run(blocks, sum, nodes -> nodes.offerTo(tree));
        double[] sums = tree.root();
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

    /** The sums of a task's blocks: d of each column, d^2 of each, the weight of each, and the weight of all rows. */
    private record Sum(int blocks, double[] shift, int from, int width, boolean weighted)
            implements BlockJob.Work<RawBlock, PackedNodes> {
        int length() {
            return 3 * shift.length + 1;
        }

        @Override
        public PackedNodes on(Iterator<RawBlock> run) {
            SummationTree tree = new SummationTree(blocks, length());
            int columns = shift.length;
            while (run.hasNext()) {
                RawBlock block = run.next();
                double[] sums = tree.buffer();
                Arrays.fill(sums, 0);
                for (int j = 0; j < block.rows(); j++) {
                    int at = j * width;
                    double weight = weighted ? block.values()[at + width - 1] : 1;
                    for (int i = 0; i < columns; i++) {
                        double d = block.values()[at + from + i] - shift[i];
                        if (!Double.isNaN(d)) {
                            sums[i] += weight * d;
                            sums[columns + i] += weight * d * d;
                            sums[2 * columns + i] += weight;
                        }
                    }
                    sums[3 * columns] += weight;
                }
                tree.offer(block.number(), sums);
            }
            return PackedNodes.of(tree.nodes());
        }
    }
}
