package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextWidthTest {
    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "red, 3",
        "größe, 5",
        "gro\u0308ße, 5", // o and a mark above it
        "価格, 4",
        "ねこ カタ, 9",
        "ｶﾀ, 2", // half-wide
        "가격, 4",
        "ＡＢ、, 6",
        "\uD83C\uDF37 tulip, 8",
        "כן, 2"
    })
    void width_isThatOfATerminal(String text, int columns) {
        assertEquals(columns, TextWidth.of(text));
    }

    @Test
    void tables_areStraight_whateverNamesHold() {
        List<String> lines = MetricsText.table(
                List.of("class", "recall"),
                Stream.of(List.of("価格", "0.5"), List.of("tulip 🌷", "1"), List.of("a", "0.25")));
        assertEquals(List.of("", "   class  recall", "    価格     0.5", "tulip 🌷       1", "       a    0.25"), lines);
    }

    @Test
    void start_takesWholeLetters() {
        assertEquals("価格", TextWidth.start("価格表", 5));
        assertEquals("a🌷", TextWidth.start("a🌷b", 3));
        assertEquals("a", TextWidth.start("a🌷b", 2));
        assertEquals("short", TextWidth.start("short", 80));
    }

    @Test
    void padding_countsColumns() {
        assertEquals("価格 |", TextWidth.padEnd("価格", 5) + "|");
        assertEquals("longer", TextWidth.padEnd("longer", 5));
        assertEquals(" 価格", TextWidth.padStart("価格", 5));
    }
}
