package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.compute.EvaluationKernel;
import io.firesteel.data.HeldOut;
import io.firesteel.data.TrainingData;
import io.firesteel.data.TrainingRows;
import io.firesteel.engine.Blocks;
import io.firesteel.engine.Engine;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.optim.Schedule;
import io.firesteel.train.EarlyStopping;
import io.firesteel.train.Pace;
import io.firesteel.train.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.apache.spark.sql.SparkSession;

/**
 * All that is asked of a model, resolved.
 *
 * @param standardize whether inputs and targets are scaled
 * @param engine where steps run
 * @param rule what follows from the rows held out; null where none are
 * @param settings all that was asked, by the options' names, as a model keeps it
 */
public record Recipe(
        Task task,
        TrainingConfig config,
        boolean standardize,
        Engine engine,
        EarlyStopping rule,
        Map<String, String> settings) {

    /** Of blocks and products. */
    public Precision precision() {
        return config.precision();
    }

    /**
     * Makes data of rows, on which the rule's metric is defined.
     *
     * @throws UserError when they cannot be trained on so
     */
    public TrainingData data(TrainingRows rows, HeldOut heldOut) {
        TrainingData data = rows.data(config, standardize, heldOut, partitions());
        if (rule != null && !rule.metric().isAlwaysDefined()) {
            try {
                new Fitting(this, data).expectDefined(rule.metric());
            } catch (UserError e) {
                data.close();
                throw e;
            }
        }
        return data;
    }

    /** As many tasks as there are cores. */
    private static int partitions() {
        return Math.max(1, SparkSession.active().sparkContext().defaultParallelism());
    }

    /** What decides how data is made of rows, of the options besides those that decide how they are read. */
    public Object dataKey(TrainingRows rows) {
        return List.of(
                standardize,
                config.precision(),
                rows.blockRows(config),
                config.pace().hasBatches());
    }

    /**
     * Makes sure that each of some folds can have rows.
     *
     * @throws UserError when they cannot
     */
    public void expectRowsFor(TrainingRows rows, int folds, boolean stratified) {
        rows.expectRowsFor(folds, stratified, config);
    }

    /** Trains a model without each fold and measures it on the fold. */
    public List<Fold> crossValidate(
            TrainingRows rows, int folds, boolean stratified, Runner runner, ObjIntConsumer<Metrics> told) {
        Recipe unwatched = new Recipe(task, config, standardize, engine, null, settings);
        List<Fold> measured = new ArrayList<>();
        for (int part = 0; part < folds; part++) {
            try (TrainingData data =
                    rows.data(config, standardize, new HeldOut.Fold(part, folds, stratified), partitions())) {
                Metrics metrics =
                        measured(runner.run(new Fitting(unwatched, data)).model(), data.validation());
                told.accept(metrics, part);
                measured.add(Fold.of(metrics));
            }
        }
        return measured;
    }

    /** Runs a fitting from its beginning, and perhaps shows how it goes. */
    @FunctionalInterface
    public interface Runner {
        Fitting.Fit run(Fitting fitting);
    }

    /** All metrics of a model on blocks. */
    public Metrics measured(TrainedModel model, Blocks blocks) {
        return blocks.metrics(new EvaluationKernel(model.description(), config.precision()), model.theta());
    }

    /**
     * How many steps there will be at most, on so many rows; there is to be one after a warm-up.
     *
     * @throws UserError when there is none
     */
    int steps(long rows) {
        Pace pace = config.pace();
        int steps = pace.steps(rows);
        if (config.rule().schedule() instanceof Schedule.WarmUp warmUp && warmUp.steps() >= steps) {
            String total = pace.epochs() == null
                    ? mention("iterations", steps)
                    : "the " + steps + " steps of " + mention("epochs", pace.epochs());
            throw new SettingError("warm-up", warmUp.steps(), "fewer steps than " + total);
        }
        return steps;
    }
}
