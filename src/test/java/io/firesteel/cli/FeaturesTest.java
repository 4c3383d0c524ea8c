package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.model.Encoding;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Scaling;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Features that are categories, and cells that are empty: they train to the bits of the numbers that they stand for. */
@Tag("spark")
class FeaturesTest extends TableTrainings {
    private static final List<String> COLORS = List.of("blue", "light green", "red");
    private static final List<String> SIZES = List.of("-1", "2", "10.5");
    private static final int ROWS = 80;

    /** Lines of a table with the columns a, color, b, size, flag, y. */
    private final List<String> rows = new ArrayList<>();

    private Path csv;

    @BeforeEach
    void table() {
        Random random = new Random(2);
        for (int i = 0; i < ROWS; i++) {
            String a = i % 4 == 0 ? "" : String.valueOf(random.nextInt(100));
            String color = i % 9 == 5 ? "" : COLORS.get(random.nextInt(3));
            String size = random.nextInt(5) == 0 ? "2" : SIZES.get(random.nextInt(3));
            double b = random.nextGaussian();
            boolean flag = random.nextBoolean();
            String y = b + (color.equals("red") ? 1 : 0) + (flag ? 0.5 : 0) > 0.7 ? "yes" : "no";
            rows.add(String.join(",", a, color, "" + b, size, "" + flag, y));
        }
        csv = csv("t.csv", "a,color,b,size,flag,y", rows);
    }

    private Path csv(String name, String header, List<String> lines) {
        List<String> all = new ArrayList<>(List.of(header));
        all.addAll(lines);
        return Cli.write(dir.resolve(name), all);
    }

    private static ModelDescription description(Path model) {
        return Cli.load(model).description();
    }

    private static final Object[] MIXED = {"--categorical", "color,size,flag", "--missing", "mean"};

    /** The inputs as a person would write them: numbers scaled, a missing one as the mean, 0 and 1 for categories. */
    private List<String> byHand(UnaryOperator<String> a, UnaryOperator<String> b) {
        return rows.stream()
                .map(row -> row.split(",", -1))
                .map(cells -> String.join(
                        ",",
                        a.apply(cells[0]),
                        oneHot(cells[1], COLORS),
                        b.apply(cells[2]),
                        oneHot(cells[3], SIZES),
                        oneHot(cells[4], List.of("false", "true")),
                        cells[5]))
                .toList();
    }

    private static String oneHot(String value, List<String> values) {
        return values.stream().map(one -> one.equals(value) ? "1" : "0").collect(Collectors.joining(","));
    }

    private static final String BY_HAND = "a,c1,c2,c3,b,s1,s2,s3,f1,f2,y";

