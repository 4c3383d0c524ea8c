package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A table is the same in whatever dialect of CSV it is written: one is trained on to the same bits, and predicted for. */
@Tag("spark")
class CsvDialectsTest {
    private static final int ROWS = 100;

    @TempDir
    private Path dir;

    private int models;
    private String expected;

    /** A row: numbers, a text, the label. */
    private record Row(double a, int b, String town, String y) {}

    private static List<Row> rows() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String town = List.of("Köln", "Kaln", "Rome", "New York").get(random.nextInt(4));
            rows.add(new Row(random.nextGaussian() + 0.25, i, town, i % 3 == 0 ? "no" : "yes"));
        }
        return rows;
    }

    private static String text(
            String separator, boolean header, UnaryOperator<String> number, UnaryOperator<String> text) {
        StringBuilder lines = new StringBuilder(header ? String.join(separator, "a", "b", "town", "y") + "\n" : "");
        for (Row row : rows()) {
            lines.append(String.join(
                            separator,
                            number.apply(Double.toString(row.a)),
                            Integer.toString(row.b),
                            text.apply(row.town),
                            row.y))
                    .append('\n');
        }
        return lines.toString();
    }

    private static String usual() {
        return text(",", true, x -> x, x -> x);
    }

    private Path write(String name, String text, Charset charset) throws IOException {
        return Files.write(dir.resolve(name), text.getBytes(charset));
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text, StandardCharsets.UTF_8);
    }

    private Object[] train(Object data, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("model" + models++)};
        boolean hasTown = !List.of(more).contains("--exclude") && !List.of(more).contains("--categorical");
        Object[] town = hasTown ? new Object[] {"--categorical", "town"} : new Object[0];
        return Cli.plus(Cli.plus(Cli.plus(args, "--hidden", "2", "--iterations", "2"), town), more);
    }

    private String weights(Object data, Object... more) {
        Cli.succeed(train(data, more));
        return Cli.weights(model());
    }

    private Path model() {
        return dir.resolve("model" + (models - 1));
    }

    @BeforeEach
    void trainOnTheUsual() throws IOException {
        expected = weights(write("usual.csv", usual()));
    }

    private static String tell(String line) {
        return line.lines()
                .filter(each -> each.startsWith("note: "))
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {";! separator ;", "\\t! separator tab", "|! separator |", "' '! separator blank"})
    void separator_isFoundAndTold(String separator, String note) throws IOException {
        String between = separator.equals("\\t") ? "\t" : separator;
        UnaryOperator<String> town = between.equals(" ") ? x -> '"' + x + '"' : x -> x;
        Object[] args = train(write("t.csv", text(between, true, x -> x, town)));
        Cli.Outcome outcome = Cli.run(args);
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals(expected, Cli.weights(model()));
        assertTrue(tell(outcome.err()).endsWith("t.csv:" + " " + note), outcome.err());
    }

    @Test
    void decimalComma_isFound_andReadInPredictions() throws IOException {
        Path data = write("t.csv", text(";", true, x -> x.replace('.', ','), x -> x));
        assertEquals(expected, weights(data));
        assertEquals(expected, weights(data, "--option", "header=true", "--option", "comment=#")); // by Spark's reader
        assertEquals(scores("usual.csv"), scores("t.csv"));
    }

    /** The last column of predictions for a file. */
    private List<String> scores(String data) throws IOException {
        Path output = dir.resolve("p" + models++ + ".csv");
        Cli.succeed("predict", "--model", dir.resolve("model0"), "--data", dir.resolve(data), "--output", output);
        List<String> lines = Files.readAllLines(output);
        assertEquals(ROWS + 1, lines.size());
        return lines.stream()
                .map(line -> line.substring(line.lastIndexOf(',') + 1))
                .toList();
    }

    @Test
    void noHeader_isFound() throws IOException {
        Path data = write("t.csv", text(",", false, x -> x, x -> x));
        Object[] args = {"train", "--data", data, "--label", "_c3", "--categorical", "_c2", "--model", dir.resolve("m")
        };
        Cli.Outcome outcome = Cli.run(Cli.plus(args, "--hidden", "2", "--iterations", "2"));
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals(expected, Cli.weights(dir.resolve("m")));
        assertTrue(outcome.err().contains("no header") && outcome.err().contains("_c0, _c1, _c2, _c3"), outcome.err());
        Cli.refuse(dir, train(data), "t.csv", "no label column y", "_c3");
    }

    @Test
    void rowNames_asPandasAndRWriteThem_areLeftOut() throws IOException {
        String[] lines = usual().split("\n");
        StringBuilder pandas = new StringBuilder("," + lines[0] + "\n");
        StringBuilder r = new StringBuilder(lines[0] + "\n");
        StringBuilder again = new StringBuilder("Unnamed: 0," + lines[0] + "\n");
        for (int i = 1; i < lines.length; i++) {
            pandas.append(i - 1).append(',').append(lines[i]).append('\n');
            r.append('"').append(i).append("\",").append(lines[i]).append('\n');
            again.append(i - 1).append(',').append(lines[i]).append('\n');
        }
        assertEquals(expected, weights(write("pandas.csv", pandas.toString())));
        assertEquals(expected, weights(write("again.csv", again.toString())));
        assertEquals(expected, weights(write("r.csv", r.toString())));
        assertEquals(scores("usual.csv"), scores("pandas.csv"));
        assertEquals(scores("usual.csv"), scores("r.csv"));
    }

    /** A header that lacks a cell is R's only above names that differ: else a feature would be left out for it. */
    @Test
    void headerShortOfACell_aboveFirstCellsThatAreEqual_isRefused() throws IOException {
        Path data = write("short.csv", "a,color\n1,5,no\n1,6,yes\n2,7,no\n3,8,yes\n");
        Object[] args = {"train", "--data", data, "--label", "color", "--model", dir.resolve("m")};
        Cli.refuse(dir, args, "short.csv", "row 1", "1,5,no", "2 cells");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void utf16_isFound(String encoding) throws IOException {
        assertEquals(expected, weights(write("t.csv", usual(), Charset.forName(encoding))));
        assertEquals(scores("usual.csv"), scores("t.csv"));
    }

    /** Two towns whose names differ in one letter were one, for each bad byte was the same sign. */
    @Test
    void latin1_isNamedWithItsRow_andReadWhenAskedTo() throws IOException {
        Path data = write("t.csv", usual(), StandardCharsets.ISO_8859_1);
        int row = 1;
        while (!rows().get(row - 1).town.equals("Köln")) {
            row++;
        }
        String[] parts = {"t.csv", "row " + row, "K\uFFFDln", "UTF-8", "--option encoding=windows-1252"};
        Cli.refuse(dir, train(data), parts);
        Cli.refuse(
                dir,
                new Object[] {
                    "predict", "--model", dir.resolve("model0"), "--data", data, "--output", dir.resolve("p.csv")
                },
                parts);
        Cli.refuse(dir, train(data, "--categorical", "auto"), parts);
        assertEquals(expected, weights(data, "--option", "encoding=windows-1252"));
        Path header = write("h.csv", usual().replace("town", "Stadtgröße"), StandardCharsets.ISO_8859_1);
        Cli.refuse(dir, train(header, "--exclude", "town"), "h.csv");
    }

    @Test
    void comments_beforeTheHeaderToo_arePassedOver() throws IOException {
        Path data = write("t.csv", "# made\n# on \"Monday\n\n" + usual().replaceFirst("\n", "\n# more\n"));
        Cli.refuse(dir, train(data), "t.csv: the first line, # made, has fewer cells", "--option comment=#");
        assertEquals(expected, weights(data, "--option", "comment=#"));
    }

    // Cells with line breaks.

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void lineBreaks_inCells_areOfTheCell(String end) throws IOException {
        for (String inside : List.of("\n", "\r\n", "\r", "\n\n", "\n1,2,Rome,yes\n")) {
            UnaryOperator<String> quoted = town -> town.equals("Rome") ? "\"Ro" + inside + "\"\"me\"\"\"" : town;
            String written = text(",", true, x -> x, town -> town.equals("Rome") ? "@" : town)
                    .replace("\n", end)
                    .replace("@", quoted.apply("Rome"));
            Path data = write("t.csv", written);
            assertEquals(expected, weights(data), () -> written.substring(0, 200));
            Path output = dir.resolve("p.csv");
            Cli.succeed("predict", "--model", model(), "--data", data, "--output", output, "--overwrite");
            String predicted = Files.readString(output);
            assertEquals(count(written, quoted.apply("Rome")), count(predicted, quoted.apply("Rome")));
        }
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    /** The cell stands far behind what is looked at first, and where pieces of the file meet. */
    @Test
    void lineBreaks_farInALargeFile_andCompressed() throws IOException {
        StringBuilder plain = new StringBuilder("a,b,town,y\n");
        StringBuilder broken = new StringBuilder(plain);
        Random random = new Random(1);
        for (int i = 0; i < 30_000; i++) {
            String row = random.nextGaussian() + "," + i + ",";
            String y = i % 3 == 0 ? "no" : "yes";
            plain.append(row).append("Rome").append(',').append(y).append('\n');
            broken.append(row)
                    .append(i > 20_000 && i % 7 == 0 ? "\"Rome\n0.5,6,Rome,yes\n\"" : "Rome")
                    .append(',')
                    .append(y)
                    .append('\n');
        }
        String weights = weights(write("plain.csv", plain.toString()), "--exclude", "town");
        assertFalse(weights.isEmpty());
        Path data = write("broken.csv", broken.toString());
        assertEquals(weights, weights(data, "--exclude", "town"));
        TestSpark.with(
                "spark.sql.files.maxPartitionBytes",
                "20011b", // so that some pieces begin within such cells
                () -> assertEquals(weights, weights(data, "--exclude", "town")));
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("broken.csv.gz")))) {
            out.write(broken.toString().getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(weights, weights(dir.resolve("broken.csv.gz"), "--exclude", "town"));
    }

    // Runs of blanks between cells.

    /** The table with its columns aligned; texts of several words are in quotes. */
    private static String aligned() {
        String[] lines = text("\t", true, x -> x, x -> x.contains(" ") ? '"' + x + '"' : x)
                .split("\n");
        StringBuilder aligned = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            String[] cells = lines[i].split("\t");
            aligned.append(String.format("%25s %4s  %-12s  %s%n", cells[0], cells[1], cells[2], cells[3]))
                    .append(i % 10 == 0 ? "  \n" : "");
        }
        return aligned.toString();
    }

    @Test
    void runsOfBlanks_areFoundAndTold_inEachCommand() throws IOException {
        Path data = write("t.txt", aligned());
        Object[] args = train(data);
        Cli.Outcome outcome = Cli.run(args);
        assertEquals(0, outcome.code(), outcome.err());
        assertEquals(expected, Cli.weights(model()));
        assertTrue(tell(outcome.err()).endsWith("t.txt: separator runs of blanks"), outcome.err());
        assertEquals(expected, weights(data, "--option", "sep=blanks"));
        assertEquals(expected, weights(data, "--categorical", "auto"));
        assertEquals(scores("usual.csv"), scores("t.txt"));
        assertEquals(
                Cli.succeed("evaluate", "--model", dir.resolve("model0"), "--data", dir.resolve("usual.csv")),
                Cli.succeed("evaluate", "--model", dir.resolve("model0"), "--data", data));
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("t.txt.gz")))) {
            out.write(aligned().getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(expected, weights(dir.resolve("t.txt.gz")));
        Path western = write("w.txt", aligned(), StandardCharsets.ISO_8859_1);
        assertEquals(expected, weights(western, "--option", "encoding=windows-1252"));
    }

    @Test
    void runsOfBlanks_whatIsWrong_isNamed() throws IOException {
        Object[] exclude = {"--exclude", "town"};
        Path data = write("t.txt", aligned());
        Cli.refuse(dir, train(data, "--option", "sep= "), "t.txt");
        Cli.refuse(dir, train(data, "--option", "comment=#"), "t.txt: runs of blanks separate cells", "more options");
        Cli.refuse(dir, train(write("u.txt", aligned(), StandardCharsets.UTF_16LE)), "u.txt", "in UTF-16LE", "awk");
        Files.createDirectories(dir.resolve("p/k=1"));
        write("p/k=1/t.txt", aligned());
        Cli.refuse(dir, train(dir.resolve("p")), "p: runs of blanks separate cells, which is not read in partitions");
        int row = 1;
        while (!rows().get(row - 1).town.equals("Rome")) {
            row++;
        }
        Path open = write("open.txt", aligned().replaceFirst("Rome", "\"Rome"));
        Cli.refuse(dir, train(open), "open.txt, row " + row, "ends within quotes");
        Cli.refuse(
                dir,
                new Object[] {
                    "predict", "--model", dir.resolve("model0"), "--data", open, "--output", dir.resolve("p.csv")
                },
                "open.txt, row " + row,
                "ends within quotes");
        Path header = write("header.txt", aligned().replaceFirst(" a ", "\"a "));
        Cli.refuse(
                dir,
                train(header, "--option", "sep=blanks"),
                "header.txt: the header \"a",
                "ends within quotes",
                "quote=");
        Path ragged = write("ragged.txt", aligned().replaceFirst("Rome", "Rome  Rome"));
        Cli.refuse(dir, train(ragged, exclude), "ragged.txt, row " + row, "4 cells of the header");
    }

    @Test
    void quoteThatIsNotClosed_isNamed() throws IOException {
        String text = usual().replaceFirst("Rome", "\"Rome");
        Cli.refuse(dir, train(write("t.csv", text)), "t.csv", "row ", "4 cells");
    }

    @Test
    void headersThatDiffer_areNamed() throws IOException {
        Files.createDirectory(dir.resolve("d"));
        write("d/1.csv", "a,b,y\n1,2,no\n3,4,yes\n");
        write("d/2.csv", "a,y,b\n1,no,2\n");
        Cli.refuse(
                dir, train(dir.resolve("d"), "--categorical", "a"), "different headers", "2.csv", "a, y, b", "a, b, y");
        write("d/2.csv", "A,b,y\n1,2,no\n");
        Cli.refuse(dir, train(dir.resolve("d"), "--categorical", "a"), "different headers", "2.csv", "A, b, y");
        write("d/2.csv", "a,b\n1,2\n");
        Cli.refuse(
                dir,
                train(dir.resolve("d"), "--categorical", "a"),
                "different headers",
                "2.csv",
                "2 columns",
                "expected 3");
        write("d/2.csv", "a,b,y\n5,6,yes\n", StandardCharsets.UTF_16);
        Cli.refuse(
                dir, train(dir.resolve("d"), "--categorical", "a"), "2.csv is in UTF-16, but other files are in UTF-8");
        write("d/2.csv", "a,b,y\n5,6,yes\n");
        Cli.succeed(train(dir.resolve("d"), "--categorical", "a"));
    }
}
