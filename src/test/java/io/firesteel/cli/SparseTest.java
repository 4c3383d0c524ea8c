package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.compute.LossKernel;
import io.firesteel.data.Split;
import io.firesteel.data.TrainingSet;
import io.firesteel.data.TrainingSets;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.SparseMatrix;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Columns;
import io.firesteel.table.Table;
import io.firesteel.train.Configs;
import io.firesteel.train.MeanLoss;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that are nearly empty: trained without their zeros, to the weights that they would have with them. */
@Tag("spark")
class SparseTest {
    /** So many that there are several blocks. */
    private static final int ROWS = 2100;

    private static final int FEATURES = 150;
    private static final int PER_ROW = 5;

    @TempDir
    private Path dir;

    private int models;

    /** Of each row the features that are not 0, by number from 0; and the label. */
    private static final List<Map<Integer, Double>> rows = new ArrayList<>();

    private static final List<Integer> labels = new ArrayList<>();

    @BeforeAll
    static void rows() {
        rows.clear();
        labels.clear();
        Random random = new Random(3);
        for (int j = 0; j < ROWS; j++) {
            Map<Integer, Double> row = new TreeMap<>();
            for (int k = 0; k < PER_ROW; k++) {
                row.put(random.nextInt(FEATURES), 1 + random.nextGaussian());
            }
            row.put(FEATURES - 1, 0.5);
            rows.add(row);
            labels.add(row.keySet().stream().mapToInt(i -> i % 3 - 1).sum() > 0 ? 1 : 0);
        }
    }

    private Path libSvm(String name, int from, int to, Scaling scaling) {
        return Cli.write(
                dir.resolve(name),
                IntStream.range(from, to)
                        .mapToObj(j -> labels.get(j) + " "
                                + rows.get(j).entrySet().stream()
                                        .map(entry -> entry.getKey() + 1 + ":"
                                                + scaling.scale(entry.getKey(), entry.getValue()))
                                        .collect(Collectors.joining(" ")))
                        .toList());
    }

    private Path libSvm() {
        return libSvm("t.libsvm", 0, ROWS, Scaling.none(FEATURES));
    }

    /** The rows as vectors, of which every other is a dense one. */
    private Path vectors() {
        List<Row> table = new ArrayList<>();
        for (int j = 0; j < ROWS; j++) {
            int[] indices = rows.get(j).keySet().stream().mapToInt(i -> i).toArray();
            double[] values = rows.get(j).values().stream().mapToDouble(v -> v).toArray();
            Vector vector = Vectors.sparse(FEATURES, indices, values);
            table.add(RowFactory.create(labels.get(j), j % 2 == 0 ? vector : vector.toDense()));
        }
        StructType schema = new StructType().add("y", DataTypes.IntegerType).add("v", SQLDataTypes.VectorType());
        Path path = dir.resolve("t.parquet");
        TestSpark.session().createDataFrame(table, schema).coalesce(1).write().parquet(path.toString());
        return path;
    }

    private TrainedModel train(Path data, Object... more) {
        return Cli.load(trainTo(data, more));
    }

    private Path trainTo(Path data, Object... more) {
        Path model = dir.resolve("model" + models++);
        List<Object> args = new ArrayList<>(List.of("train", "--data", data, "--model", model));
        args.addAll(List.of("--hidden", "5", "--iterations", "5", "--learning-rate", "0.5"));
        args.addAll(List.of(more));
        Cli.succeed(args.toArray());
        return model;
    }

    @Test
    void train_equalsThatOfDenseRows() {
        Path data = libSvm();
        TrainedModel dense = train(data, "--standardize", "false", "--sparse", "false");
        TrainedModel sparse = train(data, "--standardize", "false", "--sparse", "true");
        TrainedModel auto = train(data, "--standardize", "false");
        assertArrayEquals(dense.theta(), sparse.theta(), 1e-12);
        assertArrayEquals(sparse.theta(), auto.theta());
        assertEquals(
                dense.description().provenance().blockRows(),
                sparse.description().provenance().blockRows());

        // In single precision, as far as that goes.
        assertArrayEquals(
                dense.theta(),
                train(data, "--standardize", "false", "--precision", "single").theta(),
                1e-5);

        // The same rows as cells.
        List<String> lines = new ArrayList<>();
        lines.add(IntStream.range(0, FEATURES).mapToObj(i -> "x" + i).collect(Collectors.joining(",")) + ",y");
        for (int j = 0; j < ROWS; j++) {
            Map<Integer, Double> row = rows.get(j);
            lines.add(IntStream.range(0, FEATURES)
                            .mapToObj(i -> row.getOrDefault(i, 0.0).toString())
                            .collect(Collectors.joining(","))
                    + "," + labels.get(j));
        }
        Path csv = Cli.write(dir.resolve("t.csv"), lines);
        Object[] label = {"--label", "y", "--standardize", "false"};
        assertArrayEquals(
                sparse.theta(), train(csv, Cli.plus(label, "--sparse", "true")).theta());
        assertArrayEquals(dense.theta(), train(csv, label).theta());
    }

    /** As dense rows whose numbers have been divided by the deviations beforehand. */
    @Test
    void train_standardizesWithoutCentring() {
        Scaling dense =
                train(libSvm(), "--sparse", "false").description().inputs().scaling();
        TrainedModel sparse = train(libSvm());
        Scaling scaling = sparse.description().inputs().scaling();
        assertArrayEquals(new double[FEATURES], scaling.mean());
        assertArrayEquals(dense.deviation(), scaling.deviation(), 1e-12);
        assertEquals(0.5, dense.mean()[FEATURES - 1]);
        assertEquals(1, scaling.deviation()[FEATURES - 1]); // of a column that is the same everywhere

        Path divided = libSvm("divided.libsvm", 0, ROWS, scaling);
        TrainedModel expected = train(divided, "--standardize", "false", "--sparse", "false");
        assertArrayEquals(expected.theta(), sparse.theta(), 1e-12);
    }

