package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.ml.FiresteelClassificationModel;
import io.firesteel.ml.FiresteelClassifier;
import io.firesteel.ml.FiresteelRegressionModel;
import io.firesteel.ml.FiresteelRegressor;
import io.firesteel.ml.Summarized;
import io.firesteel.model.Metrics;
import io.firesteel.model.MetricsJson;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators and their models, against the commands that do the same and Spark's own evaluators. */
@Tag("spark")
class EstimatorsAndCommandsTest {
    @TempDir
    private Path dir;

    /** Rows of three classes and a number that two columns tell, with noise, and weights. */
    private static Dataset<Row> table() {
        return TestSpark.session()
                .sql("select double(id % 3) as label, id % 3 + (hash(id) % 100) / 60.0D as a, "
                        + "if(id % 3 = 1, 'x', if(hash(id) % 5 = 0, 'x', 'y')) as b, "
                        + "1.0D + id % 4 as w, double(id % 3 + hash(id, 1) % 7) as y from range(200)")
                .coalesce(2);
    }

    /** Compares the metrics of a model with those that the command prints of the same model and rows. */
    private <M extends Summarized & MLWritable> void expectAsTheCommand(M model, Metrics metrics, String... options)
            throws IOException {
        Path saved = dir.resolve("model");
        Path rows = dir.resolve("rows.parquet");
        model.write().overwrite().save(saved.toString());
        String[] unused = model instanceof FiresteelClassificationModel ? new String[] {"y"} : new String[] {"label"};
        table().drop(unused).write().mode(SaveMode.Overwrite).parquet(rows.toString());
        Object[] command = {"evaluate", "--model", saved.resolve("firesteel"), "--data", rows};
        JsonNode printed = Cli.json(Cli.plus(command, (Object[]) options));
        String found =
                MetricsJson.of(metrics, model.trainedModel().description()).toString();
        expectSame(printed, new ObjectMapper().readTree(found), "");
    }

    private static void expectSame(JsonNode expected, JsonNode found, String where) {
        if (expected.isNumber()) {
            assertEquals(expected.asDouble(), found.asDouble(), 1e-12, where);
        } else if (expected.isObject()) {
            assertEquals(expected.size(), found.size(), where);
            expected.fieldNames()
                    .forEachRemaining(key -> expectSame(expected.get(key), found.path(key), where + "/" + key));
        } else if (expected.isArray()) {
            assertEquals(expected.size(), found.size(), where);
            for (int i = 0; i < expected.size(); i++) {
                expectSame(expected.get(i), found.get(i), where + "/" + i);
            }
        } else {
            assertEquals(expected.toString(), found.toString(), where);
        }
    }

    @Test
    void evaluate_classes() throws IOException {
        FiresteelClassifier estimator = new FiresteelClassifier()
                .setPreset("notes")
                .setInputCols("a", "b")
                .setCategorical("b")
                .setHidden(4)
                .setIterations(30);
        for (boolean weighted : new boolean[] {false, true}) {
            FiresteelClassificationModel model = (weighted ? estimator.setWeightCol("w") : estimator).fit(table());
            Dataset<Row> scored = model.transform(table());
            MulticlassClassificationEvaluator spark = new MulticlassClassificationEvaluator();
            if (weighted) {
                spark.setWeightCol("w");
            }
            Metrics metrics = model.evaluate(table());
            assertEquals(200, metrics.rows());
            assertEquals(spark.setMetricName("accuracy").evaluate(scored), metrics.get("accuracy"), 1e-12);
            assertEquals(spark.setMetricName("logLoss").evaluate(scored), metrics.get("logLoss"), 1e-12);
            Metrics.PerClass second =
                    ((Metrics.Classes) metrics.tables()).perClass().get(1);
            spark.setMetricLabel(1);
            assertEquals(spark.setMetricName("recallByLabel").evaluate(scored), second.recall(), 1e-12);
            assertEquals(spark.setMetricName("fMeasureByLabel").evaluate(scored), second.f1(), 1e-12);
            expectAsTheCommand(
                    model, metrics, weighted ? new String[] {"--weight", "w"} : new String[] {"--exclude", "w"});
        }
    }

