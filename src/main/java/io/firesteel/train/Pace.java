package io.firesteel.train;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Bounds;
import io.firesteel.base.SettingError;
import io.firesteel.compute.BatchSchedule;
import java.io.Serializable;

/**
 * The length of a training and the number of rows of its steps. It checks itself.
 *
 * @param iterations the greatest number of steps; with 0 the model stays as initialised; null where epochs are given
 * @param epochs the greatest number of passes over all rows; null where iterations are given
 * @param batchSize the rows that a step sees; null for a part of them, or all
 * @param batchFraction the part of the rows that a step sees; null for a number of them, or all
 */
public record Pace(Integer iterations, Integer epochs, Integer batchSize, Double batchFraction)
        implements Serializable {
    public Pace {
        check(Bounds.COUNT_OR_NONE, "iterations", iterations);
        check(Bounds.COUNT_OR_NONE, "epochs", epochs);
        check(Bounds.COUNT, "batch-size", batchSize);
        check(Bounds.FRACTION, "batch-fraction", batchFraction);
        SettingError.expect(
                iterations == null || epochs == null,
                "epochs",
                epochs,
                "only one of " + mention("epochs") + " and " + mention("iterations"));
        SettingError.expect(
                iterations != null || epochs != null, "epochs", "", "a number of epochs, or " + mention("iterations"));
        SettingError.expect(
                batchSize == null || batchFraction == null,
                "batch-fraction",
                batchFraction,
                "only one of " + mention("batch-size") + " and " + mention("batch-fraction"));
    }

    private static void check(Bounds range, String setting, Number value) {
        if (value != null) {
            range.check(setting, value);
        }
    }

    /** Returns a number of full-batch steps. */
    public static Pace of(int iterations) {
        return new Pace(iterations, null, null, null);
    }

    /** Returns whether steps see a part of the rows. */
    public boolean hasBatches() {
        return batchSize != null || batchFraction != null;
    }

    /** Returns the number of rows of a step, of this number of rows in all. */
    public int batchRows(long rows) {
        if (batchSize != null) {
            return (int) Math.min(batchSize, rows);
        }
        double part = batchFraction == null ? rows : Math.round(batchFraction * rows);
        return (int) Math.max(1, Math.min(part, Integer.MAX_VALUE));
    }

    /** Returns K, the number of steps of an epoch over this number of rows. */
    public int stepsPerEpoch(long rows) {
        return hasBatches() ? Math.toIntExact((rows + batchRows(rows) - 1) / batchRows(rows)) : 1;
    }

    /** Returns the maximum number of steps over this number of rows. */
    public int steps(long rows) {
        if (epochs == null) {
            return iterations;
        }
        long steps = (long) epochs * stepsPerEpoch(rows);
        SettingError.expect(
                steps <= Integer.MAX_VALUE, "epochs", epochs, "fewer epochs, since these take " + steps + " steps");
        return (int) steps;
    }

    /**
     * Returns the number of steps on other rows that make a training as long: as many epochs where the length is given in epochs,
     * else as many steps.
     *
     * @param steps of the training
     * @param rows that it has
     * @param others the number of the other rows
     */
    public int sameLength(int steps, long rows, long others) {
        if (epochs == null) {
            return steps;
        }
        int perEpoch = stepsPerEpoch(rows);
        long same = ((long) steps * stepsPerEpoch(others) + perEpoch - 1) / perEpoch;
        return (int) Math.min(same, steps(others));
    }

    /** Fails when the optimiser cannot train in batches, and there are any. */
    void expectFitting(OptimizerKind optimizer) {
        if (optimizer == OptimizerKind.LBFGS) {
            String reason = "none with " + mention("optimizer", "lbfgs")
                    + ", whose line search compares values of one function, while each step would see other rows";
            SettingError.expect(batchSize == null, "batch-size", batchSize, reason);
            SettingError.expect(batchFraction == null, "batch-fraction", batchFraction, reason);
        }
    }

    /** Returns the batches of this number of rows in blocks of this many; null where steps see all rows. */
    BatchSchedule batches(long seed, long rows, int blockRows) {
        return hasBatches() && batchRows(rows) < rows
                ? new BatchSchedule(seed, batchRows(rows), rows, blockRows)
                : null;
    }
}
