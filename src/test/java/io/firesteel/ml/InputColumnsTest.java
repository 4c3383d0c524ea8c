package io.firesteel.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.base.UserError;
import io.firesteel.export.Onnx;
import io.firesteel.export.OnnxExport;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimators of columns of all kinds, against the scoring of single rows by their names. */
@Tag("spark")
class InputColumnsTest {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType)
            .add("label", DataTypes.DoubleType)
            .add("age", DataTypes.IntegerType)
            .add("member", DataTypes.BooleanType)
            .add("city, of birth", DataTypes.StringType)
            .add("v", SQLDataTypes.VectorType())
            .add("list", DataTypes.createArrayType(DataTypes.FloatType));

    private static final String[] COLUMNS = {"age", "member", "city, of birth", "v", "list"};
    private static final String[] CITIES = {"Bonn", "Köln", "Ulm"};

    private static List<Row> rows;
    private static FiresteelClassificationModel model;

    /** 300 rows of all kinds of columns, some of whose cells are missing; every other vector is sparse. */
    @BeforeAll
    static void train() {
        Random random = new Random(4);
        rows = IntStream.range(0, 300)
                .mapToObj(i -> {
                    int age = 20 + random.nextInt(50);
                    String city = CITIES[random.nextInt(3)];
                    Vector v = Vectors.dense(random.nextGaussian(), random.nextInt(2), 0);
                    Float[] list = {(float) random.nextGaussian(), i % 11 == 0 ? null : (float) i % 3};
                    double score = (age - 45) / 10.0 + v.apply(0) + (city.equals("Ulm") ? 2 : 0) + list[0];
                    return RowFactory.create(
                            (long) i,
                            score > 0.5 ? 1.0 : 0.0,
                            i % 7 == 0 ? null : age,
                            random.nextBoolean(),
                            i % 13 == 0 ? null : city,
                            i % 17 == 0 ? null : i % 2 == 0 ? v.toSparse() : v,
                            i % 19 == 0 ? null : Arrays.asList(list));
                })
                .toList();
        model = classifier().fit(frame(rows));
    }

    private static FiresteelClassifier classifier() {
        return new FiresteelClassifier()
                .setInputCols(COLUMNS)
                .setHidden(6)
                .setEpochs(8)
                .setMaxOneHot(2);
    }

    private static Dataset<Row> frame(List<Row> some) {
        return TestSpark.session().createDataFrame(some, SCHEMA).coalesce(2);
    }

    /** A row as {@link TrainedModel#scoreRow} takes it: each number of a vector or an array by its name. */
    private static Map<String, Object> named(Row row) {
        Map<String, Object> named = new HashMap<>();
        for (String column : List.of("age", "member", "city, of birth")) {
            named.put(column, row.getAs(row.fieldIndex(column)));
        }
        Vector v = row.getAs("v");
        IntStream.range(0, 3).forEach(k -> named.put("v_" + k, v == null ? null : v.apply(k)));
        List<Float> list = row.isNullAt(row.fieldIndex("list")) ? null : row.getList(row.fieldIndex("list"));
        IntStream.range(0, 2).forEach(k -> named.put("list_" + k, list == null ? null : list.get(k)));
        return named;
    }

    private static double[] probabilities(Row row) {
        return row.<Vector>getAs("probability").toArray();
    }

    @Test
    void transform_scoresAsSingleRows() {
        assertEquals(
                List.of("age", "member", "city, of birth", "v_0", "v_1", "v_2", "list_0", "list_1"),
                model.trainedModel().description().inputs().features());
        assertEquals(8, model.numFeatures());
        Dataset<Row> scored = model.transform(frame(rows));
        assertEquals(scored.schema(), model.transformSchema(SCHEMA));
        List<Row> all = scored.collectAsList();
        assertEquals(300, all.size());
        Map<Long, Row> own = new HashMap<>();
        frame(rows).collectAsList().forEach(row -> own.put(row.getLong(0), row));
        int right = 0;
        for (Row row : all) {
            double[] expected = model.trainedModel().scoreRow(named(row));
            assertArrayEquals(expected, probabilities(row), 1e-14);
            assertArrayEquals(expected, row.<Vector>getAs("rawPrediction").toArray(), 1e-14);
            assertEquals(ModelDescription.Targets.argmax(expected), row.<Double>getAs("prediction"));
            assertEquals(own.get(row.getLong(0)), row(row, SCHEMA.size()), "a row keeps its own columns");
            right += row.<Double>getAs("prediction").equals(row.getAs("label")) ? 1 : 0;
        }
        assertTrue(right > 240, right + " of 300 are right");
    }

    private static Row row(Row row, int size) {
        return RowFactory.create(IntStream.range(0, size).mapToObj(row::get).toArray());
    }

    @Test
    void transform_unseenCategory_asTheModelOrItsParamSays() {
        Row other = RowFactory.create(0L, 0.0, 30, true, "Rom", Vectors.dense(1, 1, 0), List.of(1f, 2f));
        Row scored = model.transform(frame(List.of(other))).first();
        assertArrayEquals(model.trainedModel().scoreRow(named(scored)), probabilities(scored), 1e-14);
        FiresteelClassificationModel strict = model.copy(new ParamMap().put(model.unseen(), "error"));
        refused(
                () -> strict.transform(frame(List.of(other))).collectAsList(),
                "the DataFrame, column city, of birth: \"Rom\" is not a category of the training data");
    }

    /** A preset that is only set, as CrossValidator and Python set Params, declares no defaults; the model still has its own. */
    @Test
    void transform_presetThatIsOnlySet() {
        FiresteelClassifier estimator = new FiresteelClassifier();
        estimator.set(estimator.preset(), "notes");
        FiresteelClassificationModel strict = estimator
                .setInputCols("city, of birth")
                .setCategorical("auto")
                .setMissing("mean")
                .setIterations(1)
                .fit(frame(rows));
        Row other = RowFactory.create(0L, 0.0, 30, true, "Rom", Vectors.dense(1, 1, 0), List.of(1f, 2f));
        refused(
                () -> strict.transform(frame(List.of(other))).collectAsList(),
                "is not a category of the training data");
    }

    /** In a pipeline, saved and read, among columns of one name, with Params copied, and as the directory that holds it. */
    @Test
    void pipeline_savedAndRead(@TempDir Path dir) throws Exception {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new SQLTransformer().setStatement("select *, age + 1 as older from __THIS__"),
            classifier().setInputCols("older", "city, of birth", "list")
        });
        PipelineModel fitted = pipeline.fit(frame(rows));
        fitted.save(dir.resolve("fitted").toString());
        PipelineModel read = PipelineModel.load(dir.resolve("fitted").toString());
        FiresteelClassificationModel of = (FiresteelClassificationModel) read.stages()[1];
        assertArrayEquals(new String[] {"older", "city, of birth", "list"}, of.getInputCols());
        assertEquals(
                fitted.transform(frame(rows)).orderBy("id").collectAsList(),
                read.transform(frame(rows)).orderBy("id").collectAsList());
        pipeline.save(dir.resolve("pipeline").toString());
        PipelineModel again = Pipeline.load(dir.resolve("pipeline").toString()).fit(frame(rows));
        assertArrayEquals(
                of.trainedModel().theta(),
                ((FiresteelClassificationModel) again.stages()[1])
                        .trainedModel()
                        .theta());
        assertArrayEquals(
                new String[] {"older", "city, of birth", "list"},
                ((FiresteelClassifier) pipeline.copy(new ParamMap()).getStages()[1]).getInputCols());
    }

    @Test
    void crossValidator_andExplainParams() {
        FiresteelClassifier estimator = classifier();
        double[] accuracies = new CrossValidator()
                .setEstimator(estimator)
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
                .setEstimatorParamMaps(new ParamMap[] {new ParamMap().put(estimator.epochs(), 6)})
                .setNumFolds(2)
                .fit(frame(rows))
                .avgMetrics();
        assertTrue(accuracies[0] > 0.6, Arrays.toString(accuracies));
        String explained = estimator.explainParams();
        assertTrue(explained.contains("inputCols: Feature columns, in place of featuresCol"), explained);
        assertTrue(
                explained.contains("categorical: Feature columns that hold categories") && explained.contains("dates:"),
                explained);
    }

    @Test
    void exportOnnx_givesTheSame() throws Exception {
        List<Row> all = model.transform(frame(rows)).collectAsList();
        List<String> numbers = List.of("age", "member", "v_0", "v_1", "v_2", "list_0", "list_1");
        double[][] x = all.stream()
                .map(row -> numbers.stream()
                        .mapToDouble(name -> number(named(row).get(name)))
                        .toArray())
                .toArray(double[][]::new);
        String[] cities =
                all.stream().map(row -> row.isNullAt(4) ? "" : row.getString(4)).toArray(String[]::new);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        OnnxExport.of(model.trainedModel(), "1").writeTo(file);
        try (Onnx onnx = new Onnx(file.toByteArray())) {
            double[][] scores =
                    onnx.run(Map.of("features", x, "city, of birth", cities)).scores();
            for (int i = 0; i < all.size(); i++) {
                assertArrayEquals(probabilities(all.get(i)), scores[i], 1e-12);
            }
        }
    }

    private static double number(Object value) {
        return value == null
                ? Double.NaN
                : value instanceof Boolean flag ? (flag ? 1 : 0) : ((Number) value).doubleValue();
    }

    /** Columns of one name beside those of the model, and columns of its outputs' names. */
    @Test
    void transform_otherColumnsOfOneName() {
        Dataset<Row> twice = frame(rows.subList(0, 9)).withColumn("more", functions.lit(1));
        List<String> names = new ArrayList<>(List.of(twice.columns()));
        names.set(names.size() - 1, "label");
        List<Row> scored =
                model.transform(twice.toDF(names.toArray(String[]::new))).collectAsList();
        for (Row row : scored) {
            assertArrayEquals(model.trainedModel().scoreRow(named(row)), probabilities(row), 1e-14);
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> model.transform(twice.withColumn("prediction", functions.lit(1))));
    }

    /** Wide vectors that are nearly empty stay so beside a number; the model gives for a row what it gives for all its numbers. */
    @Test
    void sparseVectors_besideANumber() {
        Random random = new Random(3);
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType)
                .add("a", DataTypes.DoubleType)
                .add("words", SQLDataTypes.VectorType());
        List<Row> some = IntStream.range(0, 200)
                .mapToObj(i -> {
                    int word = random.nextInt(100);
                    return RowFactory.create(
                            word % 2 + 0.0, random.nextDouble(), Vectors.sparse(100, new int[] {word}, new double[] {1
                            }));
                })
                .toList();
        Dataset<Row> frame = TestSpark.session().createDataFrame(some, schema);
        FiresteelClassificationModel sparse = new FiresteelClassifier()
                .setPreset("notes")
                .setInputCols("a", "words")
                .setHidden(4)
                .setLearningRate(2)
                .fit(frame);
        assertTrue(sparse.trainedModel().description().inputs().scaling().keepsZeros());
        List<Row> scored = sparse.transform(frame).collectAsList();
        for (Row row : scored) {
            double[] all = new double[101];
            all[0] = row.getDouble(1);
            System.arraycopy(row.<Vector>getAs(2).toArray(), 0, all, 1, 100);
            assertArrayEquals(sparse.trainedModel().score(all), probabilities(row), 1e-14);
        }
        assertTrue(scored.stream()
                        .filter(row -> row.getDouble(0) == row.<Double>getAs("prediction"))
                        .count()
                > 190);
    }

    /** The label is twice x, and the noise is no part of it. */
    @Test
    void importance_ofWhatTheLabelIsMadeOf() {
        Dataset<Row> table = TestSpark.session()
                .sql(
                        "select id % 10 as x, array(1.0D, double(hash(id) % 7)) as noise, id % 10 * 2 as label from range(300)");
        FiresteelRegressionModel fitted = new FiresteelRegressor()
                .setPreset("notes")
                .setInputCols("noise", "x")
                .setHidden()
                .setOptimizer("lbfgs")
                .setIterations(20)
                .fit(table);
        List<Row> ranked = fitted.importance(table).collectAsList();
        assertEquals(
                List.of("feature", "importance", "deviation"),
                List.of(fitted.importance(table).columns()));
        assertEquals("x", ranked.get(0).getString(0));
        assertEquals(3, ranked.size());
        assertEquals(1, ranked.get(0).getDouble(1), 0.1, "half of the squared difference of two standardised labels");
        assertTrue(ranked.get(1).getDouble(1) < 1e-3, ranked::toString);
        double rmse = fitted.importance(table, "rmse", 2, 3).first().getDouble(1);
        assertEquals(Math.sqrt(2 * 33), rmse, 1, "the deviation of the difference of two labels");
        refused(() -> fitted.importance(table.drop("label")), "labelCol=label: expected a column of the DataFrame");
        refused(() -> fitted.importance(table, "accuracy", 1, 1), "metric=accuracy");
    }

    /** A hash passes over what is null in an array, wherever it is. */
    @Test
    void fit_nullsInArrays_inAnyOrderOfRows() {
        String arrays = "if(id < 20, array(int(id), null), array(null, int(id - 20)))";
        Dataset<Row> table =
                TestSpark.session().range(0, 40, 1, 1).selectExpr(arrays + " as list", "double(id % 20) as label");
        FiresteelRegressor estimator = new FiresteelRegressor()
                .setInputCols("list")
                .setMissing("mean")
                .setBatchSize(4)
                .setEpochs(2);
        double[] theta = estimator.fit(table).trainedModel().theta();
        Dataset<Row> backwards = TestSpark.session()
                .range(0, 40, 1, 1)
                .selectExpr("39 - id as id")
                .selectExpr(arrays + " as list", "double(id % 20) as label");
        assertArrayEquals(theta, estimator.fit(backwards).trainedModel().theta());
    }

    @Test
    void transform_aVectorBesideAColumnNamedAsAnElement() {
        Dataset<Row> table = TestSpark.session()
                .sql("select array(id, id * id) as emb, id % 5 as emb_2, double(id) as label from range(40)");
        FiresteelRegressionModel fitted = new FiresteelRegressor()
                .setInputCols("emb", "emb_2")
                .setEpochs(1)
                .fit(table);
        Row row = fitted.transform(table).filter("label = 3").first();
        assertEquals(
                fitted.trainedModel().scoreRow(Map.of("emb_0", 3, "emb_1", 9, "emb_2", 3))[0],
                row.<Double>getAs("prediction"));
    }

    @Test
    void regressor_ofColumns() {
        Dataset<Row> table = TestSpark.session()
                .sql("select double(id % 10) as x, if(id % 2 = 0, 'even', 'odd') as kind, "
                        + "double(id % 10) * 2 + if(id % 2 = 0, 5, 0) as label from range(200)");
        FiresteelRegressionModel fitted = new FiresteelRegressor()
                .setPreset("notes")
                .setInputCols("x", "kind")
                .setCategorical("kind")
                .setHidden()
                .setOptimizer("lbfgs")
                .setIterations(30)
                .fit(table);
        assertEquals(
                List.of("x", "kind", "label", "prediction"),
                List.of(fitted.transform(table).columns()));
        for (Row row : fitted.transform(table).collectAsList()) {
            assertEquals(row.getDouble(2), row.getDouble(3), 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "agee          | inputCols=agee: expected a column of the DataFrame: id, label, age, member, city, of birth, v, list, map (did you mean age?)",
                "map           | the DataFrame, column map is of type map<int,int>: expected numbers or text (give its parts as columns of their own; inputCols without map leaves it out)",
                "age;label     | column label is a feature and something else: expected one of inputCols, labelCol, weightCol, validationIndicatorCol for each column",
                "age;age       | a column is named twice in inputCols or labelCol",
                "``            | inputCols=: expected the name of a column at least",
                "v;v_0         | the DataFrame has a column v_0 already, which an element of a vector would be: rename it (inputCols without v_0 leaves it out)",
            })
    void fit_columnsThatCannotBe(String names, String message) {
        Dataset<Row> table = frame(rows).withColumn("map", functions.expr("map(1, 2)"));
        String[] columns = names.isEmpty() ? new String[0] : names.split(";");
        if (names.contains("v_0")) {
            table = table.withColumn("v_0", functions.lit(1));
        }
        Dataset<Row> fitted = table;
        Exception refused = assertThrows(
                Exception.class, () -> classifier().setInputCols(columns).fit(fitted));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void fit_paramsThatCannotBe() {
        Map<Consumer<FiresteelClassifier>, String> wrong = Map.of(
                estimator -> estimator.setFeaturesCol("v"),
                "featuresCol=v and inputCols: expected only one of them",
                estimator -> estimator.setCategorical("v"),
                "categorical=v: expected a column of single values",
                estimator -> estimator.setCategorical("v_1"),
                "categorical=v_1: expected a column of single values",
                estimator -> estimator.setCategorical("nope"),
                "the DataFrame has no categorical column nope",
                estimator -> estimator.setMissing("error"),
                "missing=mean",
                estimator -> estimator.setCategorical(),
                "categorical=city, of birth makes categories of the column, inputCols without city, of birth leaves it out");
        wrong.forEach((change, message) -> {
            FiresteelClassifier estimator = classifier();
            change.accept(estimator);
            refused(() -> estimator.fit(frame(rows)), message);
        });
        refused(
                () -> new OneVsRest()
                        .setClassifier(classifier())
                        .setFeaturesCol("v")
                        .fit(frame(rows)),
                "inputCols");
        refused(() -> model.predict(Vectors.dense(1)), "use transform");
        FiresteelClassificationModel three = model.copy(new ParamMap());
        three.set(three.getParam("thresholds"), new double[] {1, 1, 1});
        refused(() -> three.transform(frame(rows)), "thresholds=[1.0, 1.0, 1.0]: expected a number for each of 2");
    }

    @Test
    void transform_columnsThatCannotBe() {
        refused(() -> model.transform(frame(rows).drop("age")), "inputCols=age: expected a column of the DataFrame");
        refused(
                () -> model.transform(frame(rows).withColumn("list", functions.lit("x"))),
                "the DataFrame, column list is of type string: expected vectors or arrays of numbers");
        Dataset<Row> longer = frame(rows).withColumn("list", functions.expr("array(1, 2, 3)"));
        refused(
                () -> model.transform(longer).collectAsList(),
                "the DataFrame, column list: an array of 3 numbers, expected 2");
        Dataset<Row> small = frame(rows).withColumn("age", functions.expr("age * 1e-4D"));
        FiresteelRegressionModel linear = new FiresteelRegressor()
                .setPreset("notes")
                .setInputCols("age")
                .setMissing("mean")
                .setHidden()
                .setIterations(1)
                .fit(small);
        refused(
                () -> linear.transform(small.withColumn("age", functions.expr("1e308D")))
                        .collectAsList(),
                "the DataFrame, column age: \"1.0E308\" is too large for the model");
    }

    /** Fails unless a call fails with a user's mistake, perhaps in a task, of one line that has a part. */
    private static void refused(Runnable call, String part) {
        Throwable failure = assertThrows(Exception.class, call::run);
        while (failure.getCause() != null && !(failure instanceof UserError)) {
            failure = failure.getCause();
        }
        assertTrue(failure instanceof UserError, failure::toString);
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
        assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
    }
}
