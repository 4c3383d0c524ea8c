package io.firesteel.train;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import java.util.List;

/** Settings for tests, of which only those that the test is about are given. */
public final class Configs {
    private Configs() {}

    /** Plain gradient descent. */
    public static TrainingConfig descent(double learningRate, int iterations) {
        return descent(learningRate, iterations, 0, 0);
    }

    /** Gradient descent on a network, with batches, penalties and dropout. */
    public static TrainingConfig descent(
            Network network,
            double learningRate,
            Pace pace,
            Regularization regularization,
            long seed,
            double tolerance) {
        return new TrainingConfig(
                network.units().subList(1, network.depth()),
                List.of(Activation.SIGMOID),
                Initializer.NORMAL,
                1,
                OptimizerConfig.descent(learningRate),
                pace,
                regularization,
                tolerance,
                seed,
                Precision.DOUBLE,
                null,
                Quantiles.NONE,
                ClassWeighting.NONE);
    }

    /** Gradient descent with a penalty and a tolerance. */
    public static TrainingConfig descent(double learningRate, int iterations, double l2, double tolerance) {
        return new TrainingConfig(
                List.of(),
                List.of(Activation.SIGMOID),
                Initializer.NORMAL,
                1,
                learningRate,
                iterations,
                l2,
                tolerance,
                1,
                Precision.DOUBLE);
    }
}
