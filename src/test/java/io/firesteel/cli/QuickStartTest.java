package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.TestSpark;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Initializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a newcomer does first, and what scripts rely on: the commands, their output, the files they write. */
@Tag("spark")
class QuickStartTest {
    private static final Path FLOWER = Path.of("data/flower.csv");

    @TempDir
    private Path dir;

    private static void expectKeys(JsonNode object, String... keys) {
        for (String key : keys) {
            assertTrue(object.has(key), key + " is not in " + object);
        }
    }

    private Path flower(String name, Object... more) {
        Path model = dir.resolve(name);
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", model, "--hidden", "4"};
        Cli.succeed(Cli.plus(args, more));
        return model;
    }

    @Test
    void flower_trainEvaluateInspect() {
        Path model = flower("model", "--iterations", "30", "--seed", "3", "--validation-fraction", "0.2");
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", FLOWER);
        expectKeys(metrics, "task", "rows", "accuracy", "logLoss", "balancedAccuracy", "rocAuc", "prAuc", "confusion");
        expectKeys(metrics, "perClass", "calibrationError", "calibration", "classes");
        expectKeys(metrics.get("perClass").get(1), "class", "support", "precision", "recall", "f1");
        expectKeys(metrics.get("calibration").get(9), "from", "to", "support", "predicted", "observed");
        assertEquals("classification", metrics.get("task").asText());
        assertEquals(400, metrics.get("rows").asInt());
        assertTrue(metrics.get("accuracy").asDouble() > 0.5);
        assertEquals("[\"blue\",\"red\"]", metrics.get("classes").toString());
        double[] counts = IntStream.range(0, 4)
                .mapToDouble(i -> metrics.get("confusion").get(i / 2).get(i % 2).asDouble())
                .toArray();
        assertEquals(400, Arrays.stream(counts).sum());
        assertEquals(metrics.get("accuracy").asDouble(), (counts[0] + counts[3]) / 400, 1e-15);

        JsonNode about = Cli.json("inspect", "--model", model);
        expectKeys(about, "blas", "sparkVersion", "firesteelVersion", "javaVersion", "columns", "settings", "rows");
        assertEquals("[2,4,1]", about.get("layers").toString());
        assertEquals("tanh", about.get("activation").asText());
        assertEquals("sigmoid-cross-entropy", about.get("loss").asText());
        assertEquals("classification", about.get("task").asText());
        assertEquals("double", about.get("precision").asText());
        assertEquals(3, about.get("seed").asInt());
        assertEquals(
                400, about.get("rows").asInt() + about.get("validationRows").asInt());
        assertEquals(2, about.get("columns").asInt());
        assertEquals("[\"x1\",\"x2\"]", about.get("features").toString());
        assertEquals("[\"blue\",\"red\"]", about.get("classes").toString());
        assertEquals("30", about.get("settings").get("iterations").asText());
        JsonNode history = about.get("history");
        assertEquals(31, history.size());
        for (int step = 0; step <= 30; step++) {
            assertEquals(step, history.get(step).get("step").asInt());
        }
        assertTrue(history.get(30).get("loss").asDouble()
                < history.get(0).get("loss").asDouble());

        String text = Cli.succeed("evaluate", "--model", model, "--data", FLOWER);
        for (String part :
                List.of("accuracy", "log-loss", "ROC-AUC", "PR-AUC", "true \\ predicted", "recall", "P(red)")) {
            assertTrue(text.contains(part), text);
        }
        assertTrue(Cli.succeed("inspect", "--model", model).contains("2-4-1, tanh"));
    }

    @Test
    void flower_sameSeedSameWeights() {
        assertEquals(Cli.weights(flower("one", "--iterations", "5")), Cli.weights(flower("two", "--iterations", "5")));
        assertNotEquals(
                Cli.weights(flower("three", "--iterations", "5", "--seed", "2")), Cli.weights(dir.resolve("one")));
    }

