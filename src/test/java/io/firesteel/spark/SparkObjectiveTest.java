package io.firesteel.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.TestSpark;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.optim.GradientDescent;
import io.firesteel.optim.Optimizer;
import io.firesteel.train.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Distributed gradient descent takes the steps of a loop over single examples in plain arrays. */
@Tag("spark")
class SparkObjectiveTest {
    private static final int M = 130;
    private static final int N0 = 5;
    private static final int N1 = 4;
    private static final int STEPS = 20;
    private static final double ALPHA = 0.7;
    private static final Network NETWORK =
            new Network(List.of(N0, N1, 1), List.of(Activation.SIGMOID), Loss.SIGMOID_CROSS_ENTROPY);

    private final double[][] x = new double[M][N0];
    private final double[] y = new double[M];
    private final double[] start = new double[NETWORK.parameterCount()];

    SparkObjectiveTest() {
        Random random = new Random(3);
        for (int j = 0; j < M; j++) {
            for (int i = 0; i < N0; i++) {
                x[j][i] = random.nextGaussian();
            }
            y[j] = j >= M - 2 ? 1 : 0; // the positives are last, where a short block has them
        }
        for (int k = 0; k < start.length; k++) {
            start[k] = 0.3 * random.nextGaussian();
        }
    }

    @ParameterizedTest
    @CsvSource({"1,32", "2,32", "3,32", "8,32", "2,1000", "8,17", "130,1", "3,1", "140,1"})
    void at_stepsAgreeWithALoopOverExamples(int partitions, int blockRows) {
        List<Block> blocks = blocks(blockRows);
        JavaRDD<Block> rdd = context().parallelize(blocks, partitions); // some are empty where there are more of them
        descend(new Blocks(rdd, blocks.size(), blockRows, M, M, java.util.Set.of()), blockRows);
    }

    @Test
    void at_emptyPartitionsAndRowsInAnyPlace() {
        List<Block> blocks = blocks(32);
        List<Block> odd =
                blocks.stream().filter(block -> block.number() % 2 == 1).toList();
        List<Block> even =
                blocks.stream().filter(block -> block.number() % 2 == 0).toList();
        JavaSparkContext context = context();
        JavaRDD<Block> none = context.parallelize(List.of(), 2);
        JavaRDD<Block> rdd = none.union(context.parallelize(odd, 1)).union(none).union(context.parallelize(even, 2));
        descend(Blocks.cached(rdd, blocks.size(), 32, M), 32);
    }

    private static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(TestSpark.session().sparkContext());
    }

    private List<Block> blocks(int blockRows) {
        List<Block> blocks = new ArrayList<>();
        for (int from = 0; from < M; from += blockRows) {
            int size = Math.min(blockRows, M - from);
            double[][] columns = new double[N0][size];
            double[][] targets = new double[1][size];
            for (int j = 0; j < size; j++) {
                for (int i = 0; i < N0; i++) {
                    columns[i][j] = x[from + j][i];
                }
                targets[0][j] = y[from + j];
            }
            Examples examples = new Examples(Precision.DOUBLE.of(columns), Precision.DOUBLE.of(targets), null);
            blocks.add(new Block(blocks.size(), examples));
        }
        return blocks;
    }

    private void descend(Blocks blocks, int blockRows) {
        assertEquals(M, blocks.totalWeight());
        SparkObjective objective = new SparkObjective(NETWORK, Precision.DOUBLE, blocks);
        Optimizer optimizer = new GradientDescent(ALPHA);
        Optimizer.State state = optimizer.start(start);
        double[] theta = start.clone();
        for (int step = 0; step < STEPS; step++) {
            state = optimizer.next(state, objective);
            double loss = naiveStep(theta);
            assertEquals(loss, state.loss(), 1e-12, "loss before step " + step + ", blocks of " + blockRows);
            assertArrayEquals(theta, state.theta(), 1e-12, "after step " + step + ", blocks of " + blockRows);
        }
        blocks.close();
    }

    /** One step of gradient descent, example by example; returns the loss before it. */
    private double naiveStep(double[] theta) {
        // theta is W1, b1, W2, b2, each matrix column after column
        double[][] w1 = new double[N1][N0];
        double[] b1 = new double[N1];
        double[] w2 = new double[N1];
        double b2 = theta[N0 * N1 + N1 + N1];
        for (int h = 0; h < N1; h++) {
            for (int i = 0; i < N0; i++) {
                w1[h][i] = theta[i * N1 + h];
            }
            b1[h] = theta[N0 * N1 + h];
            w2[h] = theta[N0 * N1 + N1 + h];
        }
        double[] gradient = new double[theta.length];
        double loss = 0;
        for (int j = 0; j < M; j++) {
            double[] a1 = new double[N1];
            double z2 = b2;
            for (int h = 0; h < N1; h++) {
                double z = b1[h];
                for (int i = 0; i < N0; i++) {
                    z += w1[h][i] * x[j][i];
                }
                a1[h] = 1 / (1 + Math.exp(-z));
                z2 += w2[h] * a1[h];
            }
            double a2 = 1 / (1 + Math.exp(-z2));
            loss -= (y[j] * Math.log(a2) + (1 - y[j]) * Math.log(1 - a2)) / M;
            double dz2 = a2 - y[j];
            for (int h = 0; h < N1; h++) {
                double dz1 = dz2 * w2[h] * a1[h] * (1 - a1[h]);
                for (int i = 0; i < N0; i++) {
                    gradient[i * N1 + h] += dz1 * x[j][i] / M;
                }
                gradient[N0 * N1 + h] += dz1 / M;
                gradient[N0 * N1 + N1 + h] += dz2 * a1[h] / M;
            }
            gradient[N0 * N1 + N1 + N1] += dz2 / M;
        }
        for (int k = 0; k < theta.length; k++) {
            theta[k] -= ALPHA * gradient[k];
        }
        return loss;
    }
}
