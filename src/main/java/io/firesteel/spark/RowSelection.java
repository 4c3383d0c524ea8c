package io.firesteel.spark;

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
        return validationFraction == 0 ? !validation : (uniform(row) < validationFraction) == validation;
    }

    /** A number in [0, 1) for a row: the row-th output of SplitMix64 (Steele, Lea and Flood 2014) seeded with the seed. */
    private double uniform(long row) {
        long z = seed + (row + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1p-53;
    }
}
