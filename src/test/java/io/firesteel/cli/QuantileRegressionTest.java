package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.export.Onnx;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several quantiles of a target in one model, on every surface of the command line. */
@Tag("spark")
class QuantileRegressionTest {
    private static final List<Double> LEVELS = List.of(0.05, 0.3, 0.8, 0.95);

    @TempDir
    private static Path dir;

    private static Path data;
    private static Path model;

    /** y is uniform between x - s and x + s with s = 20 + 10 x: its quantile q is x + s (2 q - 1). */
    @BeforeAll
    static void trains() {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("x,color,y"));
        for (int i = 0; i < 2000; i++) {
            double x = 4 * random.nextDouble();
            double y = x + (20 + 10 * x) * (2 * random.nextDouble() - 1);
            lines.add(x + "," + (i % 2 == 0 ? "red" : "blue") + "," + y);
        }
        data = Cli.write(dir.resolve("uniform.csv"), lines);
        model = dir.resolve("model");
        Cli.succeed(train("--model", model));
    }

    private static Object[] train(Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--categorical", "color", "--seed", "2"};
        Object[] loss = {"--loss", "quantile", "--quantiles", "0.05,0.3,0.8,0.95", "--validation-fraction", "0.2"};
        Object[] steps = {"--hidden", "16", "--optimizer", "adam", "--learning-rate", "0.02", "--batch-size", "100"};
        return Cli.plus(Cli.plus(Cli.plus(Cli.plus(args, loss), steps), "--epochs", "40"), more);
    }

    private static JsonNode json(Object... args) throws IOException {
        return new ObjectMapper().readTree(Cli.succeed(args));
    }

    /** The quantiles that were drawn from are found, and do not cross far outside of the data either. */
    @Test
    void train_findsTheQuantiles() throws IOException {
        TrainedModel trained = TrainedModel.load(model);
        for (double x : new double[] {0.5, 2, 3.5}) {
            double[] found = trained.scoreRow(Map.of("x", x, "color", "red"));
            for (int k = 0; k < LEVELS.size(); k++) {
                double expected = x + (20 + 10 * x) * (2 * LEVELS.get(k) - 1);
                assertEquals(expected, found[k], 0.15 * (20 + 10 * x), "quantile " + LEVELS.get(k) + " at " + x);
            }
        }
        for (double x = -100; x < 100; x += 7) {
            double[] found = trained.scoreRow(Map.of("x", x, "color", "blue"));
            double[] sorted = found.clone();
            Arrays.sort(sorted);
            assertArrayEquals(sorted, found);
        }
    }

    /** What predict writes is what scoreRow says; from it follows what evaluate says, and ONNX has the same. */
    @Test
    void predict_evaluate_export() throws IOException, OrtException {
        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model, "--data", data, "--output", out);
        List<String> rows = Files.readAllLines(out);
        assertEquals("x,color,y,prediction,prediction_0.05,prediction_0.3,prediction_0.8,prediction_0.95", rows.get(0));
        TrainedModel trained = TrainedModel.load(model);
        int n = rows.size() - 1;
        double[] notAbove = new double[4];
        double[] losses = new double[4];
        double between = 0;
        double absolute = 0;
        double[][] x = new double[n][1];
        String[] colors = new String[n];
        double[][] predicted = new double[n][];
        for (int i = 0; i < n; i++) {
            String[] cells = rows.get(i + 1).split(",");
            double y = Double.parseDouble(cells[2]);
            x[i][0] = Double.parseDouble(cells[0]);
            colors[i] = cells[1];
            predicted[i] = Arrays.stream(cells)
                    .skip(3)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertArrayEquals(
                    trained.scoreRow(Map.of("x", x[i][0], "color", cells[1])),
                    Arrays.copyOfRange(predicted[i], 1, 5),
                    1e-12);
            // The median is not asked for: 0.4 of the way from 0.3 to 0.8.
            assertEquals(predicted[i][2] + 0.4 * (predicted[i][3] - predicted[i][2]), predicted[i][0], 1e-12);
            absolute += Math.abs(y - predicted[i][0]) / n;
            between += predicted[i][1] <= y && y <= predicted[i][4] ? 1.0 / n : 0;
            for (int k = 0; k < 4; k++) {
                double q = LEVELS.get(k);
                double excess = y - predicted[i][1 + k];
                notAbove[k] += excess <= 0 ? 1.0 / n : 0;
                losses[k] += Math.max(q * excess, (q - 1) * excess) / n;
            }
        }
        JsonNode metrics = json("evaluate", "--model", model, "--data", data, "--json");
        assertEquals(between, metrics.get("intervalCoverage").asDouble(), 1e-12);
        assertEquals(absolute, metrics.get("mae").asDouble(), 1e-10);
        assertEquals(
                Arrays.stream(losses).average().orElseThrow(),
                metrics.get("pinballLoss").asDouble(),
                1e-10);
        for (int k = 0; k < 4; k++) {
            JsonNode one = metrics.get("quantiles").get(k);
            assertEquals(LEVELS.get(k), one.get("quantile").asDouble());
            assertEquals(notAbove[k], one.get("coverage").asDouble(), 1e-12);
            assertEquals(LEVELS.get(k), one.get("coverage").asDouble(), 0.03, "covers what it says");
            assertEquals(losses[k], one.get("pinballLoss").asDouble(), 1e-10);
        }
        String text = Cli.succeed("evaluate", "--model", model, "--data", data);
        assertTrue(text.contains("pinball loss") && text.contains("interval coverage 0."), text);
        assertTrue(text.contains("rows not above"), text);

        Path file = dir.resolve("model.onnx");
        Cli.succeed("export", "--model", model, "--onnx", file);
        try (Onnx onnx = new Onnx(Files.readAllBytes(file))) {
            Onnx.Result result = onnx.run(Map.of("features", x, "color", colors));
            for (int i = 0; i < n; i++) {
                assertArrayEquals(Arrays.copyOfRange(predicted[i], 1, 5), result.scores()[i], 1e-9);
                assertEquals(predicted[i][0], ((double[][]) result.predictions())[i][0], 1e-9);
            }
        }
    }

    @Test
    void inspect_report() throws IOException {
        JsonNode about = json("inspect", "--model", model, "--json");
        assertEquals("[0.05,0.3,0.8,0.95]", about.get("quantiles").toString());
        assertEquals("quantile", about.get("loss").asText());
        assertEquals("[3,16,4]", about.get("layers").toString());
        assertEquals("0.05,0.3,0.8,0.95", about.get("settings").get("quantiles").asText());
        assertEquals(7, about.get("formatVersion").asInt(), "what does not know quantiles refuses the model");
        assertTrue(Cli.succeed("inspect", "--model", model).contains("quantile 0.05, 0.3, 0.8, 0.95"));
        Path html = dir.resolve("report.html");
        Cli.succeed("report", "--model", model, "--data", data, "--output", html);
        String report = Files.readString(html);
        assertTrue(report.contains("Coverage of the quantiles"), "the report has a chart");
        assertTrue(report.contains("of the targets lie between the outer quantiles"), "and a sentence");
    }

    /** Batches, checkpoints, members, both precisions: the same weights with other engines and after a resume. */
    @Test
    void train_again_sameBits() {
        Object[] how = {"--members", "2", "--precision", "single", "--epochs", "4"};
        Path whole = dir.resolve("whole");
        Cli.succeed(with(how, "--model", whole, "--engine", "local"));
        Path job = dir.resolve("job");
        Cli.succeed(with(how, "--model", job, "--engine", "job"));
        assertEquals(Cli.weights(whole), Cli.weights(job));

        Path checkpoints = dir.resolve("checkpoints");
        Path first = dir.resolve("first");
        Object[] keep = {"--checkpoint", checkpoints, "--checkpoint-every", "20"};
        Cli.succeed(Cli.plus(with(how, "--model", first), keep));
        Path resumed = dir.resolve("resumed");
        Cli.succeed(with(how, "--model", resumed, "--resume", checkpoints));
        assertEquals(Cli.weights(whole), Cli.weights(resumed));
        Cli.refuse(
                dir,
                with(how, "--model", dir.resolve("no"), "--resume", checkpoints, "--quantiles", "0.1,0.9"),
                "the settings differ",
                "--quantiles");
    }

    /** The arguments of a training with some in place of those that it has. */
    private static Object[] with(Object[] how, Object... more) {
        List<Object> args = new ArrayList<>(List.of(train()));
        Object[] given = Cli.plus(how, more);
        for (int i = 0; i < given.length; i += 2) {
            int at = args.indexOf(given[i]);
            if (at >= 0) {
                args.set(at + 1, given[i + 1]);
            } else {
                args.addAll(List.of(given[i], given[i + 1]));
            }
        }
        return args.toArray();
    }

    @Test
    void train_warmStart_keepsTheQuantiles() throws IOException {
        Object[] args = {"train", "--data", data, "--label", "y", "--warm-start", model, "--iterations", "0"};
        Path warm = dir.resolve("warm");
        Cli.succeed(Cli.plus(args, "--model", warm));
        assertEquals(Cli.weights(model), Cli.weights(warm));
        assertEquals(LEVELS, TrainedModel.load(warm).network().quantiles().levels());
        Object[] other = Cli.plus(args, "--model", dir.resolve("no"));
        Cli.refuse(
                dir,
                Cli.plus(other, "--loss", "quantile", "--quantiles", "0.1,0.9"),
                "--quantiles was 0.05,0.3,0.8,0.95, is 0.1,0.9");
    }

    @Test
    void search_byThePinballLoss_overFolds() throws IOException {
        Object[] args = {"search", "--data", data, "--label", "y", "--categorical", "color", "--loss", "quantile"};
        Object[] how = {"--folds", "2", "--metric", "pinball-loss", "--iterations", "5", "--json"};
        JsonNode found = json(Cli.plus(Cli.plus(args, how), "--grid", "hidden=4|8"));
        assertEquals("pinballLoss", found.get("metric").asText());
        assertTrue(
                found.get("trials").get(0).get("validation").get("pinballLoss").asDouble() > 1, "in units of y");
    }

    @Test
    void train_wrongInput() {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("no")};
        String expected = "expected increasing numbers above 0 and below 1, such as 0.1,0.5,0.9";
        for (String wrong : List.of("0.9,0.1", "0.0,0.5", "0.5,1.0", "0.5,0.5", "-1.0", "NaN")) {
            Cli.refuse(
                    dir, Cli.plus(args, "--loss", "quantile", "--quantiles", wrong), "--quantiles " + wrong, expected);
        }
        Cli.refuse(dir, Cli.plus(args, "--quantiles", "0.5"), "--quantiles 0.5", "expected --loss quantile with it");
        Cli.refuse(
                dir,
                Cli.plus(args, "--loss", "huber", "--quantiles", "0.5"),
                "--quantiles 0.5",
                "expected --loss quantile with it");
        Cli.refuse(
                dir,
                Cli.plus(args, "--validation-fraction", "0.2", "--metric", "pinball-loss"),
                "--metric pinball-loss",
                "expected --loss quantile");
        Object[] two = {"train", "--data", data, "--label", "x,y", "--categorical", "color", "--loss", "quantile"};
        Cli.refuse(
                dir,
                Cli.plus(two, "--model", dir.resolve("no")),
                "--loss quantile: expected one target with it, not 2");
    }
}
