package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firesteel.fit.TrainingControl;
import io.firesteel.ml.FiresteelClassifier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A program with Spark's UI, whose port the tests' own session cannot have. It trains by the estimator until it is told to stop,
 * then by the command line, and stays until it is told to end.
 */
final class TabProgram {
    private TabProgram() {}

    /**
     * @param args a table with the columns a, b and the label "class", whose name is hostile in HTML, and where to write a model
     */
    public static void main(String[] args) throws IOException {
        BufferedReader told = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (SparkSession spark = SparkSession.builder().appName("tab").getOrCreate()) {
            System.out.println("application " + spark.sparkContext().applicationId() + " at "
                    + spark.sparkContext().uiWebUrl().get());
            TrainingControl control = new TrainingControl();
            Thread stopping = new Thread(() -> {
                try {
                    told.readLine();
                } catch (IOException e) {
                    // Then it stops, too.
                }
                control.stop();
            });
            stopping.start();
            Dataset<Row> frame = spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(args[0]);
            new FiresteelClassifier()
                    .setPreset("notes")
                    .setInputCols(new String[] {"a", "b"})
                    .setLabelCol(TrainingTabTest.LABEL)
                    .setIterations(100_000_000)
                    .setValidationFraction(0.2)
                    .fit(frame, control);
            stopping.join();
            PrintWriter out = new PrintWriter(System.out, true, UTF_8);
            int code = Firesteel.run(
                    out,
                    out,
                    "train",
                    "--preset",
                    "notes",
                    "--data",
                    args[0],
                    "--label",
                    TrainingTabTest.LABEL,
                    "--model",
                    args[1],
                    "--iterations",
                    "20",
                    "--quiet");
            System.out.println("trained " + code);
            told.readLine();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
