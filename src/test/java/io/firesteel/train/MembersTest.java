package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.SampleBlocks;
import io.firesteel.compute.Sampling;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Dropout;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Samples;
import io.firesteel.optim.Evaluated;
import io.firesteel.optim.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ensembles against networks that are computed, and trained, one by one. */
class MembersTest {
    private static final int M = 23;
    private static final int MEMBERS = 3;

    private static Network network(Loss loss) {
        return Networks.of(List.of(4, 6, 5, 3), Activation.TANH, loss);
    }

    private static MeanLoss objective(LossKernel kernel, Samples samples, int blockRows) {
        return new MeanLoss(kernel, LocalRunner.of(SampleBlocks.of(samples, kernel.precision(), blockRows), 2));
    }

    /** The loss is the mean of the members' own losses: with their own masks, over the same rows. */
    @ParameterizedTest
    @EnumSource
    void at_isTheMeanOfTheMembersLosses(Loss loss) {
        Network network = network(loss).withMembers(MEMBERS);
        double[] theta = Initializer.GLOROT.start(network, 1, 11);
        Samples samples = Samples.random(network, M, true, 12);
        for (int blockRows : new int[] {3, M}) {
            Sampling sampling = new Sampling(7, new Dropout(0.2, List.of(0.3)), new BatchSchedule(7, 9, M, blockRows));
            LossKernel kernel = new LossKernel(network, Precision.DOUBLE, ClassWeights.NONE, 0, sampling);
            for (int step : new int[] {0, 4}) {
                StepSamples seen = StepSamples.of(samples, sampling, blockRows, step);
                double expected = 0;
                double[] gradient = new double[theta.length];
                int n = theta.length / MEMBERS;
                for (int member = 0; member < MEMBERS; member++) {
                    NaiveNetwork.Value one = NaiveNetwork.members(network, theta)
                            .get(member)
                            .dropping(seen.masks(network, member, sampling, step))
                            .at(seen.samples(), 0);
                    expected += one.loss() / MEMBERS;
                    for (int i = 0; i < n; i++) {
                        gradient[member * n + i] = one.gradient()[i] / MEMBERS;
                    }
                }
                Evaluated found =
                        Evaluated.at(objective(kernel, samples, blockRows).ofStep(step), theta);
                assertEquals(expected, found.loss(), 1e-12 * Math.max(1, expected));
                assertArrayEquals(gradient, found.gradient(), 1e-12 * Math.max(1, expected));
            }
        }
    }

    /** Predictions are the mean of the members' outputs, and what is measured is the loss of this mean. */
    @ParameterizedTest
    @EnumSource
    void predict_isTheMeanOfTheMembersOutputs(Loss loss) {
        Network network = network(loss).withMembers(MEMBERS);
        double[] theta = Initializer.NORMAL.start(network, 1.5, 3);
        Samples samples = Samples.random(network, M, true, 4);
        List<NaiveNetwork> members = NaiveNetwork.members(network, theta);
        for (Precision precision : Precision.values()) {
            double tolerance = precision == Precision.DOUBLE ? 1e-13 : 1e-4;
            Parameters parameters = new Parameters(network, precision);
            parameters.theta().setAll(theta);
            Backprop backprop = new Backprop(network, parameters, M);
            double expected = 0;
            Matrix found = backprop.predict(samples.all(precision).x());
            for (int e = 0; e < M; e++) {
                double[] mean = new double[network.outputs()];
                for (NaiveNetwork member : members) {
                    double[] a = member.outputs(samples.x()[e]);
                    Arrays.setAll(mean, i -> mean[i] + a[i] / MEMBERS);
                }
                double[] predicted = members.get(0).ordered(mean);
                for (int i = 0; i < mean.length; i++) {
                    assertEquals(predicted[i], found.get(i, e), tolerance * Math.max(1, Math.abs(mean[i])));
                }
                expected += samples.weights()[e] * members.get(0).lossOf(mean, samples.y()[e]);
            }
            double ofMean = backprop.evaluated(samples.all(precision)).loss();
            assertEquals(expected, ofMean, tolerance * Math.max(1, expected));
        }
    }

