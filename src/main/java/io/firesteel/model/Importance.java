package io.firesteel.model;

/**
 * The importance of an input column: by how much a metric is worse when the column's values are permuted.
 *
 * @param mean of the loss of the metric over the permutations
 * @param deviation of it
 */
public record Importance(String column, double mean, double deviation) {}
