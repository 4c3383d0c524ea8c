package io.firesteel.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.univocity.parsers.csv.CsvParser;
import io.firesteel.base.UserError;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dialect of files, and the lines that end within quotes. */
class CsvSnifferTest {
    @TempDir
    private Path dir;

    private static CsvFiles find(String text, String... options) {
        Map<String, String> given = new java.util.HashMap<>();
        for (String option : options) {
            given.put(option.substring(0, option.indexOf('=')), option.substring(option.indexOf('=') + 1));
        }
        return CsvSniffer.find("t.csv", given, new CsvHead(text, "UTF-8", false));
    }

    @Test
    void find_fourHundredFilesOfPython_inTheirDialects() throws Exception {
        readFilesOfPython(400, 2);
    }

    @Test
    @Tag("faults")
    void find_tenThousandFilesOfPython_inTheirDialects() throws Exception {
        readFilesOfPython(10_000, 1);
    }

    /** Python's csv module writes the files, and says what is in them. */
    private void readFilesOfPython(int count, int seed) throws Exception {
        Process python = new ProcessBuilder(
                        "python3", "src/test/python/csv_dialects.py", dir.toString(), "" + count, "" + seed)
                .inheritIO()
                .start();
        assertEquals(0, python.waitFor());
        List<String> wrong = new ArrayList<>();
        int whole = 0;
        for (String line : Files.readAllLines(dir.resolve("expected.jsonl"))) {
            JsonNode expected = new ObjectMapper().readTree(line);
            String name = expected.get("file").asText();
            CsvHead head = CsvHead.read(
                    new org.apache.hadoop.fs.Path(dir.resolve(name).toUri()), null, new Configuration(false));
            CsvFiles found = CsvSniffer.find(name, Map.of(), head);
            List<List<String>> cells = cells(found, head.text());
            String problem = problem(expected, found, cells);
            if (problem != null) {
                wrong.add(line.substring(0, Math.min(line.length(), 600)) + "\n    " + problem + ": " + found);
            }
            whole += found.dialect().hasLineBreaks() ? 1 : 0;
        }
        assertTrue(
                wrong.isEmpty(),
                wrong.size() + " wrong\n" + String.join("\n", wrong.subList(0, Math.min(9, wrong.size()))));
        assertTrue(whole > count / 5 && whole < count * 4 / 5, whole + " files with line breaks");
    }

    private static String problem(JsonNode expected, CsvFiles found, List<List<String>> cells) {
        CsvDialect dialect = found.dialect();
        List<List<String>> all = new ArrayList<>();
        expected.get("cells").forEach(row -> {
            List<String> texts = new ArrayList<>();
            row.forEach(cell -> texts.add(cell.asText()));
            all.add(texts);
        });
        boolean hasHeader = expected.get("header").asBoolean();
        if (dialect.hasHeader() != hasHeader) {
            return "header";
        } else if (!dialect.separator().equals(expected.get("separator").asText())) {
            return "separator";
        } else if (dialect.decimal() != expected.get("decimal").asText().charAt(0)) {
            return "decimal";
        }
        List<String> columns = hasHeader
                ? all.get(0)
                : IntStream.range(0, all.get(0).size()).mapToObj(i -> "_c" + i).toList();
        if (!found.columns().equals(columns)) {
            return "columns";
        }
        for (int i = 0; i < Math.max(all.size(), cells.size()); i++) {
            if (i >= all.size() || i >= cells.size() || !all.get(i).equals(cells.get(i))) {
                return "row " + i + " is " + (i < cells.size() ? cells.get(i) : "missing") + ", expected "
                        + (i < all.size() ? all.get(i) : "none");
            }
        }
        return null;
    }

