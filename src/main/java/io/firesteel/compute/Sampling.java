package io.firesteel.compute;

import io.firesteel.base.Annealing;
import io.firesteel.linalg.SplitMix64;
import io.firesteel.nn.Dropout;
import java.io.Serializable;

/**
 * The part of network and data that each step sees. It is a function of the seed, the step, the leaf of the step's pass and the
 * example's place among the leaf's, so that it does not depend on where it is computed.
 *
 * @param annealing of the dropout rates
 * @param batches the batches, of which each step sees one; null where it sees all rows
 */
public record Sampling(long seed, Dropout dropout, Annealing annealing, BatchSchedule batches) implements Serializable {
    /** Every step sees the whole network and all rows. */
    public static final Sampling NONE = new Sampling(0, Dropout.NONE, null);

    /** Creates a sampling whose dropout rates stay the same. */
    public Sampling(long seed, Dropout dropout, BatchSchedule batches) {
        this(seed, dropout, Annealing.NONE, batches);
    }

    /** Distinguishes this use of the seed from others, which have numbers of 0 or more. */
    private static final int MASKS = -1;

    /** Returns whether every step sees the whole network and all rows. */
    public boolean isNone() {
        return dropout.isNone() && batches == null;
    }

    /** Returns the rows that a step sees; null where it sees all. */
    public Batch batch(int step) {
        return step == Point.WHOLE || batches == null ? null : batches.ofStep(step);
    }

    /** Returns the largest number of rows of a leaf in a step: those of a block, or of a tile of a batch. */
    int leafRows(int blockRows) {
        return batches == null ? blockRows : batches.tileRows();
    }

    /** Returns the dropout masks of a leaf in a step. */
    Dropout.Masks masks(int step, int leaf) {
        if (step == Point.WHOLE || dropout.isNone()) {
            return Dropout.Masks.NONE;
        }
        Dropout now = dropout.times(annealing.factor(step));
        return new Dropout.Masks(now, SplitMix64.at(SplitMix64.at(SplitMix64.at(seed, MASKS), step), leaf));
    }
}
