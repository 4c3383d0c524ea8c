package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.compute.BatchSchedule;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void steps_overAllRows() {
        Pace pace = Pace.of(7);
        assertEquals(7, pace.steps(1000));
        assertEquals(1, pace.stepsPerEpoch(1000));
        assertFalse(pace.hasBatches());
        assertNull(pace.batches(1, 1000, 100));
        assertEquals(7, new Pace(null, 7, null, null).steps(1000), "then a step is an epoch");
    }

    /** 10 rows in batches of 4 are three batches. */
    @Test
    void steps_inBatches() {
        Pace pace = new Pace(null, 5, 4, null);
        assertTrue(pace.hasBatches());
        assertEquals(3, pace.stepsPerEpoch(10));
        assertEquals(15, pace.steps(10));
        assertEquals(new BatchSchedule(1, 4, 10, 6), pace.batches(1, 10, 6));
        assertEquals(2, new Pace(2, null, 4, null).steps(10));
    }

    /** 8 rows in batches of 4 are two to an epoch, 10 are three. */
    @Test
    void sameLength_isInTheUnitOfTheTraining() {
        assertEquals(6, new Pace(null, 5, 4, null).sameLength(4, 8, 10), "two epochs");
        assertEquals(15, new Pace(null, 5, 4, null).sameLength(10, 8, 10), "all epochs");
        assertEquals(0, new Pace(null, 5, 4, null).sameLength(0, 8, 10));
        assertEquals(4, new Pace(10, null, 4, null).sameLength(4, 8, 10), "steps, over which the schedule goes");
    }

    @Test
    void batchRows_ofAPart_areRoundedAndAtLeastOne() {
        assertEquals(3, new Pace(1, null, null, 0.25).batchRows(10));
        assertEquals(3, new Pace(1, null, null, 0.26).batchRows(10));
        assertEquals(1, new Pace(1, null, null, 1e-9).batchRows(10));
        assertEquals(10, new Pace(1, null, null, 1.0).batchRows(10));
    }

    /** Batches of all rows are no batches. */
    @Test
    void batches_ofAllRows_areNone() {
        Pace pace = new Pace(3, null, 200, null);
        assertEquals(120, pace.batchRows(120));
        assertEquals(1, pace.stepsPerEpoch(120));
        assertNull(pace.batches(1, 120, 50));
    }

    @Test
    void pace_thatCannotBe_isRefused() {
        assertRefused("--iterations -1: expected 0 or more", () -> Pace.of(-1));
        assertRefused("--epochs -1: expected 0 or more", () -> new Pace(null, -1, null, null));
        assertRefused("--epochs 3: expected only one of --epochs and --iterations", () -> new Pace(3, 3, null, null));
        assertRefused("--batch-size 0: expected 1 or more", () -> new Pace(3, null, 0, null));
        assertRefused("--batch-fraction 0.0: expected a fraction of the rows", () -> new Pace(3, null, null, 0.0));
        assertRefused("--batch-fraction 1.1: expected a fraction of the rows", () -> new Pace(3, null, null, 1.1));
        assertRefused(
                "--batch-fraction NaN: expected a fraction of the rows", () -> new Pace(3, null, null, Double.NaN));
        assertRefused(
                "--batch-fraction 0.5: expected only one of --batch-size and --batch-fraction",
                () -> new Pace(3, null, 5, 0.5));
        assertRefused("--batch-size 5: expected none with --optimizer lbfgs", () -> new Pace(3, null, 5, null)
                .expectFitting(OptimizerKind.LBFGS));
        assertRefused("--batch-fraction 0.5: expected none with --optimizer lbfgs", () -> new Pace(3, null, null, 0.5)
                .expectFitting(OptimizerKind.LBFGS));
        assertRefused(
                "--epochs 2000000000: expected fewer epochs, since these take 20000000000 steps",
                () -> new Pace(null, 2_000_000_000, 1, null).steps(10));
    }

    private static void assertRefused(String message, Runnable what) {
        String refusal = assertThrows(SettingError.class, what::run).render(SettingNames.OPTIONS);
        assertTrue(refusal.startsWith(message), refusal);
    }
}
