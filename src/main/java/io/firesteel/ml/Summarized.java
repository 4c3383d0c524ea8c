package io.firesteel.ml;

import org.apache.spark.ml.util.HasTrainingSummary;
import scala.Option;

/**
 * A model with a summary of its training, as Spark ML has it: over Spark Connect no other class's summary can be asked for. The
 * summary is a part of the model.
 */
interface Summarized extends HasTrainingSummary<FitSummary> {
    /** Returns the summary; none where an instance is no model yet. */
    @Override
    Option<FitSummary> trainingSummary();

    /** Does nothing: the summary is the model's. */
    @Override
    default void trainingSummary_$eq(Option<FitSummary> summary) {}

    /** Does nothing: what is saved of the model has the summary. A method of Spark 4.1. */
    @SuppressWarnings("MissingOverride")
    default void saveSummary(String path) {}
}
