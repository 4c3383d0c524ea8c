package io.firesteel.spark;

import io.firesteel.linalg.SplitMix64;
import java.io.Serializable;

/**
 * Which rows of a data set are meant: all, or one side of a seeded random split. A row's side depends on the seed and
 * on its number in the canonical order, so that it is the same on every cluster.
 *
 * @param validationFraction the part of the rows that is held out, 0 to 1
 * @param validation whether the held-out rows are meant, or the others
 */
public record RowSelection(long seed, double validationFraction, boolean validation) implements Serializable {
    /** All rows. */
    public static final RowSelection ALL = new RowSelection(0, 0, false);

    /** Whether a row belongs to the selection. */
    public boolean includes(long row) {
        return validationFraction == 0
                ? !validation
                : (SplitMix64.uniform(seed, row) < validationFraction) == validation;
    }
}
