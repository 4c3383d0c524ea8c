package io.firesteel.data;

import io.firesteel.model.Scaling;
import io.firesteel.table.DenseRows;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;

/**
 * The quartiles of features, with the same bits on any cluster: of all rows, or where these are many, of rows at equal
 * distances in the order of the blocks, which depends on the data alone. Rows of weight 0 do not count, and NaN is a missing
 * value.
 *
 * <p>The quartile q is the least value that has at least the part q of the total weight at or below it; where it has exactly
 * this part, the mean of it and the next value. So a row of weight 2 counts as two rows.
 *
 * @param low the first quartile of each feature; NaN for one without values
 * @param median the second quartile
 * @param high the third quartile
 * @param ends the distribution of the values at which pieces may end: where the quartiles are equal, so that most values are the median,
 *     of all other values; where the values may be codes, of all values; null for another feature
 */
record ColumnQuartiles(double[] low, double[] median, double[] high, Distribution[] ends) {
    /** The number of rows that quartiles are taken of at most: their error is then 0.2 % of the rows. */
    private static final int MOST_ROWS = 1 << 16;

    /** The number of values that the driver holds for them at most. */
    private static final int MOST_VALUES = 1 << 25;

    /** The limit of the scaled values: Holzmueller et al. 2024. */
    private static final double CLIP = 3;

    /** The maximum number of pieces of all features together. */
    private static final int MOST_PIECES = 256;

    /** A feature with at most this many different values, all of them whole numbers, may hold codes, such as the numbers of shops. */
    private static final int MOST_CODES = 64;

    /** Values that may be codes have at least this many rows each, on average: from fewer a network hardly learns what a code means. */
    private static final int ROWS_OF_A_CODE = 8;

    /** Features that may hold codes have no pieces if they have more values than this together: so many are more likely to be counts. */
    private static final int MOST_CODES_OF_ALL = 128;

    /** The least distance of two knots of scaled values: nearer ones become one, for single precision would hardly tell them apart. */
    private static final double NEAREST = 1e-5;

    /** Fewer rows than these are taken of no table, however many features it has. */
    private static final int LEAST_ROWS = 1 << 10;

