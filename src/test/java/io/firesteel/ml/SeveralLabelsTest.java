package io.firesteel.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.model.Metrics;
import io.firesteel.model.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Estimators with {@code labelCols}: several targets of a regression, several labels of a classifier. */
@Tag("spark")
class SeveralLabelsTest {
    @TempDir
    private Path dir;

    /** Numbers a and b, targets that are linear in them, and labels that are true where one of them is large. */
    private static Dataset<Row> table() {
        return TestSpark.session()
                .sql("select id % 10 as a, (hash(id) % 50) / 10.0D as b from range(200)")
                .selectExpr(
                        "*",
                        "2 * a - b as up",
                        "100 - a as down",
                        "a > 4 as large",
                        "int(b > 1) as wide",
                        "'t' as text")
                .coalesce(2);
    }

    private static FiresteelRegressor regressor() {
        return new FiresteelRegressor()
                .setPreset("notes")
                .setInputCols("a", "b")
                .setLabelCols("up", "down")
                .setHidden()
                .setOptimizer("lbfgs")
                .setIterations(30);
    }

    private static FiresteelClassifier classifier() {
        return new FiresteelClassifier()
                .setPreset("notes")
                .setInputCols("a", "b")
                .setLabelCols("large", "wide")
                .setHidden(4)
                .setOptimizer("lbfgs")
                .setIterations(60);
    }

    /** The prediction is a vector in the order of the columns. */
    @Test
    void regressor_ofTwoTargets() {
        FiresteelRegressionModel model = regressor().fit(table());
        Dataset<Row> scored = model.transform(table());
        assertEquals(model.transformSchema(table().schema()), scored.schema());
        assertEquals(regressor().transformSchema(table().schema()), scored.schema());
        double squares = 0;
        for (Row row : scored.collectAsList()) {
            double[] predicted = row.<Vector>getAs("prediction").toArray();
            double up = row.<Double>getAs("up") - predicted[0];
            double down = row.<Long>getAs("down") - predicted[1];
            assertArrayEquals(new double[2], new double[] {up, down}, 1e-3, row::toString);
            squares += (up * up + down * down) / 2;
            assertArrayEquals(
                    model.trainedModel().scoreRow(Map.of("a", row.getAs("a"), "b", row.getAs("b"))), predicted, 1e-12);
        }
        Metrics metrics = model.evaluate(table());
        assertEquals(Math.sqrt(squares / 200), metrics.get("rmse"), 1e-12);
        assertEquals(2, ((Metrics.Targets) metrics.tables()).perTarget().size());
    }

    @Test
    void classifier_ofTwoLabels() {
        FiresteelClassificationModel model = classifier().fit(table());
        assertEquals(Task.MULTILABEL, model.trainedModel().description().task());
        assertEquals(2, model.numClasses(), "the length of the vectors");
        Dataset<Row> scored = model.transform(table());
        assertEquals(model.transformSchema(table().schema()), scored.schema());
        int bothRight = 0;
        double wrong = 0;
        for (Row row : scored.collectAsList()) {
            double[] p = row.<Vector>getAs("probability").toArray();
            assertArrayEquals(
                    model.trainedModel().scoreRow(Map.of("a", row.getAs("a"), "b", row.getAs("b"))), p, 1e-12);
            double[] truth = {row.<Boolean>getAs("large") ? 1 : 0, row.<Integer>getAs("wide")};
            double[] predicted = row.<Vector>getAs("prediction").toArray();
            assertArrayEquals(new double[] {p[0] > 0.5 ? 1 : 0, p[1] > 0.5 ? 1 : 0}, predicted);
            double missed = Math.abs(truth[0] - predicted[0]) + Math.abs(truth[1] - predicted[1]);
            wrong += missed / 2;
            bothRight += missed == 0 ? 1 : 0;
        }
        assertTrue(bothRight > 190, bothRight + " of 200 are right");
        Metrics metrics = model.evaluate(table());
        assertEquals(bothRight / 200.0, metrics.get("accuracy"), 1e-12);
        assertEquals(wrong / 200, metrics.get("hammingLoss"), 1e-12);
        Dataset<Row> twice = table().withColumn("more", functions.lit(1)).toDF("a", "b", "c", "c", "d", "e", "f", "g");
        assertEquals(200, model.transform(twice).count(), "beside columns of one name");
    }

