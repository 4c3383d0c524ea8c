package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InputLayoutTest {
    private static final double NAN = Double.NaN;

    /** A number, a category of three, a number that may be missing and is 5 then, a category of two. */
    private static final InputLayout LAYOUT = new InputLayout(new int[] {0, 3, 0, 2}, new double[] {NAN, NAN, 5, NAN});

    /** Written out by hand: numbers scaled, categories one-hot, all 0 where missing or unknown. */
    @ParameterizedTest
    @EnumSource
    void encode_ofNumbersAndCategories_isOneHot(Precision precision) {
        Scaling scaling = LAYOUT.scaling(
                new Scaling(new double[] {1, 9, 3, 9}, new double[] {2, 9, 4, 9})); // those of categories do not count
        double[] rows = {
            7, 2, -1, 0, 99, //
            1, 0, NAN, NAN, 99, //
            5, NAN, 3, 1, 99
        };
        AnyMatrix x = LAYOUT.encode(rows, 5, 3, scaling, precision);
        double[][] expected = {
            {3, 0, 2},
            {0, 1, 0},
            {0, 0, 0},
            {1, 0, 0},
            {-1, 0.5, 0},
            {1, 0, 0},
            {0, 0, 1}
        };
        assertEquals(7, x.rows());
        assertEquals(3, x.cols());
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(expected[i][j], x.get(i, j), "input " + i + " of row " + j);
            }
        }
        assertInstanceOf(MixedMatrix.class, x);
        assertEquals(precision, x.precision());
    }

    /** Two numbers with indicators around a category and a number without one. */
    @ParameterizedTest
    @EnumSource
    void encode_ofNumbersWithIndicators_tellsWhichAreMissing(Precision precision) {
        InputLayout layout = new InputLayout(
                new int[] {InputLayout.INDICATED_NUMBER, 2, InputLayout.NUMBER, InputLayout.INDICATED_NUMBER},
                new double[] {6, NAN, 1, -1});
        assertEquals(List.of(0, 4, 5), layout.numberInputs());
        Scaling scaling = layout.scaling(new Scaling(new double[] {2, 9, 1, 0}, new double[] {2, 9, 1, 0.5}));
        double[] rows = {
            4, 1, 3, 2, //
            NAN, NAN, NAN, 0.5, //
            0, 0, 1, NAN
        };
        AnyMatrix x = layout.encode(rows, 4, 3, scaling, precision);
        double[][] expected = {
            {1, 2, -1},
            {0, 1, 0},
            {0, 0, 1},
            {1, 0, 0},
            {2, 0, 0},
            {4, 1, -2},
            {0, 0, 1}
        };
        assertEquals(7, x.rows());
        for (int i = 0; i < 7; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals(expected[i][j], x.get(i, j), "input " + i + " of row " + j);
            }
        }
    }

    @Test
    void encode_ofNumbers_isDense() {
        InputLayout numbers = Encoding.NONE.layout(List.of("a", "b"));
        AnyMatrix x = numbers.encode(
                new double[] {1, 2, 3, 4},
                2,
                2,
                new Scaling(new double[] {1, 0}, new double[] {1, 2}),
                Precision.DOUBLE);
        assertInstanceOf(Matrix.class, x);
        assertEquals(0, x.get(0, 0));
        assertEquals(1, x.get(1, 0));
        assertEquals(2, x.get(0, 1));
        assertEquals(2, x.get(1, 1));
    }

    /** A category is one number however many there are: memory does not grow with their count. */
    @Test
    void encode_ofAMillionCategories_isAsLargeAsOfTwo() {
        double[] rows = {1, 0};
        long[] bytes = new long[2];
        for (int k = 0; k < 2; k++) {
            InputLayout layout = new InputLayout(new int[] {k == 0 ? 2 : 1_000_000}, new double[] {NAN});
            bytes[k] = layout.encode(rows, 1, 2, Scaling.none(layout.features()), Precision.DOUBLE)
                    .bytes();
        }
        assertEquals(bytes[0], bytes[1]);
    }

    @Test
    void filled_isThePartThatRowsHold() {
        assertEquals(4 / 7.0, LAYOUT.filled());
        assertEquals(1, Encoding.NONE.layout(List.of("a", "b", "c")).filled());
    }

    @Test
    void check_ofMoreCategoriesThanAllowed_isRefused() {
        List<String> values = Collections.nCopies(Encoding.MOST_CATEGORIES + 1, "x");
        Encoding encoding = new Encoding(Missing.ERROR, Map.of(), Unseen.ERROR, Map.of("a", values));
        String message = assertThrows(IllegalArgumentException.class, () -> encoding.check(List.of("a")))
                .getMessage();
        assertTrue(message.contains("column a has more than 4000000 categories"), message);
    }
}
