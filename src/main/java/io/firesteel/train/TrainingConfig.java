package io.firesteel.train;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.optim.L2Penalty;
import io.firesteel.optim.Optimizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The resolved settings of a training: what command line, properties file and program code become at the entry. It
 * checks itself.
 *
 * @param hidden the units of each hidden layer; empty for a linear model
 * @param activations one for all hidden layers, or one each
 * @param initializer how the weights start
 * @param initScale the initialiser's scale
 * @param rule the optimiser
 * @param iterations the greatest number of steps; with 0 the model stays as initialised
 * @param l2 lambda of the penalty lambda / 2 ||W||^2
 * @param tolerance training stops when a step improves the objective by less than this part of it; 0 never stops
 * @param seed of the starting weights and the validation split
 * @param precision of blocks and products
 * @param loss of a regression; null for the task's usual one
 */
public record TrainingConfig(
        List<Integer> hidden,
        List<Activation> activations,
        Initializer initializer,
        double initScale,
        OptimizerConfig rule,
        int iterations,
        double l2,
        double tolerance,
        long seed,
        Precision precision,
        Loss loss)
        implements Serializable {

    public TrainingConfig {
        hidden = List.copyOf(hidden);
        activations = List.copyOf(activations);
        for (int units : hidden) {
            expect(units > 0, "hidden", hidden, "positive numbers of units");
        }
        expect(
                activations.size() == 1 || activations.size() == hidden.size(),
                "activation",
                activations,
                "one, or one for each of the " + hidden.size() + " hidden layers");
        expect(initScale >= 0 && Double.isFinite(initScale), "init-scale", initScale, "a number of 0 or more");
        expect(iterations >= 0, "iterations", iterations, "0 or more");
        expect(l2 >= 0 && Double.isFinite(l2), "l2", l2, "a number of 0 or more");
        expect(tolerance >= 0 && tolerance < 1, "tolerance", tolerance, "0 (off) or more, and less than 1");
        expect(loss == null || Loss.OF_REGRESSION.contains(loss), "loss", loss, "one of a regression's");
    }

    /** Gradient descent on the task's usual loss. */
    public TrainingConfig(
            List<Integer> hidden,
            List<Activation> activations,
            Initializer initializer,
            double initScale,
            double learningRate,
            int iterations,
            double l2,
            double tolerance,
            long seed,
            Precision precision) {
        this(
                hidden,
                activations,
                initializer,
                initScale,
                OptimizerConfig.descent(learningRate),
                iterations,
                l2,
                tolerance,
                seed,
                precision,
                null);
    }

    private static void expect(boolean holds, String option, Object value, String expected) {
        if (!holds) {
            String text = value instanceof List<?> list
                    ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                    : value.toString();
            throw new IllegalArgumentException("--" + option + " " + text + ": expected " + expected);
        }
    }

    /** The optimiser of a network's parameters. */
    public Optimizer optimizer(Network network) {
        return rule.optimizer(weights(network));
    }

    /** The optimiser's learning rate; NaN where it has none. */
    public double learningRate() {
        return rule.settings().getOrDefault("learning-rate", Double.NaN);
    }

    /** Which of a network's parameters are weights. */
    static List<L2Penalty.Range> weights(Network network) {
        return IntStream.rangeClosed(1, network.depth())
                .mapToObj(l ->
                        new L2Penalty.Range(network.weightStart(l), network.weightStart(l) + network.weightCount(l)))
                .toList();
    }

    /**
     * The network for a task; refuses a loss that the task cannot have.
     *
     * @param inputs the number of features
     * @param targets the number of classes, or of the regression's targets
     */
    public Network network(Task task, int inputs, int targets) {
        boolean binary = task == Task.CLASSIFICATION && targets == 2;
        List<Integer> layers = new ArrayList<>();
        layers.add(inputs);
        layers.addAll(hidden);
        int outputs = binary ? 1 : targets;
        layers.add(outputs);
        List<Loss> losses = task.losses(outputs);
        expect(loss == null || losses.contains(loss), "loss", loss, "no loss, since a " + task + " has its own");
        Loss chosen = loss == null ? losses.get(0) : loss;
        return activations.size() == 1
                ? Network.of(layers, activations.get(0), chosen)
                : new Network(layers, activations, chosen);
    }
}
