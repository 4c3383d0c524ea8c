package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same rows are the same examples, however they are written: they train to the same bits. */
@Tag("spark")
class ReadingTest {
    private static final int ROWS = 60;

    @TempDir
    private Path dir;

    /** Lines x1,x2,y. */
    private static final List<String> rows = new ArrayList<>();

    private static Path csv;
    private static String expected;
    private static int models;

    @BeforeAll
    static void rows(@TempDir Path shared) {
        rows.clear();
        Random random = new Random(1);
        for (int i = 0; i < ROWS; i++) {
            double x1 = random.nextGaussian();
            double x2 = 100 * random.nextGaussian();
            rows.add(x1 + "," + x2 + "," + (x1 * x2 > 0 ? 1 : 0));
        }
        List<String> lines = new ArrayList<>(List.of("x1,x2,y"));
        lines.addAll(rows);
        csv = Cli.write(shared.resolve("base.csv"), lines);
        expected = Cli.weights(train(shared, csv, "y"));
    }

    private Path csv(String name, String header, List<String> lines) {
        List<String> all = new ArrayList<>(List.of(header));
        all.addAll(lines);
        return Cli.write(dir.resolve(name), all);
    }

    private Path train(Path data, String label, Object... more) {
        return train(dir, data, label, more);
    }

    private static Path train(Path dir, Path data, String label, Object... more) {
        Path model = dir.resolve("model" + models++);
        List<Object> args = new ArrayList<>(List.of("train", "--data", data, "--model", model));
        args.addAll(List.of("--hidden", "3", "--iterations", "3"));
        if (!label.isEmpty()) {
            args.addAll(List.of("--label", label));
        }
        args.addAll(List.of(more));
        Cli.succeed(args.toArray());
        return model;
    }

    private static List<String> rows(String from, String to) {
        return rows.stream().map(row -> row.replaceAll(from, to)).toList();
    }

