package io.firesteel.train;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Schedule;
import java.util.List;
import java.util.Map;

/** Settings for tests, of which only those that the test is about are given. */
public final class Configs {
    private Configs() {}

    /** The task's usual loss, all classes alike. */
    public static TrainingConfig of(
            List<Integer> hidden,
            List<Activation> activations,
            Initializer initializer,
            double initScale,
            OptimizerConfig rule,
            Pace pace,
            Regularization regularization,
            double tolerance,
            long seed,
            Precision precision) {
        return new TrainingConfig(
                hidden,
                activations,
                initializer,
                initScale,
                rule,
                pace,
                regularization,
                tolerance,
                seed,
                precision,
                null,
                Quantiles.NONE,
                ClassWeighting.NONE);
    }

    /** Plain gradient descent. */
    public static TrainingConfig descent(double learningRate, int iterations) {
        return descent(learningRate, iterations, 0, 0);
    }

    /** Gradient descent with a penalty and a tolerance. */
    public static TrainingConfig descent(double learningRate, int iterations, double l2, double tolerance) {
        return of(
                List.of(),
                List.of(Activation.SIGMOID),
                Initializer.NORMAL,
                1,
                rule(learningRate),
                Pace.of(iterations),
                l2(l2),
                tolerance,
                1,
                Precision.DOUBLE);
    }

    /** Gradient descent on a network, with batches, penalties and dropout. */
    public static TrainingConfig descent(
            Network network,
            double learningRate,
            Pace pace,
            Regularization regularization,
            long seed,
            double tolerance) {
        return of(
                network.units().subList(1, network.depth()),
                List.of(Activation.SIGMOID),
                Initializer.NORMAL,
                1,
                rule(learningRate),
                pace,
                regularization,
                tolerance,
                seed,
                Precision.DOUBLE);
    }

    /** Gradient descent at a constant learning rate. */
    public static OptimizerConfig rule(double learningRate) {
        return rule(OptimizerKind.GD, Map.of("learning-rate", learningRate), new Schedule.Constant());
    }

    /** An optimiser with one learning rate for all tensors. */
    public static OptimizerConfig rule(OptimizerKind kind, Map<String, Double> settings, Schedule schedule) {
        return new OptimizerConfig(kind, settings, schedule, false);
    }

    /** A penalty. */
    public static Regularization l2(double l2) {
        return new Regularization(l2, 0, 0, List.of(0.0), false, 0);
    }
}
