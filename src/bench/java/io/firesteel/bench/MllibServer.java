package io.firesteel.bench;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.NativeBLAS;
import io.firesteel.linalg.Blas;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A process with a Spark session and MLlib's multilayer perceptron in it.
 *
 * <p>Its arguments are the master and the BLAS: {@code default}, what netlib finds as Spark is installed, or {@code
 * openblas}, the one that Firesteel carries. Netlib chooses once in a JVM, hence a process for each.
 */
final class MllibServer {
    private final SparkSession spark;
    private final Map<Problem, Dataset<Row>> cached = new HashMap<>();
    private final Map<Problem, MultilayerPerceptronClassificationModel> models = new HashMap<>();

    private MllibServer(SparkSession spark) {
        this.spark = spark;
    }

    public static void main(String[] arguments) throws Exception {
        boolean openBlas = arguments[1].equals("openblas");
        if (openBlas) {
            System.err.println("MLlib's BLAS: " + Blas.description()); // loading it hands it to netlib
        }
        BLAS blas = BLAS.getInstance();
        if (blas instanceof NativeBLAS != openBlas) {
            throw new IllegalStateException(
                    "MLlib's BLAS is " + blas.getClass() + ", not " + arguments[1] + " as asked for");
        }
        try (SparkSession spark = Sessions.plain(arguments[0])) {
            Child.serve(new MllibServer(spark)::answer);
        }
    }

    private double[] answer(String[] r) {
        int[] n = Arrays.stream(r).skip(2).mapToInt(Integer::parseInt).toArray();
        return switch (r[0]) {
            case "steps" -> steps(Problem.of(r[1], n[0]), n[1], n[2], n[3]);
            case "losses" -> losses(Problem.of(r[1], n[0]), n[1], n[2]);
            case "transform" -> transform(Problem.of(r[1], n[0]));
            case "drop" -> drop();
            default -> throw new IllegalArgumentException(Arrays.toString(r));
        };
    }

    /** Seconds a step: the difference between two runs that differ in the number of steps only. */
    private double[] steps(Problem problem, int blockSize, int few, int many) {
        return new double[] {(seconds(problem, blockSize, many) - seconds(problem, blockSize, few)) / (many - few)};
    }

    private double seconds(Problem problem, int blockSize, int steps) {
        Dataset<Row> data = data(problem);
        long start = System.nanoTime();
        MultilayerPerceptronClassificationModel model = fit(problem, data, blockSize, steps);
        double seconds = (System.nanoTime() - start) / 1e9;
        int taken = model.summary().objectiveHistory().length - 1; // it too evaluates once more at the end
        if (taken != steps) {
            throw new IllegalStateException("MLlib took " + taken + " steps of " + steps);
        }
        return seconds;
    }

    /** MLlib's loss after 0, 1, ... steps; with blocks of one row it is the exact mean. */
    private double[] losses(Problem problem, int blockSize, int steps) {
        return fit(problem, data(problem), blockSize, steps).summary().objectiveHistory();
    }

    /** Seconds that a model of one step takes to predict the cached rows. */
    private double[] transform(Problem problem) {
        Dataset<Row> data = data(problem);
        MultilayerPerceptronClassificationModel model =
                models.computeIfAbsent(problem, absent -> fit(problem, data, 128, 1));
        return new double[] {Problem.transformSeconds(model, data)};
    }

    private static MultilayerPerceptronClassificationModel fit(
            Problem problem, Dataset<Row> data, int blockSize, int steps) {
        return new MultilayerPerceptronClassifier()
                .setLayers(problem.layers().stream().mapToInt(n -> n).toArray())
                .setInitialWeights(Vectors.dense(problem.start()))
                .setSolver("gd")
                .setStepSize(Problem.LEARNING_RATE)
                .setBlockSize(blockSize)
                .setMaxIter(steps)
                .setTol(0) // it stops when a step's length is less than this part of the weights': never
                .fit(data);
    }

    private Dataset<Row> data(Problem problem) {
        return cached.computeIfAbsent(problem, absent -> {
            Dataset<Row> data = problem.vectors(spark).cache();
            data.count();
            return data;
        });
    }

    private double[] drop() {
        cached.values().forEach(data -> data.unpersist(true));
        cached.clear();
        return new double[] {0};
    }
}
