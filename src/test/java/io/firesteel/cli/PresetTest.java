package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of which almost nothing is said: the default preset, on tables of all sizes and kinds. */
@Tag("spark")
class PresetTest {
    @TempDir
    private Path dir;

    /** A table of a number, a color and a label. */
    private Path table(int rows, IntFunction<String> label) {
        List<String> lines = new ArrayList<>(List.of("x,color,y"));
        for (int i = 0; i < rows; i++) {
            lines.add((i % 7 == 3 ? "" : i % 10 * 0.5) + ","
                    + List.of("red", "green", "blue").get(i % 3) + "," + label.apply(i));
        }
        return Cli.write(dir.resolve("t" + rows + ".csv"), lines);
    }

    private String train(Path data, Object... more) {
        Object[] args = {"train", "--preset", "default", "--data", data, "--model", dir.resolve("m"), "--overwrite"};
        return Cli.succeed(Cli.plus(args, more));
    }

    private JsonNode settings() throws Exception {
        return about().get("settings");
    }

    private JsonNode about() throws Exception {
        return new ObjectMapper().readTree(Cli.succeed("inspect", "--model", dir.resolve("m"), "--json"));
    }

    /** Text and an empty cell need no option; the model tells what was decided. */
    @Test
    void train_withoutOptions_isInBatchesWithRowsHeldOut() throws Exception {
        String out = train(table(200, i -> i % 3 == 0 ? "yes" : "no"), "--label", "y", "--epochs", "10");
        assertTrue(out.startsWith("task        classification, since label y has 2 distinct texts\n"), out);
        assertTrue(
                out.contains("160 rows to train on, 40 rows held out, 2 features (1 of categories: 5 inputs)"),
                out); // three, a number, and whether it is missing
        assertTrue(out.contains(" in 10 epochs (30 steps)"), out); // of ceil(160 / 64) batches
        JsonNode settings = settings();
        assertEquals("default", settings.get("preset").asText());
        assertEquals("adamw", settings.get("optimizer").asText());
        assertEquals("0.15", settings.get("dropout").asText());
        assertEquals("0.0025", settings.get("learning-rate").asText());
        assertEquals("periodic", settings.get("embedding").asText());
        for (String key : List.of("robust", "scale-inputs", "parametric", "scale-rates", "anneal")) {
            assertEquals("true", settings.get(key).asText(), key);
        }
        assertEquals("indicator", settings.get("missing").asText());
        assertEquals("64", settings.get("batch-size").asText());
        assertEquals("10", settings.get("epochs").asText());
        assertEquals("0.2", settings.get("validation-fraction").asText());
        assertEquals("true", settings.get("refit").asText());
        assertEquals(200, about().get("rows").asInt()); // those held out among them, in the end
        assertEquals("classification", settings.get("task").asText());
        assertFalse(settings.has("iterations"));
        String same = Cli.weights(dir.resolve("m"));
        train(dir.resolve("t200.csv"), "--label", "y", "--epochs", "10", "--task", "classification");
        assertEquals(same, Cli.weights(dir.resolve("m")), "it makes no difference who names the task");
        for (String engine : List.of("job", "local")) {
            train(dir.resolve("t200.csv"), "--label", "y", "--epochs", "10", "--engine", engine);
            assertEquals(same, Cli.weights(dir.resolve("m")), "nor where the steps are computed");
        }
    }

    @Test
    void train_onManyDistinctNumbers_isARegression() throws Exception {
        Path data = table(300, i -> 100 + i * 2.5 + "");
        String out = train(data, "--label", "y", "--epochs", "2");
        assertTrue(
                out.startsWith("task        regression, since label y has 300 distinct numbers; "
                        + "--task classification insists on classes\n"),
                out);
        assertEquals("regression", about().get("task").asText());
        out = train(data, "--label", "y", "--epochs", "1", "--task", "classification");
        assertTrue(
                out.contains("300 rows to train on, 2 features"), out); // of a class with one row none can be held out
        assertTrue(out.contains("label y with 300 classes"), out);
        out = train(table(1200, i -> 100 + i * 2.5 + ""), "--label", "y", "--epochs", "1", "--hidden", "4");
        assertTrue(out.startsWith("task        regression, since label y has more than 1,000 distinct numbers; "), out);
    }

