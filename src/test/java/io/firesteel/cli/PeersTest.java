package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.firesteel.TestSpark;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of the suites of Spark and scikit-learn that take a table, from file to model. */
@Tag("spark")
class PeersTest {
    @TempDir
    private Path dir;

    private Path csv;

    /** Three classes of points around three centres. */
    @BeforeEach
    void points() {
        Random random = new Random(2);
        List<String> lines = new ArrayList<>(List.of("x1,x2,y"));
        for (int i = 0; i < 300; i++) {
            int y = i % 3;
            lines.add(y * y + random.nextGaussian() + "," + (3 - y + random.nextGaussian()) + "," + y);
        }
        csv = Cli.write(dir.resolve("points.csv"), lines);
    }

    private String train(Path data, Path model, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--iterations", "20"};
        return Cli.succeed(Cli.plus(args, more));
    }

    /** Spark's testNumericTypes: a label may be of any numeric type, and what is trained is the same. */
    @Test
    void labels_ofEveryNumericType_trainTheSameModel() throws IOException {
        train(csv, dir.resolve("text"));
        for (String type : List.of("byte", "short", "int", "long", "float", "double", "decimal(10,2)")) {
            String name = type.replaceAll("\\W", "-");
            Path data = dir.resolve(name + ".parquet");
            TestSpark.session()
                    .read()
                    .option("header", "true")
                    .schema("x1 double, x2 double, y int")
                    .csv(csv.toString())
                    .selectExpr("x1", "x2", "cast(y as " + type + ") y")
                    .coalesce(1)
                    .write()
                    .parquet(data.toString());
            train(data, dir.resolve(name));
            assertEquals(Cli.weights(dir.resolve("text")), Cli.weights(dir.resolve(name)), type);
            assertEquals(
                    List.of("0", "1", "2"),
                    TrainedModel.load(dir.resolve(name)).description().targets().classes());
        }
    }

    /** Spark's testDefaultReadWrite of an estimator: its settings, written and read, are the same, and so is what they train. */
    @Test
    void settings_ofAModel_readFromAFile_trainItAgain() throws IOException {
        Path first = dir.resolve("first");
        Object[] network = {"--hidden", "5,4", "--activation", "gelu,tanh", "--init", "he", "--seed", "9"};
        Object[] steps = {"--optimizer", "momentum", "--momentum", "0.8", "--batch-size", "64", "--learning-rate", "0.2"
        };
        Object[] rest = {"--l2", "0.001", "--dropout", "0.1", "--validation-fraction", "0.2", "--patience", "15"};
        train(csv, first, Cli.plus(Cli.plus(network, steps), rest));
        Map<String, String> settings = new TreeMap<>(
                TrainedModel.load(first).description().provenance().settings());
        Path second = dir.resolve("second");
        settings.put("model", second.toString());
        List<String> lines = new ArrayList<>();
        settings.forEach((name, value) -> lines.add(name + "=" + value));
        Path again = Cli.write(dir.resolve("again.properties"), lines);
        Cli.succeed("train", "--config", again);
        assertEquals(Cli.weights(first), Cli.weights(second));
        settings.put("config", again.toString());
        assertEquals(
                settings, TrainedModel.load(second).description().provenance().settings());
    }

    /** Spark's and scikit-learn's: what training says of its rows is what an evaluation of them says. */
    @Test
    void summary_equalsAnEvaluation() throws IOException {
        String summary = train(csv, dir.resolve("model"));
        Matcher said = Pattern.compile("(?m)^training +accuracy ([\\d.]+), log-loss ([\\d.]+) on 300 rows$")
                .matcher(summary);
        assertTrue(said.find(), summary);
        JsonNode metrics = Cli.json("evaluate", "--model", dir.resolve("model"), "--data", csv);
        assertEquals(metrics.get("accuracy").asDouble(), Double.parseDouble(said.group(1)), 0.5e-4);
        assertEquals(metrics.get("logLoss").asDouble(), Double.parseDouble(said.group(2)), 0.5e-4);
    }
}
