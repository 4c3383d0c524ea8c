package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data that cannot be used gets one line that says what is wrong and where, before anything is made. */
@Tag("spark")
class BadInputTest {
    @TempDir
    private Path dir;

    private Object[] train(Path data, Object... more) {
        Object[] args = {"train", "--data", data, "--model", dir.resolve("new/parent/model"), "--hidden", "2"};
        return Cli.plus(Cli.plus(args, "--iterations", "1"), more);
    }

    private Object[] trainY(Path data, Object... more) {
        return Cli.plus(train(data, "--label", "y"), more);
    }

    private Path csv(String... lines) {
        return Cli.write(dir.resolve("t.csv"), lines);
    }

    /** A model of a, b -> y with the classes no, yes. */
    private Path model() {
        Path data = Cli.write(dir.resolve("good.csv"), "a,b,y", "1,2,no", "2,1,yes", "3,3,no");
        Path model = dir.resolve("model");
        Cli.succeed("train", "--data", data, "--label", "y", "--model", model, "--hidden", "2", "--iterations", "1");
        return model;
    }

    private Object[] predict(Path model, Path data, Object... more) {
        Object[] args = {"predict", "--model", model, "--data", data, "--output", dir.resolve("new/out.csv")};
        return Cli.plus(args, more);
    }

    private static Object[] evaluate(Path model, Path data, Object... more) {
        return Cli.plus(new Object[] {"evaluate", "--model", model, "--data", data}, more);
    }

    // What is not there.

    @Test
    void data_missing() {
        Cli.refuse(dir, trainY(dir.resolve("absent.csv")), "absent.csv", "no such file");
    }

    @Test
    void data_emptyFile() throws IOException {
        Path file = Files.createFile(dir.resolve("t.csv"));
        Cli.refuse(dir, trainY(file), "t.csv", "is empty", "expected a header and rows");
    }

    @Test
    void data_blankLinesOnly() {
        Cli.refuse(dir, trainY(csv("", "", "")), "t.csv", "is empty", "expected a header and rows");
    }

    @Test
    void data_headerOnly() {
        Cli.refuse(dir, trainY(csv("a,b,y")), "t.csv", "no rows", "expected rows after the header");
    }

    @Test
    void data_emptyDirectory() throws IOException {
        Path empty = Files.createDirectory(dir.resolve("empty"));
        Cli.refuse(dir, trainY(empty), "empty", "no data files");
    }

    @Test
    void data_emptyName() {
        Cli.refuse(dir, Cli.plus(new Object[] {"train", "--data", "", "--label", "y", "--model"}, dir.resolve("m")));
    }

