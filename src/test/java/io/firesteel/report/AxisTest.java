package io.firesteel.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Axes have round ticks. */
class AxisTest {
    private static List<String> texts(Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::text).toList();
    }

    @Test
    void ticks_areRound() {
        assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8", "1.0"), texts(Axis.of("", 0, 1)));
        assertEquals(List.of("0", "5,000", "10,000", "15,000", "20,000"), texts(Axis.around("", 326, 18_823)));
        assertEquals(List.of("-4", "-2", "0", "2", "4"), texts(Axis.of("", -4.4, 4.4)));
        assertEquals(List.of("0.001", "0.01", "0.1", "1"), texts(Axis.ofLosses("", 0.001, 2)));
        assertEquals(List.of("1", "2", "5", "10"), texts(Axis.ofLosses("", 1, 10)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "5, 5", "-1e-300, 1e-300", "1e300, 1.5e300", "-7, -6.999999", "0.1, 0.7", "0, 1e-9"})
    void ticks_ofAnyRange_areAFewInside(double least, double greatest) {
        Axis axis = Axis.around("", least, greatest);
        assertTrue(axis.from() <= least && axis.to() >= greatest, axis.toString());
        assertTrue(
                !axis.ticks().isEmpty() && axis.ticks().size() <= 9,
                axis.ticks().toString());
        assertTrue(axis.place(least) >= -1e-9 && axis.place(greatest) <= 1 + 1e-9, axis.toString());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "12345.678, '12,346'", "0.05, 0.05", "1.5, 1.5", "100, 100", "-0.25, -0.25", "1e-7, 1.00e-07"})
    void digits_areFive(double value, String expected) {
        assertEquals(expected, Html.digitsText(value));
    }
}
