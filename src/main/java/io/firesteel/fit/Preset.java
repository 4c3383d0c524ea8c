package io.firesteel.fit;

import io.firesteel.model.Task;
import java.util.Locale;

/** A choice of the defaults of all other settings. Every setting that is given overrides its own. */
public enum Preset {
    /** The course's notes: gradient descent on all rows, in double precision, with nothing held out and nothing guessed. */
    NOTES,
    /** The recipe of {@link #DEFAULT} with a smaller network and fewer epochs. */
    FAST,
    /** A network of gelu units, trained by AdamW in batches with dropout, with rows held out to choose the epoch. */
    DEFAULT,
    /** The recipe of {@link #DEFAULT} with several networks, whose predictions are averaged. */
    BEST;

    /** Adam's beta2 and the weight decay in all presets but {@link #NOTES}, those of Holzmueller et al. 2024. */
    static final double BETA2 = 0.95;

    /** 0.02 of the source's, whose learning rate is 16 times the one of a layer of 256 inputs. */
    static final double WEIGHT_DECAY = 0.32;

    /** Label smoothing for the accuracy of more than two classes, that of Szegedy et al. 2016. */
    static final double LABEL_SMOOTHING = 0.1;

    /** Fewer rows than these are all trained on: a fifth of them could not choose an epoch. */
    private static final int LEAST_ROWS_TO_HOLD_OUT = 50;

    /** As few rows of a class as these, on average, are all needed. */
    private static final int LEAST_ROWS_OF_A_CLASS = 5;

    /** A table of more rows is not small. */
    private static final int SMALL_TABLE = 1_024;

    /** Returns whether a table of this many rows, and classes if it has any, can do without the rows that are held out. */
    static boolean canHoldOut(long rows, int classes) {
        return rows >= Math.max(LEAST_ROWS_TO_HOLD_OUT, (long) LEAST_ROWS_OF_A_CLASS * classes);
    }

    /**
     * Returns the label smoothing of the classes of a small table: classes / (rows + classes), in four decimals, so that a network
     * aims at the probabilities of Laplace's rule of succession; 0 for a larger table.
     */
    static double labelSmoothing(long rows, int classes) {
        return rows > SMALL_TABLE ? 0 : Math.rint(1e4 * classes / (rows + classes)) / 1e4;
    }

    /** Returns the number of rows of a batch for a table of this many rows. */
    static int batchSize(long rows) {
        return rows <= SMALL_TABLE ? 64 : rows <= 20_000 ? 128 : rows <= 100_000 ? 256 : rows <= 500_000 ? 512 : 1_024;
    }

    /** Returns the learning rate of the optimizer in all presets but {@link #NOTES}, likewise. */
    static double learningRate(Task task) {
        return task == Task.REGRESSION ? 0.0125 : 0.0025;
    }

    /** Returns the maximum number of epochs of a training in batches. */
    int epochs() {
        return this == FAST ? 16 : 64;
    }

    /** Returns the name that settings have. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
