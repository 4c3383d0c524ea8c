package io.firesteel.bench;

import java.util.Arrays;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The least program that trains a perceptron with MLlib, from a Parquet table to a saved model: what {@code firesteel
 * train} is compared with. Its arguments are the data, the model, the hidden units, the solver and the steps; it prints the
 * last loss.
 *
 * <p>It runs with Spark's jars alone, so it uses nothing of this project.
 */
final class MllibProgram {
    private MllibProgram() {}

    public static void main(String[] arguments) throws Exception {
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .getOrCreate()) {
            Dataset<Row> table = spark.read().parquet(arguments[0]);
            String[] features = Arrays.stream(table.columns())
                    .filter(name -> !name.equals("label"))
                    .toArray(String[]::new);
            Dataset<Row> data = new VectorAssembler()
                    .setInputCols(features)
                    .setOutputCol("features")
                    .transform(table);
            MultilayerPerceptronClassificationModel model = new MultilayerPerceptronClassifier()
                    .setLayers(new int[] {features.length, Integer.parseInt(arguments[2]), 10})
                    .setSolver(arguments[3])
                    .setMaxIter(Integer.parseInt(arguments[4]))
                    .setTol(0)
                    .setSeed(1)
                    .fit(data);
            double[] losses = model.summary().objectiveHistory();
            System.out.println("loss " + losses[losses.length - 1]);
            model.write().overwrite().save(arguments[1]);
        }
    }
}
