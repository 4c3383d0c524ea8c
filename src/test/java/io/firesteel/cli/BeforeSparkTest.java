package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.fit.Settings;
import io.firesteel.table.Schema;
import io.firesteel.table.Table;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes that are told before Spark starts are the same that would be told with it. */
@Tag("spark")
class BeforeSparkTest {
    @TempDir
    private Path dir;

    private static Optional<Schema> before(Path data, String format) {
        return Table.schemaBeforeSpark(data.toString(), format, Map.of(), new Configuration());
    }

    private Path table(String name) {
        return Cli.write(dir.resolve(name), "a,b,y", "1,2,no", "2,1,yes");
    }

    @Test
    void schema_ofCsvParquetAndOrc_isThatOfTheTable() {
        Path csv = table("t.csv");
        for (String format : new String[] {"csv", "parquet", "orc"}) {
            Path data = dir.resolve(format);
            TestSpark.session()
                    .read()
                    .option("header", "true")
                    .schema("a double, b int, y string")
                    .csv(csv.toString())
                    .write()
                    .format(format)
                    .option("header", "true")
                    .save(data.toString());
            Schema schema = before(data, null).orElseThrow();
            Schema opened = Table.open(TestSpark.session(), data.toString(), null, Map.of())
                    .schema();
            assertEquals(opened.columns(), schema.columns());
            assertEquals(opened.rowNames(), schema.rowNames());
            for (String column : schema.columns()) {
                assertEquals(opened.nameKind(column), schema.nameKind(column), format + " " + column);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent.csv", "empty.csv", "folder", "README.pdf", "names.csv", "header.csv"})
    void wrongTable_isToldTheSame(String name) throws Exception {
        Files.createFile(dir.resolve("empty.csv"));
        Files.createDirectory(dir.resolve("folder"));
        Files.write(dir.resolve("README.pdf"), new byte[] {'%', 'P', 'D', 'F', '-', '1', '.', '4', 0, 1, 2});
        Cli.write(dir.resolve("names.csv"), "a,a,y", "1,2,no");
        Cli.write(dir.resolve("header.csv"), "a,,y", "1,2,no");
        Path data = dir.resolve(name);
        String expected = assertThrows(
                        UserError.class, () -> Table.open(TestSpark.session(), data.toString(), null, Map.of()))
                .getMessage();
        assertEquals(
                expected,
                assertThrows(UserError.class, () -> before(data, null)).getMessage());
    }

    @Test
    void wrongColumn_isToldTheSame() {
        Path data = table("t.csv");
        for (String[] wrong :
                new String[][] {{"label", "z"}, {"exclude", "b,c"}, {"features", "a,y"}, {"weight", "w"}}) {
            Settings settings =
                    Settings.builder().set("label", "y").set(wrong[0], wrong[1]).build();
            Schema schema = before(data, null).orElseThrow();
            String told = assertThrows(UserError.class, () -> settings.expectColumns(schema))
                    .render(io.firesteel.base.SettingNames.OPTIONS);
            Object[] args = {"train", "--data", data, "--model", dir.resolve("m"), "--" + wrong[0], wrong[1]};
            Object[] label = wrong[0].equals("label") ? new Object[0] : new Object[] {"--label", "y"};
            assertEquals(
                    "error: " + told + System.lineSeparator(),
                    Cli.run(Cli.plus(args, label)).err());
        }
    }

    /** Where no cluster answers, everything that is wrong and can be known without one is told first. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "train --data DIR/t.csv --label y --model DIR/m; no master of the cluster answers",
                "train --data DIR/absent.csv --label y --model DIR/m; absent.csv: no such file",
                "train --data DIR/t.csv --label z --model DIR/m; no label column z",
                "train --data DIR/t.csv --label y --model DIR/old.csv; --model DIR/old.csv",
                "train --data DIR/t.csv --label y --model DIR/m --report DIR/old.csv; --report DIR/old.csv exists",
                "train --data DIR/t.csv --label y --model DIR/m --warm-start DIR/w; --warm-start DIR/w: no such model",
                "train --data DIR/t.csv --label y --model DIR/m --validation-data DIR/v.csv; v.csv: no such file",
                "train --data DIR/t.csv --label y --model DIR/m --resume DIR/c; --resume DIR/c: no whole checkpoint is there",
                "train --data DIR/t.csv --label y --model DIR/m --checkpoint DIR/old.csv; --checkpoint DIR/old.csv cannot be",
                "search --data DIR/t.csv --label y --grid hidden=2 --results DIR/r.xyz; r.xyz",
                "search --data DIR/t.csv --label y --grid hidden=2 --report DIR/old.csv; --report DIR/old.csv exists",
                "evaluate --model DIR/w --data DIR/t.csv; --model DIR/w: no such model",
                "predict --model DIR/w --data DIR/t.csv --output DIR/p.csv; --model DIR/w: no such model",
                "generate flower --rows 0 --output DIR/g.csv; --rows 0: expected 1 or more",
                "generate flower --output DIR/old.csv; old.csv exists"
            })
    void mistake_isToldBeforeSparkStarts(String command, String expected) {
        table("t.csv");
        table("old.csv");
        SparkSession session = TestSpark.session();
        String master = System.getProperty("spark.master");
        StringWriter err = new StringWriter();
        int code;
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        System.setProperty("spark.master", "spark://127.0.0.1:1");
        try {
            code = Firesteel.run(
                    new PrintWriter(err),
                    new PrintWriter(err),
                    command.replace("DIR", dir.toString()).split(" "));
        } finally {
            if (master == null) {
                System.clearProperty("spark.master");
            } else {
                System.setProperty("spark.master", master);
            }
            SparkSession.setDefaultSession(session);
            SparkSession.setActiveSession(session);
        }
        assertEquals(2, code, err.toString());
        assertTrue(err.toString().contains(expected.replace("DIR", dir.toString())), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    /** What is elsewhere, in partitions, or not in columns is left to Spark. */
    @Test
    void schema_ofOthers_isNotLookedFor() {
        assertTrue(before(Path.of("hdfs:/t.csv"), "delta").isEmpty());
        assertTrue(before(table("p/k=1/t.csv").getParent().getParent(), null).isEmpty());
        assertTrue(before(Cli.write(dir.resolve("t.libsvm"), "1 1:2", "0 1:3"), null)
                .isEmpty());
        assertTrue(Table.schemaBeforeSpark(
                        table("t.csv").toString(), null, Map.of("pathGlobFilter", "x*"), new Configuration())
                .isEmpty());
    }
}
