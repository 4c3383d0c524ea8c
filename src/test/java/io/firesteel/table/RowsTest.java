package io.firesteel.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dense and sparse rows hold the same numbers, however they are put together. */
class RowsTest {
    private static final int ROWS = 400;
    private static final int FEATURES = 7;
    private static final int OTHERS = 2;
    private static final int WIDTH = FEATURES + OTHERS;

    /** Row after row: half of the features are 0, one row has none, a -0.0; then a target and a weight. */
    private static double[] numbers() {
        Random random = new Random(1);
        double[] numbers = new double[ROWS * WIDTH];
        for (int k = 0; k < numbers.length; k++) {
            boolean zero = k % WIDTH < FEATURES && (k / WIDTH == 3 || random.nextBoolean());
            numbers[k] = zero ? 0 : random.nextGaussian();
        }
        numbers[5] = -0.0;
        return numbers;
    }

    private static Rows rows(boolean sparse) {
        double[] numbers = numbers();
        Rows.Builder builder = Rows.builder(sparse, FEATURES, OTHERS, 4);
        for (int j = 0; j < ROWS; j++) {
            builder.begin();
            builder.set(2, 99);
            builder.set(FEATURES, 99); // a row that does not end, as after a bad cell
            builder.begin();
            for (int i = 0; i < WIDTH; i++) {
                builder.set(i, numbers[j * WIDTH + i]);
            }
            builder.end();
        }
        assertEquals(ROWS, builder.count());
        return builder.take();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void builder_keepsEveryNumber(boolean sparse) {
        Rows rows = rows(sparse);
        assertEquals(ROWS, rows.count());
        assertArrayEquals(numbers(), rows.dense().values());
        assertEquals(numbers()[5 * WIDTH + FEATURES + 1], rows.other(5, 1));
        long filled = 0;
        for (int k = 0; k < ROWS * WIDTH; k++) {
            filled += k % WIDTH < FEATURES && (numbers()[k] != 0 || k == 5) ? 1 : 0;
        }
        assertEquals(sparse ? filled : ROWS * FEATURES, rows.filled());
    }

    /** As rows are cut into pieces and these put into blocks; a builder that was used is as good as new. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void builder_ofPieces(boolean sparse) {
        Rows rows = rows(sparse);
        Rows.Builder pieces = rows.builder(3);
        Rows.Builder whole = rows.builder(ROWS);
        for (int j = 0; j < ROWS; j++) {
            pieces.add(rows, j, j + 1);
            if (j % 17 == 0 || j == ROWS - 1) {
                Rows piece = pieces.take();
                assertEquals(0, pieces.count());
                whole.add(piece, 0, piece.count() / 2);
                whole.add(piece, piece.count() / 2, piece.count());
            }
        }
        double[] expected = numbers();
        assertArrayEquals(expected, whole.take().dense().values());
        assertEquals(0, pieces.take().count());
    }

    /** Rows that come as columns, and whose last number but one is an index. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void builder_ofColumns_recodes(boolean sparse) {
        double[][] columns = {{1, 0, 3}, {-0.0, 5, 6}};
        Rows.Builder builder = Rows.builder(sparse, 2, 2, 1);
        for (int row : new int[] {2, 0, 1}) {
            builder.begin();
            builder.set(columns, row);
            builder.set(2, row);
            builder.set(3, 0.5);
            builder.end();
        }
        builder.recode(1, 2, new double[] {30, 10, 20}); // not the first row
        assertArrayEquals(
                new double[] {3, 6, 2, 0.5, 1, -0.0, 30, 0.5, 0, 5, 10, 0.5},
                builder.take().dense().values());
    }

    @Test
    void recode_ofACategory_leavesWhatIsMissing() {
        Rows.Builder builder = Rows.builder(false, 1, 0, 1);
        for (double index : new double[] {1, Double.NaN, 0}) {
            builder.begin();
            builder.set(0, index);
            builder.end();
        }
        builder.recode(0, 0, new double[] {8, 9});
        assertArrayEquals(
                new double[] {9, Double.NaN, 8}, builder.take().dense().values());
    }

    @Test
    void addMoments_ofSparseRows_equalsThatOfDense() {
        for (boolean weighted : new boolean[] {false, true}) {
            double[] dense = new double[3 * FEATURES + 1];
            double[] sparse = new double[3 * FEATURES + 1];
            rows(false).addMoments(0, new double[FEATURES], weighted, dense);
            rows(true).addMoments(0, new double[FEATURES], weighted, sparse);
            assertArrayEquals(dense, sparse); // to add 0 changes nothing
            dense = new double[4];
            sparse = new double[4];
            rows(false).addMoments(FEATURES, new double[] {0.25}, weighted, dense);
            rows(true).addMoments(FEATURES, new double[] {0.25}, weighted, sparse);
            assertArrayEquals(dense, sparse);
        }
    }

    /** Of the features 0, 2, 0 and of NaN, 4, 0, with the weights 3 and 0.5. */
    @Test
    void missingNumbers_countAmongTheRowsOnly() {
        for (boolean sparse : new boolean[] {false, true}) {
            Rows.Builder builder = Rows.builder(sparse, 3, 1, 2);
            for (double[] row : new double[][] {{0, 2, 0, 3}, {Double.NaN, 4, 0, 0.5}}) {
                builder.begin();
                for (int i = 0; i < row.length; i++) {
                    builder.set(i, row[i]);
                }
                builder.end();
            }
            Rows rows = builder.take();
            double[] sums = new double[10];
            rows.addMoments(0, new double[3], true, sums);
            assertArrayEquals(new double[] {0, 8, 0, 0, 20, 0, 3, 3.5, 3.5, 3.5}, sums);
        }
    }
}
