package io.firesteel.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.univocity.parsers.csv.CsvParser;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvRowTest {
    private static final int WIDTH = 3;

    private static String randomLine(Random random, String alphabet) {
        StringBuilder line = new StringBuilder();
        int length = 1 + random.nextInt(14);
        for (int i = 0; i < length; i++) {
            line.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return line.toString();
    }

    /** The library is what Spark's reader cuts lines with. */
    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void plain_cutsAsTheLibrary_orNotAtAll(String delimiter) {
        CsvFiles files = CsvSniffer.find(
                "t.csv",
                Map.of("sep", delimiter),
                new CsvHead("a" + delimiter + "b" + delimiter + "c\n", "UTF-8", false));
        CsvParser library = files.library();
        String alphabet = delimiter.repeat(6) + "  ab0.-\\'#é\u00a0\u2003\t\"\u0000\u0001\u007f";
        CsvRow cut = new CsvRow(new int[] {0, 1, 2}, WIDTH, WIDTH, files.dialect());
        CsvLine bytes = new CsvLine(files.dialect());
        Random random = new Random(1);
        int plain = 0;
        int whole = 0;
        for (int k = 0; k < 100_000; k++) {
            String line = randomLine(random, alphabet);
            bytes.set(UTF8String.fromString(line));
            if (line.trim().isEmpty() || !cut.plain(bytes)) {
                continue;
            }
            plain++;
            String[] expected = library.parseLine(line);
            assertEquals(expected.length == WIDTH, cut.isNull(WIDTH), line);
            if (expected.length == WIDTH) {
                whole++;
                for (int i = 0; i < WIDTH; i++) {
                    String cell = expected[i] == null ? "" : expected[i];
                    assertEquals(cell.isEmpty(), cut.isNull(i), line);
                    assertEquals(cell, cut.text(i), line);
                }
            } else {
                assertEquals(line, cut.text(WIDTH));
            }
        }
        assertTrue(plain > 10_000 && plain < 90_000 && whole > 1_000, plain + " plain lines, " + whole + " whole");
    }

    /** Where runs of blanks stand between cells, lines without quotes are cut as an expression splits them. */
    @Test
    void plain_runsOfBlanks_cutsAsASplit() {
        CsvFiles files = CsvSniffer.find("t.csv", Map.of("sep", "blanks"), new CsvHead("a  b c\n", "UTF-8", false));
        CsvRow cut = new CsvRow(new int[] {0, 1, 2}, WIDTH, WIDTH, files.dialect());
        CsvLine bytes = new CsvLine(files.dialect());
        Random random = new Random(2);
        int whole = 0;
        for (int k = 0; k < 20_000; k++) {
            String line = randomLine(random, "   \t\tab0.-\\'#é\u00a0");
            bytes.set(UTF8String.fromString(line));
            List<String> expected = Stream.of(line.split("[ \t]+"))
                    .filter(cell -> !cell.isEmpty())
                    .toList();
            assertEquals(expected.isEmpty(), bytes.isBlank(), line);
            if (expected.isEmpty()) {
                continue;
            }
            assertTrue(cut.plain(bytes), line);
            assertEquals(expected.size() == WIDTH, cut.isNull(WIDTH), line);
            if (expected.size() == WIDTH) {
                whole++;
                assertEquals(expected, List.of(cut.text(0), cut.text(1), cut.text(2)), line);
            }
        }
        assertTrue(whole > 1_000, whole + " whole");
    }
}
