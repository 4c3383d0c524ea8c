package io.firesteel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.compute.LocalRunner;
import io.firesteel.table.Rows;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Moments against two passes in numbers of fifty digits. */
final class ColumnMomentsTest {
    private static final MathContext DIGITS = new MathContext(50);
    private static final int BLOCK = 64;

    /** Row 0 is 0, the others Unix seconds; row 0 is held out, or has the weight 0, or counts. */
    @Test
    void timesBehindAFirstRowOfZero_keepTheirDeviation() {
        Random random = new Random(1);
        double[][] rows = new double[1000][];
        for (int j = 0; j < rows.length; j++) {
            rows[j] =
                    new double[] {j == 0 ? 0 : 1.7e9 + 50 * random.nextGaussian(), random.nextGaussian(), j == 0 ? 0 : 1
                    };
        }
        for (boolean sparse : new boolean[] {false, true}) {
            check(rows, 2, true, sparse, first(rows[0], 2));
            check(List.of(rows).subList(1, rows.length).toArray(double[][]::new), 2, true, sparse, first(rows[0], 2));
            check(rows, 2, false, sparse, first(rows[0], 2));
        }
    }

    /** Magnitudes from 1e-100 to 1e140, constants, missing numbers and zeros, weights from 1e-9 to 1e9, any first row. */
    @Test
    void anyNumbers_haveTheMomentsOfTwoPasses() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int features = 1 + random.nextInt(5);
            double[][] rows = new double[1 + random.nextInt(400)][features + 1];
            double[] near = new double[features];
            for (int i = 0; i < features; i++) {
                double centre =
                        random.nextInt(3) == 0 ? 0 : random.nextGaussian() * Math.pow(10, random.nextInt(220) - 80);
                double width = random.nextInt(5) == 0
                        ? 0
                        : Math.max(Math.abs(centre) * 1e-9, Math.pow(10, random.nextInt(220) - 80));
                double zeros = random.nextInt(3) == 0 ? random.nextDouble() : 0;
                double missing = random.nextInt(4) == 0 ? 0.2 : 0;
                for (double[] row : rows) {
                    row[i] = random.nextDouble() < zeros ? 0 : centre + width * random.nextGaussian();
                    row[i] = random.nextDouble() < missing ? Double.NaN : row[i];
                }
                near[i] = switch (random.nextInt(5)) {
                    case 0 -> 0;
                    case 1 -> Double.NaN;
                    case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(300) - 100);
                    default -> rows[0][i];
                };
            }
            for (double[] row : rows) {
                row[features] = random.nextInt(10) == 0 ? 0 : Math.pow(10, random.nextInt(18) - 9);
            }
            check(rows, features, random.nextBoolean(), false, near);
            check(rows, features, random.nextBoolean(), true, new double[features]);
        }
    }

    private static double[] first(double[] row, int features) {
        return java.util.Arrays.copyOf(row, features);
    }

    private static void check(double[][] rows, int features, boolean weighted, boolean sparse, double[] near) {
        ColumnMoments one = moments(rows, features, weighted, sparse, near, 1);
        ColumnMoments four = moments(rows, features, weighted, sparse, near, 4);
        assertArrayEquals(one.mean(), four.mean());
        assertArrayEquals(one.deviation(), four.deviation());
        for (int i = 0; i < features; i++) {
            check(rows, i, weighted ? features : -1, one.mean()[i], one.deviation()[i]);
        }
    }

    private static ColumnMoments moments(
            double[][] rows, int features, boolean weighted, boolean sparse, double[] near, int threads) {
        List<RowBlock> blocks = new ArrayList<>();
        for (int start = 0; start < rows.length; start += BLOCK) {
            Rows.Builder builder = Rows.builder(sparse, features, 1, BLOCK);
            for (int j = start; j < Math.min(start + BLOCK, rows.length); j++) {
                builder.begin();
                for (int i = 0; i <= features; i++) {
                    builder.set(i, rows[j][i]);
                }
                builder.end();
            }
            blocks.add(new RowBlock(blocks.size(), builder.take()));
        }
        try (LocalRunner<RowBlock> runner = new LocalRunner<>(blocks, BLOCK, threads)) {
            return ColumnMoments.of(runner, weighted, 0, near);
        }
    }

    private static void check(double[][] rows, int i, int weightAt, double mean, double deviation) {
        BigDecimal weights = BigDecimal.ZERO;
        BigDecimal present = BigDecimal.ZERO;
        BigDecimal sum = BigDecimal.ZERO;
        for (double[] row : rows) {
            BigDecimal weight = weightAt < 0 ? BigDecimal.ONE : new BigDecimal(row[weightAt]);
            weights = weights.add(weight);
            if (!Double.isNaN(row[i])) {
                present = present.add(weight);
                sum = sum.add(weight.multiply(new BigDecimal(row[i])));
            }
        }
        if (present.signum() == 0) {
            assertEquals(1, deviation);
            return;
        }
        BigDecimal expectedMean = sum.divide(present, DIGITS);
        BigDecimal squares = BigDecimal.ZERO;
        double spread = 0;
        for (double[] row : rows) {
            BigDecimal weight = weightAt < 0 ? BigDecimal.ONE : new BigDecimal(row[weightAt]);
            if (!Double.isNaN(row[i])) {
                BigDecimal d = new BigDecimal(row[i]).subtract(expectedMean, DIGITS);
                squares = squares.add(weight.multiply(d.multiply(d, DIGITS), DIGITS), DIGITS);
                spread = Math.max(spread, weight.signum() == 0 ? 0 : Math.abs(d.doubleValue()));
            }
        }
        double expected = Math.sqrt(squares.divide(weights, DIGITS).doubleValue());
        double size = Math.max(Math.abs(expectedMean.doubleValue()), spread);
        assertEquals(expectedMean.doubleValue(), mean, 1e-12 * size, "mean");
        if (spread <= 4 * Math.ulp(expectedMean.doubleValue())) {
            assertEquals(1, deviation, "deviation of a constant");
        } else {
            assertEquals(expected, deviation, 1e-12 * expected, "deviation");
        }
    }
}
