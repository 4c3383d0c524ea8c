package io.firesteel.report;

import io.firesteel.model.Metrics;

/**
 * What is known of a training when it has just ended.
 *
 * @param training the metrics on the rows that the model was trained on
 * @param place where the steps were computed
 * @param steps the number of evaluations that the times are of
 * @param nanos that the steps took
 * @param productNanos of these, in matrix products
 * @param otherTaskNanos of these, in the rest of the tasks
 */
public record Run(Metrics training, String place, long steps, long nanos, long productNanos, long otherTaskNanos) {}