    @Test
    void train_columnOfVectors() throws IOException {
        Path vectors = vectors();
        Path model = trainTo(vectors, "--label", "y");
        TrainedModel expected = train(libSvm());
        assertArrayEquals(expected.theta(), Cli.load(model).theta());
        assertEquals("v_149", Cli.load(model).description().inputs().features().get(FEATURES - 1));
        assertArrayEquals(
                expected.theta(),
                train(vectors, "--label", "y", "--features", "v").theta());

        Path dense = trainTo(vectors, "--label", "y", "--sparse", "false");
        assertArrayEquals(
                train(libSvm(), "--sparse", "false").theta(), Cli.load(dense).theta());
        for (Path one : List.of(model, dense)) {
            Path out = dir.resolve("out.parquet");
            Cli.succeed("predict", "--model", one, "--data", vectors, "--output", out, "--overwrite");
            List<Row> predicted = TestSpark.session()
                    .read()
                    .parquet(out.toString())
                    .select("v", "probability_1")
                    .collectAsList();
            assertEquals(ROWS, predicted.size());
            TrainedModel loaded = Cli.load(one);
            for (Row row : predicted.subList(0, 50)) {
                double[] features = ((Vector) row.get(0)).toArray();
                assertEquals(loaded.score(features)[1], row.getDouble(1), 1e-14);
            }
        }
    }

    @Test
    void evaluateAndPredict_libSvm() {
        Path data = libSvm();
        for (String sparse : List.of("true", "false")) {
            Path model = dir.resolve("model-" + sparse);
            String[] args = {"--sparse", sparse, "--hidden", "5", "--iterations", "5", "--learning-rate", "0.5"};
            String trained =
                    Cli.succeed(Cli.plus(new Object[] {"train", "--data", data, "--model", model}, (Object[]) args));
            String line = trained.lines()
                    .filter(text -> text.startsWith("training"))
                    .findFirst()
                    .orElseThrow()
                    .substring("training".length())
                    .strip();
            String evaluated = Cli.succeed("evaluate", "--model", model, "--data", data);
            assertTrue(evaluated.startsWith(line), line + "\n" + evaluated);
            assertEquals(
                    sparse.equals("true"),
                    trained.contains("150 features (3.9% filled: sparse, not centred)"),
                    trained);

            Path out = dir.resolve("out.parquet");
            Cli.succeed("predict", "--model", model, "--data", data, "--output", out, "--overwrite");
            List<Row> predicted = TestSpark.session()
                    .read()
                    .parquet(out.toString())
                    .select("value", "probability_1")
                    .collectAsList();
            assertEquals(ROWS, predicted.size());
            TrainedModel loaded = Cli.load(model);
            for (Row row : predicted.subList(0, 50)) {
                double[] features = new double[FEATURES];
                String[] pairs = row.getString(0).split(" ");
                for (String pair : Arrays.asList(pairs).subList(1, pairs.length)) {
                    features[Integer.parseInt(pair.split(":")[0]) - 1] = Double.parseDouble(pair.split(":")[1]);
                }
                assertEquals(loaded.score(features)[1], row.getDouble(1), 1e-14);
            }
        }
    }

    @Test
    void train_sameBitsForAnyPartitionsFilesAndEngine() {
        Path whole = libSvm();
        libSvm("parts/part-0.libsvm", 0, 700, Scaling.none(FEATURES));
        libSvm("parts/part-1.libsvm", 700, 701, Scaling.none(FEATURES));
        libSvm("parts/part-2.libsvm", 701, ROWS, Scaling.none(FEATURES));
        double[] expected = null;
        for (Path path : List.of(whole, dir.resolve("parts"))) {
            for (int partitions = 1; partitions <= 5; partitions++) {
                Table table = Table.open(TestSpark.session(), path.toString(), null, Map.of());
                Columns columns = Columns.forTraining(
                        table.measured(), Task.CLASSIFICATION, List.of(), List.of(), null, List.of());
                try (TrainingSet data = TrainingSets.read(
                        table,
                        columns,
                        TrainingSets.NUMBERS,
                        Configs.descent(0.1, 3),
                        true,
                        new Split.Fraction(0.2, true),
                        partitions)) {
                    assertTrue(data.training().count() > 3, "too few blocks for a test");
                    assertInstanceOf(
                            SparseMatrix.class,
                            data.training().rdd().first().examples().x());
                    long filled = data.training().rows() * (PER_ROW + 1); // or less: features drawn twice
                    assertTrue(data.training().bytes()
                            <= 12 * filled + 12 * data.training().rows() + 100);
                    for (Engine engine : List.of(Engine.JOB, Engine.LOCAL)) {
                        TrainingConfig config = Configs.descent(0.1, 3);
                        long rows = data.training().rows();
                        LossKernel kernel = new LossKernel(data.network(), config.precision());
                        Trainer trainer = new Trainer(data.network(), config, rows);
                        double[] start = trainer.start();
                        double[] theta = trainer.train(
                                        new MeanLoss(
                                                kernel,
                                                engine.runners(kernel, data.training(), null, start)
                                                        .training()),
                                        Trainer.ResumePoint.beginning(start),
                                        step -> {})
                                .theta();
                        assertArrayEquals(expected == null ? theta : expected, theta, partitions + " " + engine);
                        expected = theta;
                    }
                }
            }
        }
    }
}
