package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are held out: what they measure, when they stop a training, folds; and trainings that start from a model. */
@Tag("spark")
class ValidationTest {
    private static final Path FLOWER = Path.of("data/flower.csv");

    @TempDir
    private Path dir;

    private Path train(String name, Object... more) {
        Path model = dir.resolve(name);
        Cli.succeed(args(model, more));
        return model;
    }

    private static Object[] args(Path model, Object... more) {
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", model, "--hidden", "4", "--seed", "3"
        };
        return Cli.plus(args, more);
    }

    private static ModelDescription description(Path model) throws IOException {
        return TrainedModel.load(model).description();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }

    // The curve.

    @Test
    void curve_isWhatEvaluateSays_onEitherEngine() throws IOException {
        Object[] settings = {
            "--validation-data", FLOWER, "--metric", "roc-auc", "--validate-every", "5", "--iterations", "12"
        };
        Path local = train("local", Cli.plus(settings, "--engine", "local"));
        Path job = train("job", Cli.plus(settings, "--engine", "job"));
        List<Step> history = description(local).provenance().history();
        assertEquals(history, description(job).provenance().history());
        for (Step step : history) {
            boolean measured = step.step() % 5 == 0 || step.step() == 12;
            assertEquals(measured, step.validationLoss() != null);
            assertEquals(measured, step.validationMetric() != null);
        }
        JsonNode metrics = json(Cli.succeed("evaluate", "--model", local, "--data", FLOWER, "--json"));
        assertEquals(metrics.get("logLoss").asDouble(), history.get(12).validationLoss());
        assertEquals(metrics.get("rocAuc").asDouble(), history.get(12).validationMetric());

        JsonNode entries =
                json(Cli.succeed("inspect", "--model", local, "--json")).get("history");
        assertTrue(entries.get(10).has("validationLoss") && entries.get(10).has("validationMetric"));
        assertEquals(2, entries.get(11).size(), entries.get(11).toString());
        String text = Cli.succeed("inspect", "--model", local);
        assertTrue(text.matches("(?s).*step  loss        validation  roc-auc\\R.*"), text);
    }

    @Test
    void progress_showsTheCurve() {
        Cli.Outcome outcome = Cli.run(
                args(dir.resolve("m"), "--validation-fraction", "0.2", "--metric", "accuracy", "--iterations", "2"));
        assertTrue(
                outcome.err()
                        .matches("(?s).*step 2/2  loss \\S+  held out \\S+  accuracy 0\\.\\d{3}  best @[0-2]\\R.*"),
                outcome.err());
    }

    // Stopping.

    @Test
    void patience_keepsTheBest_asATrainingOfSoManySteps_alsoWhenResumed() throws IOException {
        Object[] settings = {"--validation-fraction", "0.3", "--metric", "accuracy", "--learning-rate", "1"};
        Object[] stopping = Cli.plus(settings, "--patience", "6", "--checkpoint-every", "7");
        Path whole = dir.resolve("whole");
        String text = Cli.succeed(Cli.plus(args(whole, stopping), "--iterations", "300"));
        ModelDescription description = description(whole);
        int last = description.provenance().history().size() - 1;
        int kept = description.provenance().validation().keptStep();
        assertEquals(kept + 6, last, "six measurements that are not better");
        assertTrue(last > 7 && last < 300, last + " steps");
        assertTrue(text.contains("(stopped early; kept the weights of step " + kept + ")"), text);
        assertTrue(Cli.succeed("inspect", "--model", whole).contains("the weights after step " + kept));

        Path shorter = train("shorter", Cli.plus(settings, "--iterations", kept));
        assertEquals(Cli.weights(shorter), Cli.weights(whole));
        assertEquals(kept, description(shorter).provenance().validation().keptStep());

        Path checkpoints = dir.resolve("checkpoints");
        train("first", Cli.plus(stopping, "--iterations", kept + 2, "--checkpoint", checkpoints));
        Object[] resumed = Cli.plus(stopping, "--iterations", "300", "--resume", checkpoints);
        for (String engine : List.of("local", "job")) {
            Path model = train(engine, Cli.plus(resumed, "--engine", engine));
            assertEquals(Cli.weights(whole), Cli.weights(model));
            assertEquals(
                    description.provenance().history(),
                    description(model).provenance().history());
            assertEquals(
                    description.provenance().validation(),
                    description(model).provenance().validation());
        }
        Cli.refuse(
                dir,
                args(dir.resolve("other"), Cli.plus(resumed, "--keep-best", "false")),
                "the settings differ: --keep-best was not given, is false");
    }

    // Sides.

    @Test
    void column_isAsTwoFiles() throws IOException {
        List<String> lines = Files.readAllLines(FLOWER);
        List<String> all = new ArrayList<>(List.of("split," + lines.get(0)));
        List<List<String>> sides = List.of(new ArrayList<>(lines.subList(0, 1)), new ArrayList<>(lines.subList(0, 1)));
        for (int i = 1; i < lines.size(); i++) {
            boolean heldOut = i % 3 == 1;
            all.add((heldOut ? i % 2 == 0 ? "TRUE" : "1" : i % 2 == 0 ? "false" : "0") + "," + lines.get(i));
            sides.get(heldOut ? 1 : 0).add(lines.get(i));
        }
        Path marked = Cli.write(dir.resolve("marked.csv"), all);
        Path training = Cli.write(dir.resolve("training.csv"), sides.get(0));
        Path validation = Cli.write(dir.resolve("validation.csv"), sides.get(1));
        Object[] settings = {"--label", "color", "--hidden", "4", "--iterations", "9", "--metric", "accuracy"};
        Path one = dir.resolve("one");
        Path two = dir.resolve("two");
        Cli.succeed(Cli.plus(
                new Object[] {"train", "--data", marked, "--validation-column", "split", "--model", one}, settings));
        Cli.succeed(Cli.plus(
                new Object[] {"train", "--data", training, "--validation-data", validation, "--model", two}, settings));
        // The scaling's last bits depend on the table's first row, from which on distances are taken.
        assertArrayEquals(TrainedModel.load(two).theta(), TrainedModel.load(one).theta(), 1e-12);
        List<Step> apart = description(two).provenance().history();
        List<Step> together = description(one).provenance().history();
        assertEquals(apart.size(), together.size());
        for (int i = 0; i < apart.size(); i++) {
            assertEquals(apart.get(i).loss(), together.get(i).loss(), 1e-12);
            assertEquals(apart.get(i).validationLoss(), together.get(i).validationLoss(), 1e-12);
            assertEquals(apart.get(i).validationMetric(), together.get(i).validationMetric());
        }
        assertEquals(List.of("x1", "x2"), description(one).inputs().features());
        assertEquals(134, description(one).provenance().validationRows());
        Cli.succeed("evaluate", "--model", one, "--data", marked); // which has the column that training left out
    }

    @Test
    void column_bad() {
        Path data = Cli.write(dir.resolve("t.csv"), "s,x,y", "1,1,a", "0,2,b", "maybe,3,a", "0,4,b");
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("m"), "--validation-column"};
        Cli.refuse(
                dir,
                Cli.plus(args, "s"),
                "t.csv, row 3, column s: \"maybe\" does not say whether the row is held out: expected 0, 1, true or "
                        + "false");
        Cli.refuse(dir, Cli.plus(args, "t"), "t.csv has no validation column t");
        Cli.refuse(dir, Cli.plus(args, "y"), "--validation-column y: expected a column that is not also the label");
        Cli.refuse(dir, Cli.plus(args, "s", "--features", "s,x"), "column s is a feature and something else");
        Path none = Cli.write(dir.resolve("none.csv"), "s,x,y", "0,1,a", "0,2,b");
        Object[] noneArgs = {"train", "--data", none, "--label", "y", "--model", dir.resolve("m")};
        Cli.refuse(
                dir,
                Cli.plus(noneArgs, "--validation-column", "s"),
                "--validation-column s: expected rows on either side",
                "of 2 rows none are left to validate on");
        Path empty = Cli.write(dir.resolve("empty.csv"), "s,x,y", "0,1,a", ",2,b");
        noneArgs[2] = empty;
        Cli.refuse(dir, Cli.plus(noneArgs, "--validation-column", "s"), "row 2, column s: \"\" does not say");
        Path svm = Cli.write(dir.resolve("t.libsvm"), "0 1:2", "1 1:3");
        Cli.refuse(
                dir,
                new Object[] {"train", "--data", svm, "--model", dir.resolve("m"), "--validation-column", "s"},
                "--validation-column s",
                "LibSVM");
    }

    @Test
    void metric_thatIsNotDefined() {
        Path three = Cli.write(dir.resolve("three.csv"), "x,y", "1,a", "2,b", "3,c", "1,a", "2,b", "3,c");
        Object[] args = {"train", "--data", three, "--label", "y", "--model", dir.resolve("m"), "--metric", "roc-auc"};
        Cli.refuse(
                dir, Cli.plus(args, "--validation-fraction", "0.5"), "--metric roc-auc is not defined", "two classes");
    }

    // Starting from a model.

    @Test
    void warmStart_goesOnWithTheBitsOfOneTraining() throws IOException {
        Path ten = train("ten", "--iterations", "10", "--validation-fraction", "0.2");
        Path twenty = train("twenty", "--iterations", "20", "--validation-fraction", "0.2");
        Path warm = train("warm", "--iterations", "10", "--validation-fraction", "0.2", "--warm-start", ten);
        assertNotEquals(Cli.weights(ten), Cli.weights(twenty));
        assertEquals(Cli.weights(twenty), Cli.weights(warm));
        assertEquals(
                description(twenty).provenance().history().get(15).loss(),
                description(warm).provenance().history().get(5).loss());
    }

    @Test
    void warmStart_keepsScalingAndClasses_onOtherRows() throws IOException {
        Path model = train("model", "--iterations", "3");
        List<String> lines = Files.readAllLines(FLOWER);
        List<String> blue = lines.stream()
                .filter(line -> line.endsWith("color") || line.endsWith("blue"))
                .map(line -> line.replaceFirst("^([^,]*),([^,]*)", "$2,$1"))
                .toList();
        Path swapped = Cli.write(dir.resolve("blue.csv"), blue); // one class of two, and x2 before x1
        Path warm = dir.resolve("warm");
        Object[] args = {"train", "--data", swapped, "--label", "color", "--model", warm, "--hidden", "4"};
        Cli.succeed(Cli.plus(args, "--iterations", "0", "--warm-start", model));
        assertEquals(Cli.weights(model), Cli.weights(warm));
        assertEquals(
                description(model).inputs().features(),
                description(warm).inputs().features());
        assertEquals(
                description(model).targets().classes(),
                description(warm).targets().classes());
        assertArrayEquals(
                description(model).inputs().scaling().mean(),
                description(warm).inputs().scaling().mean());
    }

    @Test
    void warmStart_ofAnotherModel_namesTheDifferences() {
        Path model = train("model", "--iterations", "1");
        Object[] args = {"train", "--data", FLOWER, "--label", "color", "--model", dir.resolve("m"), "--warm-start"};
        Cli.refuse(
                dir,
                Cli.plus(args, model, "--hidden", "5,4", "--standardize", "false", "--features", "x1"),
                "--warm-start " + model
                        + ": the model was trained with other settings: --features was x1,x2, is x1; --hidden was 4, "
                        + "is 5,4; --standardize was true, is false");
        Cli.refuse(
                dir, Cli.plus(args, model, "--hidden", "4", "--activation", "relu"), "--activation was tanh, is relu");
        Cli.refuse(dir, Cli.plus(args, dir.resolve("none")), "--warm-start " + dir.resolve("none"), "no such model");
        Cli.refuse(
                dir, Cli.plus(args, model, "--hidden", "4", "--init", "zero"), "--init", "neither with --warm-start");
        Cli.refuse(
                dir,
                Cli.plus(args, model, "--hidden", "4", "--folds", "3"),
                "--warm-start " + model + ": expected none with --folds");
        Path other = Cli.write(dir.resolve("other.csv"), "x1,x2,color", "1,2,red", "3,4,green");
        args[2] = other;
        Cli.refuse(dir, Cli.plus(args, model, "--hidden", "4"), "row 2, column color: \"green\" is not a class");
        Path wider = Cli.write(dir.resolve("wider.csv"), "x1,x2,x3,color", "1,2,3,red", "3,4,5,blue");
        args[2] = wider;
        Cli.refuse(dir, Cli.plus(args, model, "--hidden", "4"), "not known to the model x3");
    }

    // Folds.

    @Test
    void folds_measureEachRowOnce_andTheModelIsOfAllRows() throws IOException {
        Object[] settings = {"--iterations", "8"};
        Path model = dir.resolve("model");
        String text = Cli.succeed(Cli.plus(args(model, settings), "--folds", "5"));
        assertEquals(Cli.weights(train("plain", settings)), Cli.weights(model));
        List<Fold> folds = description(model).provenance().validation().folds();
        assertEquals(5, folds.size());
        assertEquals(400, folds.stream().mapToLong(Fold::rows).sum());
        double[] accuracies = folds.stream()
                .mapToDouble(fold -> fold.metrics().get("accuracy"))
                .toArray();
        double mean = IntStream.range(0, 5).mapToDouble(i -> accuracies[i]).sum() / 5;
        double squares = IntStream.range(0, 5)
                .mapToDouble(i -> Math.pow(accuracies[i] - mean, 2))
                .sum();
        String line = String.format(Locale.ROOT, "accuracy %.4f +- %.4f", mean, Math.sqrt(squares / 4));
        assertTrue(text.contains("folds       " + line), text + line);
        assertTrue(text.contains("fold 5/5    accuracy "), text);
        assertTrue(Cli.succeed("inspect", "--model", model).contains(line));
        assertEquals(
                accuracies[2],
                json(Cli.succeed("inspect", "--model", model, "--json"))
                        .at("/validation/folds/2/metrics/accuracy")
                        .asDouble());
    }

    @Test
    void folds_tooMany() {
        Path data = Cli.write(dir.resolve("t.csv"), "x,y", "1,a", "2,b", "3,a", "4,b", "5,a");
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("m"), "--folds"};
        Cli.refuse(
                dir,
                Cli.plus(args, "3"),
                "--folds 3: expected no more folds than rows of each class: class b has only 2",
                "--stratify false allows more");
        Cli.refuse(dir, Cli.plus(args, "6", "--stratify", "false"), "--folds 6: expected no more than the 5 rows");
        Cli.succeed(Cli.plus(args, "5", "--stratify", "false", "--iterations", "1"));
    }
}
