package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.Encoding;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Missing cells that tell something: a label that is yes where the column income is empty, in a third of the rows. */
@Tag("spark")
class MissingIndicatorsTest {
    private static final int ROWS = 600;
    private static final String LEARNT = "-0.5"; // an income in the middle of the others

    /** A row; the income, its time and, in a few rows, the age may be missing. */
    private record Person(String income, String since, String age, String kind, boolean yes) {}

    @TempDir
    private static Path shared;

    @TempDir
    private Path dir;

    private static List<Person> people;
    private static Path table;
    private static Path model;

    @BeforeAll
    static void trainOnce() throws IOException {
        Random random = new Random(1);
        people = IntStream.range(0, ROWS)
                .mapToObj(j -> {
                    boolean missing = random.nextInt(3) == 0;
                    return new Person(
                            missing ? "" : String.format(Locale.ROOT, "%.2f", random.nextGaussian()),
                            missing ? "" : "20" + (10 + random.nextInt(10)) + "-03-01",
                            j % 50 == 0 ? "" : Integer.toString(20 + random.nextInt(50)),
                            random.nextInt(9) == 0 ? "" : "" + "abc".charAt(random.nextInt(3)),
                            missing != (random.nextInt(20) == 0));
                })
                .toList();
        table = csv(
                shared.resolve("people.csv"),
                "income,since,age,kind,label",
                p -> String.join(",", p.income, p.since, p.age, p.kind, p.yes ? "yes" : "no"));
        model = shared.resolve("model");
        Cli.succeed(train(table, model));
    }

    private static Path csv(Path file, String header, Function<Person, String> line) {
        List<String> lines = new ArrayList<>(List.of(header));
        people.forEach(p -> lines.add(line.apply(p)));
        return Cli.write(file, lines);
    }

    private static Object[] train(Path data, Path to, Object... more) {
        Object[] args = {"train", "--preset", "default", "--data", data, "--label", "label", "--model", to};
        return Cli.plus(Cli.plus(args, "--hidden", "8", "--epochs", "8", "--dates", "expand"), more);
    }

    private static Encoding encoding(Path of) {
        return Cli.load(of).description().inputs().encoding();
    }

    private static double accuracy(Path of) throws IOException {
        return Cli.json("evaluate", "--model", of, "--data", table)
                .get("accuracy")
                .asDouble();
    }

    /** The age is missing in 12 rows only, and a category has no indicator: its inputs are all 0 then. */
    @Test
    void aColumnThatIsOftenMissing_tellsItsMissingCells_andTheNetworkLearnsFromThem() throws IOException {
        assertEquals(List.of("income", "since.year"), encoding(model).indicators());
        assertTrue(accuracy(model) > 0.92, "accuracy " + accuracy(model));
        TrainedModel scored = Cli.load(model);
        Map<String, Object> known = Map.of("income", LEARNT, "since", "2015-03-01", "age", 40, "kind", "a");
        assertTrue(scored.scoreRow(known)[1] < 0.2);
        assertTrue(scored.scoreRow(Map.of("age", 40, "kind", "a"))[1] > 0.8);
        assertTrue(Cli.succeed("inspect", "--model", model)
                .contains("missing     mean, with indicator inputs: income, since.year"));
    }

    /** The inputs as a person would write them: means in the place of empty cells, and 0 or 1 beside them. */
    @Test
    void train_givesTheWeightsOfTheIndicatorsByHand() {
        Path data = csv(dir.resolve("t.csv"), "income,label", p -> p.income + "," + (p.yes ? "yes" : "no"));
        Object[] plain = {
            "train",
            "--preset",
            "notes",
            "--label",
            "label",
            "--hidden",
            "3",
            "--epochs",
            "20",
            "--standardize",
            "false"
        };
        Path indicated = dir.resolve("indicated");
        Cli.succeed(Cli.plus(plain, "--data", data, "--model", indicated, "--missing", "indicator"));
        double mean = encoding(indicated).means().get("income");
        Path hand = csv(
                dir.resolve("hand.csv"),
                "income,isMissing,label",
                p -> (p.income.isEmpty() ? mean + ",1" : p.income + ",0") + "," + (p.yes ? "yes" : "no"));
        Path byHand = dir.resolve("byHand");
        Cli.succeed(Cli.plus(plain, "--data", hand, "--model", byHand));
        assertArrayEquals(Cli.load(byHand).theta(), Cli.load(indicated).theta(), 1e-12);
    }

