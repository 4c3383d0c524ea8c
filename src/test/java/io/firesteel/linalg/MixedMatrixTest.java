package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the dense matrix of the same elements. */
class MixedMatrixTest {
    private static final int ROWS = 6;
    private static final int COLS = 5;

    /** Rows 1 and 4 are numbers; rows 0, rows 2 and 3, and row 5 are categories, of which column 2 has none. */
    private static MixedMatrix example(Precision precision) {
        Matrix dense = Matrices.of(precision, new double[][] {{0.5, -1, 2, 0, 3}, {4, 0.25, -0.1, 7, -2}});
        SparseMatrix sparse =
                precision.sparse(ROWS, new int[] {0, 2, 5, 5, 6, 8}, new int[] {0, 3, 0, 2, 5, 3, 2, 5}, new double[] {
                    1, 1, 1, 1, 1, 1, 1, 1
                });
        return new MixedMatrix(new int[] {1, 4}, dense, sparse);
    }

    private static Matrix filled(AnyMatrix x) {
        Matrix dense = x.precision().zeros(x.rows(), x.cols());
        for (int j = 0; j < x.cols(); j++) {
            for (int i = 0; i < x.rows(); i++) {
                dense.set(i, j, x.get(i, j));
            }
        }
        return dense;
    }

    private static Matrix random(Precision precision, int rows, int cols, long seed) {
        Matrix matrix = precision.zeros(rows * cols + 7, 1).view(5, rows, cols); // so that a forgotten offset shows
        Random random = new Random(seed);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < rows; i++) {
                matrix.set(i, j, random.nextGaussian());
            }
        }
        return matrix;
    }

    private static void assertSame(AnyMatrix expected, AnyMatrix actual, double tolerance) {
        assertEquals(expected.rows(), actual.rows());
        assertEquals(expected.cols(), actual.cols());
        for (int j = 0; j < expected.cols(); j++) {
            for (int i = 0; i < expected.rows(); i++) {
                assertEquals(expected.get(i, j), actual.get(i, j), tolerance, "(" + i + ", " + j + ")");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void get_ofBothParts(Precision precision) {
        MixedMatrix x = example(precision);
        assertSame(
                Matrices.of(precision, new double[][] {
                    {1, 1, 0, 0, 0},
                    {0.5, -1, 2, 0, 3},
                    {0, 1, 0, 0, 1},
                    {1, 0, 0, 1, 0},
                    {4, 0.25, -0.1, 7, -2},
                    {0, 1, 0, 0, 1}
                }),
                x,
                0);
        assertEquals("6 x 5 " + precision + " with 2 dense rows and 8 entries", x.toString());
        assertEquals(2 * 4 + 10 * precision.bytes() + 6 * 4 + 8 * (4 + precision.bytes()), x.bytes());
    }

    @ParameterizedTest
    @EnumSource
    void products_equalThoseOfTheDenseMatrix(Precision precision) {
        double tolerance = precision == Precision.DOUBLE ? 1e-14 : 1e-5;
        MixedMatrix x = example(precision);
        Matrix dense = filled(x);
        MixedMatrix.Scratch scratch = new MixedMatrix.Scratch();
        for (int n = 1; n < 70; n++) {
            Matrix w = random(precision, n, ROWS, n);
            Matrix expected = random(precision, n, COLS, n + 100);
            Matrix z = random(precision, n, COLS, n + 100);
            expected.addProduct(w, dense);
            z.addProduct(w, x, scratch);
            assertSame(expected, z, tolerance);

            Matrix dz = random(precision, n, COLS, n + 200);
            Matrix expectedDw = precision.zeros(n, ROWS);
            expectedDw.setProductTransposed(dz, dense);
            Matrix dw = random(precision, n, ROWS, 1); // what was there must not count
            dw.setProductTransposed(dz, x, scratch);
            assertSame(expectedDw, dw, tolerance);
        }
    }

    @ParameterizedTest
    @EnumSource
    void products_ofCategoriesAlone(Precision precision) {
        MixedMatrix x = new MixedMatrix(
                new int[0],
                precision.zeros(0, 2),
                precision.sparse(3, new int[] {0, 1, 2}, new int[] {2, 0}, new double[] {1, 1}));
        Matrix z = precision.zeros(2, 2);
        z.addProduct(Matrices.of(precision, new double[][] {{1, 2, 3}, {4, 5, 6}}), x);
        assertSame(Matrices.of(precision, new double[][] {{3, 1}, {6, 4}}), z, 0);
        Matrix dw = precision.zeros(1, 3);
        dw.setProductTransposed(Matrices.of(precision, new double[][] {{7, 8}}), x);
        assertSame(Matrices.of(precision, new double[][] {{8, 0, 7}}), dw, 0);
    }

    /** Also of a part of a category's rows. */
    @ParameterizedTest
    @EnumSource
    void withRowsFrom_columns_dropped_areThoseOfTheDenseMatrix(Precision precision) {
        MixedMatrix x = example(precision);
        Matrix dense = filled(x);
        int[] columns = {2, 0, 4, 1, 3};
        for (int from = 0; from <= ROWS; from++) {
            for (int to = from; to <= ROWS; to++) {
                assertSame(dense.withRowsFrom(columns, from, to), x.withRowsFrom(columns, from, to), 0);
            }
        }
        assertSame(dense.columns(new int[] {4, 0}), x.columns(new int[] {4, 0}), 0);
        for (int key = 0; key < 20; key++) {
            assertSame(dense.dropped(0.4, key), x.dropped(0.4, key), 0);
            Matrix swept = filled(x);
            swept.drop(0.4, key);
            assertSame(swept, x.dropped(0.4, key), 0);
        }
        assertSame(dense, x, 0); // which nobody has changed
    }

    @ParameterizedTest
    @EnumSource
    void feed_tellsIndices(Precision precision) {
        MixedMatrix x = example(precision);
        assertEquals(checksum(x), checksum(SerializationUtils.clone(x)));
        assertNotEquals(checksum(x), checksum(x.withRowsFrom(new int[] {1, 0, 2, 3, 4}, 2, 4)));
        assertNotEquals(checksum(x), checksum(x.withRowsFrom(new int[] {1, 0, 2, 3, 4}, 1, 2)));
    }

    private static long checksum(AnyMatrix x) {
        CRC32C checksum = new CRC32C();
        x.feed(checksum);
        return checksum.getValue();
    }

    @ParameterizedTest
    @EnumSource
    void new_ofPartsThatDoNotFit_isRefused(Precision precision) {
        SparseMatrix sparse = precision.sparse(3, new int[] {0, 1, 1}, new int[] {2}, new double[] {1});
        Matrix two = precision.zeros(2, 2);
        assertThrows(IllegalArgumentException.class, () -> new MixedMatrix(new int[] {1, 0}, two, sparse));
        assertThrows(IllegalArgumentException.class, () -> new MixedMatrix(new int[] {1, 3}, two, sparse));
        assertThrows(IllegalArgumentException.class, () -> new MixedMatrix(new int[] {1}, two, sparse));
        assertThrows(
                IllegalArgumentException.class, () -> new MixedMatrix(new int[] {0, 1}, precision.zeros(2, 3), sparse));
    }
}
