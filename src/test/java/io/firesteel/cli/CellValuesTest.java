package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cells of real tables become: numbers far away, numbers too large, classes and categories that look like numbers. */
@Tag("spark")
class CellValuesTest {
    @TempDir
    private Path dir;

    private Path model() {
        return dir.resolve("model");
    }

    private Object[] train(Path data, Object... more) {
        Object[] args = {"train", "--data", data, "--model", model(), "--iterations", "20", "--hidden", "4"};
        return Cli.plus(args, more);
    }

    /** Unix seconds in a column whose first cell is 0, in a row of weight 0 or one that is held out. */
    @ParameterizedTest
    @ValueSource(strings = {"--weight", "--validation-column"})
    void moments_behindAFirstRowThatDoesNotCount(String option) throws IOException {
        Random random = new Random(4);
        List<String> lines = new ArrayList<>(List.of("time,other,label"));
        lines.add(option.equals("--weight") ? "0,0,no" : "0,1,yes");
        double[] times = new double[300];
        for (int i = 0; i < times.length; i++) {
            times[i] = Math.rint(1.7e9 + 50 * random.nextGaussian());
            lines.add(String.format(
                    "%.0f,%s,%s", times[i], option.equals("--weight") ? 1 : 0, times[i] < 1.7e9 ? "no" : "yes"));
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "label", option, "other"));
        TrainedModel model = TrainedModel.load(model());
        double mean = DoubleStream.of(times).average().orElseThrow();
        double variance = DoubleStream.of(times)
                .map(t -> (t - mean) * (t - mean))
                .average()
                .orElseThrow();
        assertEquals(mean, model.description().inputs().scaling().mean()[0], 1e-12 * mean);
        assertEquals(Math.sqrt(variance), model.description().inputs().scaling().deviation()[0], 1e-10);
    }

    /** A cell of 1e306, as some write for "no data", is refused by everything that scores it. */
    @ParameterizedTest
    @ValueSource(strings = {"relu", "tanh"})
    void scores_ofANumberThatIsFarTooLarge(String activation) throws IOException {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 40; i++) {
            lines.add(i * 1e-4 + "," + (i % 7) + "," + 3 * i);
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "y", "--task", "regression", "--activation", activation));
        Path large = Cli.write(dir.resolve("u.csv"), "a,b,y", "0.001,2,3", "0.002,3,6", "1e306,1,5", "1e306,2,5");
        String[] said = {"u.csv, row 3, column a: \"1.0E306\" is too large for the model", "--missing mean"};
        Path output = dir.resolve("p.csv");
        Cli.refuse(dir, new Object[] {"predict", "--model", model(), "--data", large, "--output", output}, said);
        Cli.refuse(dir, new Object[] {"evaluate", "--model", model(), "--data", large}, said);
        assertTrue(Files.notExists(output));
        Path largest = Cli.write(dir.resolve("v.csv"), "a,b,y", "0.001,1.7976931348623157E308,3");
        Cli.refuse(
                dir,
                new Object[] {"predict", "--model", model(), "--data", largest, "--output", output},
                "v.csv, row 1, column b: \"1.7976931348623157E308\" is too large for the model");
        TrainedModel model = TrainedModel.load(model());
        String problem = assertThrows(
                        IllegalArgumentException.class, () -> model.scoreRow(Map.of("a", 1e306, "b", "1")))
                .getMessage();
        assertTrue(problem.contains("feature a: \"1.0E306\" is too large"), problem);
        assertEquals(1, model.scoreRow(Map.of("a", 0.002, "b", "1")).length);
    }

    private List<String> predictions(Path data, Object... more) throws IOException {
        Path output = dir.resolve("p.csv");
        Object[] args = {"predict", "--model", model(), "--data", data, "--output", output, "--overwrite"};
        Cli.succeed(Cli.plus(args, more));
        List<String> lines = Files.readAllLines(output);
        int column = List.of(lines.get(0).split(",")).indexOf("prediction");
        return lines.stream().skip(1).map(line -> line.split(",")[column]).toList();
    }

    /** Labels and categories of a CSV file are its texts: 01, 1, +1 and 1.0 are four classes, 007 and 7 two categories. */
    @Test
    void textThatLooksLikeANumber_isNotMerged() throws IOException {
        String[][] kinds = {{"01", "007"}, {"1", "7"}, {"+1", "1E2"}, {"1.0", "100"}};
        List<String> lines = new ArrayList<>(List.of("code,x,y"));
        List<String> truth = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            lines.add(kinds[i % 4][1] + "," + i + "," + kinds[i % 4][0]);
            truth.add(kinds[i % 4][0]);
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "y", "--categorical", "code", "--optimizer", "lbfgs"));
        TrainedModel model = TrainedModel.load(model());
        assertEquals(
                List.of("+1", "01", "1", "1.0"), model.description().targets().classes());
        assertEquals(
                Map.of("code", List.of("007", "7", "100", "1E2")),
                model.description().inputs().encoding().categories());
        assertEquals(truth, predictions(data), "each is learnt, and written as it stood");
        assertTrue(Cli.succeed("evaluate", "--model", model(), "--data", data).contains("accuracy 1.0000"));
        Path other = Cli.write(dir.resolve("u.csv"), "code,x,y", "7.0,1,1");
        Cli.refuse(
                dir,
                new Object[] {"predict", "--model", model(), "--data", other, "--output", dir.resolve("q.csv")},
                "u.csv, row 1, column code: \"7.0\" is not a category");
        Path label = Cli.write(dir.resolve("v.csv"), "code,x,y", "7,1,1", "7,1,1.00");
        Cli.refuse(
                dir,
                new Object[] {"evaluate", "--model", model(), "--data", label},
                "v.csv, row 2, column y: \"1.00\" is not a class");
        // A number of a typed column is the text that writes it, where there is one.
        assertEquals(4, model.scoreRow(Map.of("code", 7L, "x", 3)).length);
        assertThrows(IllegalArgumentException.class, () -> model.scoreRow(Map.of("code", "07", "x", 3)));
    }

    /** Whole numbers above 2^53 that differ in the last digit, in every format that has such a type. */
    @ParameterizedTest
    @ValueSource(strings = {"csv", "json", "parquet", "orc", "decimal"})
    void wholeNumbersAbove2To53_staySeparate(String format) throws IOException {
        boolean decimal = format.equals("decimal");
        List<Row> rows = new ArrayList<>();
        List<String> truth = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long id = 9007199254740992L + i % 3;
            rows.add(RowFactory.create(decimal ? (Object) BigDecimal.valueOf(id) : (Object) id, i * 0.5, -id));
            truth.add(Long.toString(-id));
        }
        DataType type = decimal ? DataTypes.createDecimalType(20, 0) : DataTypes.LongType;
        StructType schema =
                new StructType().add("id", type).add("x", DataTypes.DoubleType).add("y", DataTypes.LongType);
        String written = decimal ? "parquet" : format;
        String path = dir.resolve("t." + written).toString();
        TestSpark.session()
                .createDataFrame(rows, schema)
                .coalesce(1)
                .write()
                .format(written)
                .option("header", "true")
                .save(path);
        Path data = Path.of(path);
        Cli.succeed(train(data, "--label", "y", "--categorical", "id", "--optimizer", "lbfgs", "--format", written));
        TrainedModel model = TrainedModel.load(model());
        assertEquals(
                List.of("-9007199254740994", "-9007199254740993", "-9007199254740992"),
                model.description().targets().classes());
        assertEquals(
                List.of("9007199254740992", "9007199254740993", "9007199254740994"),
                model.description().inputs().encoding().categories().get("id"));
        assertEquals(truth, predictions(data, "--format", written));
        assertTrue(Cli.succeed("evaluate", "--model", model(), "--data", data, "--format", written)
                .contains("accuracy 1.0000"));
        double[] scores = model.scoreRow(Map.of("id", 9007199254740993L, "x", 1));
        assertEquals(1, ModelDescription.Targets.argmax(scores));
    }

    /** Models of one format meet rows of another: booleans and True, single precision and 0.1, decimals and 1.50. */
    @Test
    void typedColumnsAndTexts_meetByValue() throws IOException {
        List<Row> rows = new ArrayList<>();
        List<String> lines = new ArrayList<>(List.of("f,d,x,y"));
        for (int i = 0; i < 40; i++) {
            rows.add(RowFactory.create(
                    i % 2 == 0 ? 0.1f : 2f, new BigDecimal(i % 4 < 2 ? "1.50" : "2.00"), 1.0 * i, i % 2 == 0));
            lines.add((i % 2 == 0 ? "0.1" : "2.0") + "," + (i % 4 < 2 ? "1.5" : "2") + "," + i + ","
                    + (i % 2 == 0 ? "True" : "False"));
        }
        StructType schema = new StructType()
                .add("f", DataTypes.FloatType)
                .add("d", DataTypes.createDecimalType(5, 2))
                .add("x", DataTypes.DoubleType)
                .add("y", DataTypes.BooleanType);
        Path typed = dir.resolve("t.parquet");
        TestSpark.session().createDataFrame(rows, schema).coalesce(1).write().parquet(typed.toString());
        Path texts = Cli.write(dir.resolve("t.csv"), lines);
        Object[] rest = {"--label", "y", "--categorical", "f,d", "--optimizer", "lbfgs", "--overwrite"};
        Cli.succeed(train(typed, rest));
        assertEquals(
                Map.of("f", List.of("0.1", "2"), "d", List.of("1.5", "2")),
                TrainedModel.load(model()).description().inputs().encoding().categories());
        String evaluated = Cli.succeed("evaluate", "--model", model(), "--data", typed);
        assertEquals(evaluated, Cli.succeed("evaluate", "--model", model(), "--data", texts));
        assertEquals(List.of("true", "false"), predictions(texts).subList(0, 2));
        Cli.succeed(train(texts, rest));
        assertEquals(
                List.of("False", "True"),
                TrainedModel.load(model()).description().targets().classes());
        String ofTexts = Cli.succeed("evaluate", "--model", model(), "--data", texts);
        assertEquals(ofTexts, Cli.succeed("evaluate", "--model", model(), "--data", typed));
        assertEquals(List.of("True", "False"), predictions(typed).subList(0, 2));
    }

    @Test
    void classWeight_namesAClassByItsValue() {
        Path data = Cli.write(dir.resolve("t.csv"), "a,y", "1,0", "2,1", "3,0", "4,1");
        Cli.succeed(train(data, "--label", "y", "--class-weight", "1.0=2"));
        Object[] twice = train(data, "--label", "y", "--class-weight", "1.0=2,1=3", "--overwrite");
        Cli.refuse(dir, twice, "each class once: it is 1");
        Path texts = Cli.write(dir.resolve("u.csv"), "a,y", "1,0", "2,1", "3,01", "4,1");
        Object[] ambiguous = train(texts, "--label", "y", "--class-weight", "1.0=2", "--overwrite");
        Cli.refuse(dir, ambiguous, "a class of the data, which has 0, 01, 1");
    }

    /** A column of 2,590 numbers of which one is a text. */
    private Path almostNumbers(String text) {
        List<String> lines = new ArrayList<>(List.of("a,color,y"));
        for (int i = 0; i < 2590; i++) {
            lines.add((i == 1300 ? text : i % 97) + "," + (i % 3 == 0 ? "red" : "blue") + ","
                    + (i % 97 > 40 ? "yes" : "no"));
        }
        return Cli.write(dir.resolve("almost.csv"), lines);
    }

    @Test
    void auto_oneTextAmongNumbers() throws IOException {
        Object[] auto = {"--label", "y", "--categorical", "auto", "--overwrite"};
        Cli.refuse(
                dir,
                train(almostNumbers("n/a"), auto),
                "almost.csv, row 1301, column a: \"n/a\" stands for a missing value",
                "--missing mean");
        String out = Cli.succeed(train(almostNumbers("n/a"), Cli.plus(auto, "--missing", "mean")));
        assertTrue(out.contains("categories  color (2, such as blue): columns of text"), out);
        Cli.refuse(
                dir,
                train(almostNumbers("unknown"), auto),
                "almost.csv, row 1301, column a: \"unknown\" is no number, in a column in which 2589 of 2590 cells are",
                "--missing mean",
                "--categorical auto,a",
                "--exclude a");
        Cli.refuse(
                dir, train(almostNumbers("$5.25"), auto), "row 1301, column a: \"$5.25\"", "write numbers as 1234.5");
        Cli.succeed(train(almostNumbers("unknown"), "--label", "y", "--categorical", "auto,a", "--overwrite"));
        assertEquals(
                List.of(98, 2),
                TrainedModel.load(model()).description().inputs().encoding().categories().values().stream()
                        .map(List::size)
                        .toList());
    }

    @Test
    void auto_foreignNumbersAndNames() {
        List<String> lines = new ArrayList<>(List.of("price,name,y"));
        for (int i = 0; i < 300; i++) {
            lines.add("$" + i % 40 + ".5,Person " + i + "," + (i % 2 == 0 ? "yes" : "no"));
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Object[] auto = {"--label", "y", "--categorical", "auto"};
        Cli.refuse(
                dir,
                train(data, Cli.plus(auto, "--exclude", "name")),
                "t.csv, row 1, column price: \"$0.5\" is not a number",
                "without thousands separators, currency or percent signs",
                "--exclude price");
        Cli.refuse(dir, train(data, "--label", "y", "--exclude", "name"), "\"$0.5\" is not a number", "as 1234.5");
        Cli.refuse(
                dir,
                train(data, Cli.plus(auto, "--exclude", "price")),
                "t.csv, column name has 300 distinct texts in 300 cells, such as \"Person 0\"",
                "--exclude name",
                "--categorical auto,name");
    }

    /** Infinite numbers are refused; they are missing numbers, to the bit, where the reader is told so. */
    @ParameterizedTest
    @ValueSource(strings = {"inf", "-inf", "Infinity", "+INF", "1e999"})
    void infiniteCells(String cell) {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 40; i++) {
            lines.add(i + "," + (i == 7 ? cell : i % 5 + 0.5) + "," + (i % 2 == 0 ? "yes" : "no"));
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        for (String categorical : List.of("", "auto")) {
            Cli.refuse(
                    dir,
                    train(data, "--label", "y", "--categorical", categorical),
                    "t.csv, row 8, column b: \"" + cell + "\" is not a finite number (--option nullValue=" + cell
                            + " and --missing mean take such cells for missing, --exclude b leaves it out)");
        }
        Object[] missing = {"--label", "y", "--missing", "mean"};
        Cli.succeed(train(data, Cli.plus(missing, "--option", "nullValue=" + cell)));
        String weights = Cli.weights(model());
        lines.replaceAll(line -> line.replace("," + cell + ",", ",,"));
        Path empty = Cli.write(dir.resolve("empty.csv"), lines);
        Cli.succeed(Cli.plus(train(empty, missing), "--overwrite"));
        assertEquals(Cli.weights(model()), weights);
    }

    /** What programs write for a missing number is one in a feature that is a number, and a text of its own in a category. */
    @Test
    void missingMarkers() throws IOException {
        List<String> markers = List.of("NA", "na", "N/A", "n/a", "?", "NULL", "null", "None", "nan", "NaN", "-", "");
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < markers.size(); i++) {
            lines.add(markers.get(i) + "," + markers.get(i) + "," + i % 2);
            lines.add(i + ",x," + i % 2);
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "y", "--missing", "mean", "--categorical", "b"));
        TrainedModel model = TrainedModel.load(model());
        assertEquals(Map.of("a", 5.5), model.description().inputs().encoding().means());
        assertEquals(
                List.of("-", "?", "N/A", "NA", "NULL", "None", "n/a", "na", "null", "x"),
                model.description().inputs().encoding().categories().get("b"));
        for (String marker : markers) {
            assertEquals(
                    model.scoreRow(Map.of("a", 5.5, "b", "x"))[0],
                    model.scoreRow(Map.of("a", marker, "b", "x"))[0],
                    marker);
        }
        Path strict = Cli.write(dir.resolve("u.csv"), "a,y", "1,0", "NULL,1");
        Object[] args = train(strict, "--label", "y", "--overwrite");
        Cli.refuse(dir, args, "u.csv, row 2, column a: \"NULL\" stands for a missing value", "--missing mean");
    }

    @Test
    void regressionForgotten() {
        List<String> prices = new ArrayList<>(List.of("a,y"));
        List<String> persons = new ArrayList<>(List.of("a,y"));
        for (int i = 0; i < 400; i++) {
            prices.add(i + "," + (i * 7.25 + 100));
            persons.add(i + "," + i / 10);
        }
        Path data = Cli.write(dir.resolve("prices.csv"), prices);
        String inferred = Cli.succeed(train(data, "--label", "y"));
        assertTrue(
                inferred.contains("regression, since label y has 400 distinct numbers; --task classification insists"),
                inferred);
        Cli.succeed(train(data, "--label", "y", "--task", "classification", "--overwrite"));
        Cli.succeed(train(data, "--label", "y", "--overwrite"));
        String weights = Cli.weights(model());
        prices.replaceAll(line -> line.replace(",", ";").replace(".", ","));
        Path commas = Cli.write(dir.resolve("commas.csv"), prices);
        String withCommas = Cli.succeed(train(commas, "--label", "y", "--overwrite"));
        assertTrue(withCommas.contains("regression, since label y has 400 distinct numbers"), withCommas);
        assertEquals(weights, Cli.weights(model()));
        Cli.succeed(train(Cli.write(dir.resolve("persons.csv"), persons), "--label", "y", "--overwrite"));
    }

    /** The error of targets in millionths is not printed as 0. */
    @Test
    void smallErrors_showDigits() {
        List<String> lines = new ArrayList<>(List.of("a,y"));
        for (int i = 0; i < 50; i++) {
            lines.add(i + "," + (i * 1e-6 + (i % 2) * 1e-6));
        }
        Path data = Cli.write(dir.resolve("t.csv"), lines);
        Cli.succeed(train(data, "--label", "y", "--task", "regression"));
        String line = Cli.succeed("evaluate", "--model", model(), "--data", data);
        assertTrue(line.matches("(?s).*RMSE [1-9]\\.\\d{3}e-0\\d.*"), line);
    }
}