    @Test
    void everyEngine_trainsTheSameWeights_andMeansTrainOthers() throws IOException {
        for (String engine : List.of("job", "resident")) {
            Path other = dir.resolve(engine);
            Cli.succeed(train(table, other, "--engine", engine));
            assertEquals(Cli.weights(model), Cli.weights(other), engine);
        }
        Path means = dir.resolve("means");
        Cli.succeed(train(table, means, "--missing", "mean"));
        assertEquals(List.of(), encoding(means).indicators());
        assertNotEquals(Cli.weights(model), Cli.weights(means));
    }

    @Test
    void predictions_contributionsAndWarmStarts_takeMissingCells() throws IOException {
        Path predictions = dir.resolve("p.csv");
        Cli.succeed("predict", "--model", model, "--data", table, "--output", predictions, "--contributions");
        List<String> lines = Files.readAllLines(predictions);
        List<String> header = List.of(lines.get(0).split(","));
        TrainedModel scored = Cli.load(model);
        double moved = 0;
        for (int j = 0; j < 50; j++) {
            String[] cells = lines.get(j + 1).split(",");
            Person p = people.get(j);
            double yes = scored.scoreRow(Map.of("income", p.income, "since", p.since, "age", p.age, "kind", p.kind))[1];
            assertEquals(yes, Double.parseDouble(cells[header.indexOf("probability_yes")]), 1e-14);
            if (p.income.isEmpty()) {
                moved = Double.parseDouble(cells[header.indexOf("contribution_income")]);
                assertTrue(moved > 0, "an income that is missing speaks for yes: " + moved);
            }
        }
        assertTrue(moved > 0);
        Path warm = dir.resolve("warm");
        Path few = Cli.write(dir.resolve("few.csv"), Files.readAllLines(table).subList(0, 60));
        Object[] args = {"train", "--preset", "default", "--data", few, "--label", "label", "--model", warm};
        Cli.succeed(Cli.plus(args, "--warm-start", model, "--epochs", "1", "--validation-fraction", "0"));
        assertEquals(encoding(model).indicators(), encoding(warm).indicators());
        Cli.refuse(
                dir,
                Cli.plus(args, "--warm-start", model, "--missing", "mean", "--overwrite"),
                "--missing was indicator, is mean");
    }

    @Test
    void sparseInputs_haveNoIndicators() {
        List<String> lines = IntStream.range(0, 100)
                .mapToObj(j -> j % 2 + " " + (1 + j % 40) + ":1 " + (50 + j % 3) + ":NaN")
                .toList();
        Path data = Cli.write(dir.resolve("t.libsvm"), lines);
        Path to = dir.resolve("sparse");
        Object[] args = {"train", "--preset", "default", "--data", data, "--model", to, "--epochs", "1", "--hidden", "2"
        };
        Cli.refuse(
                dir,
                Cli.plus(args, "--missing", "indicator"),
                "--missing indicator",
                "--missing mean",
                "--sparse false");
        Cli.succeed(args);
        assertEquals(List.of(), encoding(to).indicators());
        Object[] warm = {"train", "--preset", "default", "--data", data, "--model", dir.resolve("warm"), "--epochs", "1"
        };
        Cli.succeed(Cli.plus(warm, "--warm-start", to));
        Cli.succeed(Cli.plus(args, "--overwrite", "--sparse", "false"));
        assertEquals(3, encoding(to).indicators().size());
    }
}
