package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.export.Onnx;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.NaiveNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several networks as one model, by the commands. */
@Tag("spark")
class EnsembleTest {
    private static final int ROWS = 900;

    @TempDir
    private Path dir;

    private Path csv;
    private final double[][] x = new double[ROWS][2];
    private final String[] y = new String[ROWS];

    @BeforeEach
    void table() {
        Random random = new Random(9);
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < ROWS; i++) {
            x[i] = new double[] {random.nextGaussian(), random.nextGaussian()};
            y[i] = List.of("red", "green", "blue")
                    .get((int) (Math.abs(x[i][0] * x[i][1] + 0.3 * random.nextGaussian()) * 2) % 3);
            lines.add(x[i][0] + "," + x[i][1] + "," + y[i]);
        }
        csv = Cli.write(dir.resolve("t.csv"), lines);
    }

    private Object[] args(String command, Object... more) {
        Object[] args = {command, "--data", csv, "--label", "y", "--hidden", "6", "--optimizer", "adam"};
        args = Cli.plus(args, "--batch-size", "128", "--schedule", "cosine", "--seed", "3", "--dropout", "0.1");
        return Cli.plus(args, more);
    }

    private Path train(String name, Object... more) {
        Path model = dir.resolve(name);
        Cli.succeed(Cli.plus(args("train", "--model", model, "--members", 3), more));
        return model;
    }

    /** What is predicted and measured is the mean of the members, each of which is computed here by the oracle. */
    @Test
    void train_predict_evaluate_andExport() throws IOException, OrtException {
        Path model = train("m", "--epochs", "4", "--validation-fraction", "0.2", "--patience", "3");
        TrainedModel trained = TrainedModel.load(model);
        ModelDescription description = trained.description();
        List<NaiveNetwork> members = NaiveNetwork.members(trained.network(), trained.theta());
        assertEquals(3, members.size());
        List<String> classes = description.targets().classes();
        double[][] expected = new double[ROWS][3];
        double loss = 0;
        for (int i = 0; i < ROWS; i++) {
            double[] scaled = new double[2];
            for (int k = 0; k < 2; k++) {
                scaled[k] = (x[i][k] - description.inputs().scaling().mean()[k])
                        / description.inputs().scaling().deviation()[k];
            }
            double[] mean = expected[i];
            for (NaiveNetwork member : members) {
                double[] a = member.predict(scaled);
                Arrays.setAll(mean, c -> mean[c] + a[c] / 3);
            }
            loss -= Math.log(mean[classes.indexOf(y[i])]) / ROWS;
        }
        Path predictions = dir.resolve("p.csv");
        Cli.succeed("predict", "--model", model, "--data", csv, "--output", predictions);
        List<String> lines = Files.readAllLines(predictions);
        assertEquals(ROWS + 1, lines.size());
        try (Onnx onnx = onnx(model)) {
            double[][] scores = onnx.run(Map.of("features", x)).scores();
            for (int i = 0; i < ROWS; i++) {
                String[] cells = lines.get(i + 1).split(",");
                double[] found = Arrays.stream(cells)
                        .skip(cells.length - 3)
                        .mapToDouble(Double::parseDouble)
                        .toArray();
                assertArrayEquals(expected[i], found, 1e-12, "row " + i);
                assertArrayEquals(found, scores[i], 1e-12, "row " + i);
            }
        }
        JsonNode metrics = Cli.json("evaluate", "--model", model, "--data", csv);
        assertEquals(loss, metrics.get("logLoss").asDouble(), 1e-12);
        assertTrue(Cli.succeed("inspect", "--model", model).contains("network     2-6-3, tanh, 3 members, "));
        JsonNode flat = Cli.json("inspect", "--model", model);
        assertEquals(3, flat.get("members").asInt());
        assertEquals(3 * (2 * 6 + 6 + 6 * 3 + 3), flat.get("parameters").asInt());
        assertEquals("3", flat.at("/settings/members").asText());
        String report = dir.resolve("r.html").toString();
        Cli.succeed("report", "--model", model, "--data", csv, "--importance", "--output", report);
        assertTrue(Files.readString(Path.of(report)).contains("3 members"));
    }

    private Onnx onnx(Path model) throws IOException, OrtException {
        Path file = dir.resolve("m.onnx");
        Cli.succeed("export", "--model", model, "--onnx", file);
        return new Onnx(Files.readAllBytes(file));
    }

    @Test
    void train_onAnyEngine_andResumed_givesTheSameBits() throws IOException {
        Object[] held = {"--epochs", "4", "--validation-fraction", "0.2", "--patience", "3"};
        String whole = Cli.weights(train("whole", held));
        assertEquals(whole, Cli.weights(train("job", Cli.plus(held, "--engine", "job"))));
        Path checkpoints = dir.resolve("c");
        Object[] saving =
                Cli.plus(held, "--checkpoint", checkpoints, "--checkpoint-every", "7", "--checkpoint-keep", "9");
        assertEquals(whole, Cli.weights(train("saving", saving)));
        for (String later : List.of("14", "21", "24")) {
            FileUtils.deleteDirectory(checkpoints.resolve("step-000000" + later).toFile());
        }
        assertEquals(whole, Cli.weights(train("resumed", Cli.plus(held, "--resume", checkpoints))));
        Object[] other =
                args("train", Cli.plus(held, "--model", dir.resolve("n"), "--members", 2, "--resume", checkpoints));
        Cli.refuse(dir, other, "the settings differ: --members was 3, is 2");
    }

    @Test
    void train_fromAWarmStart_keepsTheMembers() throws IOException {
        Path first = train("first", "--epochs", "2");
        Path same = dir.resolve("same");
        Cli.succeed(args("train", "--model", same, "--warm-start", first, "--iterations", 0));
        assertArrayEquals(
                TrainedModel.load(first).theta(), TrainedModel.load(same).theta());
        Path never = dir.resolve("never");
        Cli.refuse(
                dir,
                args("train", "--model", never, "--warm-start", first, "--iterations", 2, "--members", 4),
                "the model was trained with other settings: --members was 3, is 4\n");
        Path one = dir.resolve("one");
        Cli.succeed(args("train", "--model", one, "--epochs", 1));
        Cli.refuse(
                dir,
                args("train", "--model", never, "--warm-start", one, "--iterations", 2, "--members", 4),
                "--members was 1, is 4\n");
    }

    @Test
    void train_withFolds_andSearch() {
        Object[] folds = args("train", "--model", dir.resolve("f"), "--epochs", 2, "--folds", 2, "--members", 2);
        assertTrue(Cli.succeed(folds).contains("over 2 folds"));
        String out = Cli.succeed(args("search", "--epochs", 2, "--folds", 2, "--grid", "members=1|2"));
        assertTrue(out.contains("members"), out);
        Cli.refuse(dir, args("train", "--model", dir.resolve("n"), "--members", 0), "--members 0: expected 1 or more");
    }
}
