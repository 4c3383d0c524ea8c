package io.firesteel.data;

import io.firesteel.linalg.Precision;
import io.firesteel.nn.Network;

/**
 * The settings by which rows are prepared for the training of a network.
 *
 * @param network decides the number of rows of a block
 * @param precision of the blocks
 * @param seed of the split and of the order of rows
 * @param shuffled whether rows are put into a random order, so that each block is a sample of all
 * @param standardize whether features, and the targets of a regression, are scaled to mean 0 and deviation 1; sparse
 *     features to deviation 1 alone, the targets of a Poisson regression to mean 1 instead
 * @param robust whether features are scaled by their quartiles instead, with a limit; sparse features are not
 * @param pieces the maximum number of pieces of a feature whose quartiles are equal or that may hold codes, where features are scaled by their
 *     quartiles; 0 for none
 * @param partitions the number of tasks of a step
 */
public record Preparation(
        Network network,
        Precision precision,
        long seed,
        boolean shuffled,
        boolean standardize,
        boolean robust,
        int pieces,
        int partitions) {}
