package io.firesteel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.model.Scaling;
import io.firesteel.table.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Quartiles against sorted arrays, in which a row of weight 2 stands twice. */
@Tag("spark")
class ColumnQuartilesTest {
    private static final int BLOCK_ROWS = 7;

    /** Blocks of rows (x..., weight) in some number of partitions, whose blocks come in any order. */
    private static JavaRDD<RowBlock> blocks(double[][] rows, int partitions) {
        List<RowBlock> blocks = new ArrayList<>();
        for (int from = 0; from < rows.length; from += BLOCK_ROWS) {
            Rows.Builder builder = Rows.builder(false, rows[0].length - 1, 1, BLOCK_ROWS);
            for (int j = from; j < Math.min(from + BLOCK_ROWS, rows.length); j++) {
                builder.begin();
                for (int i = 0; i < rows[j].length; i++) {
                    builder.set(i, rows[j][i]);
                }
                builder.end();
            }
            blocks.add(new RowBlock(from / BLOCK_ROWS, builder.take()));
        }
        java.util.Collections.reverse(blocks);
        return new JavaSparkContext(TestSpark.session().sparkContext()).parallelize(blocks, partitions);
    }

    private static ColumnQuartiles quartiles(double[][] rows, int partitions) {
        return ColumnQuartiles.of(blocks(rows, partitions), BLOCK_ROWS, rows.length, rows[0].length - 1, true);
    }

    /** The least value at or below which lies the part q, or the mean with the next one: by counting. */
    private static double counted(double[][] rows, int i, double q) {
        double[] all = Arrays.stream(rows)
                .filter(row -> !Double.isNaN(row[i]))
                .flatMapToDouble(row -> DoubleStream.generate(() -> row[i]).limit((long) row[row.length - 1]))
                .sorted()
                .toArray();
        double place = q * all.length;
        int k = (int) Math.ceil(place);
        return place == k && k < all.length ? (all[k - 1] + all[k]) / 2 : all[k - 1];
    }

    @Test
    void quartiles_equalThoseOfSortedRows_onAnyPartitions() {
        Random random = new Random(3);
        for (int m : new int[] {1, 2, 3, 4, 8, 50, 201}) {
            double[][] rows = new double[m][];
            for (int j = 0; j < m; j++) {
                double missing = random.nextInt(4) == 0 && j > 0 ? Double.NaN : random.nextInt(5);
                rows[j] = new double[] {random.nextGaussian(), missing, 1.7e9 + j, j == 0 ? 1 : random.nextInt(3)};
            }
            ColumnQuartiles found = quartiles(rows, 1);
            for (int i = 0; i < 3; i++) {
                assertEquals(counted(rows, i, 0.25), found.low()[i], 1e-9);
                assertEquals(counted(rows, i, 0.5), found.median()[i], 1e-9);
                assertEquals(counted(rows, i, 0.75), found.high()[i], 1e-9);
            }
            assertArrayEquals(found.median(), quartiles(rows, 3).median(), "the same on other partitions");
            assertArrayEquals(found.high(), quartiles(rows, 3).high());
        }
    }

    /** Of many rows a part is looked at, evenly: here of 200,000 in order, the quartiles are right to 1 in 1,000. */
    @Test
    void quartiles_ofManyRows() {
        double[][] rows = new double[200_000][];
        for (int j = 0; j < rows.length; j++) {
            rows[j] = new double[] {j, 1};
        }
        ColumnQuartiles found = quartiles(rows, 2);
        assertEquals(50_000, found.low()[0], 200);
        assertEquals(100_000, found.median()[0], 200);
        assertEquals(150_000, found.high()[0], 200);
    }

    @Test
    void scaling_ofEveryKindOfColumn() {
        double[][] rows = {
            // spread, mostly zero, constant, missing, weight
            {10, 0, 7, Double.NaN, 1},
            {20, 0, 7, Double.NaN, 1},
            {30, 0, 7, Double.NaN, 1},
            {30, 0, 7, Double.NaN, 1},
            {30, 0, 7, Double.NaN, 3},
            {40, 0, 7, Double.NaN, 2},
            {40, -8, 7, Double.NaN, 1},
            {1e306, 4, 7, Double.NaN, 1},
            {40, 500, 7, Double.NaN, 1},
            {-5, 99, 9, 3, 0} // of weight 0: nobody
        };
        Scaling scaling = quartiles(rows, 1).scaling();
        assertArrayEquals(new double[] {30, 0, 7, 0}, scaling.mean());
        assertArrayEquals(new double[] {10, 8, 1, 1}, scaling.deviation());
        assertEquals(3, scaling.clip());
        assertEquals(2 / Math.sqrt(1 + 4.0 / 9), scaling.scale(0, 50), 1e-15);
        assertEquals(-0.5 / Math.sqrt(1 + 0.25 / 9), scaling.scale(0, 25), 1e-15);
        assertEquals(3, scaling.scale(0, 1e306));
        assertEquals(-3, scaling.scale(0, -Double.MAX_VALUE));
        assertTrue(Double.isNaN(scaling.scale(0, Double.NaN)));
        for (double u = 1e7; u < 1e10; u *= 1.1) { // where one formula follows the other
            assertEquals(3, scaling.scale(2, 7 + u), 1e-12);
        }
    }

