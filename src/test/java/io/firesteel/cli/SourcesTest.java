package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.delta.sql.DeltaSparkSessionExtension;
import io.firesteel.TestSpark;
import io.firesteel.ml.FiresteelClassificationModel;
import io.firesteel.ml.FiresteelClassifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of a database and of Delta, read by the drivers that users have: they train to the bits of the same rows elsewhere. */
@Tag("spark")
class SourcesTest {
    private static final int ROWS = 60;

    @TempDir
    private Path dir;

    private int models;

    private String weights(Object data, Object... more) {
        Path model = dir.resolve("model" + models++);
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--hidden", "3", "--iterations", "4"
        };
        Cli.succeed(Cli.plus(args, more));
        return Cli.weights(model);
    }

    /** A row of the test: numbers, a text, a time and a label. */
    private static String values(int i) {
        return i * 0.5 + ", " + i % 7 + ", '" + (i % 3 == 0 ? "red" : "blue") + "', timestamp '2024-03-0" + (1 + i % 9)
                + " 1" + i % 10 + ":30:00', '" + (i % 4 > 1 ? "yes" : "no") + "'";
    }

    private void fill(Statement database, String table, int from, int to) throws SQLException {
        database.execute("create table " + table
                + "(\"a\" double precision, \"b\" int, \"c\" varchar(9), \"t\" timestamp, \"y\" varchar(9))");
        for (int i = from; i < to; i++) {
            database.execute("insert into " + table + " values (" + values(i) + ")");
        }
    }

    private static final Object[] KINDS = {"--categorical", "c", "--dates", "expand"};

    /** H2: a table by its name, a query, predictions and the password that no message shows. */
    @Test
    void jdbc_h2() throws SQLException {
        String url = "jdbc:h2:mem:firesteel;DB_CLOSE_DELAY=-1";
        Object[] options = Cli.plus(
                KINDS,
                "--format",
                "jdbc",
                "--option",
                "url=" + url,
                "--option",
                "user=sa",
                "--option",
                "password=secret-7");
        TestSpark.with("spark.sql.session.timeZone", "UTC", () -> {
            try (Connection connection = DriverManager.getConnection(url, "sa", "secret-7");
                    Statement database = connection.createStatement()) {
                fill(database, "rows_all", 0, ROWS);
                fill(database, "rows_some", 0, ROWS / 2);
                String all = weights("rows_all", options);
                assertNotEquals(all, weights("rows_some", options));
                Object[] query = Cli.plus(options, "--option", "query=select * from rows_all where \"a\" < 15");
                assertEquals(weights("rows_some", options), weights("any", query));
                // In several parts, the rows are the same.
                Object[] parts = Cli.plus(options, "--option", "partitionColumn=b", "--option", "lowerBound=0");
                parts = Cli.plus(parts, "--option", "upperBound=7", "--option", "numPartitions=3");
                assertEquals(all, weights("rows_all", parts));
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
        Object[] wrong = {"train", "--data", "no_such", "--label", "y", "--model", dir.resolve("none")};
        Object[] refused = Cli.plus(wrong, options);
        Cli.refuse(dir, refused, "no_such", "NO_SUCH");
        assertTrue(!Cli.run(refused).err().contains("secret-7"));
    }

    /** A table of a database, whose rows have no order as those of a DataFrame: the same bits, and the same predictions. */
    @ParameterizedTest
    @ValueSource(strings = {"notes", "best"})
    void jdbc_estimatorsOfItsColumns_giveTheBitsOfTheCommandLine(String preset) throws SQLException {
        String url = "jdbc:h2:mem:columns-" + preset + ";DB_CLOSE_DELAY=-1";
        try (Connection connection = DriverManager.getConnection(url);
                Statement database = connection.createStatement()) {
            database.execute("create table t (\"id\" int, \"a\" double precision, \"n\" int, \"f\" boolean,"
                    + " \"c\" varchar(9), \"many\" varchar(9), \"t\" timestamp, \"d\" date, \"y\" int)");
            for (int i = 0; i < 80; i++) {
                database.execute("insert into t values (" + i + ", " + (i % 9 == 0 ? "null" : i * 0.37 % 5) + ", "
                        + i * 7 % 13 + ", " + (i % 4 > 1) + ", " + (i % 10 == 0 ? "null" : "'c" + i % 3 + "'")
                        + ", 'm" + i % 6 + "', timestamp '2024-03-0" + (1 + i % 9) + " 1" + i % 10 + ":30:00'"
                        + ", date '2023-0" + (1 + i % 8) + "-11', " + (i * 0.37 % 5 + i % 3 > 2.5 ? 1 : 0) + ")");
            }
        }
        boolean strict = preset.equals("notes"); // which refuses what the others guess
        String[] columns = {"a", "n", "f", "c", "many", "t", "d"};
        FiresteelClassifier estimator = new FiresteelClassifier()
                .setPreset(preset)
                .setInputCols(columns)
                .setLabelCol("y")
                .setDates("expand")
                .setMaxOneHot(strict ? 4_000_000 : 4)
                .setHidden(5);
        List<Object> settings = new ArrayList<>(List.of(
                "--preset",
                preset,
                "--features",
                String.join(",", columns),
                "--label",
                "y",
                "--dates",
                "expand",
                "--max-one-hot",
                strict ? 4_000_000 : 4,
                "--hidden",
                5));
        if (strict) {
            estimator.setCategorical("auto").setMissing("mean").setIterations(5);
            settings.addAll(List.of("--categorical", "auto", "--missing", "mean", "--iterations", 5));
        } else {
            estimator.setEpochs(2);
            settings.addAll(List.of("--epochs", 2));
        }
        Object[] source = {"--data", "t", "--format", "jdbc", "--option", "url=" + url};
        TestSpark.with("spark.sql.session.timeZone", "UTC", () -> {
            Path trained = dir.resolve("model");
            Cli.succeed(Cli.plus(
                    Cli.plus(new Object[] {"train", "--task", "classification", "--model", trained}, source),
                    settings.toArray()));
            Dataset<Row> table = TestSpark.session()
                    .read()
                    .format("jdbc")
                    .option("url", url)
                    .option("dbtable", "t")
                    .load();
            FiresteelClassificationModel fitted = estimator.fit(table);
            Path saved = dir.resolve("saved");
            try {
                fitted.save(saved.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertEquals(Cli.weights(trained), Cli.weights(saved.resolve("firesteel")));
            Path predicted = dir.resolve("p.parquet");
            Cli.succeed(Cli.plus(new Object[] {"predict", "--model", trained, "--output", predicted}, source));
            Map<Integer, Row> byId = new HashMap<>();
            TestSpark.session()
                    .read()
                    .parquet(predicted.toString())
                    .collectAsList()
                    .forEach(row -> byId.put(row.<Integer>getAs("id"), row));
            List<Row> scored = fitted.transform(table).collectAsList();
            assertEquals(80, scored.size());
            for (Row row : scored) {
                Row expected = byId.get(row.<Integer>getAs("id"));
                assertEquals(
                        expected.<Double>getAs("probability_1"),
                        row.<Vector>getAs("probability").apply(1),
                        1e-14);
                assertEquals(Double.valueOf(expected.<String>getAs("prediction")), row.<Double>getAs("prediction"));
            }
        });
    }

    /** Delta: the rows that its log holds, not those of all files; by what the directory holds and by {@code --format}. */
    @Test
    @Tag("faults") // a quarter of a minute, most of which Delta's own start takes
    void delta_withDeletedRows() {
        SparkSession usual = TestSpark.session();
        assumeTrue(usual.version().startsWith("4.1"), "this Delta is for Spark 4.1");
        Path table = dir.resolve("table");
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        try {
            SparkSession spark = SparkSession.builder()
                    .withExtensions(new DeltaSparkSessionExtension())
                    .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                    .config("spark.sql.caseSensitive", "true")
                    .config("spark.sql.session.timeZone", "UTC")
                    .getOrCreate();
            spark.range(ROWS)
                    .selectExpr(
                            "double(id) * 0.5 a",
                            "int(id % 7) b",
                            "if(id % 3 = 0, 'red', 'blue') c",
                            "timestamp_seconds(id * 100000) t",
                            "if(id % 4 > 1, 'yes', 'no') y")
                    .write()
                    .format("delta")
                    .save(table.toString());
            String all = weights(table, KINDS);
            spark.sql("delete from delta.`" + table + "` where b = 3");
            String left = weights(table, KINDS);
            assertNotEquals(all, left);
            assertEquals(left, weights(table, Cli.plus(KINDS, "--format", "delta")));
            assertEquals(all, weights(table, Cli.plus(KINDS, "--format", "delta", "--option", "versionAsOf=0")));
            Path predictions = dir.resolve("p.parquet");
            Cli.succeed("predict", "--model", dir.resolve("model1"), "--data", table, "--output", predictions);
            assertEquals(
                    spark.read().format("delta").load(table.toString()).count(),
                    spark.read().parquet(predictions.toString()).count());
        } finally {
            SparkSession.setDefaultSession(usual);
            SparkSession.setActiveSession(usual);
        }
    }
}
