package io.firesteel.bench;

import io.firesteel.compute.Block;
import io.firesteel.engine.Blocks;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Schedule;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.OptimizerConfig;
import io.firesteel.train.OptimizerKind;
import io.firesteel.train.Pace;
import io.firesteel.train.Regularization;
import io.firesteel.train.TrainingConfig;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A network, sigmoid with softmax at the end as MLlib's only one is, and data for it: the same numbers whoever asks for
 * them, as Firesteel's blocks or as Spark's rows.
 */
record Problem(List<Integer> layers, int rows) implements Serializable {
    /** MLlib's default. */
    static final double LEARNING_RATE = 0.03;

    Problem {
        layers = List.copyOf(layers);
    }

    /** A problem with layers written as 784-256-10. */
    static Problem of(String layers, int rows) {
        return new Problem(
                Arrays.stream(layers.split("-")).map(Integer::valueOf).toList(), rows);
    }

    Network network() {
        return Network.of(layers, Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    /** The settings of this many steps. */
    TrainingConfig config(int steps, Precision precision) {
        return new TrainingConfig(
                hidden(), List.of(Activation.SIGMOID), Initializer.GLOROT, 1, LEARNING_RATE, steps, 0, 0, 1, precision);
    }

    /** The settings of a training with Adam in batches. */
    TrainingConfig adam(Pace pace, Precision precision) {
        return new TrainingConfig(
                hidden(),
                List.of(Activation.SIGMOID),
                Initializer.GLOROT,
                1,
                new OptimizerConfig(OptimizerKind.ADAM, Map.of("learning-rate", 0.001), new Schedule.Constant()),
                pace,
                Regularization.NONE,
                0,
                1,
                precision,
                null,
                Quantiles.NONE,
                ClassWeighting.NONE);
    }

    /** The starting weights: W[1] b[1] W[2] b[2] ..., each matrix column after column, which is MLlib's layout too. */
    double[] start() {
        return Initializer.GLOROT.start(network(), 1, 1);
    }

    /** Floating-point operations of the products of a step over this many examples: forward, dW, and all dA but dA[0]. */
    double flops(long examples) {
        long multiplications = 0;
        for (int l = 1; l < layers.size(); l++) {
            multiplications += (l == 1 ? 2L : 3L) * layers.get(l) * layers.get(l - 1);
        }
        return 2.0 * multiplications * examples;
    }

    /** The units of the hidden layers. */
    List<Integer> hidden() {
        return layers.subList(1, layers.size() - 1);
    }

    int classes() {
        return layers.get(layers.size() - 1);
    }

    int features() {
        return layers.get(0);
    }

    /** The class of a row. */
    int label(long row) {
        return (int) Math.floorMod(mix(row), (long) classes());
    }

    /** A feature of a row: noise around the centre of its class, rounded to a float, so that both precisions have it. */
    double feature(long row, int label, int i) {
        return (float) (uniform((row << 12) + i) + 0.3 * uniform(-1 - i - ((long) label << 12)));
    }

    private static double uniform(long seed) {
        return (mix(seed) >> 11) * 0x1p-52; // -1 to 1
    }

    private static long mix(long seed) {
        long z = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    // As Firesteel's blocks.

    int blockRows() {
        return Blocks.rowsFor(network());
    }

    int blockCount() {
        return (rows + blockRows() - 1) / blockRows();
    }

    Block block(int number, Precision precision) {
        int first = number * blockRows();
        int size = Math.min(blockRows(), rows - first);
        Matrix x = precision.zeros(features(), size);
        Matrix y = precision.zeros(1, size);
        for (int j = 0; j < size; j++) {
            int label = label(first + j);
            y.set(0, j, label);
            for (int i = 0; i < features(); i++) {
                x.set(i, j, feature(first + j, label, i));
            }
        }
        return new Block(number, new Examples(x, y, null));
    }

    List<Block> blocks(Precision precision) {
        List<Block> blocks = new ArrayList<>();
        for (int number = 0; number < blockCount(); number++) {
            blocks.add(block(number, precision));
        }
        return blocks;
    }

    /** The blocks, cached, one partition a core. */
    Blocks cached(SparkSession spark, Precision precision) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<Integer> numbers = IntStream.range(0, blockCount()).boxed().toList();
        JavaRDD<Block> rdd = context.parallelize(new ArrayList<>(numbers), context.defaultParallelism())
                .map(new MakeBlock(this, precision));
        return Blocks.cached(rdd, blockCount(), blockRows(), rows);
    }

    private record MakeBlock(Problem problem, Precision precision) implements Function<Integer, Block> {
        @Override
        public Block call(Integer number) {
            return problem.block(number, precision);
        }
    }

    // As numbers in a file.

    /** Writes the features of each row, and then its label, as floats in the machine's own order of bytes. */
    void writeNumbers(Path path) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            ByteBuffer bytes =
                    ByteBuffer.allocate((features() + 1) * Float.BYTES).order(ByteOrder.nativeOrder());
            for (int row = 0; row < rows; row++) {
                int label = label(row);
                bytes.clear();
                for (int i = 0; i < features(); i++) {
                    bytes.putFloat((float) feature(row, label, i));
                }
                out.write(bytes.putFloat(label).array());
            }
        }
    }