    /** The first rows are looked at to tell which columns are text; what comes later counts, too. */
    @Test
    void train_aColumnOfLateText_isCategories() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2600; i++) {
            lines.add(i % 7 + "," + (i < 1100 ? "" + i % 3 : "1e" + (i % 2 == 0 ? "x" : "")) + "," + (i % 7 > 3));
        }
        Path model = train(csv("late.csv", "a,b,y", lines), "--categorical", "auto");
        assertEquals(
                Map.of("b", List.of("0", "1", "1e", "1ex", "2")),
                description(model).inputs().encoding().categories());
    }

    /** The weights of two trainings in double that add the same numbers in another order. */
    private static void assertSameWeights(Path expected, Path actual) {
        assertArrayEquals(Cli.load(expected).theta(), Cli.load(actual).theta(), 1e-12);
    }

    @Test
    void train_givesTheWeightsOfTheNumbersByHand() {
        double mean = rows.stream()
                .map(row -> row.split(",", -1)[0])
                .filter(cell -> !cell.isEmpty())
                .mapToDouble(Double::parseDouble)
                .average()
                .orElseThrow();
        Object[] raw = {"--standardize", "false", "--precision", "double"};
        Path model = train(csv, Cli.plus(MIXED, raw));
        double kept = description(model).inputs().encoding().means().get("a");
        assertEquals(mean, kept, 1e-13);
        UnaryOperator<String> filled = cell -> cell.isEmpty() ? Double.toString(kept) : cell;
        Path numbers = csv("n.csv", BY_HAND, byHand(filled, cell -> cell));
        assertSameWeights(train(numbers, raw), model);

        // Standardised as a person would, who knows the moments.
        Path standardized = train(csv, Cli.plus(MIXED, "--precision", "double"));
        ModelDescription d = description(standardized);
        assertEquals(List.of(10, 3, 1), d.network().units());
        Scaling scaling = d.inputs().scaling();
        List<String> features = d.inputs().features();
        assertEquals(features.size(), scaling.mean().length, "one for each feature, however many categories");
        for (int i = 0; i < features.size(); i++) {
            boolean isNumber = !d.inputs().encoding().isCategory(features.get(i));
            assertEquals(isNumber, scaling.deviation()[i] != 1 && scaling.mean()[i] != 0, features.get(i));
        }
        int ofA = features.indexOf("a");
        int ofB = features.indexOf("b");
        UnaryOperator<String> a = cell -> Double.toString(scaling.scale(ofA, Double.parseDouble(filled.apply(cell))));
        UnaryOperator<String> b = cell -> Double.toString(scaling.scale(ofB, Double.parseDouble(cell)));
        Path scaled = csv("s.csv", BY_HAND, byHand(a, b));
        assertSameWeights(train(scaled, raw), standardized);
        double variance = rows.stream()
                .map(row -> filled.apply(row.split(",", -1)[0]))
                .mapToDouble(cell -> Math.pow(Double.parseDouble(cell) - mean, 2))
                .average()
                .orElseThrow();
        assertEquals(mean, d.inputs().scaling().mean()[0], 1e-12);
        assertEquals(
                Math.sqrt(variance), d.inputs().scaling().deviation()[0], 1e-12, "of the column after the replacement");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "json", "orc"})
    void train_givesTheSameBitsOfOtherFormats(String format) {
        Path data = dir.resolve("t." + format);
        TestSpark.session()
                .read()
                .option("header", "true")
                .schema("a int, color string, b double, size decimal(5,2), flag boolean, y string")
                .csv(csv.toString())
                .coalesce(1)
                .write()
                .format(format)
                .save(data.toString());
        Object[] args = Cli.plus(MIXED, "--features", "a,color,b,size,flag"); // JSON has its columns in another order
        Path fromCsv = train(csv, args);
        Path model = train(data, args);
        assertEquals(Cli.weights(fromCsv), Cli.weights(model));
        assertEquals(
                description(fromCsv).inputs().encoding().categories(),
                description(model).inputs().encoding().categories());
        assertEquals(
                Cli.succeed("evaluate", "--model", model, "--data", csv),
                Cli.succeed("evaluate", "--model", fromCsv, "--data", data));
    }

    /*
     *   a        weight
     *   1        1        mean of those that there are (1 + 2 * 4) / 3 = 3
     *   missing  2        variance with 3 for the others (1 * 2^2 + 2 * 1^2 + 5 * 0) / 8 = 6/8
     *   4        2
     *   NaN      3
     */
    @Test
    void missing_meanAndDeviation_byHand() {
        List<List<String>> orders = List.of(
                List.of("1,0,1,no", ",1,2,yes", "4,2,2,no", "NaN,3,3,yes"),
                List.of(",1,2,yes", "nan,3,3,yes", "4,2,2,no", "1,0,1,no"));
        for (List<String> lines : orders) {
            Path data = csv("w.csv", "a,b,w,y", lines);
            ModelDescription d = description(train(data, "--weight", "w", "--missing", "mean"));
            assertEquals(3, d.inputs().encoding().means().get("a"), 1e-14);
            assertEquals(3, d.inputs().scaling().mean()[0], 1e-14);
            assertEquals(Math.sqrt(0.75), d.inputs().scaling().deviation()[0], 1e-14);
            assertEquals(Map.of("a", 3.0, "b", 15 / 8.0), d.inputs().encoding().means());
        }
    }

    /** A column far from zero whose first row is empty loses no digits. */
    @Test
    void missing_inTheFirstRowOfAColumnFarFromZero() {
        Path data = csv("far.csv", "a,y", List.of(",no", "1000000000.25,yes", "1000000000.75,no", "1000000000.5,yes"));
        ModelDescription d = description(train(data, "--missing", "mean"));
        assertEquals(1000000000.5, d.inputs().scaling().mean()[0]);
        assertEquals(Math.sqrt(0.125 / 4), d.inputs().scaling().deviation()[0], 1e-15);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 99})
    void missing_anyPart(int percent) {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double x = random.nextGaussian();
            boolean missing = i > 5 && random.nextInt(100) < percent;
            lines.add((missing ? "" : x) + "," + (missing ? "" : -x) + "," + (x > 0 ? "no" : "yes"));
        }
        Path data = csv("m.csv", "a,b,y", lines);
        Path model = dir.resolve("m");
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--hidden", "3"};
        Cli.succeed(Cli.plus(args, "--missing", "mean", "--iterations", "60"));
        String line = Cli.succeed("evaluate", "--model", model, "--data", data);
        double accuracy = Double.parseDouble(line.substring("accuracy ".length(), "accuracy ".length() + 6));
        assertTrue(accuracy > 0.95 - percent / 100.0 * 0.47, line);
    }

    @Test
    void missing_inLibSvm() {
        Path data = csv("m.csv", "a,b,y", List.of("1,2,0", ",3,1", "5,nan,0"));
        Path libSvm = Cli.write(dir.resolve("t.libsvm"), "0 1:1 2:2", "1 1:NaN 2:3", "0 1:5 2:nan");
        Path model = dir.resolve("libsvm");
        Cli.refuse(
                dir,
                new Object[] {"train", "--data", libSvm, "--model", model},
                "t.libsvm, row 2",
                "\"1:NaN\" gives feature 1 a value that is not a finite number");
        Cli.succeed(
                "train", "--data", libSvm, "--model", model, "--hidden", "3", "--iterations", "5", "--missing", "mean");
        assertEquals(Cli.weights(train(data, "--missing", "mean")), Cli.weights(model));
        assertEquals(
                Map.of("1", 3.0, "2", 2.5),
                description(model).inputs().encoding().means());
    }

    @Test
    void predict_asScoreRow() throws IOException {
        Path model = train(csv, MIXED);
        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model, "--data", csv, "--output", out);
        List<String> written = Files.readAllLines(out);
        TrainedModel trained = Cli.load(model);
        for (int i = 0; i < ROWS; i++) {
            String[] cells = written.get(i + 1).split(",", -1);
            Map<String, Object> row = new HashMap<>();
            List<String> names = List.of("a", "color", "b", "size", "flag");
            names.forEach(name -> row.put(name, cells[names.indexOf(name)]));
            double[] p = trained.scoreRow(row);
            assertEquals(p[1], Double.parseDouble(cells[8]), 1e-12);
            row.put("flag", Boolean.valueOf(cells[4]));
            row.put("size", Double.valueOf(cells[3]));
            assertArrayEquals(p, trained.scoreRow(row));
        }
    }

    @Test
    void unseen_errorAndIgnore() throws IOException {
        List<String> gold = new ArrayList<>(rows);
        gold.set(7, "5,gold,0.5,2,true,yes");
        Path other = csv("gold.csv", "a,color,b,size,flag,y", gold);
        Path strict = train(csv, MIXED);
        String[] parts = {
            "gold.csv, row 8, column color",
            "\"gold\" is not a category of the training data: expected blue, light green, red (--unseen ignore"
        };
        Cli.refuse(dir, new Object[] {"evaluate", "--model", strict, "--data", other}, parts);
        Path out = dir.resolve("new/out.csv");
        Cli.refuse(dir, new Object[] {"predict", "--model", strict, "--data", other, "--output", out}, parts);
        // What training did not allow, the command may.
        Path allowed = dir.resolve("allowed.csv");
        Cli.succeed("predict", "--model", strict, "--data", other, "--output", allowed, "--unseen", "ignore");
        assertEquals(ROWS + 1, Files.readAllLines(allowed).size());
        Path lax = train(csv, Cli.plus(MIXED, "--unseen", "ignore"));
        String ofStrict = Cli.succeed("evaluate", "--model", strict, "--data", other, "--unseen", "ignore");
        assertEquals(Cli.succeed("evaluate", "--model", lax, "--data", other), ofStrict);
        Object[] refused = {"evaluate", "--model", lax, "--data", other, "--unseen", "error"};
        Cli.refuse(dir, refused, "\"gold\" is not a category");
        Path never = dir.resolve("never");
        Cli.refuse(dir, args(csv, never, Cli.plus(MIXED, "--validation-data", other)), parts);

        Object[] ignore = Cli.plus(MIXED, "--unseen", "ignore");
        Path tolerant = train(csv, Cli.plus(ignore, "--validation-data", other));
        assertEquals(Cli.weights(strict), Cli.weights(tolerant));
        Cli.succeed("predict", "--model", tolerant, "--data", other, "--output", out);
        double p = Double.parseDouble(Files.readAllLines(out).get(8).split(",")[8]);
        Map<String, Object> row = Map.of("a", 5, "b", 0.5, "size", 2, "flag", true); // no color
        assertEquals(Cli.load(tolerant).scoreRow(row)[1], p, 1e-12);
        assertTrue(Cli.succeed("evaluate", "--model", tolerant, "--data", other).contains("on 80 rows"));
    }

    /** Categories stay the texts that they are where unseen ones are allowed afterwards. */
    @Test
    void predict_withUnseen_comparesCategoriesAsBefore() throws IOException {
        List<String> cells = List.of("007,no", "7,yes", "007,no", "7,yes", "8,no");
        Path model = train(csv("codes.csv", "c,y", cells), "--categorical", "c");
        Path known = csv("known.csv", "c", List.of("007", "7", "8"));
        List<List<String>> lines = new ArrayList<>();
        for (String unseen : List.of("error", "ignore")) {
            Path out = dir.resolve(unseen + ".csv");
            Cli.succeed("predict", "--model", model, "--data", known, "--output", out, "--unseen", unseen);
            lines.add(Files.readAllLines(out));
        }
        assertEquals(lines.get(0), lines.get(1));
        assertNotEquals(
                lines.get(0).get(1).replaceFirst("[^,]*,", ""),
                lines.get(0).get(2).replaceFirst("[^,]*,", ""));
        Path others = csv("others.csv", "c", List.of("07", "none"));
        Path out = dir.resolve("others-out.csv");
        Cli.succeed("predict", "--model", model, "--data", others, "--output", out, "--unseen", "ignore");
        List<String> unseen = Files.readAllLines(out);
        assertEquals(unseen.get(1).replace("07,", ""), unseen.get(2).replace("none,", ""));
    }

    @Test
    void missing_isRefusedUnlessTrainingAllowedIt() {
        Path model = train(csv("whole.csv", "a,y", List.of("1,no", "2,yes")));
        for (String cell : List.of("", "NaN")) {
            Path holes = csv("holes.csv", "a,y", List.of("1,no", cell + ",yes"));
            Cli.refuse(
                    dir,
                    new Object[] {"evaluate", "--model", model, "--data", holes},
                    "holes.csv, row 2, column a",
                    "--missing mean");
        }
    }

    @Test
    void categorical_auto() {
        Path auto = train(csv, "--categorical", "auto", "--missing", "mean");
        Encoding encoding = description(auto).inputs().encoding();
        assertEquals(List.of("color", "flag"), List.copyOf(encoding.categories().keySet()), "the numbers stay numbers");
        assertEquals(COLORS, encoding.categories().get("color"));
        assertEquals(List.of("false", "true"), encoding.categories().get("flag"));
        assertEquals(
                Cli.weights(train(csv, "--categorical", "flag,color", "--missing", "mean")),
                Cli.weights(auto),
                "in any order");
        assertNotEquals(Cli.weights(train(csv, MIXED)), Cli.weights(auto));
    }

    @Test
    void inspect_showsCategories() {
        Path model = train(csv, MIXED);
        String text = Cli.succeed("inspect", "--model", model);
        assertTrue(text.contains("categories  color: blue, light green, red"), text);
        assertTrue(text.contains("categories  size: -1, 2, 10.5"), text);
        assertTrue(text.contains("missing     mean"), text);
        String json = Cli.succeed("inspect", "--model", model, "--json");
        assertTrue(json.contains("\"encoding\"") && json.contains("\"light green\""), json);
    }

    @Test
    void resume_comparesCategories() {
        Path checkpoints = dir.resolve("checkpoints");
        Path model = train(csv, Cli.plus(MIXED, "--checkpoint", checkpoints));
        Path again = train(csv, Cli.plus(MIXED, "--resume", checkpoints));
        assertEquals(Cli.weights(model), Cli.weights(again));
        List<String> others =
                rows.stream().map(row -> row.replace(",red,", ",ruby,")).toList();
        Path other = csv("u.csv", "a,color,b,size,flag,y", others);
        Object[] resume = args(other, dir.resolve("never"), Cli.plus(MIXED, "--resume", checkpoints));
        Cli.Outcome outcome = Cli.run(resume);
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("categories were") && outcome.err().contains("ruby"), outcome.err());
    }
}
