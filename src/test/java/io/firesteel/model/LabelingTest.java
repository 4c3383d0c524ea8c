package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.Labeling.Lookup;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which value belongs to which class. */
class LabelingTest {
    private static int index(Compared compared, Kind kind, String value, String... classes) {
        return new Lookup(List.of(classes), compared).index(value, kind);
    }

    @Test
    void classes_areAllTexts_inTheOrderOfTheirValues() {
        assertEquals(
                List.of("-3", "+1", "01", "1", "1.0", "7", "007.5", "1E2"),
                Labeling.classes(List.of("1E2", "1", "01", "7", "+1", "1.0", "-3", "007.5", "1")));
        assertEquals(
                List.of("9007199254740992", "9007199254740993", "123456789012345677", "123456789012345678"),
                Labeling.classes(
                        List.of("123456789012345678", "9007199254740993", "9007199254740992", "123456789012345677")));
        assertEquals(List.of("007", "7", "A"), Labeling.classes(List.of("A", "7", "007")));
        assertEquals(List.of("-0.0", "0", "0e-2147483648"), Labeling.classes(List.of("0e-2147483648", "0", "-0.0")));
    }

    @Test
    void text_isComparedAsText() {
        for (String other : List.of("07", "7.0", "7e0", "+7", " 7")) {
            assertEquals(-1, index(Compared.TEXT, Kind.TEXT, other, "007", "7"), other);
        }
        assertEquals(0, index(Compared.TEXT, Kind.TEXT, "007", "007", "7"));
        assertEquals(-1, index(Compared.TEXT, Kind.TEXT, "true", "False", "True"));
    }

    @Test
    void typedValue_belongsToTheOnlyTextThatWritesIt() {
        assertEquals(1, index(Compared.TEXT, Kind.LONG, "7", "007", "7"), "its own text");
        assertEquals(0, index(Compared.TEXT, Kind.LONG, "7", "007", "8"));
        assertEquals(0, index(Compared.TEXT, Kind.NUMBER, "100", "1E2", "x"));
        assertEquals(-1, index(Compared.TEXT, Kind.LONG, "7", "007", "07"), "ambiguous");
        assertEquals(1, index(Compared.TEXT, Kind.BOOLEAN, "true", "False", "True"));
        assertEquals(1, index(Compared.TEXT, Kind.FLOAT, "0.1", "0.10000000149011612", "0.1"));
        assertEquals(-1, index(Compared.TEXT, Kind.LONG, "9007199254740993", "9007199254740992"));
    }

    @Test
    void classesOfTypedColumns_areComparedByValue() {
        assertEquals(1, index(Compared.DOUBLE, Kind.TEXT, "1.0", "0", "1"));
        assertEquals(1, index(Compared.DOUBLE, Kind.TEXT, "+1", "0", "1"));
        assertEquals(0, index(Compared.DOUBLE, Kind.TEXT, "-0", "0", "1"));
        assertEquals(0, index(Compared.DOUBLE, Kind.TEXT, "1.000000000000000056e-01", "0.1", "1"));
        assertEquals(0, index(Compared.FLOAT, Kind.NUMBER, "0.10000000149011612", "0.1", "1"));
        assertEquals(0, index(Compared.FLOAT, Kind.TEXT, "0.1", "0.1", "1"));
        assertEquals(1, index(Compared.EXACT, Kind.TEXT, "True", "false", "true"));
        assertEquals(0, index(Compared.EXACT, Kind.TEXT, "5.00", "5", "6"));
        assertEquals(-1, index(Compared.EXACT, Kind.TEXT, "9007199254740993", "9007199254740992", "6"));
        assertEquals(1, index(Compared.EXACT, Kind.TEXT, "9007199254740993.0", "9007199254740992", "9007199254740993"));
    }

    /** As models were before: a whole number passed through double, and a single one had all digits of the double. */
    @Test
    void modelsOfBefore_compareByDouble() {
        assertEquals(0, index(Compared.DOUBLE, Kind.LONG, "123456789012345678", "1.2345678901234568E17", "1"));
        assertEquals(0, index(Compared.DOUBLE, Kind.FLOAT, "0.1", "0.10000000149011612", "1"));
        assertEquals(1, index(Compared.DOUBLE, Kind.TEXT, "01", "0", "1"));
    }
}