    /** Few rows are all trained on, unless an option is about rows that are held out. */
    @Test
    void train_onFewRows_holdsNoneOut() throws Exception {
        for (int rows : List.of(3, 10)) {
            String out = train(table(rows, i -> i % 2 == 0 ? "a" : "b"), "--label", "y");
            assertTrue(out.contains(": " + rows + " rows to train on, 2 features"), out);
            assertTrue(out.contains(" in 64 steps"), out);
            assertEquals("0.0", settings().get("validation-fraction").asText());
            assertEquals("0", settings().get("patience").asText());
        }
        String out = train(dir.resolve("t10.csv"), "--label", "y", "--epochs", "2", "--metric", "accuracy");
        assertTrue(out.contains("8 rows to train on, 2 rows held out"), out);
        assertEquals("0.1667", settings().get("label-smoothing").asText(), "2 / (10 + 2), not the 0.1 of more classes");
    }

    /** Of few rows a network learns each by heart: that its labels may be wrong keeps it from being sure of others. */
    @Test
    void train_onFewRows_isNotTooSure() {
        Random random = new Random(3);
        IntFunction<Path> table = rows -> {
            List<String> lines = new ArrayList<>(List.of("a,b,c,y"));
            for (int i = 0; i < rows; i++) {
                double a = random.nextGaussian();
                String label = a + 0.7 * random.nextGaussian() > 0 ? "yes" : "no";
                lines.add(a + "," + random.nextGaussian() + "," + random.nextGaussian() + "," + label);
            }
            return Cli.write(dir.resolve("r" + rows + ".csv"), lines);
        };
        Path few = table.apply(40);
        Path others = table.apply(1000);
        train(few, "--label", "y");
        double loss = logLoss(others);
        train(few, "--label", "y", "--label-smoothing", "0");
        double ofTooSure = logLoss(others);
        assertTrue(loss < 0.7 * ofTooSure, loss + " and without smoothing " + ofTooSure);
    }

    private double logLoss(Path data) {
        return Cli.json("evaluate", "--model", dir.resolve("m"), "--data", data)
                .get("logLoss")
                .asDouble();
    }

    /** The accuracy of many classes is that of smoothed labels, from a checkpoint, too; their loss is not. */
    @Test
    void train_forAccuracy_smoothsLabels() throws Exception {
        Path data = table(100, i -> "abc".substring(i % 3, i % 3 + 1));
        Object[] all = {"--label", "y", "--epochs", "2"};
        assertTrue(train(data, all).contains(" with label smoothing 0.0291, "), "3 / (100 + 3)");
        Path checkpoints = dir.resolve("c");
        all = Cli.plus(all, "--metric", "accuracy");
        String out = train(data, Cli.plus(all, "--checkpoint", checkpoints));
        assertTrue(out.contains(", softmax-cross-entropy with label smoothing 0.1, "), out);
        assertEquals("0.1", settings().get("label-smoothing").asText());
        String same = Cli.weights(dir.resolve("m"));
        train(data, Cli.plus(all, "--resume", checkpoints));
        assertEquals(same, Cli.weights(dir.resolve("m")));
        out = train(data, Cli.plus(all, "--label-smoothing", "0"));
        assertFalse(out.contains("smoothing"), out);
        assertNotEquals(same, Cli.weights(dir.resolve("m")));
        Object[] plain = {
            "train", "--preset", "default", "--data", data, "--model", dir.resolve("n"), "--resume", checkpoints
        };
        Cli.refuse(
                dir,
                Cli.plus(Cli.plus(plain, all), "--label-smoothing", "0"),
                "the settings differ: --label-smoothing was 0.1, is 0.0\n");
    }