    @Test
    void train_noIterationsWritesTheStart() throws IOException {
        Path model = flower("model", "--iterations", "0", "--seed", "9", "--init", "normal", "--init-scale", "0.01");
        TrainedModel trained = TrainedModel.load(model);
        assertArrayEquals(Initializer.NORMAL.start(trained.network(), 0.01, 9), trained.theta());
        assertEquals(1, trained.description().provenance().history().size());
        assertEquals(
                Math.log(2), trained.description().provenance().history().get(0).loss(), 1e-3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out.parquet", "out"})
    void predict_asTheModelWithoutSpark(String name) throws IOException {
        Path model = flower("model", "--iterations", "20");
        Path out = dir.resolve(name);
        Cli.succeed(
                "predict",
                "--model",
                model,
                "--data",
                FLOWER,
                "--output",
                out,
                "--output-format",
                name.endsWith("parquet") ? "parquet" : "csv");
        assertEquals(name.contains("."), Files.isRegularFile(out));

        TrainedModel trained = TrainedModel.load(model);
        List<Row> rows = (name.endsWith("parquet")
                        ? TestSpark.session().read().parquet(out.toString())
                        : TestSpark.session().read().option("header", "true").csv(out.toString()))
                .collectAsList();
        List<String> input = Files.readAllLines(FLOWER);
        assertEquals(
                "x1,x2,color,prediction,probability_blue,probability_red",
                String.join(",", rows.get(0).schema().fieldNames()));
        assertEquals(400, rows.size());
        for (int i = 0; i < 400; i++) {
            Row row = rows.get(i);
            assertEquals(input.get(i + 1), row.get(0) + "," + row.get(1) + "," + row.get(2));
            double[] scores = trained.score(new double[] {number(row.get(0)), number(row.get(1))});
            assertEquals(scores[0], number(row.get(4)), 1e-12);
            assertEquals(scores[1], number(row.get(5)), 1e-12);
            assertEquals(scores[1] > scores[0] ? "red" : "blue", row.getString(3));
        }
    }

    private static double number(Object cell) {
        return Double.parseDouble(cell.toString());
    }

    @Test
    void predict_parquetKeepsTypes() throws IOException {
        Path model = flower("model", "--iterations", "1");
        Path in = dir.resolve("in.parquet");
        TestSpark.session()
                .read()
                .schema("x1 double, x2 double, color string")
                .option("header", "true")
                .csv(FLOWER.toString())
                .repartition(3)
                .write()
                .parquet(in.toString());
        Path out = dir.resolve("tables/out");
        Cli.succeed("predict", "--model", model, "--data", in, "--output", out, "--output-format", "parquet");
        assertTrue(Files.isDirectory(out));
        var table = TestSpark.session().read().parquet(out.toString());
        assertEquals(400, table.count());
        assertEquals(
                "x1 DOUBLE,x2 DOUBLE,color STRING,prediction STRING,probability_blue DOUBLE,probability_red DOUBLE",
                table.schema().toDDL());
    }

    @Test
    void digits_manyClasses() {
        Path model = dir.resolve("model");
        Cli.succeed(
                "train",
                "--data",
                "data/digits.csv",
                "--label",
                "digit",
                "--model",
                model,
                "--hidden",
                "16",
                "--iterations",
                "40",
                "--learning-rate",
                "1",
                "--precision",
                "single");
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", "data/digits.csv");
        assertEquals(10, metrics.get("classes").size());
        assertEquals(10, metrics.get("confusion").size());
        assertTrue(metrics.get("accuracy").asDouble() > 0.85, metrics.toString());
        assertEquals(
                "softmax-cross-entropy",
                Cli.json("inspect", "--model", model).get("loss").asText());
    }

    @Test
    void train_linearModel() {
        Path model = dir.resolve("model");
        Cli.succeed(
                "train",
                "--data",
                "data/breast_cancer.csv",
                "--label",
                "diagnosis",
                "--model",
                model,
                "--hidden",
                "none",
                "--iterations",
                "30");
        JsonNode about = Cli.json("inspect", "--model", model);
        assertEquals("[30,1]", about.get("layers").toString());
        assertTrue(Cli.succeed("inspect", "--model", model).contains("30-1"));
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", "data/breast_cancer.csv");
        assertTrue(metrics.get("accuracy").asDouble() > 0.95, metrics.toString());
    }

    @Test
    void config_flagBeatsFile() {
        Path file = Cli.write(
                dir.resolve("c.properties"),
                "# as the command line",
                "data=" + FLOWER,
                "label = color",
                "hidden=3,2",
                "iterations=7",
                "model=" + dir.resolve("model"),
                "overwrite=true");
        for (int again = 0; again < 2; again++) {
            Cli.succeed("train", "--config", file, "--iterations", "2");
        }
        JsonNode about = Cli.json("inspect", "--model", dir.resolve("model"));
        assertEquals("[2,3,2,1]", about.get("layers").toString());
        assertEquals(3, about.get("history").size());
        assertEquals("2", about.get("settings").get("iterations").asText());
    }

    @Test
    void config_theOneInConf() {
        Path model = dir.resolve("model");
        Cli.succeed("train", "--config", "conf/flower.properties", "--iterations", "1", "--model", model);
        assertEquals(
                "[2,4,1]", Cli.json("inspect", "--model", model).get("layers").toString());
    }

    @Test
    void train_warnsOfSaturation() {
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--iterations", "1", "--model"};
        Cli.Outcome large = Cli.run(Cli.plus(args, dir.resolve("large"), "--init", "normal", "--init-scale", "1000"));
        assertEquals(0, large.code());
        assertTrue(large.err().contains("warning: ") && large.err().contains("saturated"), large.err());
        assertTrue(large.err().contains("--init-scale"), large.err());
        Object[] relu = {"train", "--data", FLOWER, "--label", "color", "--activation", "relu", "--iterations", "20"};
        Cli.Outcome dead = Cli.run(Cli.plus(relu, "--learning-rate", "20", "--model", dir.resolve("dead")));
        assertTrue(
                dead.err().contains("of the units of hidden layer 1 are dead: they are 0 for each of 400 rows"),
                dead.err());
        Cli.Outcome small = Cli.run(Cli.plus(args, dir.resolve("small")));
        assertFalse(small.err().contains("warning"), small.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"flower", "blobs", "spirals", "regression"})
    void generate_sameSeedSameRows(String kind) throws IOException {
        Path one = dir.resolve("one.csv");
        Cli.succeed("generate", kind, "--rows", "50", "--seed", "4", "--output", one);
        Cli.succeed("generate", kind, "--rows", "50", "--seed", "4", "--output", dir.resolve("same.csv"));
        Cli.succeed("generate", kind, "--rows", "50", "--seed", "5", "--output", dir.resolve("other.csv"));
        List<String> lines = Files.readAllLines(one);
        assertEquals(51, lines.size());
        assertTrue(lines.get(0).startsWith("x1,x2,"));
        assertEquals(50, lines.stream().skip(1).distinct().count());
        assertEquals(lines, Files.readAllLines(dir.resolve("same.csv")));
        assertNotEquals(lines, Files.readAllLines(dir.resolve("other.csv")));
    }

    @Test
    void generate_trainsWell() {
        Path blobs = dir.resolve("blobs.parquet");
        Cli.succeed("generate", "blobs", "--rows", "300", "--classes", "4", "--features", "3", "--output", blobs);
        Path model = dir.resolve("model");
        Cli.succeed(
                "train", "--data", blobs, "--label", "blob", "--model", model, "--hidden", "8", "--iterations", "60");
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", blobs);
        assertTrue(metrics.get("accuracy").asDouble() > 0.9, metrics.toString());
        assertEquals("[\"0\",\"1\",\"2\",\"3\"]", metrics.get("classes").toString());
    }
}
