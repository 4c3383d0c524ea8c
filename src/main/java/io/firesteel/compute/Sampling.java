package io.firesteel.compute;

import io.firesteel.linalg.SplitMix64;
import io.firesteel.nn.Dropout;
import java.io.Serializable;

/**
 * What a step sees of network and data. Which units are dropped for it is a function of the seed, the step, the block's number
 * and the place among the rows that the step has of the block: never of who computes it. The same holds for the rows.
 *
 * @param batches of which each step sees one; null where it sees all rows
 */
public record Sampling(long seed, Dropout dropout, Batches batches) implements Serializable {
    /** Every step sees all. */
    public static final Sampling NONE = new Sampling(0, Dropout.NONE, null);

    /** What the seed is used for; other uses of it have numbers of 0 or more. */
    private static final int MASKS = -1;

    /** Whether every step sees all. */
    public boolean isNone() {
        return dropout.isNone() && batches == null;
    }

    /** The rows that a step sees; null where they are all. */
    public Batch batch(int step) {
        return step == Point.WHOLE || batches == null ? null : batches.ofStep(step);
    }

    /** The masks of a block in a step. */
    Dropout.Masks masks(int step, int block) {
        if (step == Point.WHOLE || dropout.isNone()) {
            return Dropout.Masks.NONE;
        }
        return new Dropout.Masks(dropout, SplitMix64.at(SplitMix64.at(SplitMix64.at(seed, MASKS), step), block));
    }
}
