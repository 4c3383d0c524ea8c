package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.engine.StepCost.Cluster;
import io.firesteel.engine.StepCost.Load;
import io.firesteel.fit.Forecast.Step;
import io.firesteel.linalg.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A forecast, by hand: what a step consists of is divided among executors and cores, and what the driver does is not. */
class ForecastTest {
    private static final long GIB = 1L << 30;
    private static final Cluster FAST = new Cluster(4, 2, Double.POSITIVE_INFINITY, 0);

    /** A step of 80 seconds of one core, in 8 blocks of 1 GiB each, and 3 seconds of the driver; a validation at every tenth. */
    private static Plan plan(boolean heldOut) {
        Load pass = new Load(8, 8, 80, 1000, 1002, Precision.DOUBLE);
        Load validation = heldOut ? new Load(2, 2, 6, 1000, 2, Precision.DOUBLE) : null;
        Plan.Work work = new Plan.Work(3, 1, pass, heldOut ? 0.1 : 0, validation, 8, 2);
        return new Plan(1, 8 << 20, 8 * GIB, heldOut ? GIB : 0, 100, 0, 0, 43, 10, true, "here", 1000, work);
    }

    /** Exchanging a thousand numbers takes less than 50 ms. */
    private static void expectSeconds(double expected, double seconds) {
        assertEquals(expected, seconds, 0.05);
    }

    @Test
    void step_isDividedAmongExecutorsAndCores() {
        Step step = Forecast.step(plan(false).work(), FAST); // two blocks for each executor, one for each core
        expectSeconds(10 + 3, step.residents());
        expectSeconds(10 + 3, step.jobs());
        assertEquals(10, step.compute(), 1e-12);
        assertEquals(3, step.driver());
        assertEquals(step.seconds(), step.compute() + step.exchange() + step.driver(), 1e-12);
        assertTrue(step.exchange() > 0);
        assertFalse(step.isByJobs(), "with so little to do, tasks that stay are faster");
    }

    /** The rows held out are two blocks, and take one core each 3 seconds; at every tenth step. */
    @Test
    void step_hasItsPartOfTheValidations() {
        expectSeconds(10 + 3 + 0.3, Forecast.step(plan(true).work(), FAST).seconds());
    }

    /** 43, 23, 13 seconds on 1, 2, 4 executors of two cores; then there is one block for each core, and eight change nothing. */
    @Test
    void enough_isWhereTwiceAsManySaveLittle() {
        Forecast forecast = Forecast.of(plan(false), FAST, 8 * GIB);
        assertEquals(4, forecast.enough());
        assertTrue(Math.abs(forecast.saved()) < 0.01, forecast.saved() + "");
        List<Step> curve = forecast.curve();
        expectSeconds(43, curve.get(0).seconds());
        expectSeconds(23, curve.get(1).seconds());
        expectSeconds(13, curve.get(2).seconds());
        expectSeconds(13, curve.get(3).seconds());
        assertEquals(1024, curve.get(curve.size() - 1).executors());
    }

    /** Three of eight blocks are in the fullest of three executors; Spark caches in 0.6 of what is above 300 MiB. */
    @Test
    void memory_holdsTheBlocks() {
        Forecast forecast = Forecast.of(plan(false), FAST.with(3), 4 * GIB);
        assertEquals(3 * GIB, forecast.blocks());
        assertEquals(
                (double) (5 * GIB + (300 << 20)), (double) forecast.executor().needed(), 1);
        assertFalse(forecast.executor().suffices());
        assertTrue(Forecast.of(plan(false), FAST.with(8), 4 * GIB).executor().suffices());
    }
}
