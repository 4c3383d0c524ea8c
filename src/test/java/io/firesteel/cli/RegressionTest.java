package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regressions: targets in any units are learned and predicted in these units. */
@Tag("spark")
class RegressionTest {
    @TempDir
    private Path dir;

    private JsonNode evaluate(Path model, Path data) throws IOException {
        return JsonMapper.builder()
                .build()
                .readTree(Cli.succeed("evaluate", "--model", model, "--data", data, "--json"));
    }

    private Path train(Path data, String label, int iterations) {
        Path model = dir.resolve("model");
        Object[] args = {"train", "--data", data, "--label", label, "--task", "regression", "--model", model};
        Cli.succeed(Cli.plus(args, "--hidden", "8", "--iterations", iterations, "--overwrite"));
        return model;
    }

    private Path generated() {
        Path data = dir.resolve("made.csv");
        Cli.succeed("generate", "regression", "--rows", "500", "--output", data);
        return data;
    }

    @Test
    void train_generated() throws IOException {
        Path data = generated();
        JsonNode metrics = evaluate(train(data, "y", 150), data);
        assertEquals("regression", metrics.get("task").asText());
        assertEquals(500, metrics.get("rows").asInt());
        assertTrue(metrics.get("r2").asDouble() > 0.9, metrics.toString());
        assertTrue(metrics.get("mae").asDouble() <= metrics.get("rmse").asDouble(), metrics.toString());
    }

    @Test
    void train_rawUnits() throws IOException {
        // The same data in other units: inputs far from zero, two targets in the thousands and the billionths.
        Path made = generated();
        List<String> lines = new ArrayList<>(List.of("x1,x2,big,small"));
        Files.readAllLines(made).stream().skip(1).map(line -> line.split(",")).forEach(cells -> {
            double y = Double.parseDouble(cells[2]);
            lines.add((1e6 + 250 * Double.parseDouble(cells[0])) + "," + cells[1] + "," + (70_000 + 9_000 * y) + ","
                    + 1e-9 * y);
        });
        Path data = Cli.write(dir.resolve("raw.csv"), lines);
        Path model = train(data, "big,small", 150);
        JsonNode metrics = evaluate(model, data);
        assertTrue(metrics.get("r2").asDouble() > 0.9, metrics.toString());
        assertTrue(metrics.get("rmse").asDouble() > 100, metrics.toString());
        assertEquals("small", metrics.get("perTarget").get(1).get("target").asText());
        assertTrue(metrics.get("perTarget").get(1).get("rmse").asDouble() < 1e-8, metrics.toString());
        assertTrue(metrics.get("perTarget").get(1).get("r2").asDouble() > 0.9, metrics.toString());

        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model, "--data", data, "--output", out);
        List<String> rows = Files.readAllLines(out);
        assertEquals("x1,x2,big,small,prediction_big,prediction_small", rows.get(0));
        TrainedModel trained = TrainedModel.load(model);
        double squares = 0;
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            double[] scores = trained.score(new double[] {Double.parseDouble(cells[0]), Double.parseDouble(cells[1])});
            assertEquals(scores[0], Double.parseDouble(cells[4]), 1e-12 * 70_000);
            assertEquals(scores[1], Double.parseDouble(cells[5]), 1e-21);
            squares += Math.pow(Double.parseDouble(cells[4]) - Double.parseDouble(cells[2]), 2) / 500;
        }
        // The mean over both targets: the small one adds nothing.
        assertEquals(metrics.get("rmse").asDouble(), Math.sqrt(squares / 2), 1e-6);
    }

    @Test
    void train_abalone() throws IOException {
        Path model = train(Path.of("data/abalone_train.csv"), "y0", 60);
        JsonNode metrics = evaluate(model, Path.of("data/abalone_test.csv"));
        assertTrue(metrics.get("r2").asDouble() > 0.45, metrics.toString());
    }

    @Test
    void evaluate_constantTargetHasNoR2() throws IOException {
        Path model = train(generated(), "y", 1);
        Path constant = Cli.write(dir.resolve("c.csv"), "x1,x2,y", "0.1,0.2,3", "0.3,0.1,3");
        JsonNode metrics = evaluate(model, constant);
        assertTrue(metrics.get("r2").isNull(), metrics.toString());
        assertTrue(metrics.get("rmse").asDouble() > 0, metrics.toString());
        String text = Cli.succeed("evaluate", "--model", model, "--data", constant);
        assertTrue(text.contains("RMSE") && !text.contains("NaN") && !text.contains("Infinity"), text);
        // Training on one says nothing wrong either.
        assertTrue(evaluate(train(constant, "y", 60), constant).get("rmse").asDouble() < 1e-3);
    }
}
