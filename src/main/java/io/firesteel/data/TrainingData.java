package io.firesteel.data;

import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.nn.ClassWeights;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.spark.Blocks;
import io.firesteel.spark.ColumnMoments;
import io.firesteel.spark.NumberedRows;
import io.firesteel.spark.Packing;
import io.firesteel.spark.RawBlocks;
import io.firesteel.spark.RowSelection;
import io.firesteel.train.ClassWeighting;
import io.firesteel.train.TrainingConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
     * @param validationFraction the part of the rows that is held out, 0 for none
     * @param validationTable rows to hold out instead, or null
     * @param partitions how many tasks a step has
     * @throws UserError when the data cannot be used
     */
    public static TrainingData read(
            Table table,
            Columns chosen,
            TrainingConfig config,
            boolean standardize,
            double validationFraction,
            Table validationTable,
            int partitions) {
        Columns asked = config.loss() == null ? chosen : chosen.forLoss(config.loss());
        try (NumberedRows rows = ExampleReader.read(table, asked)) {
            Columns columns = ExampleReader.withCategories(table, rows, asked);
            boolean classification = columns.task() == Task.CLASSIFICATION;
            List<String> classes = classification ? ExampleReader.classes(table, rows, columns) : List.of();
            int outputs = classification ? classes.size() : columns.labels().size();
            Network network = network(config, columns, outputs);
            boolean sparse = ExampleReader.areSparse(rows, columns);
            if (sparse && config.regularization().inputDropout() > 0) {
                throw new UserError("--input-dropout " + config.regularization().inputDropout()
                        + ": expected none where inputs are sparse (--sparse false fills them)");
            }
            Double filled = sparse ? ExampleReader.filled(rows, columns) : null;
            int blockRows = sparse ? Blocks.rowsFor(network, filled) : Blocks.rowsFor(network);
            Packing packing = ExampleReader.packing(rows, columns, classes, sparse, blockRows, config.precision());

            RawBlocks raw = blocks(rows, config, validationFraction, false, packing, partitions);
            boolean means = columns.encoding().missing() == Missing.MEAN;
            ColumnMoments moments = standardize || means ? raw.featureMoments() : null;
            if (means) {
                columns = columns.encodedAs(columns.encoding().withMeans(means(moments, columns, table)));
            }
            InputLayout layout = columns.encoding().layout(columns.features());
            Scaling inputs = standardize
                    ? layout.scaling(inputScaling(finite(moments.scaling(), columns.features(), table), sparse))
                    : Scaling.none(layout.inputs());
            Scaling targets = standardize && columns.task() == Task.REGRESSION
                    ? scaling(network.loss(), finite(raw.targetMoments().scaling(), columns.labels(), table))
                    : Scaling.none(network.outputs());
            Blocks training = raw.pack(layout, inputs, targets);
            ExampleReader.expectWeight(table, columns, training);
            Blocks validation = null;
            if (validationFraction > 0) {
                validation = blocks(rows, config, validationFraction, true, packing, partitions)
                        .pack(layout, inputs, targets);
            } else if (validationTable != null) {
                try (NumberedRows others = ExampleReader.read(validationTable, columns)) {
                    Packing same =
                            ExampleReader.packing(others, columns, classes, sparse, blockRows, config.precision());
                    validation = RawBlocks.of(others, RowSelection.ALL, same, partitions)
                            .pack(layout, inputs, targets);
                }
            }
            if (validation != null) {
                ExampleReader.expectWeight(validationTable == null ? table : validationTable, columns, validation);
            }
            return new TrainingData(columns, classes, network, filled, inputs, targets, training, validation);
        }
    }

    /** Of features: to centre sparse ones would fill them. */
    private static Scaling inputScaling(Scaling moments, boolean sparse) {
        return sparse ? moments.withoutMean() : moments;
    }

    private static Network network(TrainingConfig config, Columns columns, int outputs) {
        try {
            int inputs = columns.encoding().layout(columns.features()).inputs();
            return config.network(columns.task(), inputs, outputs);
        } catch (IllegalArgumentException e) {
            throw new UserError("--hidden is too large: " + e.getMessage(), e);
        }
    }

    /** What stands for the missing values of each feature that is a number. */
    private static Map<String, Double> means(ColumnMoments moments, Columns columns, Table table) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (int i = 0; i < columns.features().size(); i++) {
            String name = columns.features().get(i);
            if (!columns.encoding().isCategory(name)) {
                if (moments.weight()[i] == 0) {
                    throw new UserError(table.path() + ", column " + name
                            + " has no values in the rows to train on: --exclude " + name + " leaves it out");
                }
                if (!Double.isFinite(moments.mean()[i])) {
                    throw tooLarge(table, name, "have a mean");
                }
                means.put(name, moments.mean()[i]);
            }
        }
        return means;
    }

    /**
     * Of targets. Where they are to stay 0 or more they are divided by their means, which changes the Poisson deviance by
     * a factor only: training then begins at the mean, a = exp(0), whatever the counts' size.
     */
    private static Scaling scaling(Loss loss, Scaling moments) {
        if (!loss.refusesNegativeTargets()) {
            return moments;
        }
        double[] means = moments.mean();
        return new Scaling(
                new double[means.length],
                Arrays.stream(means).map(mean -> mean > 0 ? mean : 1).toArray());
    }

    private static Scaling finite(Scaling scaling, List<String> names, Table table) {
        for (int i = 0; i < names.size(); i++) {
            if (!Double.isFinite(scaling.mean()[i]) || !Double.isFinite(scaling.deviation()[i])) {
                throw tooLarge(table, names.get(i), "be standardised");
            }
        }
        return scaling;
    }

    private static UserError tooLarge(Table table, String column, String what) {
        return new UserError(table.path() + ", column " + column + ": its values are too large to " + what
                + ": expected sizes below 1e150");
    }

    private static RawBlocks blocks(
            NumberedRows rows,
            TrainingConfig config,
            double fraction,
            boolean validation,
            Packing packing,
            int partitions) {
        RowSelection selection = new RowSelection(config.seed(), fraction, validation);
        RawBlocks blocks = config.pace().hasBatches() && !validation
                ? RawBlocks.shuffled(rows, selection, packing, partitions, config.seed())
                : RawBlocks.of(rows, selection, packing, partitions);
        if (blocks.rows() == 0) {
            throw new UserError("--validation-fraction " + fraction + " of " + rows.count() + " rows leaves none to "
                    + (validation ? "validate" : "train") + " on: expected some on either side");
        }
        return blocks;
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
        try {
            return weighting.of(classes, training.classTotals(classes.size()));
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage(), e);
        }
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