    // As Spark's rows.

    /** Rows of a vector {@code features} and a {@code label}: what MLlib wants. */
    Dataset<Row> vectors(SparkSession spark) {
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType, false)
                .add("features", SQLDataTypes.VectorType(), false);
        return rows(spark, new MakeVector(this), schema);
    }

    /** Seconds that a model takes to add its columns to rows, none of which is kept. */
    static double transformSeconds(Transformer model, Dataset<Row> rows) {
        long start = System.nanoTime();
        model.transform(rows).write().format("noop").mode("overwrite").save();
        return (System.nanoTime() - start) / 1e9;
    }

    /** Rows of a column for each feature, x1, x2, ..., and a {@code label}: what files hold. */
    Dataset<Row> columns(SparkSession spark) {
        return rows(spark, new MakeColumns(this), columns());
    }

    /** The same columns with a label that has to be learnt: noise, and the class that a network of random weights gives it. */
    Dataset<Row> taughtColumns(SparkSession spark) {
        return rows(spark, new MakeTaughtColumns(this, new Teacher(features(), classes())), columns());
    }

    StructType columns() {
        StructType schema = new StructType();
        for (int i = 1; i <= features(); i++) {
            schema = schema.add("x" + i, DataTypes.DoubleType);
        }
        return schema.add("label", DataTypes.IntegerType);
    }

    private Dataset<Row> rows(SparkSession spark, MapFunction<Long, Row> make, StructType schema) {
        int partitions = spark.sparkContext().defaultParallelism();
        return spark.range(0, rows, 1, partitions).map(make, Encoders.row(schema));
    }

    private record MakeVector(Problem problem) implements MapFunction<Long, Row> {
        @Override
        public Row call(Long row) {
            int label = problem.label(row);
            double[] values = new double[problem.features()];
            Arrays.setAll(values, i -> problem.feature(row, label, i));
            return RowFactory.create((double) label, Vectors.dense(values));
        }
    }

    private record MakeColumns(Problem problem) implements MapFunction<Long, Row> {
        @Override
        public Row call(Long row) {
            int label = problem.label(row);
            Object[] values = new Object[problem.features() + 1];
            Arrays.setAll(values, i -> i < problem.features() ? (Object) problem.feature(row, label, i) : label);
            return RowFactory.create(values);
        }
    }

    private record MakeTaughtColumns(Problem problem, Teacher teacher) implements MapFunction<Long, Row> {
        @Override
        public Row call(Long row) {
            double[] x = new double[problem.features()];
            Arrays.setAll(x, i -> (float) uniform((row << 12) + i));
            List<Object> values = new ArrayList<>(Arrays.stream(x).boxed().toList());
            values.add(mix(row) % 20 == 0 ? problem.label(row) : teacher.label(x)); // one label in twenty is any class
            return RowFactory.create(values.toArray());
        }
    }

    /** A network of random weights with 24 tanh units, whose greatest output is the class. */
    private static final class Teacher implements Serializable {
        private static final int UNITS = 24;
        private final double[][] units = new double[UNITS][];
        private final double[][] outputs;

        Teacher(int features, int classes) {
            double deviation = Math.sqrt(features) / 3; // of a unit's sum: weights and features are uniform in -1 to 1
            for (int k = 0; k < UNITS; k++) {
                long seed = -1 - ((long) k << 12);
                units[k] = new double[features];
                Arrays.setAll(units[k], i -> 2 / deviation * uniform(seed - i));
            }
            outputs = new double[classes][UNITS];
            for (int c = 0; c < classes; c++) {
                long seed = -1 - ((long) (UNITS + c) << 12);
                Arrays.setAll(outputs[c], k -> uniform(seed - k));
            }
        }

        int label(double[] x) {
            double[] hidden = new double[UNITS];
            Arrays.setAll(hidden, k -> Math.tanh(dot(units[k], x)));
            int best = 0;
            for (int c = 1; c < outputs.length; c++) {
                best = dot(outputs[c], hidden) > dot(outputs[best], hidden) ? c : best;
            }
            return best;
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int i = 0; i < a.length; i++) {
                sum += a[i] * b[i];
            }
            return sum;
        }
    }
}