    /** A row of weight 2 counts as two rows. */
    @Test
    void evaluate_numbers() throws IOException {
        FiresteelRegressionModel model = new FiresteelRegressor()
                .setPreset("notes")
                .setInputCols("a", "b")
                .setCategorical("b")
                .setLabelCol("y")
                .setWeightCol("w")
                .setHidden(4)
                .setIterations(30)
                .fit(table());
        Metrics metrics = model.evaluate(table());
        RegressionEvaluator spark = new RegressionEvaluator().setLabelCol("y");
        Dataset<Row> scored =
                model.transform(table()).withColumn("copy", functions.expr("explode(sequence(1, int(w)))"));
        for (String name : new String[] {"rmse", "mae", "r2"}) {
            assertEquals(spark.setMetricName(name).evaluate(scored), metrics.get(name), 1e-12, name);
        }
        expectAsTheCommand(model, metrics, "--weight", "w");

        Dataset<Row> other = table().withColumn("b", functions.lit("z"));
        FiresteelRegressionModel lenient = model.copy(new ParamMap());
        lenient.set(lenient.unseen(), "ignore");
        assertEquals(200, lenient.evaluate(other).rows());
        refused(() -> model.evaluate(other), "the DataFrame, column b: \"z\" is not a category of the training data");
        refused(
                () -> model.evaluate(table().drop("y")),
                "labelCol=y: expected a column of the DataFrame: label, a, b, w");
        refused(() -> model.evaluate(table().drop("w")), "weightCol=w: expected a column of the DataFrame");
        refused(() -> model.evaluate(table().drop("a")), "inputCols=a: expected a column of the DataFrame");
        refused(() -> model.evaluate(table().limit(0)), "the DataFrame");
    }

    /** The weights are the same but for the order of the rows, which a sum of numbers depends on. */
    @Test
    void train_severalTargets() throws IOException {
        Dataset<Row> table = TestSpark.session()
                .sql("select a, b, 2 * a - b as up, 100 - a as down from "
                        + "(select id % 10 as a, (hash(id) % 50) / 10.0D as b from range(200))");
        FiresteelRegressionModel model = new FiresteelRegressor()
                .setPreset("notes")
                .setInputCols("a", "b")
                .setLabelCols("up", "down")
                .setHidden()
                .setOptimizer("lbfgs")
                .setIterations(30)
                .fit(table);
        Path rows = dir.resolve("rows.parquet");
        table.write().parquet(rows.toString());
        Object[] train = {"train", "--data", rows, "--label", "up,down", "--task", "regression", "--preset", "notes"};
        Object[] how = {"--hidden", "none", "--optimizer", "lbfgs", "--iterations", "30", "--model", dir.resolve("m")};
        Cli.succeed(Cli.plus(train, how));
        TrainedModel byCommand = TrainedModel.load(dir.resolve("m"));
        assertEquals(List.of("up", "down"), byCommand.description().targets().labels());
        assertArrayEquals(byCommand.theta(), model.trainedModel().theta(), 1e-6);
    }

    /** Columns of several kinds: the contributions are those of the command, and add up to the log-odds. */
    @Test
    void predict_contributions() throws IOException {
        Dataset<Row> table = TestSpark.session()
                .sql("select id, double(id % 7 + hash(id) % 3 > 3) as label, if(id % 20 = 3, null, id % 7) as a, "
                        + "if(id % 3 = 0, 'red', 'blue') as kind, array(hash(id) % 5, 1) as list from range(300)")
                .coalesce(2);
        FiresteelClassificationModel model = new FiresteelClassifier()
                .setPreset("fast")
                .setInputCols("a", "kind", "list")
                .setEpochs(6)
                .setContributionsCol("why")
                .fit(table);
        Dataset<Row> scored = model.transform(table);
        assertEquals(model.transformSchema(table.schema()), scored.schema());
        assertEquals("why", scored.columns()[scored.columns().length - 1]);

        Path rows = dir.resolve("rows.parquet");
        Path predictions = dir.resolve("predictions.csv");
        table.drop("label")
                .withColumn("list_0", functions.expr("list[0]"))
                .withColumn("list_1", functions.expr("list[1]"))
                .drop("list")
                .write()
                .parquet(rows.toString());
        model.save(dir.resolve("model").toString());
        Object[] predict = {"predict", "--model", dir.resolve("model/firesteel"), "--data", rows, "--exclude", "id"};
        Cli.succeed(Cli.plus(predict, "--contributions", "--output", predictions));
        List<String> lines = Files.readAllLines(predictions);
        assertTrue(
                lines.get(0)
                        .endsWith("contribution_a,contribution_kind,contribution_list_0,contribution_list_1,"
                                + "contribution_base"),
                lines.get(0));
        double[][] expected = new double[300][];
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            expected[Integer.parseInt(cells[0])] = Arrays.stream(cells, cells.length - 5, cells.length)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        }
        for (Row row : scored.collectAsList()) {
            double[] why = row.<Vector>getAs("why").toArray();
            assertArrayEquals(expected[(int) row.getLong(0)], why, 1e-12);
            double p = row.<Vector>getAs("probability").apply(1);
            assertEquals(Math.log(p / (1 - p)), Arrays.stream(why).sum(), 1e-6);
        }
    }

    private static void refused(Runnable call, String part) {
        UserError refused = assertThrows(UserError.class, call::run);
        assertTrue(refused.getMessage().contains(part), refused::getMessage);
        assertEquals(1, refused.getMessage().lines().count(), refused::getMessage);
    }
}