    private static TrainedModel load(Path model) {
        try {
            return TrainedModel.load(model);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> classes(Path model) {
        return load(model).description().targets().classes();
    }

    // Formats.

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json", "csv"})
    void read_format(String format) {
        Path data = dir.resolve("table." + format);
        numbers().write().format(format).option("header", "true").save(data.toString());
        assertEquals(expected, Cli.weights(train(data, "y")));
        assertEquals(expected, Cli.weights(train(data, "y", "--format", format)));
    }

    private Dataset<Row> numbers() {
        return TestSpark.session()
                .read()
                .option("header", "true")
                .schema("x1 double, x2 double, y int")
                .csv(csv.toString())
                .coalesce(1);
    }

    @Test
    void read_libSvm() {
        List<String> lines = rows.stream()
                .map(row -> row.split(","))
                .map(cells -> cells[2] + " 1:" + cells[0] + "  2:" + cells[1])
                .collect(Collectors.toCollection(ArrayList::new));
        assertEquals(expected, Cli.weights(train(Cli.write(dir.resolve("t.libsvm"), lines), "")));
        lines.add(0, "# a comment");
        lines.add(5, "");
        lines.set(7, lines.get(7) + " # another");
        Path model = train(Cli.write(dir.resolve("t.svm"), lines), "");
        assertEquals(expected, Cli.weights(model));
        assertEquals(List.of("1", "2"), load(model).description().inputs().features());
    }

    @Test
    void read_libSvmZerosMayBeLeftOut() {
        Path zeros = csv("zeros.csv", "x1,x2,y", List.of("0,2,0", "1,0,1", "0,0,0", "3,4,1"));
        Path sparse = Cli.write(dir.resolve("t.libsvm"), "0 2:2", "1 1:1", "0", "1 1:3 2:4");
        assertEquals(Cli.weights(train(zeros, "y")), Cli.weights(train(sparse, "")));
    }

    // Ways to write CSV.

    @Test
    void csv_lineEndsBlankLinesSpacesAndMarks() throws IOException {
        List<String> variants = List.of(
                "x1,x2,y\r\n" + String.join("\r\n", rows) + "\r\n",
                "x1,x2,y\n" + String.join("\n", rows),
                "\ufeffx1,x2,y\n" + String.join("\n", rows) + "\n",
                "x1,x2,y\n\n" + String.join("\n\n", rows) + "\n\n\n",
                " x1 , x2 , y \n" + String.join("\n", rows(",", "  ,\t")) + "\n",
                "\"x1\",\"x2\",\"y\"\n" + String.join("\n", rows("([^,]+)", "\"$1\"")) + "\n");
        for (String text : variants) {
            Path file = Files.writeString(dir.resolve("t.csv"), text, UTF_8);
            assertEquals(expected, Cli.weights(train(file, "y")), text.substring(0, 20));
        }
    }

    @Test
    void csv_gzip() throws IOException {
        Path file = dir.resolve("t.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(Files.readAllBytes(csv));
        }
        assertEquals(expected, Cli.weights(train(file, "y")));
    }

    @Test
    void csv_otherSeparator() {
        Path file = csv("t.csv", "x1;x2;y", rows(",", ";"));
        assertEquals(expected, Cli.weights(train(file, "y", "--option", "sep=;")));
    }

    @Test
    void csv_withoutHeader() {
        Path file = csv("t.csv", rows.get(0), rows.subList(1, ROWS));
        Path model = train(file, "_c2", "--option", "header=false");
        assertEquals(expected, Cli.weights(model));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,A,y", "petal.length,petal width,the label", "größe,葉,色", "`a`,b``,y.y", "x-1,x(2),y[0]"})
    void csv_columnNames(String header) throws IOException {
        String label = header.split(",")[2];
        Path file = csv("some data.csv", header, rows);
        Path model = train(file, label);
        assertEquals(expected, Cli.weights(model));
        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model, "--data", file, "--output", out);
        assertEquals(
                header + ",prediction,probability_0,probability_1",
                Files.readAllLines(out).get(0));
    }

    @Test
    void csv_quotes() throws IOException {
        String big = "\"the \"\"big\"\" one, really\"";
        String small = "\"small, \\\"";
        List<String> lines = rows.stream()
                .map(row -> row.substring(0, row.length() - 1) + (row.endsWith("1") ? big : small))
                .toList();
        Path file = csv("t.csv", "\"x, 1\",x2,y", lines);
        Path model = train(file, "y");
        assertEquals(List.of("small, \\", "the \"big\" one, really"), classes(model));
        assertEquals("x, 1", load(model).description().inputs().features().get(0));
        assertEquals(expected, Cli.weights(model));
        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model, "--data", file, "--output", out);
        List<String> written = Files.readAllLines(out);
        for (int i = 0; i < ROWS; i++) {
            assertTrue(written.get(i + 1).startsWith(lines.get(i) + ","), written.get(i + 1));
        }
    }

    // Labels.

    @ParameterizedTest
    @ValueSource(strings = {"tinyint", "int", "bigint", "float", "double", "decimal(5,1)", "string", "boolean"})
    void label_type(String type) {
        Path data = dir.resolve("table.parquet");
        numbers()
                .withColumn(
                        "y",
                        functions
                                .col("y")
                                .cast(type.equals("string") ? "double" : type)
                                .cast(type))
                .write()
                .parquet(data.toString());
        Path model = train(data, "y");
        assertEquals(expected, Cli.weights(model));
        List<String> expectedClasses =
                switch (type) {
                    case "boolean" -> List.of("false", "true");
                    case "string" -> List.of("0.0", "1.0"); // the text that stands there
                    default -> List.of("0", "1");
                };
        assertEquals(expectedClasses, classes(model));
    }

    @Test
    void label_order() {
        assertEquals(List.of("-1", "2.0", "10.5"), classes(train(labels("10.5", "2.0", "-1"), "y")));
        assertEquals(List.of("10", "2", "x"), classes(train(labels("x", "10", "2"), "y")));
        assertEquals(List.of("1d", "1f"), classes(train(labels("1f", "1d"), "y")));
        // Texts of one value are classes of their own, in training and later.
        Path model = train(labels("1", "1.0", "01", "2", "2e0"), "y");
        assertEquals(List.of("01", "1", "1.0", "2", "2e0"), classes(model));
        Object[] evaluate = {"evaluate", "--model", model, "--data", labels("1.00", "2")};
        Cli.refuse(dir, evaluate, "row 1", "column y", "\"1.00\" is not a class");
    }

    private Path labels(String... labels) {
        List<String> lines = new ArrayList<>();
        for (String label : labels) {
            lines.add(lines.size() + "," + label);
        }
        return csv("labels.csv", "x,y", lines);
    }

    // Columns.

    @Test
    void columns_chosenOrLeftOut() {
        List<String> more = rows.stream().map(row -> "note," + row + ",7").toList();
        Path file = csv("t.csv", "n,x1,x2,y,z", more);
        Path chosen = train(file, "y", "--features", "x1,x2");
        Path left = train(file, "y", "--exclude", "n,z");
        assertEquals(expected, Cli.weights(chosen));
        assertEquals(expected, Cli.weights(left));
        assertNotEquals(expected, Cli.weights(train(file, "y", "--features", "x2,x1")));
        for (Path model : List.of(chosen, left)) {
            // With the columns that training left out, and without them, and without the label.
            for (Path data : List.of(file, csv, csv("u.csv", "x2,x1", List.of("1,2")))) {
                Path out = dir.resolve("out.csv");
                Cli.succeed("predict", "--model", model, "--data", data, "--output", out, "--overwrite");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void columns_manyOfAllTypes(String format) {
        // More than Spark makes compiled rows of; with a decimal column they are read row by row all the same.
        List<String> types = List.of("double", "float", "int", "bigint", "smallint", "tinyint", "boolean");
        List<String> names = IntStream.range(0, 130).mapToObj(i -> "x" + i).toList();
        List<String> lines = IntStream.range(0, ROWS)
                .mapToObj(row -> IntStream.range(0, names.size())
                                .mapToObj(i -> types.get(i % 7).equals("boolean")
                                        ? Integer.toString((row + i) % 2)
                                        : Integer.toString((31 * row + 17 * i) % 23 - 11))
                                .collect(Collectors.joining(","))
                        + "," + row % 2)
                .toList();
        Path numbers = csv("t.csv", String.join(",", names) + ",y", lines);
        String reversed = IntStream.range(0, names.size())
                .mapToObj(i -> names.get(names.size() - 1 - i))
                .collect(Collectors.joining(","));
        String same = Cli.weights(train(numbers, "y", "--features", reversed));
        for (String last : List.of("int", "decimal(9,2)")) {
            Path data = dir.resolve(last.substring(0, 3) + "." + format);
            TestSpark.session()
                    .read()
                    .option("header", "true")
                    .csv(numbers.toString())
                    .select(IntStream.rangeClosed(0, names.size())
                            .mapToObj(i -> i < names.size()
                                    ? functions.col(names.get(i)).cast(types.get(i % 7))
                                    : functions.col("y").cast(last))
                            .toArray(Column[]::new))
                    .write()
                    .format(format)
                    .save(data.toString());
            assertEquals(same, Cli.weights(train(data, "y", "--features", reversed)), last);
        }
    }

    @Test
    void columns_booleansAreNumbers() {
        Path data = dir.resolve("table.json");
        Cli.write(data, "{\"a\":true,\"y\":0}", "{\"a\":false,\"y\":1}", "{\"a\":true,\"y\":1}");
        Path numbers = csv("t.csv", "a,y", List.of("1,0", "0,1", "1,1"));
        assertEquals(Cli.weights(train(numbers, "y")), Cli.weights(train(data, "y")));
    }

    // Weights of rows.

    @Test
    void weight_countsRows() {
        List<String> weighted = new ArrayList<>();
        List<String> repeated = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            int weight = i % 3;
            weighted.add(rows.get(i) + "," + weight);
            for (int k = 0; k < weight; k++) {
                repeated.add(rows.get(i));
            }
        }
        Path data = csv("t.csv", "x1,x2,y,w", weighted);
        Path same = csv("u.csv", "x1,x2,y", repeated);
        Path model = train(data, "y", "--weight", "w");
        assertArrayEquals(load(train(same, "y")).theta(), load(model).theta(), 1e-12);

        // The weights need not be there later; where they are, they count.
        String unweighted = Cli.succeed("evaluate", "--model", model, "--data", csv);
        assertEquals(unweighted, Cli.succeed("evaluate", "--model", model, "--data", data));
        String first = Cli.succeed("evaluate", "--model", model, "--data", data, "--weight", "w");
        String second = Cli.succeed("evaluate", "--model", model, "--data", same);
        assertEquals(second.replaceFirst("on \\d+ rows", ""), first.replaceFirst("on \\d+ rows", ""));
        assertNotEquals(unweighted, first);
    }
}