    @Test
    void train_withOptimizersOfAllRows_takesAllRows() throws Exception {
        Path data = table(100, i -> i % 2 == 0 ? "a" : "b");
        for (String optimizer : List.of("gd", "lbfgs")) {
            train(data, "--label", "y", "--optimizer", optimizer, "--hidden", "none");
            assertFalse(settings().has("batch-size"), optimizer);
            assertEquals("200", settings().get("iterations").asText());
            assertEquals("constant", settings().get("schedule").asText());
        }
        train(data, "--label", "y", "--iterations", "7");
        assertEquals("64", settings().get("batch-size").asText());
        assertEquals("7", settings().get("iterations").asText());
    }

    @Test
    void train_withOtherWaysToValidate_holdsOutNoFraction() throws Exception {
        Path data = table(100, i -> i % 2 == 0 ? "a" : "b");
        String out = train(data, "--label", "y", "--epochs", "2", "--validation-data", data);
        assertTrue(out.contains("100 rows to train on, 100 rows held out"), out);
        assertEquals("false", settings().get("refit").asText());
        out = train(data, "--label", "y", "--epochs", "2", "--folds", "2");
        assertTrue(out.contains("100 rows to train on, 2 features"), out);
        assertTrue(out.contains("over 2 folds"), out);
        out = train(data, "--label", "y", "--epochs", "2", "--validation-fraction", "0");
        assertTrue(out.contains("100 rows to train on, 2 features"), out);
    }

    /** A warm start takes network and inputs from the model, a checkpoint of the notes says what it was trained with. */
    @Test
    void train_fromEarlierModels() throws Exception {
        Path data = table(100, i -> i % 2 == 0 ? "a" : "b");
        Path notes = dir.resolve("notes");
        Object[] old = {
            "train", "--preset", "notes", "--data", data, "--label", "y", "--categorical", "color", "--missing", "mean"
        };
        Path checkpoints = dir.resolve("c");
        Cli.succeed(Cli.plus(old, "--model", notes, "--iterations", "3", "--checkpoint", checkpoints));
        String out = train(data, "--label", "y", "--warm-start", notes, "--epochs", "1");
        assertTrue(out.contains("4-64-1, tanh"), out);
        Object[] other = {
            "train", "--preset", "default", "--data", data, "--label", "y", "--resume", checkpoints, "--model"
        };
        Cli.refuse(dir, Cli.plus(other, dir.resolve("never")), "the settings differ: --preset was notes, is default\n");
    }

    /** A resumed training has the bits of one that was never stopped; other rows in a batch are refused. */
    @Test
    void train_resumed_givesTheSameBits() throws Exception {
        Path data = table(100, i -> i % 2 == 0 ? "a" : "b");
        Object[] steady = {"--label", "y", "--schedule", "constant", "--anneal", "false"
        }; // whatever the number of epochs
        train(data, Cli.plus(steady, "--epochs", "4"));
        String whole = Cli.weights(dir.resolve("m"));
        Path checkpoints = dir.resolve("c");
        train(data, Cli.plus(steady, "--epochs", "2", "--checkpoint", checkpoints));
        train(data, Cli.plus(steady, "--epochs", "4", "--resume", checkpoints));
        assertEquals(whole, Cli.weights(dir.resolve("m")));
    }

    /** Sparse rows have no columns of text, and are not centred. */
    @Test
    void train_onLibSvm() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            lines.add(i % 2 + " " + (1 + i % 5) + ":" + (i % 2 + 0.5) + " 9:1");
        }
        train(Cli.write(dir.resolve("s.libsvm"), lines), "--epochs", "2");
        assertEquals("classification", about().get("task").asText());
    }

    @Test
    void search_needsRowsThatAreHeldOut() {
        Object[] search = {"search", "--preset", "fast", "--label", "y", "--epochs", "1", "--grid", "l2=0|0.1", "--data"
        };
        String out = Cli.succeed(Cli.plus(search, table(100, i -> i % 2 == 0 ? "a" : "b")));
        assertTrue(out.contains("validation-loss"), out);
        Cli.refuse(
                dir,
                Cli.plus(search, table(10, i -> i % 2 == 0 ? "a" : "b")),
                "search: expected validation rows (add --validation-fraction 0.2 or --folds 5)");
    }
}