    /**
     * Returns the quartiles of the features of dense rows.
     *
     * @param blocks of {@code blockRows} rows each, but for the last one
     * @param rows the number of rows
     * @param weighted whether the last number of a row is its weight
     */
    static ColumnQuartiles of(JavaRDD<RowBlock> blocks, int blockRows, long rows, int features, boolean weighted) {
        long most = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, MOST_VALUES / (features + 1)));
        long every = (rows + most - 1) / most;
        List<Sample> samples = blocks.map(block -> Sample.of(block, blockRows, every, features, weighted))
                .collect();
        ColumnQuartiles result = new ColumnQuartiles(
                new double[features], new double[features], new double[features], new Distribution[features]);
        List<Sample> inOrder =
                samples.stream().sorted(Comparator.comparingInt(Sample::block)).toList();
        IntStream.range(0, features).parallel().forEach(i -> result.set(i, inOrder));
        return result;
    }

    /**
     * Some rows of a block.
     *
     * @param values column after column
     * @param weights of the rows
     */
    private record Sample(int block, double[][] values, double[] weights) implements Serializable {
        static Sample of(RowBlock block, int blockRows, long every, int features, boolean weighted) {
            DenseRows rows = block.rows().dense();
            long before = (long) block.number() * blockRows; // rows in the blocks before
            int[] chosen = IntStream.range(0, rows.count())
                    .filter(j -> (before + j) % every == 0)
                    .toArray();
            double[][] values = new double[features][chosen.length];
            double[] weights = new double[chosen.length];
            for (int k = 0; k < chosen.length; k++) {
                int at = chosen[k] * rows.width();
                for (int i = 0; i < features; i++) {
                    values[i][k] = rows.values()[at + i];
                }
                weights[k] = weighted ? rows.values()[at + rows.width() - 1] : 1;
            }
            return new Sample(block.number(), values, weights);
        }
    }

    private void set(int i, List<Sample> samples) {
        int count = samples.stream().mapToInt(sample -> sample.weights.length).sum();
        double[] values = new double[count];
        double[] weights = new double[count];
        int n = 0;
        for (Sample sample : samples) {
            for (int k = 0; k < sample.weights.length; k++) {
                if (sample.weights[k] > 0 && !Double.isNaN(sample.values[i][k])) {
                    values[n] = sample.values[i][k] + 0.0; // -0.0 is 0.0
                    weights[n++] = sample.weights[k];
                }
            }
        }
        Distribution all = Distribution.of(values, weights, n, Double.NaN);
        low[i] = all.quantile(0.25);
        median[i] = all.quantile(0.5);
        high[i] = all.quantile(0.75);
        if (isMostlyOne(i)) {
            ends[i] = Distribution.of(values, weights, n, median[i]);
        } else if (all.mayBeCodes(n)) {
            ends[i] = all;
        }
    }

    /** Returns whether the quartiles are equal, so that most values are the median, or whether there are no values. */
    private boolean isMostlyOne(int i) {
        return !(high[i] > low[i]);
    }

    /**
     * A distribution.
     *
     * @param values distinct, ascending
     * @param upTo the total weight of the values up to each one
     */
    record Distribution(double[] values, double[] upTo) {
        /** Returns the distribution of the first n values, each with its weight, but for those that are {@code without}. */
        static Distribution of(double[] values, double[] weights, int n, double without) {
            double[] sorted = Arrays.stream(values, 0, n)
                    .filter(value -> value != without)
                    .sorted()
                    .distinct()
                    .toArray();
            double[] upTo = new double[sorted.length];
            for (int k = 0; k < n; k++) {
                if (values[k] != without) {
                    upTo[Arrays.binarySearch(sorted, values[k])] += weights[k];
                }
            }
            return ofWeights(sorted, upTo);
        }

        /** Returns the distribution of values with these weights, which are added up one after the other: the same bits on any machine. */
        private static Distribution ofWeights(double[] values, double[] weights) {
            for (int k = 1; k < weights.length; k++) {
                weights[k] += weights[k - 1];
            }
            return new Distribution(values, weights);
        }

        /** Returns whether there are three values or more, few and whole, with enough rows. */
        boolean mayBeCodes(int rows) {
            return values.length > 2
                    && values.length <= Math.min(MOST_CODES, rows / ROWS_OF_A_CODE)
                    && Arrays.stream(values).allMatch(value -> value == Math.rint(value));
        }

        /** Returns the least value that has the part q of the weight up to it; NaN where there are no values. */
        double quantile(double q) {
            if (values.length == 0) {
                return Double.NaN;
            }
            double part = q * upTo[upTo.length - 1];
            int k = 0;
            while (k < upTo.length - 1 && upTo[k] < part) {
                k++;
            }
            return upTo[k] == part && k < upTo.length - 1 ? values[k] / 2 + values[k + 1] / 2 : values[k];
        }

        /** Returns the median distance from a center. */
        double distance(double center) {
            int[] byDistance = IntStream.range(0, values.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(k -> Math.abs(values[k] - center)))
                    .mapToInt(k -> k)
                    .toArray();
            double[] distances = Arrays.stream(byDistance)
                    .mapToDouble(k -> Math.abs(values[k] - center))
                    .toArray();
            double[] weights = Arrays.stream(byDistance)
                    .mapToDouble(k -> k == 0 ? upTo[0] : upTo[k] - upTo[k - 1])
                    .toArray();
            return ofWeights(distances, weights).quantile(0.5);
        }
    }

    /**
     * Returns the robust scaling of Holzmueller et al. 2024: to median 0 and a distance of 1 between the quartiles, limited to
     * sizes below 3. Where most values are one, so that the quartiles are equal, the median distance of the others becomes 1; the
     * source divides by half the range there, which one far value decides. A constant feature is only shifted, and one without
     * values not changed.
     */
    Scaling scaling() {
        double[] center = new double[median.length];
        double[] distance = new double[median.length];
        for (int i = 0; i < center.length; i++) {
            boolean hasValues = !Double.isNaN(median[i]);
            center[i] = hasValues ? median[i] : 0;
            double d = isMostlyOne(i) ? ends[i].distance(median[i]) : high[i] - low[i];
            distance[i] = d > 0 ? d : 1;
        }
        return new Scaling(center, distance, CLIP);
    }

    /**
     * Returns the knots of two kinds of numbers. Where the quartiles are equal, they are the common value, and quantiles of all other
     * values, so that a network can tell the few rows that differ apart. Where the values may be codes, they are the values, or
     * quantiles of them where these are too many, so that it can learn a number for each code. The more such features there are, the
     * fewer knots each has.
     *
     * @param most the maximum number of pieces between the knots of a feature
     * @param scaling of the features
     * @param isNumber which features are numbers
     * @return of each feature, scaled and ascending; none of a feature that has fewer than three, which are as good as itself
     */
    List<List<Double>> knots(int most, Scaling scaling, IntPredicate isNumber) {
        IntPredicate hasCodes = i -> isNumber.test(i) && ends[i] != null && !isMostlyOne(i);
        int codes = IntStream.range(0, ends.length)
                .filter(hasCodes)
                .map(i -> ends[i].values.length)
                .sum();
        IntPredicate hasKnots = i -> hasCodes.test(i)
                ? codes <= MOST_CODES_OF_ALL
                : isNumber.test(i) && ends[i] != null && ends[i].values.length > 1;
        int features = (int) IntStream.range(0, ends.length).filter(hasKnots).count();
        int count = Math.min(most, MOST_PIECES / Math.max(1, features));
        return IntStream.range(0, ends.length)
                .mapToObj(i -> hasKnots.test(i) ? knots(i, count, scaling) : List.<Double>of())
                .toList();
    }

    private List<Double> knots(int i, int count, Scaling scaling) {
        double[] values = ends[i].values;
        DoubleStream chosen = values.length <= count
                ? Arrays.stream(values)
                : IntStream.range(0, count).mapToDouble(t -> ends[i].quantile((double) t / Math.max(1, count - 1)));
        chosen = chosen.map(raw -> scaling.scale(i, raw));
        if (isMostlyOne(i)) {
            double common = scaling.scale(i, median[i]);
            DoubleStream others = chosen.map(knot -> Math.abs(knot - common) > NEAREST ? knot : common);
            chosen = DoubleStream.concat(DoubleStream.of(common), others);
        }
        double[] ascending = chosen.sorted().toArray();
        List<Double> knots = new ArrayList<>();
        for (double knot : ascending) {
            if (knots.isEmpty() || knot - knots.get(knots.size() - 1) > NEAREST) {
                knots.add(knot);
            }
        }
        return knots.size() < 3 ? List.of() : knots;
    }
}
