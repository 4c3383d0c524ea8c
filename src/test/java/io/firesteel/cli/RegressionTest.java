package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Regressions: targets in any units are learned and predicted in these units. */
@Tag("spark")
class RegressionTest {
    @TempDir
    private Path dir;

    private JsonNode evaluate(Path model, Path data) throws IOException {
        return Cli.json("evaluate", "--model", model, "--data", data);
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

    /** An untrained network is off by more than the mean is, which the line that says how good it is must not hide. */
    @Test
    void train_worseThanTheMean_saysSo() throws IOException {
        Path data = generated();
        Object[] args = {"train", "--data", data, "--label", "y", "--task", "regression", "--init-scale", "5"};
        Path page = dir.resolve("page.html");
        String out =
                Cli.succeed(Cli.plus(args, "--iterations", "0", "--model", dir.resolve("untrained"), "--report", page));
        assertTrue(evaluate(dir.resolve("untrained"), data).get("r2").asDouble() < 0);
        assertTrue(out.contains(" on average, with a larger squared error than always predicting the mean, of"), out);
        assertTrue(Files.readString(page).contains("their squared error is larger than that of always predicting"));
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

    /** Counts y = e^(1.5 + 0.8 a - 0.3 b), rounded to millionths: a linear Poisson regression finds the three numbers. */
    private Path counts() {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            double a = random.nextInt(7) / 2.0;
            double b = random.nextInt(5) - 2;
            lines.add(a + "," + b + "," + Math.rint(1e6 * Math.exp(1.5 + 0.8 * a - 0.3 * b)) / 1e6);
        }
        return Cli.write(dir.resolve("counts.csv"), lines);
    }

    @Test
    void train_poisson_findsTheLogLinearModel() throws IOException {
        Path data = counts();
        Path model = dir.resolve("counts");
        Object[] args = {"train", "--data", data, "--label", "y", "--task", "regression", "--model", model};
        Cli.succeed(Cli.plus(args, "--loss", "poisson", "--hidden", "none", "--iterations", "2000"));
        TrainedModel trained = TrainedModel.load(model);
        assertEquals("poisson", trained.description().network().loss().toString());
        assertEquals("poisson", trained.description().provenance().settings().get("loss"));
        assertEquals(0, trained.description().targets().scaling().mean()[0], "counts are not shifted");
        for (double[] x : new double[][] {{0, 0}, {3, -2}, {1.5, 1}}) {
            double expected = Math.exp(1.5 + 0.8 * x[0] - 0.3 * x[1]);
            assertEquals(expected, trained.score(x)[0], 1e-3 * expected);
        }
        assertTrue(evaluate(model, data).get("r2").asDouble() > 0.9999);
    }

    @Test
    void train_poisson_refusesNegativeTargets() {
        Path data = Cli.write(dir.resolve("negative.csv"), "a,y", "1,0", "2,-0.5", "3,-1");
        Object[] args = {"train", "--data", data, "--label", "y", "--task", "regression", "--model"};
        Object[] poisson = {dir.resolve("m"), "--loss", "poisson"};
        Cli.refuse(
                dir,
                Cli.plus(args, poisson),
                "negative.csv, row 2, column y",
                "\"-0.5\" is negative",
                "the poisson loss expects targets of 0 or more");
        Path libSvm = Cli.write(dir.resolve("negative.libsvm"), "1 1:2", "-3 1:1");
        Object[] other = {"train", "--data", libSvm, "--task", "regression", "--format", "libsvm", "--model"};
        Cli.refuse(dir, Cli.plus(other, poisson), "negative.libsvm, row 2, column label", "\"-3\" is negative");
        // A model that was trained on counts refuses them too.
        Path model = dir.resolve("model");
        Cli.succeed(Cli.plus(
                new Object[] {"train", "--data", counts(), "--label", "y", "--exclude", "b", "--task", "regression"},
                "--loss",
                "poisson",
                "--iterations",
                "1",
                "--model",
                model));
        Cli.refuse(dir, new Object[] {"evaluate", "--model", model, "--data", data}, "row 2, column y", "negative");
    }

    /** A tenth of the targets is far off. The squared error follows them, the robust losses hardly do. */
    @Test
    void train_robustLosses_standOutliers() throws IOException {
        List<String> lines = new ArrayList<>(List.of("x,y"));
        for (int i = 0; i < 200; i++) {
            double x = i / 100.0 - 1;
            lines.add(x + "," + (i % 10 == 3 ? 50 : 3 * x));
        }
        Path data = Cli.write(dir.resolve("outliers.csv"), lines);
        Map<String, Double> error = new HashMap<>();
        for (String loss : List.of("squared", "absolute-error", "huber")) {
            Path model = dir.resolve(loss);
            Object[] args = {"train", "--data", data, "--label", "y", "--task", "regression", "--model", model};
            Cli.succeed(Cli.plus(args, "--hidden", "none", "--loss", loss, "--iterations", "1000"));
            TrainedModel trained = TrainedModel.load(model);
            double mean = 0;
            for (int i = -8; i <= 8; i++) {
                double x = i / 8.0;
                mean += Math.abs(trained.score(new double[] {x})[0] - 3 * x) / 17;
            }
            error.put(loss, mean);
            JsonNode metrics = evaluate(model, data);
            assertTrue(
                    metrics.get("rmse").asDouble() > 10 && metrics.get("mae").asDouble() > 4, "in the target's units");
        }
        assertTrue(error.get("squared") > 3, error.toString());
        assertTrue(error.get("absolute-error") < 1, error.toString());
        assertTrue(error.get("huber") < 2.5, error.toString());
    }

    @Test
    void train_activationPerLayerAndOptimizer_areKept() throws IOException {
        Path data = Cli.write(dir.resolve("t.csv"), "x,y", "1,2", "2,1", "3,4", "4,4");
        Path model = dir.resolve("model");
        Object[] args = {"train", "--data", data, "--label", "y", "--task", "regression", "--model", model};
        Object[] layers = {"--hidden", "4,3", "--activation", "leaky-relu,gelu", "--iterations", "6"};
        Object[] adam = {"--optimizer", "adamw", "--beta1", "0.8", "--schedule", "step:2,0.5", "--warm-up", "2"};
        Cli.succeed(Cli.plus(Cli.plus(args, layers), adam));
        var description = TrainedModel.load(model).description();
        assertEquals(
                List.of(Activation.LEAKY_RELU, Activation.GELU),
                description.network().activations());
        assertEquals("squared-error", description.network().loss().toString());
        Map<String, String> settings = description.provenance().settings();
        assertEquals("leaky-relu,gelu", settings.get("activation"));
        assertEquals("adamw", settings.get("optimizer"));
        assertEquals("0.8", settings.get("beta1"));
        assertEquals("0.999", settings.get("beta2"), "defaults too");
        assertEquals("0.001", settings.get("learning-rate"));
        assertEquals("step:2,0.5", settings.get("schedule"));
        assertEquals("2", settings.get("warm-up"));

        Object[] lbfgs = {"--optimizer", "L-BFGS", "--overwrite"};
        Cli.succeed(Cli.plus(Cli.plus(args, layers), lbfgs));
        assertEquals(
                "lbfgs",
                TrainedModel.load(model).description().provenance().settings().get("optimizer"));
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
