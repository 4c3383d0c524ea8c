package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of more columns than Spark makes code for. */
@Tag("spark")
class WideTablesTest {
    private static final int FEATURES = 1500;

    @TempDir
    private static Path dir;

    private static List<String> lines;
    private static Path csv;
    private static Path model;

    @BeforeAll
    static void train() {
        Random random = new Random(3);
        lines = new ArrayList<>(
                List.of(IntStream.range(0, FEATURES).mapToObj(i -> "g" + i).collect(Collectors.joining(",")) + ",y"));
        for (int row = 0; row < 20; row++) {
            String cells = IntStream.range(0, FEATURES)
                    .mapToObj(i -> String.format(Locale.ROOT, "%.4f", random.nextGaussian()))
                    .collect(Collectors.joining(","));
            lines.add(cells + "," + (row % 7 - 3));
        }
        csv = Cli.write(dir.resolve("t.csv"), lines);
        model = dir.resolve("model");
        Cli.succeed(
                "train",
                "--task",
                "regression",
                "--data",
                csv,
                "--label",
                "y",
                "--model",
                model,
                "--hidden",
                "2",
                "--iterations",
                "3");
    }

    /** The mean squared error is computed here, from the predictions; evaluate has other code for all of it. */
    @Test
    void predict_copiesTheColumnsAndAgreesWithEvaluate() throws IOException {
        Path output = dir.resolve("p.csv");
        Cli.succeed("predict", "--model", model, "--data", csv, "--output", output);
        List<String> predicted = Files.readAllLines(output);
        assertEquals(lines.get(0) + ",prediction", predicted.get(0));
        double squares = 0;
        for (int i = 1; i < lines.size(); i++) {
            int comma = predicted.get(i).lastIndexOf(',');
            assertEquals(lines.get(i), predicted.get(i).substring(0, comma));
            String target = lines.get(i).substring(lines.get(i).lastIndexOf(',') + 1);
            squares +=
                    Math.pow(Double.parseDouble(predicted.get(i).substring(comma + 1)) - Double.parseDouble(target), 2);
        }
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", csv);
        assertEquals(
                Math.sqrt(squares / (lines.size() - 1)), metrics.get("rmse").asDouble(), 1e-9);
    }

    @Test
    void predict_readsAndWritesWideParquet() throws IOException {
        Path parquet = dir.resolve("t.parquet");
        TestSpark.session()
                .read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(csv.toString())
                .coalesce(1)
                .write()
                .parquet(parquet.toString());
        Path fromText = dir.resolve("text.parquet");
        Path fromNumbers = dir.resolve("numbers.parquet");
        Cli.succeed("predict", "--model", model, "--data", csv, "--output", fromText);
        Cli.succeed("predict", "--model", model, "--data", parquet, "--output", fromNumbers);
        assertEquals(predictions(fromText), predictions(fromNumbers));
        Row first = TestSpark.session().read().parquet(fromNumbers.toString()).first();
        String[] cells = lines.get(1).split(",");
        for (int i = 0; i < FEATURES; i++) {
            assertEquals(Double.parseDouble(cells[i]), first.getDouble(i));
        }
    }

    /** The texts are those that stand in the file; what predict cuts itself it reads as Spark's reader would. */
    @Test
    void predict_keepsTextsAndNamesRaggedRows() throws IOException {
        List<String> written = List.of("\"a, \"\"b\"\"\"", "K\u00f6ln", "", " 007 ", "\"two\nlines\"", "\"\"");
        List<String> meant = Arrays.asList("a, \"b\"", "K\u00f6ln", null, "007", "two\nlines", null);
        List<String> table = new ArrayList<>(List.of("name," + lines.get(0)));
        for (int i = 0; i < written.size(); i++) {
            table.add(written.get(i) + "," + lines.get(i + 1));
        }
        Path all = Cli.write(dir.resolve("names.csv"), table);
        table.remove(5);
        Path plain = Cli.write(dir.resolve("plain.csv"), table);
        assertEquals(meant, names(all));
        assertEquals(Arrays.asList("a, \"b\"", "K\u00f6ln", null, "007", null), names(plain));

        table.set(3, table.get(3) + ",1");
        Path ragged = Cli.write(dir.resolve("ragged.csv"), table);
        Cli.Outcome refused = Cli.run(
                "predict", "--model", model, "--data", ragged, "--exclude", "name", "--output", dir.resolve("no.csv"));
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("ragged.csv, row 3: "), refused.err());
    }

    private static List<String> names(Path data) throws IOException {
        Path output = Files.createTempDirectory(dir, "names").resolve("p.parquet");
        Cli.succeed("predict", "--model", model, "--data", data, "--exclude", "name", "--output", output);
        return TestSpark.session().read().parquet(output.toString()).select("name").collectAsList().stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static List<Double> predictions(Path parquet) {
        Dataset<Row> rows = TestSpark.session().read().parquet(parquet.toString());
        return rows.select("prediction").collectAsList().stream()
                .map(row -> row.getDouble(0))
                .toList();
    }
}
