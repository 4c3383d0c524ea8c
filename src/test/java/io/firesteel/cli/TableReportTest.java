package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table with several problems is refused once: by the first error, what all columns hold, and the command that reads it. */
@Tag("spark")
class TableReportTest {
    @TempDir
    private Path dir;

    private Path csv() {
        List<String> lines = new ArrayList<>(List.of("age,city,id,when,\"price, USD\",nothing,y"));
        for (int i = 0; i < 120; i++) {
            String age = i % 10 == 3 ? "" : "" + i % 50;
            String city = i % 40 == 7 ? "" : List.of("Bonn", "Oslo", "007").get(i % 3);
            String price = i % 30 == 11 ? "on request" : "" + i / 4.0;
            lines.add(
                    String.join(",", age, city, "n" + i, "2024-03-0" + (1 + i % 9), price, "", i % 7 > 3 ? "a" : "b"));
        }
        return Cli.write(dir.resolve("t.csv"), lines);
    }

    private Object[] train(Path data, Object... more) {
        return Cli.plus(
                new Object[] {"train", "--data", data, "--label", "y", "--model", dir.resolve("m"), "--iterations", "1"
                },
                more);
    }

    /** Returns the words of a command that has been told, of which none has a blank. */
    private static Object[] words(String line, String before) {
        assertTrue(line.startsWith(before), line);
        String command = line.substring(before.length()).replace("'", "");
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" (?! )")));
        assertEquals("firesteel", words.remove(0));
        return words.toArray();
    }

    @Test
    void csv_allProblemsAtOnce() {
        Cli.Outcome outcome = Cli.run(train(csv(), "--exclude=nothing", "--hidden", "2"));
        assertEquals(2, outcome.code());
        assertEquals("", outcome.out());
        List<String> lines = outcome.err().lines().toList();
        assertTrue(
                lines.get(0)
                        .contains(
                                "t.csv, row 1, column city: \"Bonn\" is not a number (--categorical city makes categories"),
                outcome.err());
        assertEquals(
                List.of(
                        "5 of 6 columns are in the way, in 120 rows:",
                        "  column      holds              distinct    missing  in the way",
                        "  age         numbers                  45         12  missing cells",
                        "  city        text                      3          3  text, missing cells",
                        "  id          text                    120             names or ids",
                        "  when        dates                     9             dates",
                        "  price, USD  numbers                 117             4 cells are no numbers",
                        "  y           text                      2"),
                lines.subList(1, 9));
        assertEquals(10, lines.size(), outcome.err());
        assertTrue(
                lines.get(9)
                        .endsWith("--hidden 2 --categorical auto --dates expand --missing mean "
                                + "--exclude 'nothing,id,\"price, USD\"'"),
                lines.get(9));
        assertFalse(Files.exists(dir.resolve("m")));
        String blank = lines.get(9).replace("\"price, USD\"", "\"price,_USD\"");
        Object[] words = words(blank, "this reads the table: ");
        words[words.length - 1] = words[words.length - 1].toString().replace('_', ' ');
        String out = Cli.succeed(words);
        assertTrue(out.contains("categories  city (3, such as Bonn)"), out);
        assertTrue(out.contains("dates       when (year, month, weekday, days)"), out);
    }

    /** Columns of types are told, too; what was given already is completed. */
    @Test
    void parquet_completesWhatWasGiven() {
        Path data = dir.resolve("t.parquet");
        TestSpark.session()
                .sql("select id + 0.5 as a, timestamp '2024-05-17 10:00:00' as t, array('u') as list, "
                        + "if(id % 2 = 0, 'x', 'z') as c, if(id = 3, null, 'u' || id % 3) as d, "
                        + "if(id % 3 = 0, 'no', 'yes') as y from range(30)")
                .write()
                .parquet(data.toString());
        Object[] given = train(data, "--features", "a,t,list,c,d", "--categorical", "c", "--hidden", "2");
        Cli.Outcome outcome = Cli.run(given);
        assertEquals(2, outcome.code());
        List<String> lines = outcome.err().lines().toList();
        assertTrue(lines.get(0).contains("t.parquet, column t is of type timestamp: expected"), outcome.err());
        assertEquals(
                List.of(
                        "3 of 6 columns are in the way, in 30 rows:",
                        "  column  holds              distinct    missing  in the way",
                        "  a       numbers                  30",
                        "  t       times                     1             dates",
                        "  list    array<string>                           holds no numbers or text",
                        "  c       text                      2",
                        "  d       text                      3          1  text, missing cells",
                        "  y       text                      2"),
                lines.subList(1, 9));
        Object[] words = words(lines.get(9), "this reads the table: ");
        assertEquals(
                List.of("--categorical", "auto,c", "--dates", "expand", "--missing", "mean", "--features", "a,t,c,d"),
                Arrays.asList(words).subList(words.length - 8, words.length));
        Cli.succeed(words);
    }

    /** What no option mends is told after what options do. */
    @Test
    void labels_thatAreMissing() {
        Path data = Cli.write(dir.resolve("t.csv"), "a,b,y", "1,x,no", "2,x,yes", ",z,", "4,z,yes");
        Cli.Outcome outcome = Cli.run(train(data));
        List<String> lines = outcome.err().lines().toList();
        assertEquals("  y       text                      2          1  a label is missing", lines.get(5));
        assertTrue(lines.get(6).startsWith("this mends some of it: firesteel train "), outcome.err());
        assertTrue(lines.get(6).endsWith("--categorical auto --missing mean"), outcome.err());
        assertTrue(lines.get(7).startsWith("what remains: "), outcome.err());
        assertTrue(lines.get(7).contains("t.csv, row 3, column y: the cell is empty"), outcome.err());
    }

    /** One problem is one line, and so are problems that are not those of columns. */
    @Test
    void oneProblem_isOneLine() {
        Path data = Cli.write(dir.resolve("t.csv"), "a,b,y", "1,x,no", "2,x,yes", "3,z,no", "4,z,yes");
        Cli.refuse(dir, train(data), "t.csv, row 1, column b: \"x\" is not a number");
        Path several = Cli.write(dir.resolve("s.csv"), "a,b,y", ",x,no", ",x,yes");
        Cli.refuse(dir, train(several, "--exclude", "nope"), "s.csv has no excluded column nope");
    }
}
