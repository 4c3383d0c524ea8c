package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.commons.lang3.SerializationUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SparseMatrixTest {
    /** (5, 4): one column without entries, one full, an entry that is 0. */
    private static final int[] STARTS = {0, 2, 2, 7, 9};

    private static final int[] INDICES = {0, 3, 0, 1, 2, 3, 4, 1, 4};
    private static final double[] VALUES = {1.5, -2, 3, 0.25, -1, 4, 7, 0, -0.1};

    private static SparseMatrix example(Precision precision) {
        return precision.sparse(5, STARTS, INDICES, VALUES);
    }

    private static Matrix random(Precision precision, int rows, int cols, long seed) {
        Matrix whole = precision.zeros(rows * cols + 7, 1); // begins inside, so that a forgotten offset shows
        Random random = new Random(seed);
        for (int i = 0; i < whole.rows(); i++) {
            whole.set(i, 0, random.nextGaussian());
        }
        return whole.view(5, rows, cols);
    }

    @ParameterizedTest
    @EnumSource
    void get_entriesAndZeros(Precision precision) {
        SparseMatrix x = example(precision);
        double[][] expected = {
            {1.5, 0, 3, 0},
            {0, 0, 0.25, 0},
            {0, 0, -1, 0},
            {-2, 0, 4, 0},
            {0, 0, 7, precision == Precision.SINGLE ? -0.1f : -0.1}
        };
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                assertEquals(expected[i][j], x.get(i, j));
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> x.get(5, 2));
        assertEquals(5 * 4 + 9 * (4 + precision.bytes()), x.bytes());
        assertEquals("5 x 4 " + precision + " with 9 entries", x.toString());
    }

    @ParameterizedTest
    @EnumSource
    void columns_inTheOrderGiven(Precision precision) {
        SparseMatrix x = example(precision);
        int[] chosen = {3, 1, 0};
        SparseMatrix some = x.columns(chosen);
        assertEquals(3, some.cols());
        assertEquals(4, some.entries());
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < chosen.length; j++) {
                assertEquals(x.get(i, chosen[j]), some.get(i, j));
            }
        }
        assertEquals(0, x.columns(new int[0]).cols());
    }

    @ParameterizedTest
    @EnumSource
    void withRowsFrom_isThatOfTheDenseMatrix(Precision precision) {
        SparseMatrix x = example(precision);
        Matrix dense = precision.zeros(5, 4);
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
                dense.set(i, j, x.get(i, j));
            }
        }
        int[] columns = {2, 0, 3, 1};
        for (int from = 0; from <= 5; from++) {
            for (int to = from; to <= 5; to++) {
                SparseMatrix sparse = x.withRowsFrom(columns, from, to);
                Matrix expected = dense.withRowsFrom(columns, from, to);
                for (int i = 0; i < 5; i++) {
                    for (int j = 0; j < 4; j++) {
                        double value = i >= from && i < to ? x.get(i, columns[j]) : x.get(i, j);
                        assertEquals(value, sparse.get(i, j));
                        assertEquals(value, expected.get(i, j));
                    }
                }
            }
        }
    }

    /** Every number of rows of W about a vector register and four of them, for either precision. */
    @ParameterizedTest
    @EnumSource
    void products_equalNaiveLoops(Precision precision) {
        SparseMatrix x = example(precision);
        for (int n = 1; n <= 70; n++) {
            Matrix w = random(precision, n, 5, n);
            Matrix z = random(precision, n, 4, n + 100);
            Matrix before = random(precision, n, 4, n + 100);
            z.addProduct(w, x);
            Matrix dw = random(precision, n, 5, 1);
            dw.set(n - 1, 4, Double.NaN); // what was there must not count
            Matrix dz = random(precision, n, 4, n + 200);
            dw.setProductTransposed(dz, x);
            double tolerance = precision == Precision.DOUBLE ? 1e-14 : 1e-5;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < 4; j++) {
                    double sum = before.get(i, j);
                    for (int k = 0; k < 5; k++) {
                        sum += w.get(i, k) * x.get(k, j);
                    }
                    assertEquals(sum, z.get(i, j), tolerance, "W X, n " + n);
                }
                for (int k = 0; k < 5; k++) {
                    double sum = 0;
                    for (int j = 0; j < 4; j++) {
                        sum += dz.get(i, j) * x.get(k, j);
                    }
                    assertEquals(sum, dw.get(i, k), tolerance, "dZ X^T, n " + n);
                }
            }
        }
    }

    /** Which sweeps a machine has does not show in the bits. */
    @Test
    void products_vectorAndScalarCodeAgree() {
        ElementwiseKernels scalar = new ElementwiseKernels();
        Random random = new Random(1);
        for (int n = 1; n <= 70; n++) {
            double[] w = random.doubles(5L * n + 3, -1, 1).toArray();
            double[] z = random.doubles(4L * n + 3, -1, 1).toArray();
            float[] w4 = (float[]) random(Precision.SINGLE, n, 5, n).breeze().data();
            float[] z4 = (float[]) random(Precision.SINGLE, n, 5, -n).breeze().data();
            float[] x4 = new float[VALUES.length];
            for (int p = 0; p < x4.length; p++) {
                x4[p] = (float) VALUES[p];
            }
            double[] sum = z.clone();
            double[] expected = z.clone();
            ElementwiseKernels.INSTANCE.addProduct(sum, 3, w, 2, n, STARTS, INDICES, VALUES);
            scalar.addProduct(expected, 3, w, 2, n, STARTS, INDICES, VALUES);
            assertArrayEquals(expected, sum);
            sum = w.clone();
            ElementwiseKernels.INSTANCE.addProductTransposed(sum, 2, z, 3, n, STARTS, INDICES, VALUES);
            expected = w.clone();
            scalar.addProductTransposed(expected, 2, z, 3, n, STARTS, INDICES, VALUES);
            assertArrayEquals(expected, sum);

            float[] sum4 = z4.clone();
            float[] expected4 = z4.clone();
            ElementwiseKernels.INSTANCE.addProduct(sum4, 3, w4, 2, n, STARTS, INDICES, x4);
            scalar.addProduct(expected4, 3, w4, 2, n, STARTS, INDICES, x4);
            assertArrayEquals(expected4, sum4);
            sum4 = w4.clone();
            ElementwiseKernels.INSTANCE.addProductTransposed(sum4, 2, z4, 3, n, STARTS, INDICES, x4);
            expected4 = w4.clone();
            scalar.addProductTransposed(expected4, 2, z4, 3, n, STARTS, INDICES, x4);
            assertArrayEquals(expected4, sum4);
        }
    }

    @Test
    void products_ofOtherShapes_areRefused() {
        Matrix w = random(Precision.DOUBLE, 3, 4, 1);
        SparseMatrix x = example(Precision.DOUBLE);
        assertThrows(IllegalArgumentException.class, () -> random(Precision.DOUBLE, 3, 4, 1)
                .addProduct(w, x));
        assertThrows(IllegalArgumentException.class, () -> random(Precision.DOUBLE, 3, 5, 1)
                .setProductTransposed(random(Precision.DOUBLE, 3, 5, 1), x));
        assertThrows(IllegalArgumentException.class, () -> random(Precision.DOUBLE, 3, 4, 1)
                .addProduct(random(Precision.DOUBLE, 3, 5, 1), example(Precision.SINGLE)));
    }

    @Test
    void constructor_checksTheStructure() {
        Precision precision = Precision.DOUBLE;
        double[] two = {1, 2};
        assertThrows(
                IllegalArgumentException.class, () -> precision.sparse(3, new int[] {0, 2}, new int[] {1, 3}, two));
        assertThrows(
                IllegalArgumentException.class, () -> precision.sparse(3, new int[] {0, 2}, new int[] {1, 1}, two));
        assertThrows(
                IllegalArgumentException.class, () -> precision.sparse(3, new int[] {0, 2}, new int[] {-1, 1}, two));
        assertThrows(
                IllegalArgumentException.class, () -> precision.sparse(3, new int[] {0, 1}, new int[] {0, 1}, two));
        assertThrows(
                IllegalArgumentException.class, () -> precision.sparse(3, new int[] {0, 2}, new int[] {0, 1}, VALUES));
        assertThrows(IllegalArgumentException.class, () -> precision.sparse(3, new int[0], new int[0], new double[0]));
        assertEquals(
                0, precision.sparse(3, new int[] {0}, new int[0], new double[0]).cols());
    }

    @ParameterizedTest
    @EnumSource
    void feed_tellsEachPart(Precision precision) {
        long checksum = checksum(example(precision));
        assertEquals(checksum, checksum(SerializationUtils.clone(example(precision))));
        double[] values = VALUES.clone();
        values[8] = -0.2;
        assertNotEquals(checksum, checksum(precision.sparse(5, STARTS, INDICES, values)));
        int[] indices = INDICES.clone();
        indices[8] = 3;
        assertNotEquals(checksum, checksum(precision.sparse(5, STARTS, indices, VALUES)));
        assertNotEquals(checksum, checksum(precision.sparse(5, new int[] {0, 1, 2, 7, 9}, INDICES, VALUES)));
    }

    private static long checksum(AnyMatrix x) {
        CRC32C checksum = new CRC32C();
        x.feed(checksum);
        return checksum.getValue();
    }
}
