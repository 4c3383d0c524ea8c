package io.firesteel.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import org.junit.jupiter.api.Test;

/** The memory that steps need, against what was seen: executors of 1 GiB ran out of it with 6.3 million parameters. */
class ExecutorMemoryTest {
    private static final long GIB = 1L << 30;

    private static boolean suffices(int parameters, Precision precision, int cores, long heap) {
        return ExecutorMemory.of(parameters, precision, cores, heap).suffices();
    }

    @Test
    void suffices_forParametersCoresAndPrecision() {
        assertFalse(suffices(6_300_000, Precision.DOUBLE, 2, GIB));
        assertTrue(suffices(6_300_000, Precision.DOUBLE, 2, 2 * GIB));
        assertTrue(suffices(200_000, Precision.DOUBLE, 2, GIB));
        assertFalse(suffices(6_300_000, Precision.DOUBLE, 8, 2 * GIB)); // each core has sums of its own
        int most = 0; // parameters in double precision
        while (suffices(most + 10_000, Precision.DOUBLE, 4, GIB)) {
            most += 10_000;
        }
        assertTrue(suffices(most + 10_000, Precision.SINGLE, 4, GIB), "single precision needs less: " + most);
    }
}
