package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.model.Metrics;
import io.firesteel.model.MetricsJson;
import io.firesteel.model.TrainedModel;
import org.apache.spark.ml.util.HasTrainingSummary;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/**
 * What the models have in common: a summary of the training, as Spark ML has it (over Spark Connect no other class's can be asked
 * for), metrics, and the importance of features. The summary is a part of the model, so that a loaded model has it, too.
 */
public interface Summarized extends TrainingParams, HasTrainingSummary<FitSummary> {
    /** Returns the model itself: its description, history and weights, and scoring without Spark. */
    TrainedModel trainedModel();

    /** Returns the training history; none where an instance is no model yet. */
    @Override
    default Option<FitSummary> trainingSummary() {
        return trainedModel() == null
                ? Option.empty()
                : Option.apply(new FitSummary(trainedModel().description()));
    }

    /** Does nothing: the summary is the model's. */
    @Override
    default void trainingSummary_$eq(Option<FitSummary> summary) {}

    /** Does nothing: what is saved of the model has the summary. A method of Spark 4.1. */
    @SuppressWarnings("MissingOverride")
    default void saveSummary(String path) {}

    /**
     * Returns the metrics of the model on the labelled rows of a DataFrame, as the command {@code evaluate} prints them: those of
     * its task, of which {@link MetricsJson} makes one JSON object. Rows count by their weights where {@code weightCol} is set.
     * Thresholds play no part: the class of the greatest probability is the predicted one.
     *
     * @throws UserError when the DataFrame lacks a column, or rows cannot be used
     */
    default Metrics evaluate(Dataset<?> dataset) {
        return new FrameMeasurement(this, trainedModel(), dataset).metrics();
    }

    /**
     * Returns how much each feature counts on the labelled rows of a DataFrame: by how much the loss is worse when its values are
     * permuted, the mean of five permutations. Columns {@code feature}, {@code importance} and {@code deviation}, the greatest first.
     *
     * @throws UserError when rows cannot be used
     */
    default Dataset<Row> importance(Dataset<?> dataset) {
        return importance(dataset, "loss", 5, 1);
    }

    /**
     * Does the same with another metric.
     *
     * @param metric its name, as the Param {@code metric} has it
     * @param repeats permutations of each feature
     * @param seed of the permutations
     * @throws UserError when rows cannot be used, or the metric is not defined on them
     */
    default Dataset<Row> importance(Dataset<?> dataset, String metric, int repeats, long seed) {
        return new FrameMeasurement(this, trainedModel(), dataset).importances(metric, repeats, seed);
    }
}