    /** Cuts a text as {@link CsvSource} and Spark's reader do. */
    private static List<List<String>> cells(CsvFiles files, String text) {
        List<List<String>> cells = new ArrayList<>();
        CsvParser library = files.library();
        if (files.dialect().hasLineBreaks()) {
            library.parseAll(new StringReader(text)).forEach(row -> cells.add(CsvFiles.texts(row)));
            return cells;
        }
        int width = files.columns().size();
        int[] places = IntStream.range(0, width).toArray();
        CsvRow cut = new CsvRow(places, width, width, files.dialect());
        CsvLine line = new CsvLine(files.dialect());
        for (String each : text.split("\r\n|\r|\n")) {
            line.set(UTF8String.fromString(each));
            assertTrue(line.isOfEncoding());
            if (line.endsInQuotes()) {
                return List.of(List.of("ends in quotes: " + each));
            }
            if (line.isBlank()) {
                continue;
            }
            if (!cut.plain(line)) {
                cut.set(library.parseLine(line.text()));
            }
            cells.add(
                    !cut.isNull(width)
                            ? List.of("ragged: " + each)
                            : IntStream.range(0, width)
                                    .mapToObj(i -> cut.isNull(i) ? "" : cut.text(i))
                                    .toList());
        }
        return cells;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // text, separator, columns
                "a,b\\n1,2\\n3,4# ,# a+b",
                "a;b\\n1,5;2\\n3;4,25# ;# a+b",
                "name;age\\nMeier, Hans;35\\nKurz, Ida;40# ;# name+age",
                "Name, first;age\\nMeier, Hans;35\\nKurz, Ida;40# ;# Name, first+age",
                "a b\\n1 2\\n3 4#' '# a+b",
                "only\\n1\\n2# ,# only",
                "a  b\\n1  2\\n3  4# blanks# a+b",
                " a b\\n 1 2\\n10 2# blanks# a+b",
                "a b\\t\\t c \\n1 2\\t3\\n\\t4 5 6# blanks# a+b+c",
                "a b \\n1 2 \\n3 4 \\n#' '# a+b+_c2", // as single blanks cut all rows
                "' 5 2 3\\n 4 5 6\\n 7 8 9'#' '# _c0+_c1+_c2+_c3",
                "a b c\\n1 2 3\\n4 5 6\\n7 8 9\\n1 2 3\\n4 5 6\\n7 8 9\\n1 2 3\\n4 5 6\\n7  9 9# blanks# a+b+c",
                "body mass\\theight\\nr1\\t1.5\\t2.5\\nr2\\t3.5\\t4.5# \\t# _c0+body mass+height", // R's
                "body mass\\theight\\nr1\\t1.5\\t2.5\\nr2\\tx y\\t\\n# \\t# _c0+body mass+height",
                "body mass\\nr1\\t1.5\\nr2\\t2.5# \\t# _c0+body mass",
                "a  b\\n1,5 2\\n2,5 3# blanks# a+b",
                "' 1.5  2.5\\n10.5 12.5\\n 7.5 11.5'# blanks# _c0+_c1",
                "town  n\\n\"New York\" 1\\nRome       22# blanks# town+n",
                "  a  b\\nr1  1 2\\nr22 3 4# blanks# _c0+a+b", // R's names of rows
                "a b c\\n1  3\\n4  6# ' '# a+b+c", // empty cells, and a header that says so
                "a\\tthe b\\n1\\t2 kg\\n3\\t4 kg# \\t# a+the b",
                "a,b\\n1,hello world\\n2,good bye\\n3,one\\n4,a,b# ,# a+b",
                "\\n\\na|b\\n1|2# |# a+b",
                "\"-2,31\" \"a\"  \"-95,6\"\\n\"3,25\" \"b\" \"0,91\"\\n\"0,64\" \"c\" \"7,94\"# blanks# _c0+_c1+_c2",
                "1.5 'a b' 2\\n3 'c d' 4# ' '# _c0+_c1+_c2"
            })
    void find_aSeparator(String text, String separator, String columns) {
        CsvFiles found = find(text.replace("\\n", "\n").replace("\\t", "\t"));
        assertEquals(separator.replace("\\t", "\t"), found.dialect().separator());
        assertEquals(List.of(columns.split("\\+")), found.columns());
    }

    @Test
    void find_runsThatCannotBeCut_asSingleBlanks() {
        String text = "a b c\n" + "1 2 3\n".repeat(9) + "7  9 9\n";
        assertEquals(CsvDialect.BLANKS, find(text).dialect().separator());
        assertEquals(" ", find(text, "nullValue=-").dialect().separator());
        assertEquals(" ", find("a b \n1 2 \n- 4 \n", "nullValue=-").dialect().separator());
    }

    @Test
    void find_anyTable_isTheUsersWhereOptionsSay() {
        CsvFiles found = find("a;b\n1;2\n", "sep=,", "header=false");
        assertEquals(List.of("_c0"), found.columns());
        assertEquals(',', find("a;b\n1;2\n", "decimal=,").dialect().decimal());
        assertEquals('.', find("a;b\n1,5;2\n", "decimal=.").dialect().decimal());
        assertThrows(UserError.class, () -> find("a,b\n1,2\n", "decimal=x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a,y\\n1,2# true",
                "1,2\\n3,4\\n5,6# true", // a run of whole numbers: how pandas names columns
                "5.1,3.5,setosa\\n4.9,3.0,setosa# false",
                "5.1,nan,setosa\\n4.9,3.0,setosa# false",
                "country,2019,2020\\nDE,1.5,2.5# true",
                "0,1,2\\n0.1,0.2,0.3# true",
                "red,yes\\ngreen,no# true"
            })
    void find_aHeader(String text, boolean hasHeader) {
        assertEquals(hasHeader, find(text.replace("\\n", "\n")).dialect().hasHeader());
    }

    @Test
    void find_columnsWithoutNames_whereOthersWriteThem() {
        assertEquals(List.of("_c0", "a", "b"), find(",a,b\n0,1,2\n1,3,4\n").columns()); // pandas
        assertEquals(List.of("_c0", "a", "b"), find("a b\n1 0.5 2\n2 3 4\n").columns()); // R
        assertEquals(List.of("a", "b", "_c2"), find("a,b,\n1,2,\n3,4,\n").columns());
        assertEquals(
                List.of("a", "b", "_c2"), find("a,b\n1,2,\n3,4,\n").columns()); // no names of rows, though all differ
        assertEquals(List.of("a", "b", "_c2"), find("a;b\n1;2;\n1;4;\n").columns());
        assertTrue(assertThrows(UserError.class, () -> find("a,,b\n1,2,3\n"))
                .getMessage()
                .contains("no name"));
        assertTrue(assertThrows(UserError.class, () -> find("a,a\n1,2\n"))
                .getMessage()
                .contains("twice"));
    }

    /** A first line for other programs is refused, with the way out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "sep=;\\na;b\\n1;2! the first line, sep=;, tells Excel the separator",
                "\"sep=,\"\\na,b\\n1,2! tells Excel the separator",
                "# made on Monday\\na,b\\n1,2! the first line, # made on Monday, has fewer cells than the rows"
            })
    void find_aFirstLineThatIsNoHeader(String text, String problem) {
        UserError error = assertThrows(UserError.class, () -> find(text.replace("\\n", "\n")));
        assertTrue(error.getMessage().contains(problem), error.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a;b\\n1,5;x\\n2;y# ,",
                "a;b\\n1,500;x\\n2,250;y# .", // thousands or fractions: not for sure
                "a;b\\n1,500;x\\n2,25;y# ,",
                "a;b\\n1.5;x\\n2,25;y# .",
                "a;b\\n1,234,567;x# ."
            })
    void find_aDecimalComma_onlyForSure(String text, char decimal) {
        assertEquals(decimal, find(text.replace("\\n", "\n")).dialect().decimal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "a,\"b# true",
                "a,\"b\"# false",
                "a,\"b\"\"# true",
                "a,\"b\"\"\"# false",
                "a,b\"# false",
                "a,5\" pipe,\"x# true",
                "\"a\" ,\" b# true",
                "\"a\" x\",b# false",
                "\"a,b\",\"# true"
            })
    void endsInQuotes_aLine(String text, boolean ends) {
        CsvLine line = new CsvLine(find("a,b\n1,2\n").dialect());
        line.set(UTF8String.fromString(text));
        assertEquals(ends, line.endsInQuotes());
    }

    @Test
    void isOfEncoding_bytes() {
        CsvLine line = new CsvLine(find("a,b\n1,2\n").dialect());
        line.set(UTF8String.fromString("Köln,紅,1"));
        assertTrue(line.isOfEncoding());
        line.set(UTF8String.fromBytes("Bonn,Köln,1".getBytes(StandardCharsets.ISO_8859_1)));
        assertFalse(line.isOfEncoding());
        assertEquals("K\uFFFDln", line.encodingFault().value());
        CsvHead western = new CsvHead("a,b\n1,2\n", "windows-1252", false);
        line = new CsvLine(CsvSniffer.find("t.csv", Map.of(), western).dialect());
        line.set(UTF8String.fromBytes("Köln,€".getBytes(Charset.forName("windows-1252"))));
        assertTrue(line.isOfEncoding());
        assertEquals("Köln,€", line.text());
    }
}