    /** Members that are sure, of opposite things or of the same one, leave no logarithm of 0. */
    @ParameterizedTest
    @EnumSource(names = {"SIGMOID_CROSS_ENTROPY", "SOFTMAX_CROSS_ENTROPY"})
    void loss_ofSureMembers_isFinite(Loss loss) {
        Network network = Network.of(List.of(1, 2), Activation.TANH, loss).withMembers(2);
        Samples samples = Samples.random(network, 1, false, 1);
        boolean sigmoid = loss == Loss.SIGMOID_CROSS_ENTROPY;
        double[][] y = {sigmoid ? new double[] {1, 0} : new double[] {0}};
        Samples one = new Samples(samples.x(), y, null);
        // W and b of either member: z = (z_1, z_2)
        double[] apart = {0, 0, -900, 900, 0, 0, 900, -900};
        double[] wrong = {0, 0, -900, 900, 0, 0, -1000, 1000};
        double half = loss(network, apart, one); // the mean is (1/2, 1/2)
        assertEquals((sigmoid ? 2 : 1) * Math.log(2), half, 1e-12);
        double both = loss(network, wrong, one); // the nearer of the two counts, by half
        assertEquals(sigmoid ? 2 * (900 + Math.log(2)) : 1800 + Math.log(2), both, 1e-9);
    }

    private static double loss(Network network, double[] theta, Samples samples) {
        return new Backprop(network, Parameters.of(network, theta), samples.size())
                .evaluated(samples.all(Precision.DOUBLE))
                .loss();
    }

    /**
     * Each of four members takes the steps that it would take alone, from the same start, to the last bit: a division by 4 has
     * no rounding.
     */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LBFGS")
    void train_givesEachMemberTheWeightsThatItWouldHaveAlone(OptimizerKind kind) {
        Network alone = network(Loss.SOFTMAX_CROSS_ENTROPY);
        Network network = alone.withMembers(4);
        Samples samples = Samples.random(network, M, true, 5);
        TrainingConfig config = Configs.of(
                alone.units().subList(1, alone.depth()),
                alone.activations(),
                Initializer.GLOROT,
                1,
                new OptimizerConfig(kind, Map.of(), new Schedule.Cosine(), kind.hasRatesOfTensors()),
                new Pace(20, null, 7, null),
                new Regularization(0.01, 0.001, 0, List.of(0.0), true, 0),
                0,
                5,
                Precision.SINGLE);
        double[] start = new Trainer(network, config, M).start();
        double[] together = trained(network, config, samples, start);
        int n = alone.parameterCount();
        assertArrayEquals(
                new Trainer(alone, config, M).start(), Arrays.copyOf(start, n), "the first starts as if alone");
        for (int member = 0; member < 4; member++) {
            double[] from = Arrays.copyOfRange(start, member * n, (member + 1) * n);
            double[] part = Arrays.copyOfRange(together, member * n, (member + 1) * n);
            assertFalse(member > 0 && Arrays.equals(from, Arrays.copyOf(start, n)), "each has its own start");
            assertArrayEquals(trained(alone, config, samples, from), part, "member " + member);
        }
    }

    private static double[] trained(Network network, TrainingConfig config, Samples samples, double[] start) {
        LossKernel kernel = config.loss(network, ClassWeights.NONE, M, 10);
        return new Trainer(network, config, M)
                .train(objective(kernel, samples, 10), Trainer.ResumePoint.beginning(start), step -> {})
                .theta();
    }

    @Test
    void network_ofNoOrTooManyMembers_isRefused() {
        Network one = network(Loss.SQUARED_ERROR);
        assertThrows(IllegalArgumentException.class, () -> one.withMembers(0));
        int most = Network.MOST_PARAMETERS / one.parameterCount();
        assertEquals(most * one.parameterCount(), one.withMembers(most).parameterCount());
        String message = assertThrows(IllegalArgumentException.class, () -> one.withMembers(most + 1))
                .getMessage();
        assertTrue(message.contains("of " + (most + 1) + " members have too many parameters"), message);
    }
}
