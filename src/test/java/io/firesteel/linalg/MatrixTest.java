package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixTest {

    private static double tolerance(Precision precision) {
        return precision == Precision.DOUBLE ? 1e-13 : 1e-4;
    }

    /** A random matrix that begins inside a larger array, so that a forgotten offset shows. */
    private static Matrix random(Precision precision, int rows, int cols, long seed) {
        Matrix whole = precision.zeros(rows * cols + 7, 1);
        Random random = new Random(seed);
        for (int i = 0; i < whole.rows(); i++) {
            whole.set(i, 0, random.nextGaussian());
        }
        return whole.view(5, rows, cols);
    }

    private static double[] elements(Matrix matrix) {
        double[] elements = new double[matrix.size()];
        matrix.copyInto(elements);
        return elements;
    }

    @ParameterizedTest
    @EnumSource
    void drop_zeroesWhatTheKeySays_andKeepsTheMean(Precision precision) {
        Matrix a = random(precision, 60, 70, 1);
        double[] before = elements(a);
        a.drop(0.3, 77);
        int dropped = 0;
        for (int i = 0; i < a.size(); i++) {
            boolean drops = SplitMix64.uniform(77, i) < 0.3;
            assertEquals(drops ? 0 : before[i] / 0.7, elements(a)[i], tolerance(precision));
            dropped += drops ? 1 : 0;
        }
        assertEquals(0.3 * a.size(), dropped, 90, "three deviations");
        double[] after = elements(a);
        a.drop(0, 77);
        assertArrayEquals(after, elements(a));
    }

    @ParameterizedTest
    @CsvSource({"1,1,1", "2,3,4", "5,1,3", "1,6,2", "3,4,1", "17,33,9", "40,20,64"})
    void products_equalTripleLoops(int rows, int cols, int inner) {
        for (Precision precision : Precision.values()) {
            Matrix a = random(precision, rows, inner, 1);
            Matrix b = random(precision, inner, cols, 2);
            Matrix aT = transposed(a);
            Matrix bT = transposed(b);
            double[][] product = new double[rows][cols];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    for (int k = 0; k < inner; k++) {
                        product[i][j] += a.get(i, k) * b.get(k, j);
                    }
                }
            }

            Matrix sum = random(precision, rows, cols, 3);
            Matrix before = random(precision, rows, cols, 3);
            sum.addProduct(a, b);
            Matrix dropped = random(precision, rows, cols, 3); // what was there must not count, even when it is NaN
            dropped.set(rows - 1, cols - 1, Double.NaN);
            dropped.setProductTransposed(a, bT);
            Matrix dropped2 = random(precision, rows, cols, 3);
            dropped2.set(0, 0, Double.NaN);
            dropped2.setTransposedProduct(aT, b);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < cols; j++) {
                    double tolerance = tolerance(precision) * inner;
                    assertEquals(before.get(i, j) + product[i][j], sum.get(i, j), tolerance, "A B");
                    assertEquals(product[i][j], dropped.get(i, j), tolerance, "A B^T");
                    assertEquals(product[i][j], dropped2.get(i, j), tolerance, "A^T B");
                }
            }
        }
    }

    private static Matrix transposed(Matrix a) {
        Matrix result = random(a.precision(), a.cols(), a.rows(), 4);
        for (int i = 0; i < a.rows(); i++) {
            for (int j = 0; j < a.cols(); j++) {
                result.set(j, i, a.get(i, j));
            }
        }
        return result;
    }

    @ParameterizedTest
    @EnumSource
    void products_intoAView_leaveItsSurroundingsAlone(Precision precision) {
        Matrix whole = precision.zeros(10, 1);
        Matrix a = Matrices.of(precision, new double[][] {{1, 2}, {3, 4}});
        whole.view(3, 2, 2).addProduct(a, a);
        // (1 2; 3 4)^2 = (7 10; 15 22), column after column
        assertArrayEquals(new double[] {0, 0, 0, 7, 15, 10, 22, 0, 0, 0}, elements(whole));
        whole.view(4, 2, 2).setProductTransposed(a, a);
        // (1 2; 3 4)(1 3; 2 4) = (5 11; 11 25)
        assertArrayEquals(new double[] {0, 0, 0, 7, 5, 11, 11, 25, 0, 0}, elements(whole));
        whole.view(6, 2, 2).setTransposedProduct(a, a);
        // (1 3; 2 4)(1 2; 3 4) = (10 14; 14 20)
        assertArrayEquals(new double[] {0, 0, 0, 7, 5, 11, 10, 14, 14, 20}, elements(whole));
    }

    @ParameterizedTest
    @EnumSource
    void products_overNothing_areZero(Precision precision) {
        Matrix sum = random(precision, 2, 3, 1);
        double[] before = elements(sum);
        sum.addProduct(precision.zeros(2, 0), precision.zeros(0, 3));
        assertArrayEquals(before, elements(sum));
        sum.setProductTransposed(precision.zeros(2, 0), precision.zeros(3, 0));
        assertArrayEquals(new double[6], elements(sum));

        Matrix empty = precision.zeros(2, 0); // and no columns to compute are nothing to do
        empty.addProduct(precision.zeros(2, 4), precision.zeros(4, 0));
        empty.setTransposedProduct(precision.zeros(4, 2), precision.zeros(4, 0));
        assertEquals(0, empty.size());
    }

    @ParameterizedTest
    @EnumSource
    void products_ofShapesThatDoNotFit_areRefused(Precision precision) {
        Matrix into = precision.zeros(2, 3);
        Matrix twoByFour = precision.zeros(2, 4);
        Matrix fourByThree = precision.zeros(4, 3);
        Matrix threeByFour = precision.zeros(3, 4);
        Matrix fourByTwo = precision.zeros(4, 2);
        into.addProduct(twoByFour, fourByThree); // these fit
        into.setProductTransposed(twoByFour, threeByFour);
        into.setTransposedProduct(fourByTwo, fourByThree);

        for (Matrix bad : new Matrix[] {precision.zeros(3, 4), precision.zeros(2, 5)}) {
            assertRefused(into, () -> into.addProduct(bad, fourByThree), bad);
        }
        for (Matrix bad : new Matrix[] {precision.zeros(5, 3), precision.zeros(4, 2)}) {
            assertRefused(into, () -> into.addProduct(twoByFour, bad), bad);
        }
        for (Matrix bad : new Matrix[] {precision.zeros(2, 4), precision.zeros(3, 5)}) {
            assertRefused(into, () -> into.setProductTransposed(twoByFour, bad), bad);
        }
        assertRefused(into, () -> into.setProductTransposed(threeByFour, threeByFour), threeByFour);
        for (Matrix bad : new Matrix[] {precision.zeros(5, 3), precision.zeros(4, 2)}) {
            assertRefused(into, () -> into.setTransposedProduct(fourByTwo, bad), bad);
        }
        assertRefused(into, () -> into.setTransposedProduct(fourByThree, fourByThree), fourByThree);
    }

    @Test
    void products_ofMixedPrecisions_areRefused() {
        Matrix single = Precision.SINGLE.zeros(2, 2);
        Matrix doubles = Precision.DOUBLE.zeros(2, 2);
        assertRefused(doubles, () -> doubles.addProduct(doubles, single), single);
        assertRefused(doubles, () -> doubles.setProductTransposed(single, doubles), single);
        assertRefused(single, () -> single.setTransposedProduct(doubles, doubles), doubles);
    }

    private static void assertRefused(Matrix into, Runnable product, Matrix bad) {
        String message =
                assertThrows(IllegalArgumentException.class, product::run).getMessage();
        assertTrue(message.contains(bad.toString()) && message.contains(into.toString()), message);
    }

    @ParameterizedTest
    @EnumSource
    void view_sharesTheElements(Precision precision) {
        Matrix whole = Matrices.of(precision, new double[][] {{1, 3, 5}, {2, 4, 6}});
        Matrix view = whole.view(1, 2, 2); // 2 3 4 5 as (2 4; 3 5)
        assertEquals(4, view.get(0, 1));
        view.set(1, 0, -3);
        assertEquals(-3, whole.get(0, 1));
        whole.set(0, 2, 50);
        assertEquals(50, view.get(1, 1));
        assertEquals(50, view.view(2, 2, 1).get(1, 0), "a view of a view");
        assertArrayEquals(new double[] {1, 2, -3, 4}, elements(whole.firstColumns(2)));
        assertEquals(precision, view.precision());
    }

    @ParameterizedTest
    @EnumSource
    void view_beyondTheMatrix_isRefused(Precision precision) {
        Matrix whole = precision.zeros(10, 1);
        Matrix part = whole.view(2, 2, 3);
        assertThrows(IndexOutOfBoundsException.class, () -> part.view(1, 2, 3), "though the array goes on");
        assertThrows(IndexOutOfBoundsException.class, () -> part.view(-1, 2, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> part.view(0, 1 << 16, 1 << 16), "2^32 is not 0");
        assertThrows(IllegalArgumentException.class, () -> whole.view(0, -1, 2));
        assertThrows(ArithmeticException.class, () -> precision.zeros(1 << 16, 1 << 16));
    }

    @ParameterizedTest
    @EnumSource
    void breeze_isTheSameMatrix(Precision precision) {
        Matrix view = precision.zeros(9, 1).view(2, 2, 3);
        view.set(1, 2, 7);
        var breeze = view.breeze();
        assertEquals(2, breeze.rows());
        assertEquals(3, breeze.cols());
        assertEquals(7, ((Number) breeze.apply(1, 2)).doubleValue());
        breeze.update(0, 1, precision == Precision.DOUBLE ? (Object) 5.0 : (Object) 5.0f);
        assertEquals(5, view.get(0, 1));
    }

    @ParameterizedTest
    @EnumSource
    void setAll_andCopyInto_goColumnAfterColumn(Precision precision) {
        Matrix view = precision.zeros(8, 1).view(1, 2, 3);
        view.setAll(new double[] {1, 2, 3, 4, 5, 0.1});
        assertEquals(3, view.get(0, 1));
        double tenth = precision == Precision.DOUBLE ? 0.1 : 0.1f;
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, tenth}, elements(view));
        double[] longer = {9, 9, 9, 9, 9, 9, 9};
        view.copyInto(longer);
        assertArrayEquals(new double[] {1, 2, 3, 4, 5, tenth, 9}, longer);
    }

    @ParameterizedTest
    @EnumSource
    void copyInto_takesAnyStretchAndWritesNothingElse(Precision precision) {
        Matrix matrix = random(precision, 5, 9, 2);
        for (int start = 0; start <= 45; start++) {
            for (int n = 0; n <= 45 - start; n++) {
                double[] into = new double[46];
                double[] expected = new double[46];
                for (int i = 0; i < n; i++) expected[i] = matrix.get((start + i) % 5, (start + i) / 5);
                matrix.copyInto(start, n, into);
                assertArrayEquals(expected, into);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void setColumns_repeatsTheColumn(Precision precision) {
        for (int cols : new int[] {0, 1, 2, 3, 4, 5, 8, 13}) {
            for (int rows : new int[] {1, 3, 4}) {
                Matrix column = random(precision, rows, 1, 1);
                Matrix whole = precision.zeros(rows * cols + 2, 1);
                Matrix view = whole.view(1, rows, cols);
                view.setColumns(column);
                for (int j = 0; j < cols; j++) {
                    for (int i = 0; i < rows; i++) {
                        assertEquals(column.get(i, 0), view.get(i, j));
                    }
                }
                assertEquals(0, whole.get(0, 0));
                assertEquals(0, whole.get(rows * cols + 1, 0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void setSumOfColumns_addsThem(Precision precision) {
        Matrix columns = precision.zeros(8, 1).view(1, 2, 3);
        columns.setAll(new double[] {1, 10, 2, 20, 4, 40});
        Matrix whole = Matrices.of(precision, new double[][] {{-1}, {-1}, {-1}, {-1}});
        whole.view(1, 2, 1).setSumOfColumns(columns);
        assertArrayEquals(new double[] {-1, 7, 70, -1}, elements(whole));
        whole.view(1, 2, 1).setSumOfColumns(columns.firstColumns(0));
        assertArrayEquals(new double[] {-1, 0, 0, -1}, elements(whole));
    }

    @ParameterizedTest
    @EnumSource
    void activations_areAppliedToTheViewAlone(Precision precision) {
        checkSweep(precision, Matrix::exp, Math::exp);
        checkSweep(precision, Matrix::sigmoid, z -> 1 / (1 + Math.exp(-z)));
        checkSweep(precision, Matrix::tanh, Math::tanh);
        checkSweep(precision, Matrix::relu, z -> z > 0 ? z : 0);
        checkSweep(precision, z -> z.leakyRelu(0.01), z -> z > 0 ? z : 0.01 * z);
        checkSweep(precision, Matrix::elu, z -> z > 0 ? z : Math.expm1(z));
        checkSweep(precision, Matrix::gelu, MatrixTest::gelu);
    }

    private static void checkSweep(Precision precision, Consumer<Matrix> sweep, DoubleUnaryOperator expected) {
        Matrix whole = random(precision, 6, 7, 8);
        double[] before = elements(whole);
        sweep.accept(whole.view(3, 5, 6));
        double[] after = elements(whole);
        for (int i = 0; i < 42; i++) {
            boolean inside = i >= 3 && i < 33;
            double value = inside ? expected.applyAsDouble(before[i]) : before[i];
            assertEquals(value, after[i], inside ? tolerance(precision) : 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void derivatives_areThoseOfTheOutput(Precision precision) {
        checkDerivative(precision, Matrix::timesSigmoidDerivative, (d, a) -> d * a * (1 - a));
        checkDerivative(precision, Matrix::timesTanhDerivative, (d, a) -> d * (1 - a * a));
        checkDerivative(precision, Matrix::timesReluDerivative, (d, a) -> a > 0 ? d : 0);
        checkDerivative(precision, (d, a) -> d.timesLeakyReluDerivative(a, 0.01), (d, a) -> a > 0 ? d : 0.01 * d);
        checkDerivative(precision, Matrix::timesEluDerivative, (d, a) -> a > 0 ? d : d * (a + 1));
    }

    private static void checkDerivative(
            Precision precision, BiConsumer<Matrix, Matrix> derivative, DoubleBinaryOperator expected) {
        Matrix whole = random(precision, 6, 7, 8);
        Matrix a = random(precision, 5, 6, 9);
        double[] before = elements(whole);
        double[] outputs = elements(a);
        derivative.accept(whole.view(4, 5, 6), a);
        double[] after = elements(whole);
        for (int i = 0; i < 42; i++) {
            boolean inside = i >= 4 && i < 34;
            double value = inside ? expected.applyAsDouble(before[i], outputs[i - 4]) : before[i];
            assertEquals(value, after[i], inside ? tolerance(precision) : 0);
        }
        assertArrayEquals(outputs, elements(a), "the outputs stay");
    }

    /** gelu'(z) by central differences of gelu, both in double; and nothing around the views changes. */
    @ParameterizedTest
    @EnumSource
    void geluDerivative_isThatOfTheInput(Precision precision) {
        Matrix whole = random(precision, 6, 7, 8);
        Matrix inputs = random(precision, 7, 6, 9);
        double[] before = elements(whole);
        double[] z = elements(inputs);
        whole.view(4, 5, 6).timesGeluDerivative(inputs.view(3, 5, 6));
        double[] after = elements(whole);
        double h = 1e-5;
        for (int i = 0; i < 42; i++) {
            boolean inside = i >= 4 && i < 34;
            double slope = inside ? (gelu(z[i - 1] + h) - gelu(z[i - 1] - h)) / (2 * h) : 1;
            assertEquals(before[i] * slope, after[i], inside ? Math.max(1e-9, tolerance(precision)) : 0);
            assertTrue((i >= 3 && i < 33) || elements(inputs)[i] == z[i]);
        }
    }

    private static double gelu(double z) {
        return z / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
    }

    @ParameterizedTest
    @EnumSource
    void set_copiesTheViewAlone(Precision precision) {
        Matrix whole = random(precision, 3, 3, 1);
        double[] before = elements(whole);
        Matrix other = random(precision, 2, 2, 2);
        whole.view(2, 2, 2).set(other);
        double[] after = elements(whole);
        for (int i = 0; i < 9; i++) {
            assertEquals(i >= 2 && i < 6 ? elements(other)[i - 2] : before[i], after[i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rectifiers_keepNaN(Precision precision) {
        List<Consumer<Matrix>> rectifiers = List.of(Matrix::relu, z -> z.leakyRelu(0.01), Matrix::elu, Matrix::gelu);
        for (Consumer<Matrix> rectifier : rectifiers) {
            Matrix z = Matrices.of(precision, new double[][] {{Double.NaN, 0, 20}});
            rectifier.accept(z);
            assertArrayEquals(new double[] {Double.NaN, 0, 20}, elements(z));
        }
    }

    @ParameterizedTest
    @EnumSource
    void serialization_keepsTheElements(Precision precision) throws IOException, ClassNotFoundException {
        Matrix view = random(precision, 3, 4, 1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(view);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Matrix read = (Matrix) in.readObject();
            assertEquals(view.toString(), read.toString());
            assertArrayEquals(elements(view), elements(read));
        }
    }
}
