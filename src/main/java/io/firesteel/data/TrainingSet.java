package io.firesteel.data;

import io.firesteel.engine.Blocks;
import io.firesteel.model.Compared;
import io.firesteel.model.Scaling;
import io.firesteel.nn.Network;
import io.firesteel.table.Columns;
import java.util.List;

/**
 * A table ready for training: its classes, the network that fits it, its scaling, and its blocks on the cluster.
 *
 * @param columns with the categories and means that the rows have
 * @param classes the label values; empty where labels are numbers
 * @param compared how labels are compared with the classes
 * @param network with the pieces of the numbers that are encoded by them
 * @param filled the fraction of the features that is stored where inputs are sparse, else null
 * @param inputs the scaling of the inputs
 * @param targets the scaling of the targets
 * @param training the examples to train on
 * @param validation the validation examples, or null
 */
public record TrainingSet(
        Columns columns,
        List<String> classes,
        Compared compared,
        Network network,
        Double filled,
        Scaling inputs,
        Scaling targets,
        Blocks training,
        Blocks validation)
        implements AutoCloseable {

    /** Returns the same data for another network with the same block rows, inputs and outputs, and the pieces of these data. */
    public TrainingSet with(Network other) {
        Network fitting = other.withPieces(network.pieces());
        return new TrainingSet(columns, classes, compared, fitting, filled, inputs, targets, training, validation);
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
