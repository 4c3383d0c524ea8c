package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Lbfgs;
import io.firesteel.optim.Optimizer;
import io.firesteel.optim.Steps;
import io.firesteel.train.MeanLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** L-BFGS on the digits beside Spark MLlib's perceptron, whose L-BFGS is Breeze's: one network, one start, one objective. */
@Tag("spark")
class LbfgsAgainstMllibTest {
    private static final int ITERATIONS = 100;

    /** Counts MLlib's evaluations, each of which is a job. */
    private static final class Evaluations extends SparkListener {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void onJobStart(SparkListenerJobStart job) {
            boolean evaluates = CollectionConverters.asJava(job.stageInfos()).stream()
                    .anyMatch(stage -> stage.name().contains("LBFGS"));
            count.addAndGet(evaluates ? 1 : 0);
        }
    }

    /** MLlib's layout of the weights is ours; in one block its mean loss is exact. */
    private static double[] mllibsLosses(Network network, Samples digits, double[] start) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < digits.size(); i++) {
            rows.add(RowFactory.create(digits.y()[i][0], Vectors.dense(digits.x()[i])));
        }
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType)
                .add(new StructField("features", new VectorUDT(), false, org.apache.spark.sql.types.Metadata.empty()));
        return new MultilayerPerceptronClassifier()
                .setLayers(network.units().stream().mapToInt(n -> n).toArray())
                .setInitialWeights(Vectors.dense(start))
                .setBlockSize(digits.size())
                .setMaxIter(ITERATIONS)
                .setTol(0)
                .fit(TestSpark.session().createDataFrame(rows, schema).coalesce(1))
                .summary()
                .objectiveHistory();
    }

    @Test
    void next_reachesMllibsLoss_inNoMoreEvaluations() throws IOException, TimeoutException {
        double[][] cells = Files.readAllLines(Path.of("data/digits.csv")).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(","))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toArray(double[][]::new);
        double[][] x = new double[cells.length][64];
        double[][] y = new double[cells.length][1];
        for (int i = 0; i < cells.length; i++) {
            for (int j = 0; j < 64; j++) {
                x[i][j] = cells[i][j] / 16;
            }
            y[i][0] = cells[i][64];
        }
        Samples digits = new Samples(x, y, null);
        Network network = Network.of(List.of(64, 64, 10), Activation.SIGMOID, Loss.SOFTMAX_CROSS_ENTROPY);
        double[] start = Initializer.GLOROT.start(network, 1, 1);
        SparkContext spark = TestSpark.session().sparkContext();
        Evaluations theirEvaluations = new Evaluations();
        spark.addSparkListener(theirEvaluations);
        double[] theirs = mllibsLosses(network, digits, start);
        spark.listenerBus().waitUntilEmpty();
        spark.removeSparkListener(theirEvaluations);
        double goal = theirs[theirs.length - 1];

        MeanLoss objective = new MeanLoss(
                new LossKernel(network, Precision.DOUBLE),
                LocalRunner.of(SampleBlocks.of(digits, Precision.DOUBLE, digits.size()), 1));
        assertEquals(objective.at(start, new double[start.length]), theirs[0], 1e-10, "the same objective");
        Optimizer.State state = Steps.start(new Lbfgs(10), start);
        double loss = Double.POSITIVE_INFINITY;
        long before = objective.times().evaluations();
        for (int i = 0; i < 2 * ITERATIONS && loss > goal; i++) {
            Steps.take(state, objective);
            loss = state.snapshot().numbers().get("value");
        }
        long evaluations = objective.times().evaluations() - before;
        String what = evaluations + " evaluations to " + loss + ", MLlib's " + theirEvaluations.count + " to " + goal
                + " in " + (theirs.length - 1) + " steps";
        assertTrue(theirEvaluations.count.get() >= theirs.length, what);
        // 55 against 56, as measured; another machine's products round otherwise.
        assertTrue(loss <= goal && evaluations <= theirEvaluations.count.get() + 5, what);
    }
}
