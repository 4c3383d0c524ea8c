package io.firesteel.fit;

import io.firesteel.base.UserError;
import io.firesteel.compute.Block;
import io.firesteel.compute.Closeups;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.compute.Importances;
import io.firesteel.compute.Runner;
import io.firesteel.data.FiniteScores;
import io.firesteel.data.TableRows;
import io.firesteel.engine.Blocks;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Closeup;
import io.firesteel.model.Importance;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Table;
import java.util.List;

/**
 * What a model is measured to be on the labelled rows of a table.
 *
 * @param importances of the input columns, the greatest first; empty where they were not asked for
 * @param closeup null where it was not asked for
 */
public record Measurement(Metrics metrics, List<Importance> importances, Closeup closeup) {
    /**
     * What is measured besides the metrics.
     *
     * @param importanceMetric whose loss an importance is; null for no importances
     * @param repeats permutations of each column
     * @param seed of the permutations
     * @param closeup whether the outputs are looked at closely
     */
    public record Wanted(Metric importanceMetric, int repeats, long seed, boolean closeup) {}

    /**
     * Measures a model, in double precision.
     *
     * @param columns those that the model has, with labels
     * @param partitions the number of tasks
     * @throws UserError when rows cannot be used, or a metric that is wanted is not defined on them
     */
    public static Measurement of(TrainedModel model, Table table, Columns columns, int partitions, Wanted wanted) {
        if (wanted.importanceMetric() != null) {
            MetricRules.expectFits(
                    wanted.importanceMetric(),
                    model.description().task(),
                    model.network().loss());
        }
        NumberedRows read = NumberedRows.read(table, columns);
        try (TableRows rows = TableRows.of(read, model.description());
                Blocks blocks = rows.blocks(partitions);
                Runner<Block> runner = blocks.runner()) {
            Metrics metrics =
                    new EvaluationKernel(model.description(), Precision.DOUBLE).metrics(model.theta(), runner);
            if (!Double.isFinite(metrics.loss())) {
                FiniteScores.expect(read, model); // names the row
                throw new UserError(table.path() + ": the model's outputs are not finite on some rows: expected "
                        + "features of about the size of those that it was trained on");
            }
            List<Importance> importances = List.of();
            if (wanted.importanceMetric() != null) {
                MetricRules.expectDefined(wanted.importanceMetric(), metrics);
                importances = Importances.of(
                        model, Precision.DOUBLE, runner, wanted.importanceMetric(), wanted.repeats(), wanted.seed());
            }
            Closeup closeup = wanted.closeup() ? closeup(model, Precision.DOUBLE, blocks, runner) : null;
            return new Measurement(metrics, importances, closeup);
        }
    }

    /** Returns a close look at a model's outputs on blocks of a precision. */
    static Closeup closeup(TrainedModel model, Precision precision, Blocks blocks, Runner<Block> runner) {
        return Closeups.of(model, precision, runner, blocks.rows(), blocks.blockRows());
    }
}