    /** Of vectors, in a pipeline, saved and read; among columns of one name, where rows are scored one by one. */
    @Test
    void vectors_savedAndRead() throws IOException {
        FiresteelRegressor ofVectors = new FiresteelRegressor()
                .setPreset("notes")
                .setLabelCols("up", "down")
                .setHidden()
                .setIterations(3);
        FiresteelClassifier labels = new FiresteelClassifier()
                .setPreset("notes")
                .setLabelCols("large", "wide")
                .setPredictionCol("which")
                .setRawPredictionCol("")
                .setIterations(3);
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new VectorAssembler().setInputCols(new String[] {"a", "b"}).setOutputCol("features"), ofVectors, labels
        });
        PipelineModel fitted = pipeline.fit(table());
        fitted.save(dir.resolve("fitted").toString());
        pipeline.save(dir.resolve("pipeline").toString());
        PipelineModel read = PipelineModel.load(dir.resolve("fitted").toString());
        Dataset<Row> scored = fitted.transform(table());
        List<Row> rows = scored.orderBy("a", "b").collectAsList();
        assertEquals(rows, read.transform(table()).orderBy("a", "b").collectAsList());
        Pipeline loaded = Pipeline.load(dir.resolve("pipeline").toString());
        assertArrayEquals(new String[] {"large", "wide"}, ((FiresteelClassifier) loaded.getStages()[2]).getLabelCols());
        FiresteelRegressionModel numbers = (FiresteelRegressionModel) read.stages()[1];
        FiresteelClassificationModel yesAndNo = ((FiresteelClassificationModel) read.stages()[2]).copy(new ParamMap());
        assertArrayEquals(new String[] {"up", "down"}, numbers.getLabelCols());
        for (Row row : rows.subList(0, 20)) {
            Vector features = row.getAs("features");
            assertArrayEquals(
                    numbers.predictTargets(features).toArray(),
                    row.<Vector>getAs("prediction").toArray(),
                    1e-12);
            assertArrayEquals(
                    yesAndNo.predictProbability(features).toArray(),
                    row.<Vector>getAs("probability").toArray(),
                    1e-12);
        }
        Dataset<Row> plain = scored.select("a", "b", "features", "up");
        List<Row> oneByOne =
                yesAndNo.transform(plain.toDF("a", "a", "features", "up")).collectAsList();
        List<Row> inBatches = yesAndNo.transform(plain).collectAsList();
        for (int i = 0; i < 200; i++) {
            assertArrayEquals(
                    inBatches.get(i).<Vector>getAs(5).toArray(),
                    oneByOne.get(i).<Vector>getAs(5).toArray(),
                    1e-12);
        }
        Vector any = rows.get(0).getAs("features");
        refused(() -> numbers.predict(any), "the model has several targets: use transform, or predictTargets");
        refused(() -> yesAndNo.predict(any), "the model has several labels: use transform, or predictProbability");
    }

    @Test
    void whatCannotBe() {
        String columns = "a, b, up, down, large, wide, text";
        Map<Consumer<FiresteelRegressor>, String> wrong = Map.of(
                estimator -> estimator.setLabelCols("up", "downs"),
                "labelCols=downs: expected a column of the DataFrame: " + columns + " (did you mean down?)",
                estimator -> estimator.setLabelCols("up"),
                "labelCols=up: expected the names of several columns (labelCol takes one)",
                estimator -> estimator.setLabelCols("up", "text"),
                "labelCols=text: expected a column of numbers, not of type string",
                estimator -> estimator.setLabelCol("up"),
                "labelCol=up and labelCols: expected only one of them",
                estimator -> estimator.setLabelCols("up", "up"),
                "a column is named twice in inputCols or labelCols",
                estimator -> estimator.setLabelCols("up", "a"),
                "column a is a feature and something else: expected one of inputCols, labelCols, weightCol, "
                        + "validationIndicatorCol for each column",
                estimator -> estimator.setContributionsCol("why"),
                "contributionsCol=why: expected one label (labelCol), to whose score contributions add up, "
                        + "instead of labelCols");
        wrong.forEach((change, message) -> {
            FiresteelRegressor estimator = regressor();
            change.accept(estimator);
            UserError refused = assertThrows(UserError.class, () -> estimator.fit(table()));
            assertEquals(message, refused.getMessage());
        });
        refused(() -> classifier().setLabelCols("a", "wide").setInputCols("b").fit(table()), "column a: \"");
        FiresteelClassificationModel model = classifier().setIterations(1).fit(table());
        model.setThresholds(new double[] {0.3, 0.7});
        refused(() -> model.transform(table()), "thresholds=[0.3, 0.7]: expected none with labelCols");
    }

    private static void refused(Runnable call, String part) {
        UserError refused = assertThrows(UserError.class, call::run);
        assertTrue(refused.getMessage().contains(part), refused::getMessage);
        assertEquals(1, refused.getMessage().lines().count(), refused::getMessage);
    }
}
