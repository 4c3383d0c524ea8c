package io.firesteel.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.fit.Preset;
import io.firesteel.fit.Setting;
import io.firesteel.fit.TrainingControl;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamPair;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import scala.jdk.javaapi.CollectionConverters;

/** The estimators among Spark ML's own: what they fit, save and refuse. */
@Tag("spark")
class EstimatorsTest {
    private static final StructType SCHEMA = new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType())
            .add("weight", DataTypes.DoubleType)
            .add("heldOut", DataTypes.BooleanType);

    /** Three classes of points around three centres, of different weights; every fifth is marked. */
    private static List<Row> points;

    @BeforeAll
    static void makePoints() {
        Random random = new Random(5);
        points = IntStream.range(0, 300)
                .mapToObj(i -> {
                    int y = i % 3;
                    Vector x = Vectors.dense(y * y + random.nextGaussian(), 3 - y + random.nextGaussian());
                    return RowFactory.create((double) y, x, 1.0 + i % 2, i % 5 == 0);
                })
                .toList();
    }

    private static Dataset<Row> frame(List<Row> rows, int partitions) {
        return TestSpark.session().createDataFrame(rows, SCHEMA).repartition(partitions);
    }

    private static Dataset<Row> frame(List<Row> rows) {
        return TestSpark.session().createDataFrame(rows, SCHEMA);
    }

    private static Row row(double label, double... features) {
        return RowFactory.create(label, Vectors.dense(features), 1.0, false);
    }

    private static FiresteelClassifier classifier() {
        return new FiresteelClassifier()
                .setPreset("notes")
                .setHidden(8)
                .setLearningRate(0.5)
                .setIterations(60);
    }

    private static double[] theta(FiresteelClassifier estimator, Dataset<Row> frame) {
        return estimator.fit(frame).trainedModel().theta();
    }

    /** All that is set, defaults among it, as Spark writes it down. */
    private static Map<String, String> set(Params instance) {
        Map<String, String> set = new TreeMap<>();
        CollectionConverters.asJava(instance.extractParamMap().toSeq())
                .forEach(pair -> set.put(pair.param().name(), encoded(pair)));
        return set;
    }

    private static <T> String encoded(ParamPair<T> pair) {
        return pair.param().jsonEncode(pair.value());
    }

    /** However a DataFrame is cut and whatever the order of its rows: the same bits. */
    @Test
    void fit_anyPartitionsAndOrder_sameBits() {
        List<Row> shuffled = new ArrayList<>(points);
        java.util.Collections.shuffle(shuffled, new Random(1));
        List<FiresteelClassifier> estimators = List.of(
                classifier().setIterations(10),
                classifier().setIterations(10).setWeightCol("weight").setValidationFraction(0.2),
                classifier()
                        .setIterations(10)
                        .setOptimizer("adam")
                        .setLearningRate(0.01)
                        .setBatchSize(32));
        for (FiresteelClassifier estimator : estimators) {
            double[] theta = theta(estimator, frame(points));
            assertArrayEquals(theta, theta(estimator, frame(shuffled)));
            assertArrayEquals(
                    theta, theta(estimator, frame(shuffled).orderBy("label").repartition(7)));
        }
    }

    /**
     * Rows that differ only in the sign of a zero have the same hash, and so no order of their own. No sum or product depends on
     * that sign, unless it is itself zero: the bits are the same in whichever order such rows come.
     */
    @Test
    void fit_zerosOfBothSigns_sameBits() {
        assertTrue(TestSpark.session()
                .sql("select xxhash64(0D) = xxhash64(-0D) a, xxhash64(array(0D)) = xxhash64(array(-0D)) b")
                .filter("not a or not b")
                .isEmpty());
        Random random = new Random(9);
        double[] zeros = {0.0, -0.0};
        List<Row> rows = IntStream.range(0, 200)
                .mapToObj(i -> row(
                        i % 2 == 0 ? zeros[random.nextInt(2)] : 1,
                        zeros[random.nextInt(2)],
                        i % 3 == 0 ? i % 4 : zeros[random.nextInt(2)],
                        i % 5 - 2.0 == 0 ? zeros[random.nextInt(2)] : i % 5 - 2.0))
                .toList();
        List<FiresteelClassifier> classifiers = List.of(
                classifier().setIterations(10),
                classifier().setIterations(10).setStandardize(false).setActivation("relu"),
                classifier()
                        .setIterations(20)
                        .setOptimizer("adam")
                        .setLearningRate(0.01)
                        .setBatchSize(32)
                        .setValidationFraction(0.2));
        List<Row> shuffled = new ArrayList<>(rows);
        java.util.Collections.shuffle(shuffled, new Random(1));
        Dataset<Row> one = frame(rows);
        Dataset<Row> other = frame(shuffled, 5);
        for (FiresteelClassifier estimator : classifiers) {
            expectSame(estimator.fit(one).trainedModel(), estimator.fit(other).trainedModel());
        }
        FiresteelRegressor regressor =
                new FiresteelRegressor().setPreset("notes").setHidden(4).setIterations(10);
        expectSame(regressor.fit(one).trainedModel(), regressor.fit(other).trainedModel());
    }

    private static void expectSame(TrainedModel expected, TrainedModel model) {
        assertArrayEquals(expected.theta(), model.theta());
        assertArrayEquals(
                expected.description().inputs().scaling().mean(),
                model.description().inputs().scaling().mean());
        assertArrayEquals(
                expected.description().inputs().scaling().deviation(),
                model.description().inputs().scaling().deviation());
    }

    @Test
    void transform_givesWhatTheModelScores() {
        FiresteelClassificationModel model = classifier().fit(frame(points));
        assertEquals(3, model.numClasses());
        assertEquals(2, model.numFeatures());
        List<Row> scored = model.transform(frame(points))
                .select("features", "rawPrediction", "probability", "prediction", "label")
                .collectAsList();
        int right = 0;
        for (Row row : scored) {
            double[] expected = model.trainedModel().score(row.<Vector>getAs(0).toArray());
            assertArrayEquals(expected, row.<Vector>getAs(2).toArray());
            assertArrayEquals(expected, row.<Vector>getAs(1).toArray());
            assertEquals(ModelDescription.Targets.argmax(expected), row.getDouble(3));
            right += row.getDouble(3) == row.getDouble(4) ? 1 : 0;
        }
        assertTrue(right > 240, right + " of 300 are right"); // the classes overlap
        double accuracy = new MulticlassClassificationEvaluator()
                .setMetricName("accuracy")
                .evaluate(model.transform(frame(points)));
        assertEquals(right / 300.0, accuracy, 1e-12);
    }

    /** Without partitions and blocks the first loss is that of equal chances but for the small weights: log 3. */
    @Test
    void fit_history_isThatOfTheMeanLoss() {
        ModelDescription description = classifier()
                .setInit("zero")
                .fit(frame(points, 5))
                .trainedModel()
                .description();
        assertEquals(Math.log(3), description.provenance().history().get(0).loss(), 1e-12);
        assertEquals(61, description.provenance().history().size());
        assertEquals(List.of("0", "1", "2"), description.targets().classes());
    }

    @Test
    void thresholds_decide() {
        FiresteelClassificationModel model = classifier().fit(frame(points));
        model.setThresholds(new double[] {1, 1, 1e-9});
        assertEquals(
                0,
                model.transform(frame(points)).filter("prediction != 2").count(),
                "with that threshold of class 2 no other is predicted");
    }

    /** A class that the label's metadata list and the frame lacks counts, as in MLlib; folds may lack it, too. */
    @Test
    void classesOfTheMetadata_thatTheFrameLacks() throws IOException {
        Metadata three = NominalAttribute.defaultAttr()
                .withName("label")
                .withValues(new String[] {"a", "b", "c"})
                .toMetadata();
        Dataset<Row> all =
                frame(points).withColumn("label", functions.col("label").as("label", three));
        Dataset<Row> two = all.filter("label < 2");
        FiresteelClassificationModel model = classifier().fit(two);
        assertEquals(3, new LogisticRegression().setMaxIter(5).fit(two).numClasses());
        assertEquals(3, model.numClasses());
        Row scored = model.transform(two).first();
        assertEquals(0, scored.<Vector>getAs("probability").apply(2));
        Path path = Files.createTempDirectory("firesteel").resolve("model");
        model.write().save(path.toString());
        assertEquals(3, FiresteelClassificationModel.load(path.toString()).numClasses());
        Dataset<Row> oneOfTheThird = two.union(all.filter("label = 2").limit(1)).coalesce(1);
        oneOfTheThird = oneOfTheThird.withColumn("label", functions.col("label").as("label", three));
        double[] metrics = new CrossValidator()
                .setEstimator(classifier())
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(new ParamMap[] {new ParamMap()})
                .setNumFolds(2)
                .fit(oneOfTheThird)
                .avgMetrics();
        assertTrue(Double.isFinite(metrics[0]) && metrics[0] > 0, Arrays.toString(metrics));
    }

    @Test
    void transform_aNumberThatIsFarTooLarge() {
        List<Row> small = points.stream()
                .map(row -> row(
                        row.getDouble(0),
                        row.<Vector>getAs(1).apply(0) * 1e-4,
                        row.<Vector>getAs(1).apply(1)))
                .toList();
        FiresteelClassificationModel model = classifier().fit(frame(small));
        Vector large = Vectors.dense(1e306, 1);
        String problem = "column features, element 0: \"1.0E306\" is too large for the model";
        UserError one = assertThrows(UserError.class, () -> model.predictRaw(large));
        assertTrue(one.getMessage().contains(problem), one.getMessage());
        Dataset<Row> scored = model.transform(frame(List.of(small.get(0), row(0, 1e306, 1))));
        Exception some = assertThrows(Exception.class, scored::collectAsList);
        assertTrue(
                some.getMessage().contains(problem)
                        || some.getCause().getMessage().contains(problem),
                "" + some);
    }

    /** Labels 0 and 2: class 1 has no rows, and is never predicted. */
    @Test
    void labelsWithAGap_keepTheirNumbers() {
        Dataset<Row> two = frame(points).filter("label != 1");
        FiresteelClassificationModel model = classifier().fit(two);
        assertEquals(3, model.numClasses());
        Dataset<Row> scored = model.transform(two);
        assertEquals(0, scored.filter("prediction = 1").count());
        assertTrue(scored.filter("prediction = label").count() > 185);
        assertEquals(
                0,
                scored.first().<Vector>getAs("probability").toArray()[1],
                "the probability of the class without rows");
    }

    @Test
    void rowsOfWeightTwo_areRowsTwice() {
        List<Row> twice = new ArrayList<>(points);
        points.stream().filter(row -> row.getDouble(2) == 2).forEach(twice::add);
        double[] weighted = theta(classifier().setIterations(10).setWeightCol("weight"), frame(points));
        double[] repeated = theta(classifier().setIterations(10), frame(twice));
        // Scaling moments weigh too, so that all is the same up to rounding.
        assertArrayEquals(repeated, weighted, 1e-12);
    }

    @Test
    void validationIndicator_holdsRowsOut() {
        ModelDescription model = classifier()
                .setValidationIndicatorCol("heldOut")
                .setMetric("accuracy")
                .setPatience(5)
                .fit(frame(points))
                .trainedModel()
                .description();
        assertEquals(60, model.provenance().validationRows());
        assertEquals(240, model.provenance().rows());
        assertNotNull(model.provenance().history().get(0).validationMetric());
        assertNotNull(model.provenance().validation());
    }

    @Test
    void sparseVectors_areScoredAsTheyWereTrained() {
        Random random = new Random(3);
        List<Row> rows = IntStream.range(0, 200)
                .mapToObj(i -> {
                    int[] at = {random.nextInt(50), 50 + random.nextInt(50)};
                    double[] values = {1 + random.nextDouble(), at[0] % 2 == 0 ? 1 : -1};
                    return RowFactory.create((double) (at[0] % 2), Vectors.sparse(100, at, values), 1.0, false);
                })
                .toList();
        FiresteelClassificationModel model =
                classifier().setLearningRate(2).setIterations(100).fit(frame(rows));
        assertEquals(
                "sparse", model.trainedModel().description().inputs().scaling().keepsZeros() ? "sparse" : "dense");
        for (Row row : rows.subList(0, 20)) {
            Vector sparse = row.getAs(1);
            assertArrayEquals(
                    model.predictProbability(sparse).toArray(),
                    model.predictProbability(Vectors.dense(sparse.toArray())).toArray(),
                    1e-14);
        }
        assertTrue(model.transform(frame(rows)).filter("prediction = label").count() > 190);
    }

    /** The medians are 0, so that zeros stay zeros; but a network that embeds numbers needs to see each. */
    @Test
    void sparseVectors_areScoredByANetworkThatLooksAtEachNumber() {
        Random random = new Random(4);
        List<Row> rows = IntStream.range(0, 300)
                .mapToObj(i -> {
                    double[] x = IntStream.range(0, 10)
                            .mapToDouble(k -> random.nextInt(8) == 0 ? random.nextInt(50) : 0)
                            .toArray();
                    Vector sparse = Vectors.dense(x).toSparse();
                    return RowFactory.create(x[0] > 20 ? 1.0 : 0.0, sparse, 1.0, false);
                })
                .toList();
        FiresteelClassificationModel model =
                new FiresteelClassifier().setHidden(4).setEpochs(2).fit(frame(rows));
        assertEquals(10, model.trainedModel().network().pieces().size());
        assertTrue(model.trainedModel().description().inputs().scaling().keepsZeros());
        for (Row row : rows.subList(0, 20)) {
            Vector sparse = row.getAs(1);
            assertArrayEquals(
                    model.predictProbability(Vectors.dense(sparse.toArray())).toArray(),
                    model.predictProbability(sparse).toArray());
        }
        assertEquals(300, model.transform(frame(rows)).filter("prediction >= 0").count());
    }

    @Test
    void nanInVectors_isMissingWhereAskedFor() {
        List<Row> rows = new ArrayList<>(points);
        rows.add(row(0, Double.NaN, 3));
        UserError refused = assertThrows(UserError.class, () -> classifier().fit(frame(rows)));
        assertTrue(
                refused.getMessage().startsWith("the DataFrame, column features, element 0: \"NaN\""),
                refused::toString);
        assertTrue(refused.getMessage().contains("missing=mean"), refused::toString);
        FiresteelClassificationModel model = classifier().setMissing("mean").fit(frame(rows));
        double mean =
                model.trainedModel().description().inputs().encoding().means().get("features_0");
        assertArrayEquals(
                model.predictProbability(Vectors.dense(mean, 3)).toArray(),
                model.predictProbability(Vectors.dense(Double.NaN, 3)).toArray(),
                1e-14);
    }

    /** Cells that are missing in one class only tell it; a vector is scored as its row. */
    @Test
    void nanInVectors_isToldTheNetwork() {
        List<Row> rows = new ArrayList<>(points);
        for (int j = 0; j < 60; j++) {
            rows.add(row(1, Double.NaN, j % 5 - 2));
        }
        FiresteelClassificationModel model =
                new FiresteelClassifier().setHidden(4).setEpochs(12).fit(frame(rows));
        TrainedModel trained = model.trainedModel();
        assertEquals(
                List.of("features_0"), trained.description().inputs().encoding().indicators());
        double[] expected = trained.score(new double[] {Double.NaN, 1});
        Vector missing = Vectors.dense(Double.NaN, 1);
        assertArrayEquals(expected, model.predictProbability(missing).toArray());
        assertTrue(expected[1] > 0.6, "probability " + expected[1]);
        Row scored = model.transform(frame(List.of(row(1, Double.NaN, 1)))).first();
        assertArrayEquals(expected, ((Vector) scored.getAs("probability")).toArray(), 1e-14);
    }

    /** The validation rows choose it; Spark's thresholds have it, also in a model that was saved. */
    @Test
    void threshold_decidesThePrediction(@TempDir Path dir) throws IOException {
        Dataset<Row> two = frame(points).filter("label < 2");
        FiresteelClassificationModel model = classifier()
                .setThreshold("balanced-accuracy")
                .setValidationFraction(0.3)
                .fit(two);
        double threshold = model.trainedModel().description().targets().threshold();
        assertArrayEquals(new double[] {1 - threshold, threshold}, model.getThresholds());
        model.write().save(dir.resolve("model").toString());
        FiresteelClassificationModel read =
                FiresteelClassificationModel.load(dir.resolve("model").toString());
        for (Row row : read.transform(two).select("probability", "prediction").collectAsList()) {
            double p = ((Vector) row.get(0)).apply(1);
            assertEquals(p > threshold ? 1.0 : 0.0, row.getDouble(1), "probability " + p);
        }
        FiresteelClassificationModel given = classifier()
                .setThreshold("balanced-accuracy")
                .setValidationFraction(0.3)
                .setThresholds(new double[] {0.5, 0.5})
                .fit(two);
        assertArrayEquals(new double[] {0.5, 0.5}, given.getThresholds(), "Spark's own Param, where it is set");
    }

    /** From text and columns to predictions, in Spark's own pipeline, saved and read. */
    @Test
    void pipeline_savedAndRead_predictsTheSame(@TempDir Path dir) throws IOException {
        Dataset<Row> table = TestSpark.session()
                .read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv("data/flower.csv");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("color").setOutputCol("label"),
            new VectorAssembler().setInputCols(new String[] {"x1", "x2"}).setOutputCol("features"),
            classifier().setHidden(4).setLearningRate(1.2).setIterations(1000).setStandardize(false)
        });
        PipelineModel fitted = pipeline.fit(table);
        fitted.write().overwrite().save(dir.resolve("fitted").toString());
        pipeline.save(dir.resolve("pipeline").toString());
        PipelineModel read = PipelineModel.load(dir.resolve("fitted").toString());
        Dataset<Row> scored = fitted.transform(table);
        assertEquals(
                scored.select("x1", "x2", "probability", "prediction").collectAsList(),
                read.transform(table)
                        .select("x1", "x2", "probability", "prediction")
                        .collectAsList());
        double area = new BinaryClassificationEvaluator().evaluate(scored);
        assertTrue(area > 0.9, "area under the ROC curve " + area);
        PipelineModel again = Pipeline.load(dir.resolve("pipeline").toString()).fit(table);
        FiresteelClassificationModel first = (FiresteelClassificationModel) fitted.stages()[2];
        FiresteelClassificationModel second = (FiresteelClassificationModel) again.stages()[2];
        assertArrayEquals(first.trainedModel().theta(), second.trainedModel().theta());
    }

    @Test
    void estimator_savedAndRead_hasItsParams(@TempDir Path dir) throws IOException {
        FiresteelClassifier estimator = classifier()
                .setHidden(7, 5)
                .setActivation("relu", "tanh")
                .setL2(0.01)
                .setSeed(42)
                .setStandardize(false)
                .setBatchSize(10)
                .setClassWeight("balanced")
                .setProbabilityCol("p");
        String path = dir.resolve("estimator").toString();
        estimator.save(path);
        FiresteelClassifier read = FiresteelClassifier.load(path);
        assertEquals(estimator.uid(), read.uid());
        assertEquals(set(estimator), set(read));
        assertArrayEquals(theta(estimator, frame(points)), theta(read, frame(points)));
        assertThrows(IOException.class, () -> read.save(path), "it is there already");
        read.write().overwrite().save(path);
    }

    @Test
    void model_savedAndRead_isTheSame(@TempDir Path dir) throws IOException {
        FiresteelClassificationModel model = classifier().setProbabilityCol("p").fit(frame(points));
        model.setThresholds(new double[] {0.2, 0.3, 0.5});
        Path path = dir.resolve("model");
        model.save(path.toString());
        FiresteelClassificationModel read = FiresteelClassificationModel.load(path.toString());
        assertEquals(model.uid(), read.uid());
        assertEquals(set(model), set(read));
        assertArrayEquals(model.trainedModel().theta(), read.trainedModel().theta());
        assertEquals(
                model.transform(frame(points)).collectAsList(),
                read.transform(frame(points)).collectAsList());
        // It holds a model directory as the command line makes them.
        assertArrayEquals(
                model.trainedModel().theta(),
                TrainedModel.load(path.resolve("firesteel")).theta());
        assertThrows(IOException.class, () -> read.save(path.toString()), "it is there already");
        read.write().overwrite().save(path.toString());
    }

    @Test
    void crossValidator_findsTheBetterSettings() throws IOException {
        FiresteelClassifier estimator = classifier();
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.iterations(), new int[] {1, 60})
                .build();
        CrossValidatorModel found = new CrossValidator()
                .setEstimator(estimator)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(grid)
                .setNumFolds(3)
                .fit(frame(points));
        double[] losses = found.avgMetrics();
        assertTrue(losses[1] < losses[0], Arrays.toString(losses));
        FiresteelClassificationModel best = (FiresteelClassificationModel) found.bestModel();
        assertEquals(
                61, best.trainedModel().description().provenance().history().size());
        assertEquals(60, best.getIterations(), "the Params of the best");
        assertArrayEquals(new int[] {8}, best.getHidden());
    }

    @Test
    @Tag("faults") // half a minute, most of which Spark's OneVsRest takes with any classifier
    void oneVsRest_withOneNetworkEach() {
        OneVsRest each = new OneVsRest().setClassifier(classifier());
        Dataset<Row> scored = each.fit(frame(points)).transform(frame(points));
        long right = scored.filter("prediction = label").count();
        assertTrue(right > 240, right + " of 300 are right");
    }

    @Test
    void fit_paramsOfOneFit() {
        FiresteelClassifier estimator = classifier();
        ParamMap other = new ParamMap().put(estimator.iterations(), 3);
        FiresteelClassificationModel model = estimator.fit(frame(points), other);
        assertEquals(
                4, model.trainedModel().description().provenance().history().size());
    }

    @Test
    void regressor_learnsSavesAndPredicts(@TempDir Path dir) throws IOException {
        Random random = new Random(8);
        List<Row> rows = IntStream.range(0, 300)
                .mapToObj(i -> {
                    double a = random.nextDouble();
                    double b = random.nextDouble();
                    return row(1000 * a * b + 50, a, b);
                })
                .toList();
        FiresteelRegressor estimator = new FiresteelRegressor()
                .setPreset("notes")
                .setHidden(10)
                .setOptimizer("lbfgs")
                .setIterations(100)
                .setLoss("squared");
        FiresteelRegressionModel model = estimator.fit(frame(rows));
        double r2 = new RegressionEvaluator().setMetricName("r2").evaluate(model.transform(frame(rows)));
        assertTrue(r2 > 0.99, "R2 " + r2);
        Vector x = Vectors.dense(0.3, 0.6);
        assertEquals(model.trainedModel().score(x.toArray())[0], model.predict(x));
        model.save(dir.resolve("model").toString());
        FiresteelRegressionModel read =
                FiresteelRegressionModel.load(dir.resolve("model").toString());
        assertEquals(model.predict(x), read.predict(x));
        estimator.save(dir.resolve("estimator").toString());
        assertEquals(
                set(estimator),
                set(FiresteelRegressor.load(dir.resolve("estimator").toString())));
        UserError refused = assertThrows(UserError.class, () -> new FiresteelRegressor()
                .setPreset("notes")
                .setLoss("poisson")
                .fit(frame(List.of(row(1, 0), row(-1, 1)))));
        assertTrue(refused.getMessage().contains("the DataFrame, column label: \"-1"), refused::getMessage);
    }

    /** Quantiles are a vector beside the prediction, their median; saved, loaded, renamed and left out. */
    @Test
    void regressor_ofQuantiles(@TempDir Path dir) throws IOException {
        Random random = new Random(9);
        List<Row> rows = IntStream.range(0, 300)
                .mapToObj(i -> row(100 * random.nextDouble(), random.nextDouble()))
                .toList();
        FiresteelRegressor estimator = new FiresteelRegressor()
                .setPreset("notes")
                .setHidden(4)
                .setOptimizer("adam")
                .setIterations(40)
                .setLoss("quantile")
                .setQuantiles(0.2, 0.6);
        FiresteelRegressionModel model = estimator.fit(frame(rows));
        assertArrayEquals(new double[] {0.2, 0.6}, model.getQuantiles());
        Dataset<Row> transformed = model.transform(frame(rows));
        assertArrayEquals(
                transformed.columns(),
                model.transformSchema(frame(rows).schema()).fieldNames());
        for (Row row : transformed.select("features", "prediction", "quantiles").collectAsList()) {
            Vector quantiles = model.predictQuantiles(row.getAs(0));
            assertArrayEquals(
                    model.trainedModel().score(row.<Vector>getAs(0).toArray()), quantiles.toArray(), "one by one");
            assertEquals(quantiles, row.getAs(2), "in a batch");
            assertEquals(
                    quantiles.apply(0) + 0.75 * (quantiles.apply(1) - quantiles.apply(0)), row.getDouble(1), 1e-12);
            assertEquals(model.predict(row.<Vector>getAs(0)), row.getDouble(1));
        }
        model.save(dir.resolve("model").toString());
        FiresteelRegressionModel read =
                FiresteelRegressionModel.load(dir.resolve("model").toString());
        assertEquals("quantiles", read.getQuantilesCol());
        List<String> columns =
                List.of(read.setQuantilesCol("q").transform(frame(rows)).columns());
        assertEquals(List.of("prediction", "q"), columns.subList(columns.size() - 2, columns.size()));
        assertFalse(List.of(read.setQuantilesCol("").transform(frame(rows)).columns())
                .contains("q"));
        Dataset<Row> taken = frame(rows).withColumn("quantiles", functions.lit(1));
        assertThrows(UserError.class, () -> model.transform(taken));
        assertThrows(UserError.class, () -> estimator.transformSchema(taken.schema()), "before the training");
        assertArrayEquals(
                transformed.columns(),
                estimator.transformSchema(frame(rows).schema()).fieldNames());
        assertFalse(List.of(new FiresteelRegressor()
                        .transformSchema(frame(rows).schema())
                        .fieldNames())
                .contains("quantiles"));
        FiresteelRegressionModel plain =
                new FiresteelRegressor().setPreset("notes").setIterations(1).fit(frame(rows));
        assertThrows(UserError.class, () -> plain.predictQuantiles(Vectors.dense(1)));
        assertFalse(List.of(plain.transform(frame(rows)).columns()).contains("quantiles"));
    }

    /** What is wrong is said of Params, by their names, before anything is trained. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "learningRate | -1     | learningRate=-1.0: expected a positive number",
                "optimizer    | newton | optimizer=newton: expected gd",
                "activation   | cube   | activation=cube: expected sigmoid",
                "hidden       | 0      | hidden=0",
                "batchSize    | 0      | batchSize=0: expected 1 or more",
                "epochs       | 3      | epochs=3: expected only one of epochs and iterations",
                "beta1        | 0.5    | beta1=0.5: expected optimizer=adam or adamw (optimizer=gd has no such setting)",
                "validationFraction | 1 | validationFraction=1.0: expected 0 or more, and less than 1",
                "patience     | 2      | patience=2: expected validation rows with it (add validationFraction=0.2)",
                "weightCol    | none   | none",
                "metric       | rmse   | metric=rmse",
            })
    void fit_paramThatCannotBe(String param, String value, String message) {
        FiresteelClassifier estimator = classifier();
        Object typed =
                switch (param) {
                    case "hidden" -> new int[] {Integer.parseInt(value)};
                    case "batchSize", "epochs", "patience" -> Integer.valueOf(value);
                    case "learningRate", "beta1", "validationFraction" -> Double.valueOf(value);
                    case "activation" -> new String[] {value};
                    default -> value;
                };
        Exception refused = assertThrows(Exception.class, () -> {
            estimator.set(estimator.getParam(param), typed);
            estimator.fit(frame(points));
        });
        assertTrue(refused.getMessage().contains(message), refused::toString);
        assertFalse(refused.getMessage().contains("--" + param), refused::toString);
    }

    @Test
    void fit_rowsThatCannotBe() {
        Map<List<Row>, String> wrong = Map.of(
                List.of(row(0.5, 1), row(1, 2)), "the label 0.5 is none of 0, 1, 2",
                List.of(row(-1, 1), row(1, 2)), "the label -1 is none of 0, 1, 2",
                List.of(row(1, 1), row(1, 2)), "has only one value, 1",
                List.of(row(0, 1), row(1, 2, 3)), "column features: a vector of",
                List.of(row(0, 1), RowFactory.create(1.0, null, 1.0, false)), "column features: the cell is empty",
                List.of(row(0, 1), RowFactory.create(null, Vectors.dense(1), 1.0, false)), "column label: the cell is",
                List.of(), "the DataFrame");
        wrong.forEach((rows, message) -> {
            UserError refused = assertThrows(UserError.class, () -> classifier().fit(frame(rows)));
            assertTrue(refused.getMessage().contains(message), refused::toString);
            assertFalse(refused.getMessage().contains("\n"), refused::toString);
        });
        FiresteelClassificationModel model = classifier().fit(frame(points));
        UserError refused = assertThrows(UserError.class, () -> model.predict(Vectors.dense(1, 2, 3)));
        assertTrue(refused.getMessage().contains("a vector of 3 numbers, expected 2"), refused::toString);
    }

    /** Each setting is a Param, but those that have no meaning for a DataFrame. */
    @Test
    void params_areTheSettings() {
        Set<String> settings = new TreeSet<>();
        Setting.all().forEach(setting -> settings.add(setting.key()));
        settings.removeAll(List.of("task", "label", "features", "exclude", "validation-data", "folds"));
        Set<String> names = new TreeSet<>();
        for (Params estimator :
                List.of(new FiresteelClassifier().setPreset("notes"), new FiresteelRegressor().setPreset("notes"))) {
            for (Setting<?> setting : Setting.all()) {
                if (new ParamNames(estimator).has(setting.key())) {
                    names.add(setting.key());
                }
            }
        }
        names.removeAll(List.of("label", "features")); // which are Spark's own
        assertEquals(settings, names);
        String explained = new FiresteelClassifier().setPreset("notes").explainParams();
        assertTrue(
                explained.contains("learningRate: Learning rate. Default: 0.0025, for a regression 0.0125; "),
                explained);
        assertTrue(
                explained.contains("epochs: Maximum number of epochs, in place of iterations. Default: 64"), explained);
        assertTrue(explained.contains("l2: L2 penalty") && explained.contains("(default: 0.0)"), explained);
    }

    /** Declared defaults are those of the settings, and the same object is the Param whenever it is asked for. */
    @Test
    void params_haveDeclaredDefaults_andGetters() {
        FiresteelClassifier estimator = new FiresteelClassifier().setPreset("notes");
        assertArrayEquals(new int[] {64}, estimator.getHidden());
        assertArrayEquals(new String[] {"tanh"}, estimator.getActivation());
        assertArrayEquals(new double[] {0}, estimator.getDropout());
        assertEquals("gd", estimator.getOptimizer());
        assertFalse(estimator.isDefined(estimator.iterations()), "it depends on the preset");
        assertEquals("adamw", new FiresteelClassifier().getOptimizer());
        assertEquals("default", new FiresteelClassifier().getPreset());
        assertArrayEquals(
                new int[] {64, 64},
                new FiresteelRegressor().setPreset("fast").copy(new ParamMap()).getHidden());
        assertEquals(1, estimator.getSeed());
        assertEquals("double", estimator.getPrecision());
        assertEquals("loss", estimator.getMetric());
        assertTrue(estimator.getStandardize());
        assertFalse(estimator.isDefined(estimator.learningRate()), "it depends on the optimizer");
        assertSame(estimator.learningRate(), estimator.learningRate());
        assertSame(estimator.learningRate(), estimator.getParam("learningRate"));
        assertEquals(0.25, estimator.setLearningRate(0.25).getLearningRate());
        assertArrayEquals(
                new double[] {0.1, 0.2}, estimator.setDropout(0.1, 0.2).getDropout());
        assertArrayEquals(
                new String[] {"relu", "tanh"},
                estimator.setActivation("relu", "tanh").getActivation());
        assertEquals(
                "squared",
                new FiresteelRegressor().setPreset("notes").setLoss("squared").getLoss());
        for (Setting<?> setting : Setting.all()) {
            if (setting.byDefault(Preset.NOTES) != null
                    && new ParamNames(estimator).has(setting.key())
                    && setting != Setting.LABEL
                    && setting != Setting.FEATURES) {
                assertTrue(estimator.hasDefault(estimator.getParam(new ParamNames(estimator).name(setting.key()))));
            }
        }
    }

    @Test
    void model_hasTheParamsThatItWasTrainedWith_andSaysItsNetwork(@TempDir Path dir) throws IOException {
        FiresteelClassificationModel model = classifier()
                .setHidden(5, 3)
                .setActivation("relu", "tanh")
                .setClassWeight("balanced")
                .setLabelSmoothing(0.2)
                .fit(frame(points));
        assertArrayEquals(new int[] {5, 3}, model.getHidden());
        assertEquals(0.2, model.getLabelSmoothing());
        assertEquals(0.5, model.getLearningRate());
        assertEquals("balanced", model.getClassWeight());
        assertEquals(
                "FiresteelClassificationModel: uid=" + model.uid() + ", network 2-5-3-3, relu,tanh", model.toString());
        model.save(dir.resolve("m").toString());
        FiresteelClassificationModel read =
                FiresteelClassificationModel.load(dir.resolve("m").toString());
        assertArrayEquals(new int[] {5, 3}, read.getHidden());
        assertEquals("gd", read.getOptimizer());
        assertArrayEquals(new int[] {5, 3}, read.copy(new ParamMap()).getHidden());
    }

    @Test
    void fit_stoppedByAnotherThread_givesTheModelSoFar() throws Exception {
        TrainingControl control = new TrainingControl();
        FiresteelClassifier endless = classifier().setIterations(Integer.MAX_VALUE);
        FutureTask<FiresteelClassificationModel> fit = new FutureTask<>(() -> endless.fit(frame(points), control));
        new Thread(fit, "fit").start();
        while (control.progress().step() < 3) {
            assertFalse(fit.isDone(), "a training of 2^31 steps is done");
            Thread.sleep(1);
        }
        control.stop();
        FiresteelClassificationModel model = fit.get(30, TimeUnit.SECONDS);

        int steps = model.summary().totalIterations();
        assertTrue(steps >= 3 && control.isStopped(), steps + " steps");
        assertEquals(Integer.MAX_VALUE, control.progress().steps());
        assertArrayEquals(
                theta(classifier().setIterations(steps), frame(points)),
                model.trainedModel().theta(),
                "the weights after as many steps without a stop");
        assertSame(endless, model.parent());
    }

    @Test
    void summary_hasTheHistoryOfTheModel() {
        FiresteelClassificationModel model = classifier()
                .setIterations(10)
                .setValidationFraction(0.2)
                .setValidateEvery(5)
                .setMetric("accuracy")
                .fit(frame(points));
        FitSummary summary = model.summary();

        assertTrue(model.hasSummary());
        assertArrayEquals(IntStream.rangeClosed(0, 10).toArray(), summary.steps());
        assertEquals(10, summary.totalIterations());
        assertEquals("accuracy", summary.metric());
        assertEquals(300, summary.rows() + summary.validationRows());
        List<ModelDescription.Step> history =
                model.trainedModel().description().provenance().history();
        for (ModelDescription.Step step : history) {
            assertEquals(step.loss(), summary.objectiveHistory()[step.step()]);
            boolean measured = step.step() % 5 == 0;
            assertEquals(measured, !Double.isNaN(summary.validationHistory()[step.step()]), "step " + step.step());
            assertEquals(measured, !Double.isNaN(summary.metricHistory()[step.step()]), "step " + step.step());
        }
        double best = Arrays.stream(summary.metricHistory())
                .filter(metric -> !Double.isNaN(metric))
                .max()
                .orElseThrow();
        assertEquals(best, summary.metricHistory()[summary.bestStep()]);
    }
}
