package io.firesteel.data;

import java.io.Serializable;

/**
 * Consecutive blocks cut into runs as equal as can be, of which some are empty where there are more runs than blocks.
 *
 * @param count how many runs
 * @param blocks how many blocks
 */
record Runs(int count, int blocks) implements Serializable {
    /** The first block of a run. */
    int start(int run) {
        return (int) ((long) blocks * run / count);
    }

    /** The block after the last one of a run. */
    int end(int run) {
        return start(run + 1);
    }

    /** The run of a block. */
    int of(int block) {
        return (int) (((block + 1L) * count - 1) / blocks);
    }
}