    @Test
    void knots_areTheCommonValue_andQuantilesOfTheOthers() {
        List<double[]> rows = new ArrayList<>();
        for (int j = 0; j < 500; j++) {
            double gain = j < 400 ? 0 : 100 + (j - 400); // 100 others: 100 .. 199
            double flag = j < 450 ? 0 : 1;
            double price = j; // no common value
            double loss = j < 400 ? 5 : j < 440 ? -1 : 9;
            rows.add(new double[] {gain, flag, price, loss, 1});
        }
        ColumnQuartiles quartiles = quartiles(rows.toArray(double[][]::new), 3);
        Scaling scaling = quartiles.scaling();
        List<List<Double>> knots = quartiles.knots(5, scaling, i -> true);
        // at most five pieces: the common value, and five quantiles, the ends among them
        double[] expected = DoubleStream.of(0, 100, 124.5, 149.5, 174.5, 199)
                .map(raw -> scaling.scale(0, raw))
                .toArray();
        assertArrayEquals(expected, numbers(knots.get(0)), 1e-12);
        assertEquals(List.of(), knots.get(1), "two values are told apart by the number itself");
        assertEquals(List.of(), knots.get(2));
        double[] few =
                DoubleStream.of(-1, 5, 9).map(raw -> scaling.scale(3, raw)).toArray();
        assertArrayEquals(few, numbers(knots.get(3)), 1e-12);
    }

    @Test
    void knots_ofManyFeatures_areFewer_andNearOnesAreOne() {
        Random random = new Random(3);
        double[][] rows = new double[400][101];
        for (double[] row : rows) {
            for (int i = 0; i < 100; i++) {
                row[i] = random.nextInt(8) == 0 ? random.nextInt(1000) : 0;
            }
            row[0] = row[0] == 0 ? 0 : row[0] < 500 ? 1000 + row[0] * 1e-9 : 2000; // one value, but for the last digits
            row[100] = 1;
        }
        ColumnQuartiles quartiles = quartiles(rows, 2);
        List<List<Double>> knots = quartiles.knots(64, quartiles.scaling(), i -> true);
        assertEquals(3, knots.get(0).size(), "0, 1000 and 2000");
        for (List<Double> some : knots.subList(1, 100)) {
            assertEquals(1 + 256 / 100, some.size(), "of 256 pieces in all");
        }
        List<List<Double>> ofTwo = quartiles.knots(64, quartiles.scaling(), i -> i == 3 || i == 5);
        assertEquals(List.of(), ofTwo.get(4), "no number");
        assertTrue(ofTwo.get(5).size() > 30, "of fewer, each has more");
        assertTrue(quartiles.knots(1, quartiles.scaling(), i -> true).stream().allMatch(List::isEmpty));
    }

    @Test
    void knots_ofCodes_areTheCodes_unlessTheseAreMany() {
        Random random = new Random(4);
        double[][] rows = new double[1950][7];
        for (int j = 0; j < rows.length; j++) {
            double shop = 100 + 3 * (j % 30);
            double half = j % 30 / 2.0;
            double age = j % 65; // one more than codes have
            double month = 1 + j % 12;
            double shelf = j % 64;
            double flag = j % 2;
            rows[j] = new double[] {shop, half, age, month, shelf, flag, 1};
        }
        ColumnQuartiles quartiles = quartiles(rows, 2);
        Scaling scaling = quartiles.scaling();
        List<List<Double>> knots = quartiles.knots(64, scaling, i -> true);
        double[] shops = IntStream.range(0, 30)
                .mapToDouble(k -> scaling.scale(0, 100 + 3 * k))
                .toArray();
        assertArrayEquals(shops, numbers(knots.get(0)), 0);
        assertEquals(List.of(), knots.get(1), "fractions are no codes");
        assertEquals(List.of(), knots.get(2), "too many");
        assertEquals(12, knots.get(3).size());
        assertEquals(64, knots.get(4).size());
        assertEquals(List.of(), knots.get(5), "two values are told apart by the number itself");
        List<List<Double>> few = quartiles.knots(8, scaling, i -> i == 0);
        assertEquals(8, few.get(0).size(), "quantiles");

        ColumnQuartiles ofFewer = quartiles(Arrays.copyOf(rows, 239), 2);
        List<List<Double>> less = ofFewer.knots(64, ofFewer.scaling(), i -> true);
        assertEquals(List.of(), less.get(0), "less than 8 rows for each of 30 codes");
        assertEquals(12, less.get(3).size());

        double[][] letters = new double[600][11];
        for (double[] row : letters) {
            for (int i = 0; i < 10; i++) {
                row[i] = random.nextInt(13); // 130 values together
            }
            row[10] = 1;
        }
        ColumnQuartiles ofLetters = quartiles(letters, 2);
        assertTrue(ofLetters.knots(64, ofLetters.scaling(), i -> true).stream().allMatch(List::isEmpty));
        List<List<Double>> ofNine = ofLetters.knots(64, ofLetters.scaling(), i -> i < 9);
        assertEquals(13, ofNine.get(8).size(), "117 values together");
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(value -> value).toArray();
    }
}
