package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.TestSpark;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several labels at once, from a table to predictions. */
@Tag("spark")
class MultilabelTest {
    private static final int ROWS = 300;

    @TempDir
    private Path dir;

    /** Labels that are linear in the inputs: many, few or none of them hold. */
    private Path table() {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("x1,x2,warm,wet,dark"));
        for (int i = 0; i < ROWS; i++) {
            double x1 = random.nextGaussian();
            double x2 = random.nextGaussian();
            lines.add(x1 + "," + x2 + "," + (x1 > 0 ? "True" : "false") + "," + (x1 + x2 > 0.5 ? 1 : 0) + ","
                    + (x2 < 0 ? "1.0" : "0"));
        }
        return Cli.write(dir.resolve("t.csv"), lines);
    }

    private Path train(Path data, Object... more) {
        Path model = dir.resolve("model");
        Object[] args = {"train", "--data", data, "--task", "multilabel", "--label", "warm,wet,dark", "--model", model};
        Object[] settings = {"--hidden", "8", "--optimizer", "lbfgs", "--iterations", "60", "--overwrite"};
        Cli.succeed(Cli.plus(Cli.plus(args, settings), more));
        return model;
    }

    @Test
    void trainEvaluatePredict() throws IOException {
        Path data = table();
        Path model = train(data);
        String bits = Cli.weights(model);
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", data);
        assertEquals("multilabel", metrics.get("task").asText());
        assertTrue(metrics.get("accuracy").asDouble() > 0.97, metrics.toString());
        assertTrue(metrics.get("hammingLoss").asDouble() < 0.02, metrics.toString());
        assertEquals("wet", metrics.at("/perLabel/1/label").asText());
        assertTrue(metrics.at("/perLabel/1/rocAuc").asDouble() > 0.99, metrics.toString());
        String text = Cli.succeed("evaluate", "--model", model, "--data", data);
        assertTrue(text.startsWith("accuracy ") && text.contains("hamming loss") && text.contains("PR-AUC"), text);

        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model, "--data", data, "--output", out);
        List<String> rows = Files.readAllLines(out);
        assertEquals(
                "x1,x2,warm,wet,dark,prediction_warm,prediction_wet,prediction_dark,"
                        + "probability_warm,probability_wet,probability_dark",
                rows.get(0));
        TrainedModel trained = TrainedModel.load(model);
        int right = 0;
        for (String row : rows.subList(1, rows.size())) {
            String[] cells = row.split(",");
            double[] p = trained.score(new double[] {Double.parseDouble(cells[0]), Double.parseDouble(cells[1])});
            boolean all = true;
            for (int i = 0; i < 3; i++) {
                assertEquals(p[i] > 0.5 ? "1" : "0", cells[5 + i]);
                assertEquals(p[i], Double.parseDouble(cells[8 + i]), 1e-12);
                boolean has = cells[2 + i].startsWith("1") || cells[2 + i].equals("True");
                all &= has == cells[5 + i].equals("1");
            }
            right += all ? 1 : 0;
        }
        assertEquals(metrics.get("accuracy").asDouble(), right / (double) ROWS, 1e-15);

        // Booleans are labels too, and the same ones.
        Path parquet = dir.resolve("t.parquet");
        TestSpark.session()
                .read()
                .option("header", "true")
                .schema("x1 double, x2 double, warm boolean, wet int, dark double")
                .csv(data.toString())
                .coalesce(1)
                .write()
                .parquet(parquet.toString());
        assertEquals(bits, Cli.weights(train(parquet)));
    }

    @Test
    void train_withValidationAndWeights() {
        Path data =
                Cli.write(dir.resolve("w.csv"), "x1,x2,warm,wet,dark,w", "1,2,1,1,0,2", "3,1,0,1,0,1", "2,5,1,0,1,0.5");
        Path model = train(data, "--weight", "w", "--validation-data", data);
        String text = Cli.succeed("evaluate", "--model", model, "--data", data, "--weight", "w");
        assertTrue(text.contains("on 3 rows") && text.contains("2.5000"), text);
        assertTrue(Cli.succeed("inspect", "--model", model).contains("multilabel of warm, wet, dark"));
    }
}
