package io.firesteel.train;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Annealing;
import io.firesteel.base.Bounds;
import io.firesteel.base.SettingError;
import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Sampling;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.Optimizer;
import io.firesteel.optim.Penalty;
import io.firesteel.optim.Schedule;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The resolved settings of a training, whichever way they were given. It checks itself.
 *
 * @param hidden the units of each hidden layer; empty for a linear model
 * @param activations one for all hidden layers, or one each
 * @param initializer how the weights start
 * @param initScale the initialiser's scale
 * @param rule the optimiser
 * @param pace how long training is, and how many rows a step sees
 * @param regularization penalties and dropout
 * @param tolerance training stops when an epoch improves the objective, the mean of its steps, by less than this part
 *     of it; 0 never stops
 * @param seed of the starting weights, the validation split, and of what steps see
 * @param precision of blocks and products
 * @param loss of a regression; null for the task's usual one
 * @param quantiles that are predicted with the loss of quantiles; none with another
 * @param classWeighting how much the classes of a classification count
 */
public record TrainingConfig(
        List<Integer> hidden,
        List<Activation> activations,
        Initializer initializer,
        double initScale,
        OptimizerConfig rule,
        Pace pace,
        Regularization regularization,
        double tolerance,
        long seed,
        Precision precision,
        Loss loss,
        Quantiles quantiles,
        ClassWeighting classWeighting)
        implements Serializable {

    public TrainingConfig {
        hidden = List.copyOf(hidden);
        activations = List.copyOf(activations);
        for (int units : hidden) {
            SettingError.expect(units > 0, "hidden", hidden, "positive numbers of units");
        }
        SettingError.expect(
                activations.size() == 1 || activations.size() == hidden.size(),
                "activation",
                activations,
                "one activation, or one for each of the " + hidden.size() + " hidden layers");
        Bounds.NOT_NEGATIVE.check("init-scale", initScale);
        Bounds.RATE_OR_OFF.check("tolerance", tolerance);
        regularization.expectFitting(hidden, rule.kind());
        pace.expectFitting(rule.kind());
        SettingError.expect(loss == null || Loss.OF_REGRESSION.contains(loss), "loss", loss, "a loss of regressions");
        SettingError.expect(
                quantiles.isNone() || loss == Loss.QUANTILE,
                "quantiles",
                quantiles.levels(),
                mention("loss", Loss.QUANTILE) + " with it");
    }

    /** Returns the optimiser of a network's parameters, for a training on this number of rows. */
    public Optimizer optimizer(Network network, long rows) {
        Schedule.Span span = new Schedule.Span(pace.steps(rows), pace.stepsPerEpoch(rows));
        return rule.optimizer(network, annealing(rows), span);
    }

    private Annealing annealing(long rows) {
        return regularization.anneals() ? new Annealing(pace.steps(rows)) : Annealing.NONE;
    }

    /**
     * Returns the loss that training minimises, to be summed over the data.
     *
     * @param classWeights what {@link #classWeighting} comes to with the classes of the data
     * @param rows how many there are
     * @param blockRows the rows of a block
     */
    public LossKernel loss(Network network, ClassWeights classWeights, long rows, int blockRows) {
        BatchSchedule batches = pace.batches(seed, rows, blockRows);
        return new LossKernel(
                network,
                precision,
                classWeights,
                regularization.labelSmoothing(),
                new Sampling(seed, regularization.units(), annealing(rows), batches));
    }

    /** Returns the optimiser's learning rate; NaN where it has none. */
    public double learningRate() {
        return rule.settings().getOrDefault("learning-rate", Double.NaN);
    }

    /** Returns the ranges of a network's parameters that are weights. */
    static List<Penalty.Range> weights(Network network) {
        return network.tensors().stream()
                .filter(placed -> placed.tensor().isWeight())
                .map(placed -> new Penalty.Range(placed.start(), placed.end()))
                .toList();
    }

    /**
     * Returns the network for a task; refuses a loss that the task cannot have.
     *
     * @param inputs the number of features
     * @param targets the number of classes, or of the regression's targets
     */
    public Network network(Task task, int inputs, int targets) {
        boolean binary = task == Task.CLASSIFICATION && targets == 2;
        List<Integer> layers = new ArrayList<>();
        layers.add(inputs);
        layers.addAll(hidden);
        int outputs = binary ? 1 : loss == Loss.QUANTILE ? quantiles.size() : targets;
        layers.add(outputs);
        List<Loss> losses = task.losses(outputs);
        SettingError.expect(
                loss == null || losses.contains(loss), "loss", loss, "no loss, since a " + task + " has its own");
        SettingError.expect(loss != Loss.QUANTILE || targets == 1, "loss", loss, "one target with it, not " + targets);
        Loss chosen = loss == null ? losses.get(0) : loss;
        List<Activation> each =
                activations.size() == 1 ? Collections.nCopies(hidden.size(), activations.get(0)) : activations;
        return new Network(layers, each, chosen, quantiles);
    }
}