    @Test
    void feature_tooLargeToBeStandardized() {
        Cli.refuse(
                dir, trainY(csv("a,b,y", "1e200,1,no", "-1e200,2,yes", "3,4,yes")), "t.csv", "column a", "too large");
        Object[] asTheyAre = trainY(csv("a,b,y", "1.7976931348623157E308,1,no", "2,2,yes"), "--standardize", "false");
        Cli.Outcome outcome = Cli.run(asTheyAre); // which warns of units that are saturated, too
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("have values that are too large"), outcome.err());
    }

    @ParameterizedTest
    @CsvSource({
        "--weight=y, --weight y: expected a column that is not also the label or left out",
        "--exclude=y, --exclude y: expected a column that is not also the label",
        "--weight=a --exclude=a, --weight a: expected a column that is not also the label or left out"
    })
    void column_isTwoThings(String options, String message) {
        Path data = csv("a,b,y", "1,1,no", "2,2,yes", "3,4,yes");
        Cli.refuse(dir, trainY(data, (Object[]) options.split(" ")), message);
    }

    @Test
    void label_missing() {
        Path file = csv("length,width,color", "1,2,red", "2,1,blue");
        Cli.refuse(
                dir,
                train(file, "--label", "colour"),
                "t.csv",
                "no label column colour",
                "did you mean color?",
                "length, width, color");
    }

    @Test
    void label_notGiven() {
        Path file = csv("length,width,color", "1,2,red", "2,1,blue");
        Cli.refuse(dir, train(file), "--label", "expected the target column", "length, width, color", "t.csv");
    }

    @Test
    void label_alsoAFeature() {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes");
        Cli.refuse(dir, trainY(file, "--features", "a,y"), "column y", "--features", "--label");
    }

    @Test
    void label_severalForAClassification() {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes");
        Cli.refuse(dir, train(file, "--label", "b,y"), "b,y", "one column", "multilabel", "regression");
    }

    @Test
    void label_oneForSeveral() {
        Path file = csv("a,b,y", "1,2,0", "2,1,1");
        Cli.refuse(dir, trainY(file, "--task", "multilabel"), "--label y", "several columns", "--task classification");
        Path libSvm = Cli.write(dir.resolve("t.libsvm"), "0 1:2 2:1", "1 2:4");
        Cli.refuse(dir, train(libSvm, "--task", "multilabel"), "--task multilabel", "t.libsvm", "one label a row");
    }

    @ParameterizedTest
    @CsvSource({"2, is not 0 or 1", "0.5, is not 0 or 1", "-1, is not 0 or 1", "yes, is not a number", "'', is empty"})
    void label_ofSeveralIsNotZeroOrOne(String cell, String problem) {
        Path file = csv("a,y,z", "1,0,1", "2,1," + cell, "3,7,0");
        Object[] args = train(file, "--label", "y,z", "--task", "multilabel");
        Cli.refuse(dir, args, "t.csv, row 2, column z", problem);
        if (!cell.isEmpty()) {
            Cli.refuse(dir, args, '"' + cell + '"', "each of several labels is 0 or 1, or false or true");
        }
    }

    @Test
    void features_noneLeft() {
        Cli.refuse(dir, trainY(csv("y", "no", "yes")), "t.csv", "no feature columns");
    }

    @ParameterizedTest
    @CsvSource({"--features, feature, 'a,c'", "--exclude, excluded, c", "--weight, weight, c"})
    void column_missing(String option, String role, String value) {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes");
        Cli.refuse(dir, trainY(file, option, value), "t.csv", "no " + role + " column c", "a, b, y");
    }

    // Bad cells.

    @ParameterizedTest
    @CsvSource({
        "abc, is not a number",
        "'1,', does not have the 3 cells",
        "1d, is not a number",
        "0x1p3, is not a number",
        "NaN, is not a finite number",
        "Infinity, is not a finite number",
        "-Infinity, is not a finite number",
        "1e999, is not a finite number",
        "'', the cell is empty",
        "'\"\"', the cell is empty",
        "'\"  \"', the cell is empty"
    })
    void cell_notANumber(String cell, String problem) {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes", "3," + cell + ",no", "4,x,no");
        Cli.refuse(dir, trainY(file), "t.csv, row 3", problem);
        if (!cell.contains(",")) {
            Cli.refuse(dir, trainY(file), "column b");
        }
        if (cell.matches("\\w+")) {
            Cli.refuse(dir, trainY(file), '"' + cell + '"');
        }
    }

    @Test
    void cell_excludedMayBeText() {
        Path file = csv("a,b,y", "1,x,no", "2,z,yes");
        assertEquals(0, Cli.run(trainY(file, "--exclude", "b")).code());
    }

    @ParameterizedTest
    @CsvSource({
        "red, --categorical b makes categories of the column",
        "red, --exclude b leaves it out",
        "2024-05-17, '--dates expand makes numbers of dates, --exclude b leaves it out'",
        "17/5/2024 10:30, '--dates expand makes numbers of dates such as 2024-03-01, --exclude b'",
        "'', --missing mean",
        "NaN, --missing mean"
    })
    void cell_hint(String cell, String hint) {
        Path file = csv("a,b,y", "1,2,no", "2," + cell + ",yes");
        Cli.refuse(dir, trainY(file), "t.csv, row 2, column b", hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "date '2024-05-17' | date | --dates expand makes numbers of dates and times in features, --exclude d leaves it out",
                "timestamp '2024-05-17 10:00:00' | timestamp | --dates expand makes numbers",
                "timestamp_ntz '2024-05-17 10:00:00' | timestamp_ntz | --dates expand makes numbers",
                "cast('x' as binary) | binary | --exclude d leaves it out",
                "array('x', 'y') | array<string> | give its parts as columns",
                "named_struct('k', 1) | struct<k:int> | give its parts as columns",
                "map('k', 1) | map<string,int> | give its parts as columns"
            })
    void column_ofATypeThatIsNotRead(String value, String type, String hint) {
        Path file = dir.resolve("t.parquet");
        TestSpark.session()
                .sql("select 1 as a, " + value + " as d, 'no' as y")
                .write()
                .parquet(file.toString());
        Cli.refuse(dir, trainY(file), "t.parquet, column d is of type " + type, "expected numbers or text", hint);
        Cli.refuse(dir, trainY(file, "--categorical", "d"), "t.parquet, column d is of type " + type);
    }

    @Test
    void missing_labelWeightOrWholeColumn() {
        Path file = csv("a,b,w,y", "1,5,1,no", "2,6,,yes", "3,7,1,");
        Cli.refuse(dir, trainY(file, "--missing", "mean", "--weight", "w"), "t.csv, row 2, column w", "is empty");
        Cli.refuse(dir, trainY(file, "--missing", "mean", "--exclude", "w"), "t.csv, row 3, column y", "is empty");
        Path empty = csv("a,b,y", "1,,no", "2,nan,yes");
        Cli.refuse(dir, trainY(empty, "--missing", "mean"), "t.csv, column b has no values", "--exclude b");
        Object[] category = trainY(empty, "--missing", "mean", "--categorical", "b");
        Cli.refuse(dir, category, "t.csv, column b has no values", "--exclude b");
        Object[] targets =
                train(csv("a,y", "1,2", "2,NaN"), "--label", "y", "--task", "regression", "--missing", "mean");
        Cli.refuse(dir, targets, "t.csv, row 2, column y", "not a finite number");
    }

    @Test
    void categories_missing() {
        Path hole = csv("a,y", "red,no", ",yes");
        Cli.refuse(dir, trainY(hole, "--categorical", "a"), "t.csv, row 2, column a", "is empty", "--missing mean");
    }

    @Test
    void categorical_isNoFeature() {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes");
        Cli.refuse(dir, trainY(file, "--categorical", "c"), "t.csv has no categorical column c", "a, b, y");
        Cli.refuse(dir, trainY(file, "--categorical", "y"), "--categorical y", "expected a feature", "a, b");
        Path libSvm = Cli.write(dir.resolve("t.libsvm"), "0 1:2 2:1", "1 2:4");
        Cli.refuse(dir, train(libSvm, "--categorical", "2"), "--categorical 2", "LibSVM");
    }

    @Test
    void cell_emptyLabel() {
        Path file = csv("a,b,y", "1,2,no", "2,1,", "3,1,yes");
        Cli.refuse(dir, trainY(file), "t.csv, row 2", "column y", "empty", "(leave out the rows that have no label)");
    }

    @Test
    void cell_textTargetOfARegression() {
        Path file = csv("a,b,y", "1,2,3", "2,1,much", "3,1,4");
        Cli.refuse(
                dir, trainY(file, "--task", "regression"), "t.csv, row 2", "column y", "\"much\"", "is not a number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3,1", "3", "3,1,no,7", "3,1,no,"})
    void row_ragged(String row) {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes", row);
        Cli.refuse(dir, trainY(file), "t.csv, row 3", '"' + row + '"', "3 cells");
        // Also when the columns that are used are all there.
        Cli.refuse(dir, trainY(file, "--features", "a"), "t.csv, row 3", '"' + row + '"', "3 cells");
    }

    @Test
    void cell_inTheSecondFile() {
        Path files = dir.resolve("some files");
        Cli.write(files.resolve("part 1.csv"), "a,b,y", "1,2,no", "2,1,yes");
        Cli.write(files.resolve("part 2.csv"), "a,b,y", "1,2,no", "2,oops,yes");
        Cli.refuse(dir, trainY(files), "some files/part 2.csv, row 2", "column b", "\"oops\"");
    }

    @Test
    void cell_farDownInAFileOfManySplits() {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        IntStream.rangeClosed(1, 6000).forEach(i -> lines.add(i + "," + i % 7 + "," + (i % 2 == 0 ? "no" : "yes")));
        lines.set(5432, "5432,oops,no");
        lines.set(5987, "5987,later,no");
        Path file = Cli.write(dir.resolve("t.csv"), lines);
        for (String bytes : List.of("1000b", "10kb", "1mb")) {
            TestSpark.with(
                    "spark.sql.files.maxPartitionBytes",
                    bytes,
                    () -> Cli.refuse(dir, trainY(file), "t.csv, row 5432, column b", "\"oops\""));
        }
    }

    @Test
    void weight_negative() {
        Path file = csv("a,w,y", "1,2,no", "2,-1,yes");
        Cli.refuse(dir, trainY(file, "--weight", "w"), "t.csv, row 2", "column w", "\"-1.0\"", "0 or more");
    }

    @Test
    void weight_allZero() {
        Path file = csv("a,w,y", "1,0,no", "2,0,yes");
        Cli.refuse(dir, trainY(file, "--weight", "w"), "t.csv", "column w", "weights are all 0");
        Object[] means = trainY(file, "--weight", "w", "--preset", "default"); // which needs the mean of each column
        Cli.refuse(dir, means, "t.csv", "column w", "weights are all 0");
    }

    // Bad labels.

    @Test
    void classes_one() {
        Cli.refuse(dir, trainY(csv("a,y", "1,no", "2,no")), "y", "only one value, no", "two classes");
    }

    @Test
    void classes_moreThanAThousand() {
        for (String name : List.of("", "id")) {
            List<String> lines = new ArrayList<>(List.of("a,y"));
            IntStream.range(0, 1001).forEach(i -> lines.add(i + "," + name + i));
            Path file = Cli.write(dir.resolve("t.csv"), lines);
            String wayOut = name.isEmpty() ? "--task regression predicts numbers" : "names or ids is no label";
            Cli.refuse(dir, trainY(file), "column y", "more than 1000", wayOut);
        }
    }

    @Test
    void evaluate_unseenLabel() {
        Path model = model();
        Path file = csv("a,b,y", "1,2,no", "2,1,maybe");
        Cli.refuse(dir, evaluate(model, file), "t.csv, row 2", "column y", "\"maybe\"", "no, yes");
    }

    @Test
    void evaluate_outputsThatAreNotFinite() {
        Path small = csv("a,y", "1e-100,no", "2e-100,yes");
        Path model = dir.resolve("m");
        Cli.succeed(
                "train", "--data", small, "--label", "y", "--model", model, "--hidden", "none", "--iterations", "1");
        Path large = Cli.write(dir.resolve("u.csv"), "a,y", "1e300,no", "2e300,yes");
        Cli.refuse(dir, evaluate(model, large), "u.csv, row 1, column a", "is too large for the model");
    }

    @Test
    void validationData_unseenLabelOrColumnMissing() {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes");
        Path labels = Cli.write(dir.resolve("v.csv"), "a,b,y", "1,2,no", "2,1,maybe");
        Cli.refuse(dir, trainY(file, "--validation-data", labels), "v.csv, row 2", "column y", "\"maybe\"");
        Path columns = Cli.write(dir.resolve("w.csv"), "a,y", "1,no");
        Cli.refuse(dir, trainY(file, "--validation-data", columns), "w.csv", "no feature column b");
    }

    // Columns that differ from the model's.

    @Test
    void model_otherColumns() {
        Path model = model();
        Path file = csv("a,c,y", "1,2,no", "2,1,yes");
        Cli.refuse(dir, predict(model, file), "t.csv", "missing b", "not known to the model c", "--exclude");
        Cli.refuse(dir, evaluate(model, file), "t.csv", "missing b", "not known to the model c", "--exclude");
    }

    @Test
    void model_extraColumnIsLetBeByExclude() {
        Path model = model();
        Path file = csv("a,note,b,y", "1,x,2,no", "2,z,1,yes");
        Cli.refuse(dir, predict(model, file), "not known to the model note", "--exclude");
        assertEquals(0, Cli.run(evaluate(model, file, "--exclude", "note")).code());
        assertEquals(0, Cli.run(predict(model, file, "--exclude", "note")).code());
    }

    @Test
    void model_otherOrderGivesTheSameAnswers() throws IOException {
        Path model = model();
        Path one = csv("a,b", "1,2", "2,1", "3,5");
        Path other = Cli.write(dir.resolve("u.csv"), "b,a", "2,1", "1,2", "5,3");
        Path oneOut = dir.resolve("one.csv");
        Path otherOut = dir.resolve("other.csv");
        Cli.succeed("predict", "--model", model, "--data", one, "--output", oneOut);
        Cli.succeed("predict", "--model", model, "--data", other, "--output", otherOut);
        assertEquals(scores(oneOut), scores(otherOut));
    }

    private static List<String> scores(Path csv) throws IOException {
        return Files.readAllLines(csv).stream()
                .map(line -> line.split(",", 3)[2])
                .toList();
    }

    @Test
    void evaluate_labelMissing() {
        Cli.refuse(dir, evaluate(model(), csv("a,b", "1,2")), "t.csv", "no label column y");
    }

    @Test
    void predict_badCell() {
        Path model = model();
        List<String> lines = new ArrayList<>(List.of("a,b"));
        IntStream.rangeClosed(1, 3000).forEach(i -> lines.add(i + "," + i % 7));
        lines.set(2345, "2345,oops");
        lines.set(2999, "2999,later");
        Path file = Cli.write(dir.resolve("t.csv"), lines);
        Cli.refuse(dir, predict(model, file), "t.csv, row 2345, column b", "\"oops\"");
        TestSpark.with(
                "spark.sql.files.maxPartitionBytes",
                "4kb",
                () -> Cli.refuse(dir, predict(model, file), "t.csv, row 2345, column b", "\"oops\""));
    }

    @Test
    void predict_noRowsGivesNone() throws IOException {
        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", model(), "--data", csv("a,b"), "--output", out);
        assertEquals(List.of("a,b,prediction,probability_no,probability_yes"), Files.readAllLines(out));
    }

    @Test
    void predict_outputExists() {
        Path model = model();
        Path file = csv("a,b", "1,2");
        Path out = Cli.write(dir.resolve("out.csv"), "precious");
        Object[] args = {"predict", "--model", model, "--data", file, "--output", out};
        Cli.refuse(dir, args, "out.csv", "exists", "--overwrite");
        assertEquals(0, Cli.run(Cli.plus(args, "--overwrite")).code());
        assertFalse(Cli.content(dir).keySet().stream().anyMatch(name -> name.contains(".out.csv")));
    }

    @Test
    void predict_columnExists() {
        Path model = model();
        Path file = csv("a,b,prediction", "1,2,3");
        Cli.refuse(
                dir, predict(model, file, "--exclude", "prediction"), "t.csv", "column prediction already", "rename");
    }

    // Formats.

    @Test
    void format_notWhatItSays() {
        for (String name : List.of("t.parquet", "t.orc", "t.csv.gz")) {
            Path file = Cli.write(dir.resolve(name), "a,b,y", "1,2,no", "2,1,yes");
            Cli.refuse(dir, trainY(file), name, "cannot be read");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, NULL, the cell is empty",
        "b, double('NaN'), \"NaN\" is not a finite number",
        "y, NULL, the cell is empty"
    })
    void columns_badCells(String column, String cell, String what) {
        for (String format : List.of("parquet", "orc")) {
            Path file = dir.resolve("t." + format);
            TestSpark.session()
                    .range(0, 4, 1, 1)
                    .selectExpr("int(id) AS a", "double(id) AS b", "id % 2 AS y", "id")
                    .withColumn(column, functions.expr("IF(id = 2, " + cell + ", " + column + ")"))
                    .drop("id")
                    .write()
                    .format(format)
                    .save(file.toString());
            Cli.refuse(dir, trainY(file), "row 3, column " + column, what);
        }
    }

    @Test
    void json_malformed() {
        Path file = Cli.write(
                dir.resolve("t.json"), "{\"a\":1,\"y\":\"no\"}", "{\"a\":2,\"y\":", "{\"a\":1,\"y\":\"yes\"}");
        Cli.refuse(dir, trainY(file), "t.json, row 2", "{\"a\":2,\"y\":", "is not a JSON object");
    }

    @Test
    void json_listsOfTextOrOfSeveralSizes() {
        Path texts = Cli.write(dir.resolve("t.json"), "{\"a\":[\"1\"],\"y\":\"no\"}", "{\"a\":[\"2\"],\"y\":\"yes\"}");
        Cli.refuse(dir, trainY(texts), "t.json, column a", "array", "expected numbers or text");
        Path sizes = Cli.write(dir.resolve("s.json"), "{\"a\":[1],\"y\":\"no\"}", "{\"a\":[2,3],\"y\":\"yes\"}");
        Cli.refuse(dir, trainY(sizes), "s.json, row 2, column a: an array of 2 numbers, expected 1");
    }

    @ParameterizedTest
    @CsvSource({
        "no 1:1 2:2, label, \"no\"",
        "1 1:x 2:2, feature 1, \"1:x\"",
        "1 1:NaN 2:2, feature 1, not a finite number",
        "1 1:1 2:4 1:2, \"1:2\", has an index that the line has twice",
        "1 1:1 1:2, \"1:2\", has an index that the line has twice",
        "1 0:1, \"0:1\", index:value pair with an index above 0 (--option zeroBased=true",
        "1 1, \"1\", index:value pair",
        "1 x:1, \"x:1\", index:value pair",
        "1 1:, feature 1, not a number",
        "1 2000000:1, feature 2000000, at most"
    })
    void libsvm_malformed(String line, String where, String what) {
        Path file = Cli.write(dir.resolve("t.libsvm"), "0 1:2 2:1", "1 2:4", line);
        Cli.refuse(dir, train(file), "t.libsvm, row 3", where, what);
    }

    @Test
    void libsvm_anyOrderQueriesAndZero() {
        Path plain = Cli.write(dir.resolve("t.libsvm"), "0 1:2 2:1", "1 2:4 3:5", "0 1:1 3:7");
        Path mixed = Cli.write(dir.resolve("u.libsvm"), "0 qid:1 2:1 1:2", "1 qid:1 3:5 2:4 # x", "0 qid:2 1:1 3:7");
        Path zero = Cli.write(dir.resolve("z.libsvm"), "0 0:2 1:1", "1 1:4 2:5", "0 0:1 2:7");
        Object[] options = {"--hidden", "2", "--iterations", "3", "--model"};
        Cli.succeed(Cli.plus(new Object[] {"train", "--data", plain}, Cli.plus(options, dir.resolve("m1"))));
        Cli.Outcome outcome =
                Cli.run(Cli.plus(new Object[] {"train", "--data", mixed}, Cli.plus(options, dir.resolve("m2"))));
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("note: " + mixed + ": qid: is not read"), outcome.err());
        Object[] fromZero = {"train", "--data", zero, "--option", "zeroBased=true"};
        Cli.succeed(Cli.plus(fromZero, Cli.plus(options, dir.resolve("m3"))));
        assertEquals(Cli.weights(dir.resolve("m1")), Cli.weights(dir.resolve("m2")));
        assertEquals(Cli.weights(dir.resolve("m1")), Cli.weights(dir.resolve("m3")));
        // A model knows from which index its features are counted.
        String line = Cli.succeed(evaluate(dir.resolve("m1"), plain));
        assertEquals(line, Cli.succeed(evaluate(dir.resolve("m3"), zero)));
        Cli.refuse(dir, evaluate(dir.resolve("m1"), zero), "z.libsvm, row 1", "0:2", "--option zeroBased=true");
        Cli.refuse(
                dir, evaluate(dir.resolve("m1"), plain, "--option", "zeroBased=true"), "zeroBased", "counted from 1");
        Cli.refuse(dir, evaluate(dir.resolve("m3"), plain), "t.libsvm, row 2", "3:5", "0 to 2");
    }

    @Test
    void names_withCommas() throws IOException {
        Path file = csv("\"price, USD\",b,y", "1,2,no", "2,1,yes", "x,3,no");
        Cli.refuse(
                dir,
                trainY(file, "--exclude", "price, USD"),
                "no excluded column price",
                "a name that has a comma is in double quotes: \"price, USD\"");
        Path model = dir.resolve("m");
        Cli.succeed(
                "train",
                "--data",
                file,
                "--label",
                "y",
                "--model",
                model,
                "--exclude",
                "\"price, USD\"",
                "--iterations",
                "1");
        Path out = dir.resolve("out.csv");
        Path more = Cli.write(dir.resolve("u.csv"), "b,\"a, b\"", "1,2");
        Object[] args = {"predict", "--model", model, "--data", more, "--output", out};
        Cli.refuse(dir, args, "not known to the model a, b");
        Cli.succeed(Cli.plus(args, "--exclude", "\"a, b\""));
    }

    @Test
    void libsvm_labelsOnly() {
        Path file = Cli.write(dir.resolve("t.libsvm"), "0", "1");
        Cli.refuse(dir, train(file), "t.libsvm", "no index:value pair");
    }

    @Test
    void libsvm_unknownFeature() {
        Path train = Cli.write(dir.resolve("t.libsvm"), "0 1:2 2:1", "1 2:4");
        Path model = dir.resolve("m");
        Cli.succeed("train", "--data", train, "--model", model, "--hidden", "2", "--iterations", "1");
        Path other = Cli.write(dir.resolve("u.libsvm"), "0 1:2", "1 2:4 3:1");
        Cli.refuse(dir, predict(model, other), "u.libsvm, row 2", "feature 3", "1 to 2");
        Cli.refuse(dir, evaluate(model, other), "u.libsvm, row 2", "feature 3", "1 to 2");
    }

    @Test
    void libsvm_hasNoNamedColumns() {
        Path file = Cli.write(dir.resolve("t.libsvm"), "0 1:2 2:1", "1 2:4");
        for (String option : List.of("--label", "--features", "--weight", "--exclude")) {
            Cli.refuse(dir, train(file, option, "w"), "t.libsvm", option + " w", "LibSVM");
        }
    }

    private Path vectors(String name, Vector... vectors) {
        List<Row> rows = new ArrayList<>();
        for (Vector vector : vectors) {
            rows.add(RowFactory.create(vector, 1.0, rows.size() % 2));
        }
        StructType schema = new StructType()
                .add("v", SQLDataTypes.VectorType())
                .add("a", DataTypes.DoubleType)
                .add("y", DataTypes.IntegerType);
        Path path = dir.resolve(name);
        TestSpark.session().createDataFrame(rows, schema).coalesce(1).write().parquet(path.toString());
        return path;
    }

    @Test
    void vectors_bad() {
        Vector sparse = Vectors.sparse(2, new int[] {1}, new double[] {2});
        Path good = vectors("good.parquet", Vectors.dense(1, 2), sparse, sparse);
        Cli.refuse(dir, trainY(good, "--categorical", "v_1"), "--categorical v_1: expected a column of single values");
        Object[] alone = {"--features", "v"};
        Path model = dir.resolve("m");
        Cli.succeed("train", "--data", good, "--label", "y", "--features", "v", "--model", model, "--iterations", "1");

        Path sizes = vectors("sizes.parquet", sparse, sparse, Vectors.dense(1, 2, 3));
        String[] wrongSize = {"sizes.parquet", "row 3, column v", "a vector of 3 numbers, expected 2"};
        Cli.refuse(dir, trainY(sizes, alone), wrongSize);
        Cli.refuse(dir, evaluate(model, sizes), wrongSize);
        Cli.refuse(dir, Cli.plus(predict(model, sizes), "--output-format", "parquet"), wrongSize);

        Path nan = vectors("nan.parquet", sparse, Vectors.sparse(2, new int[] {1}, new double[] {Double.NaN}));
        Cli.refuse(
                dir, trainY(nan, alone), "nan.parquet", "row 2, column v", "element 1", "NaN", "not a finite number");
        Path infinite = vectors("infinite.parquet", sparse, Vectors.dense(Double.NEGATIVE_INFINITY, 0));
        Cli.refuse(dir, trainY(infinite, alone), "infinite.parquet", "row 2, column v", "element 0", "-Infinity");
        Path none = vectors("none.parquet", sparse, null);
        Cli.refuse(dir, trainY(none, alone), "none.parquet", "row 2, column v", "empty", "--missing mean");
        Path empty = vectors("empty.parquet", Vectors.dense(new double[0]), Vectors.dense(new double[0]));
        Cli.refuse(dir, trainY(empty, alone), "empty.parquet, column v", "expected a vector of features");
        Cli.refuse(dir, train(good, "--label", "v", "--features", "a"), "good.parquet, column v", "vector");
        Cli.refuse(dir, predict(model, good), "out.csv", "column v", "vector", "parquet");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,c,y", "b,a,y", "a,b,y,z", "a,y"})
    void headers_differ(String header) {
        Path files = dir.resolve("files");
        Cli.write(files.resolve("1.csv"), "a,b,y", "1,2,no", "2,1,yes");
        Cli.write(files.resolve("2.csv"), header, "1,2,no");
        Cli.refuse(dir, trainY(files), "files", "different headers", "2.csv");
        Cli.refuse(dir, predict(model(), files), "files", "different headers", "2.csv");
    }

    @Test
    void headers_columnTwice() {
        Cli.refuse(dir, trainY(csv("a,b,a,y", "1,2,3,no", "2,1,3,yes")), "t.csv", "column a", "twice");
    }

    @Test
    void headers_columnWithoutName() {
        Cli.refuse(dir, trainY(csv("a,,y", "1,2,no", "2,1,yes")), "t.csv", "a column has no name");
    }

    @Test
    void option_ofTheReaderIsBad() {
        Path file = csv("a,b,y", "1,2,no", "2,1,yes");
        Cli.refuse(dir, trainY(file, "--option", "sep="), "t.csv", "cannot be read");
        Cli.refuse(dir, trainY(file, "--option", "header=maybe"), "t.csv", "cannot be read", "header");
        Cli.refuse(dir, trainY(file, "--option", "sep"), "--option", "sep");
    }
}
