package io.firesteel.spark;

import io.firesteel.linalg.SummationTree;
import io.firesteel.model.Scaling;
import io.firesteel.spark.RawBlocks.RawBlock;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.api.java.JavaRDD;

/**
 * The mean and standard deviation of columns, in one pass over the cluster and with the same bits on any: weighted sums
 * of d and d^2 along the canonical tree, where d is the distance from the first row, so that a column far from zero
 * loses no digits.
 */
final class ColumnMoments {
    /** A variance below this part of the mean square is what rounding leaves of a constant column. */
    private static final double ROUNDING = 1e-14;

    private ColumnMoments() {}

    /** The scaling to mean 0 and deviation 1 (over m, not m - 1); a column that is constant is only shifted. */
    static Scaling of(JavaRDD<RawBlock> blocks, int count, Packing packing, double[] firstRow, int from, int columns) {
        double[] shift = Arrays.copyOfRange(firstRow, from, from + columns);
        Sum sum = new Sum(count, shift, from, packing.width(), packing.weighted());
        SummationTree tree = new SummationTree(count, sum.length());
        BlockJob.run(blocks, sum, nodes -> nodes.offerTo(tree));
        double[] sums = tree.root();
        double m = sums[2 * columns];
        if (m == 0) {
            return Scaling.none(columns); // all weights are 0: there is no mean
        }
        double[] mean = new double[columns];
        double[] deviation = new double[columns];
        for (int i = 0; i < columns; i++) {
            double distance = sums[i] / m;
            double squares = sums[columns + i] / m;
            double variance = squares - distance * distance;
            mean[i] = shift[i] + distance;
            deviation[i] = variance <= ROUNDING * squares ? 1 : Math.sqrt(variance); // NaN stays: it is refused
        }
        return new Scaling(mean, deviation);
    }

    /** The sums of a task's blocks: d of each column, d^2 of each column, and the weight. */
    private record Sum(int blocks, double[] shift, int from, int width, boolean weighted)
            implements BlockJob.Work<RawBlock, PackedNodes> {
        int length() {
            return 2 * shift.length + 1;
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
                        sums[i] += weight * d;
                        sums[columns + i] += weight * d * d;
                    }
                    sums[2 * columns] += weight;
                }
                tree.offer(block.number(), sums);
            }
            return PackedNodes.of(tree.nodes());
        }
    }
}
