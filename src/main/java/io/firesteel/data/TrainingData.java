package io.firesteel.data;

import io.firesteel.base.UserError;
import io.firesteel.engine.Blocks;
import io.firesteel.model.Scaling;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Network;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.TrainingConfig;
import java.util.List;

/**
 * Everything about a data set that training needs: its classes, the network that fits it, its scaling, and its blocks
 * on the cluster.
 *
 * @param classes the label values; empty where labels are numbers
 * @param filled the part of the features that the examples hold where inputs are sparse, else null
 * @param inputs the scaling of the features
 * @param targets the scaling of the targets
 * @param training the examples to train on
 * @param validation the examples held out, or null
 */
public record TrainingData(
        Columns columns,
        List<String> classes,
        Network network,
        Double filled,
        Scaling inputs,
        Scaling targets,
        Blocks training,
        Blocks validation)
        implements AutoCloseable {

    /**
     * Reads, checks, scales and caches a table.
     *
     * @param standardize whether features, and the targets of a regression, are scaled to mean 0 and deviation 1; sparse
     *     features to deviation 1 alone, the targets of a Poisson regression to mean 1 instead
     * @param partitions how many tasks a step has
     * @throws UserError when the data cannot be used
     */
    public static TrainingData read(
            Table table, Columns columns, TrainingConfig config, boolean standardize, HeldOut heldOut, int partitions) {
        try (TrainingRows rows = TrainingRows.read(table, columns, config.loss(), null)) {
            return rows.data(config, standardize, heldOut, partitions);
        }
    }

    /** The same data for another network, of the same block rows, inputs and outputs. */
    public TrainingData with(Network other) {
        return new TrainingData(columns, classes, other, filled, inputs, targets, training, validation);
    }

    /**
     * What the weighting of classes comes to.
     *
     * @throws UserError when it does not fit the classes
     */
    public ClassWeights classWeights(ClassWeighting weighting) {
        if (weighting.isNone()) {
            return ClassWeights.NONE;
        }
        return weighting.of(classes, training.classTotals(classes.size()));
    }

    /** Frees the blocks. */
    @Override
    public void close() {
        training.close();
        if (validation != null) {
            validation.close();
        }
    }
}
