package io.firesteel.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Models' {@code transform}, in batches, against their scoring of single vectors, and the columns that Spark ML promises. */
@Tag("spark")
class BatchTransformTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType());

    private static List<Row> rows;
    private static FiresteelClassificationModel ofCentred;
    private static FiresteelClassificationModel keepingZeros;
    private static FiresteelRegressionModel regression;

    /** Rows of 30 numbers, more than one batch's: every third one is a sparse vector. */
    @BeforeAll
    static void train() {
        Random random = new Random(9);
        rows = IntStream.range(0, 700)
                .mapToObj(i -> {
                    double[] x = new double[30];
                    for (int k = 0; k < x.length; k++) {
                        x[k] = random.nextInt(4) == 0 ? 0 : random.nextGaussian();
                    }
                    Vector dense = Vectors.dense(x);
                    double label = x[0] > 0.5 ? 2 : x[1] > 0 ? 1 : 0;
                    return RowFactory.create((long) i, label, i % 3 == 0 ? dense.toSparse() : dense);
                })
                .toList();
        FiresteelClassifier classifier =
                new FiresteelClassifier().setPreset("notes").setHidden(9).setIterations(20);
        ofCentred = classifier.fit(frame(rows));
        keepingZeros = classifier.setStandardize(false).fit(frame(rows));
        regression = new FiresteelRegressor()
                .setPreset("notes")
                .setHidden(9)
                .setIterations(20)
                .fit(frame(rows));
    }

    private static Dataset<Row> frame(List<Row> rows) {
        return TestSpark.session().createDataFrame(rows, SCHEMA).repartition(2);
    }

    @Test
    void transform_sparseAndDenseInOnePartition_givesWhatSingleVectorsGive() {
        assertTrue(keepingZeros.trainedModel().description().inputs().scaling().keepsZeros());
        assertFalse(ofCentred.trainedModel().description().inputs().scaling().keepsZeros());
        for (FiresteelClassificationModel model : List.of(ofCentred, keepingZeros)) {
            List<Row> scored = model.transform(frame(rows)).collectAsList();
            assertEquals(rows.size(), scored.size());
            Set<Long> ids = new HashSet<>();
            for (Row row : scored) {
                ids.add(row.getLong(0));
                assertEquals(rows.get((int) row.getLong(0)).get(2), row.get(2), "a row keeps its own columns");
                Vector x = row.getAs("features");
                assertArrayEquals(model.predictRaw(x).toArray(), probabilities(row, "probability"), 1e-15);
                assertArrayEquals(model.trainedModel().score(x.toArray()), probabilities(row, "probability"), 1e-15);
                assertArrayEquals(probabilities(row, "rawPrediction"), probabilities(row, "probability"));
                assertEquals(model.predict(x), row.<Double>getAs("prediction"));
            }
            assertEquals(rows.size(), ids.size());
        }
        for (Row row : regression.transform(frame(rows)).collectAsList()) {
            assertEquals(regression.predict(row.getAs("features")), row.<Double>getAs("prediction"), 1e-14);
        }
    }

    private static double[] probabilities(Row row, String column) {
        return row.<Vector>getAs(column).toArray();
    }

    /** The columns, their order, types and metadata are those of Spark's own transformation. */
    @Test
    void transform_schema() {
        Dataset<Row> scored = ofCentred.transform(frame(rows));
        assertEquals(
                List.of("id", "label", "features", "rawPrediction", "probability", "prediction"),
                List.of(scored.columns()));
        StructType checked = ofCentred.transformSchema(SCHEMA);
        for (String added : List.of("rawPrediction", "probability", "prediction")) {
            assertEquals(
                    checked.apply(added).dataType(),
                    scored.schema().apply(added).dataType());
            assertEquals(
                    checked.apply(added).metadata(),
                    scored.schema().apply(added).metadata());
        }
        assertTrue(scored.schema().apply("prediction").metadata().contains("ml_attr"));
        assertFalse(scored.schema().apply("id").nullable());
        assertEquals(
                List.of("id", "label", "features", "prediction"),
                List.of(regression.transform(frame(rows)).columns()));
    }

    @Test
    void transform_emptyNames_addOnlyTheOthers() {
        List<String> own = List.of("id", "label", "features");
        for (String chosen : List.of("rawPrediction", "probability", "prediction", "none")) {
            FiresteelClassificationModel model = ofCentred.copy(new ParamMap());
            model.setRawPredictionCol(chosen.equals("rawPrediction") ? chosen : "");
            model.setProbabilityCol(chosen.equals("probability") ? chosen : "");
            model.setPredictionCol(chosen.equals("prediction") ? chosen : "");
            List<String> expected = new ArrayList<>(own);
            expected.addAll(chosen.equals("none") ? List.of() : List.of(chosen));
            Dataset<Row> scored = model.transform(frame(rows));
            assertEquals(expected, List.of(scored.columns()));
            for (Row row : scored.collectAsList()) {
                Vector x = row.getAs("features");
                if (chosen.equals("prediction")) {
                    assertEquals(ofCentred.predict(x), row.getDouble(3));
                } else if (!chosen.equals("none")) {
                    assertArrayEquals(ofCentred.predictProbability(x).toArray(), probabilities(row, chosen), 1e-15);
                }
            }
        }
        PredictionModel<Vector, ?> silent = regression.copy(new ParamMap()).setPredictionCol("");
        assertEquals(own, List.of(silent.transform(frame(rows)).columns()));
    }

    @Test
    void transform_thresholds_decideAsForSingleVectors() {
        FiresteelClassificationModel model = ofCentred.copy(new ParamMap());
        model.setThresholds(new double[] {0.9, 0.5, 0.1});
        int moved = 0;
        for (Row row : model.transform(frame(rows)).collectAsList()) {
            Vector x = row.getAs("features");
            assertEquals(model.predict(x), row.<Double>getAs("prediction"));
            moved += ofCentred.predict(x) == row.<Double>getAs("prediction") ? 0 : 1;
        }
        assertTrue(moved > 50, moved + " predictions are others than without thresholds");
        model.set(model.getParam("thresholds"), new double[] {0.5, 0.5});
        assertThrows(IllegalArgumentException.class, () -> model.transform(frame(rows)), "there are three classes");
    }

    @Test
    void transform_featuresInAField() {
        TestSpark.expectSpark4("a column may be a field of another");
        Dataset<Row> nested = frame(rows)
                .select(
                        functions.col("id"),
                        functions.struct(functions.col("features").as("x")).as("s"));
        PredictionModel<Vector, ?> model = regression.copy(new ParamMap()).setFeaturesCol("s.x");
        Dataset<Row> scored = model.transform(nested);
        assertEquals(List.of("id", "s", "prediction"), List.of(scored.columns()));
        for (Row row : scored.collectAsList()) {
            Vector x = rows.get((int) row.getLong(0)).getAs(2);
            assertEquals(regression.predict(x), row.<Double>getAs("prediction"), 1e-14);
        }
    }

    /** Columns of one name cannot be told apart by it: they are left to Spark's own transformation. */
    @Test
    void transform_twoColumnsOfOneName() {
        Dataset<Row> twice =
                frame(rows.subList(0, 9)).withColumn("other", functions.lit(5)).toDF("id", "id", "features", "x");
        List<Row> scored = regression.transform(twice).collectAsList();
        assertEquals(9, scored.size());
        for (Row row : scored) {
            assertEquals(regression.predict(row.getAs(2)), row.getDouble(4), 1e-14);
        }
    }

    @Test
    void transform_noRows() {
        assertEquals(0, ofCentred.transform(frame(List.of())).count());
    }

    @Test
    void transform_vectorsThatCannotBe_giveOneClearLine() {
        refused(null, "the DataFrame, column features: the cell is empty, expected a vector");
        refused(Vectors.dense(1, 2), "the DataFrame, column features: a vector of 2 numbers, expected 30");
        double[] x = new double[30];
        x[4] = Double.NaN;
        refused(Vectors.dense(x), "the DataFrame, column features, element 4: \"NaN\" is not a finite number");
        refused(
                Vectors.dense(x).toSparse(),
                "the DataFrame, column features, element 4: \"NaN\" is not a finite number");
        x[4] = Double.POSITIVE_INFINITY;
        refused(Vectors.dense(x), "column features, element 4: \"Infinity\" is not a finite number");
    }

    private static void refused(Vector x, String message) {
        for (FiresteelClassificationModel model : List.of(ofCentred, keepingZeros)) {
            UserError alone = assertThrows(UserError.class, () -> model.predictRaw(x));
            assertTrue(alone.getMessage().contains(message), alone::getMessage);
            assertFalse(alone.getMessage().contains("\n"), alone::getMessage);
            List<Row> some = new ArrayList<>(rows.subList(0, 5));
            some.add(RowFactory.create(5L, 0.0, x));
            Throwable failure = assertThrows(
                    Exception.class, () -> model.transform(frame(some)).collectAsList());
            while (failure.getCause() != null && !(failure instanceof UserError)) {
                failure = failure.getCause();
            }
            assertEquals(alone.getMessage(), failure.getMessage());
        }
    }

    /** A missing value is scored as the mean of its column, dense or sparse, alone or in a batch. */
    @Test
    void transform_missingValues() {
        FiresteelClassificationModel model = new FiresteelClassifier()
                .setPreset("notes")
                .setHidden(3)
                .setIterations(5)
                .setStandardize(false)
                .setMissing("mean")
                .fit(frame(rows));
        double[] x = new double[30];
        x[7] = Double.NaN;
        double[] mean = new double[30];
        mean[7] = model.trainedModel().description().inputs().encoding().means().get("features_7");
        double[] expected = model.trainedModel().score(mean);
        List<Row> some = List.of(
                RowFactory.create(0L, 0.0, Vectors.dense(x)),
                RowFactory.create(1L, 0.0, Vectors.dense(x).toSparse()));
        for (Row row : model.transform(frame(some)).collectAsList()) {
            assertArrayEquals(expected, probabilities(row, "probability"), 1e-15);
            assertArrayEquals(expected, model.predictRaw(row.getAs("features")).toArray(), 1e-15);
        }
    }

    /** Spark's perceptron fails this: its models score in a shared buffer. */
    @Test
    void predict_onEightThreads_givesTheAnswersOfOne() throws Exception {
        for (FiresteelClassificationModel model : List.of(ofCentred, keepingZeros)) {
            List<double[]> alone = rows.stream()
                    .map(row -> model.predictRaw(row.getAs(2)).toArray())
                    .toList();
            Callable<Integer> scoring = () -> {
                int equal = 0;
                for (int round = 0; round < 20; round++) {
                    for (int i = 0; i < rows.size(); i++) {
                        assertArrayEquals(
                                alone.get(i),
                                model.predictRaw(rows.get(i).getAs(2)).toArray());
                        equal++;
                    }
                }
                return equal;
            };
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                for (Future<Integer> equal : threads.invokeAll(Collections.nCopies(8, scoring))) {
                    assertEquals(20 * rows.size(), equal.get());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }
}
