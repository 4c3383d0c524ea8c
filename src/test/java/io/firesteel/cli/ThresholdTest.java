package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rare class, which hardly any row has with a probability above 1/2. */
@Tag("spark")
class ThresholdTest {
    private static final String EPOCHS = "6";

    @TempDir
    private static Path shared;

    @TempDir
    private Path dir;

    private static Path table;
    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        Random random = new Random(1);
        List<String> lines = new ArrayList<>(List.of("a,b,label"));
        for (int j = 0; j < 2000; j++) {
            double a = random.nextGaussian();
            boolean bought = a + 1.5 * random.nextGaussian() > 2.5;
            lines.add(String.format(Locale.ROOT, "%.4f,%.4f,%s", a, random.nextGaussian(), bought ? "yes" : "no"));
        }
        table = Files.write(shared.resolve("table.csv"), lines);
        model = shared.resolve("model");
        String summary = Cli.succeed(train(model, "--threshold", "f1"));
        assertTrue(summary.contains("yes is predicted where its probability is above 0."), summary);
        assertTrue(summary.contains(", the best for f1 on the rows held out"), summary);
    }

    private static Object[] train(Path to, Object... more) {
        Object[] args = {"train", "--preset", "default", "--data", table, "--label", "label", "--model", to};
        return Cli.plus(Cli.plus(args, "--hidden", "8", "--epochs", EPOCHS), more);
    }

    private static double threshold(Path of) {
        return Cli.load(of).description().targets().threshold();
    }

    private static double f1(Path of) throws IOException {
        JsonNode metrics = Cli.json("evaluate", "--model", of, "--data", table);
        return metrics.get("perClass").get(1).get("f1").asDouble();
    }

    @Test
    void theRowsHeldOut_chooseTheThreshold_andProbabilitiesStay() throws IOException {
        Path plain = dir.resolve("plain");
        Cli.succeed(train(plain));
        assertEquals(Cli.weights(plain), Cli.weights(model), "the threshold changes no weight");
        assertEquals(null, Cli.load(plain).description().targets().threshold());
        assertTrue(f1(model) > f1(plain) + 0.05, f1(model) + " and " + f1(plain));
        assertEquals(
                threshold(model),
                Cli.json("evaluate", "--model", model, "--data", table)
                        .get("threshold")
                        .asDouble());
        assertEquals(
                threshold(model),
                Cli.json("inspect", "--model", model).get("threshold").asDouble());
        assertTrue(Cli.succeed("inspect", "--model", model).contains("threshold   yes is predicted where"));
    }

    @Test
    void predictions_followTheThreshold() throws IOException {
        Path predictions = dir.resolve("p.csv");
        Cli.succeed("predict", "--model", model, "--data", table, "--output", predictions);
        List<String> lines = Files.readAllLines(predictions);
        assertEquals("a,b,label,prediction,probability_no,probability_yes", lines.get(0));
        int between = 0;
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            double p = Double.parseDouble(cells[5]);
            assertEquals(p > threshold(model) ? "yes" : "no", cells[3], line);
            between += (p > threshold(model)) != (p > 0.5) ? 1 : 0;
        }
        assertTrue(between > 5, between + " predictions that 1/2 would make otherwise");
    }

    @Test
    void everyEngine_andAWholeRestart_chooseTheSame() throws IOException {
        Path job = dir.resolve("job");
        Path checkpoints = dir.resolve("checkpoints");
        Cli.succeed(train(job, "--threshold", "f1", "--engine", "job", "--checkpoint", checkpoints));
        assertEquals(threshold(model), threshold(job));
        Path resumed = dir.resolve("resumed"); // in the refit, whose rows cannot choose it
        Cli.succeed(train(resumed, "--threshold", "f1", "--resume", checkpoints));
        assertEquals(threshold(model), threshold(resumed));
    }

    /** Two models whose mean is less sure than either: its threshold is chosen by its own probabilities. */
    @Test
    void aMeanOfModels_hasItsOwnThreshold() throws IOException {
        Path mean = dir.resolve("mean");
        Object[] args = {"search", "--preset", "default", "--data", table, "--label", "label", "--model", mean};
        Object[] more = {"--hidden", "8", "--epochs", EPOCHS, "--threshold", "f1", "--grid", "learning-rate=0.0025|0.02"
        };
        Cli.succeed(Cli.plus(Cli.plus(args, more), "--average", "2", "--refit", "false"));
        TrainedModel model = Cli.load(mean);
        assertEquals(2, model.network().members());
        Cli.succeed(train(dir.resolve("alone"), "--threshold", "f1", "--refit", "false"));
        assertNotEquals(
                threshold(dir.resolve("alone")), model.description().targets().threshold());
        assertTrue(f1(mean) > 0.2, "F1 " + f1(mean));
    }

    @Test
    void aNumber_isTakenAsItIs_andOthersAreRefused() {
        Path given = dir.resolve("given");
        Cli.succeed(train(given, "--threshold", "0.2"));
        ModelDescription description = Cli.load(given).description();
        assertEquals(0.2, description.targets().threshold());
        Cli.refuse(dir, train(dir.resolve("none"), "--threshold", "0"), "--threshold", "a number above 0 and below 1");
        Cli.refuse(dir, train(dir.resolve("none"), "--threshold", "f1", "--folds", "3"), "--threshold f1", "--folds");
        Path three = Cli.write(dir.resolve("three.csv"), "a,y", "1,a", "2,b", "3,c", "4,a", "5,b", "6,c");
        Object[] args = {"train", "--data", three, "--label", "y", "--model", dir.resolve("none")};
        Cli.refuse(dir, Cli.plus(args, "--threshold", "0.3"), "--threshold 0.3", "two classes", "not of 3");
    }
}
