package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.ModelDescription.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static History of(int stepsPerEpoch, double... losses) {
        History history = new History(List.of(), stepsPerEpoch);
        for (int step = 0; step < losses.length; step++) {
            history.add(new Step(step, losses[step]));
        }
        return history;
    }

    private static List<Step> all(History history) {
        return history.upTo(Integer.MAX_VALUE);
    }

    @Test
    void add_whereAStepIsAnEpoch_keepsEach() {
        History history = of(1, 5, 4, 3, 2);
        assertEquals(List.of(new Step(0, 5), new Step(1, 4), new Step(2, 3), new Step(3, 2)), all(history));
        assertEquals(List.of(new Step(0, 5), new Step(1, 4)), history.upTo(2));
        assertEquals(5, history.closed(new Step(4, 1)).size());
    }

    /** Epochs of two steps: when the third ends, the first is made one entry, the mean of 5 and 4. */
    @Test
    void add_keepsTheStepsOfTheLastTwoEpochs() {
        assertEquals(5, all(of(2, 5, 4, 3, 2, 1)).size());
        assertEquals(
                List.of(new Step(0, 4.5), new Step(2, 3), new Step(3, 2), new Step(4, 1), new Step(5, 0)),
                all(of(2, 5, 4, 3, 2, 1, 0)));
        assertEquals(
                List.of(new Step(0, 4.5), new Step(2, 2.5), new Step(4, 0.5), new Step(6, 9), new Step(7, 7)),
                of(2, 5, 4, 3, 2, 1, 0, 9).closed(new Step(7, 7)),
                "in the end also the last epoch, of one step");
    }

    /** From any point on, what is kept is what would have been kept. */
    @Test
    void history_thatGoesOn_isAsIfNeverStopped() {
        double[] losses = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1, -2, -3, -4, -5};
        for (int stepsPerEpoch = 1; stepsPerEpoch < 6; stepsPerEpoch++) {
            History whole = of(stepsPerEpoch, losses);
            for (int stop = 0; stop <= losses.length; stop++) {
                History first = of(stepsPerEpoch, Arrays.copyOf(losses, stop));
                List<Step> kept = new ArrayList<>(first.upTo(stop));
                History second = new History(kept, stepsPerEpoch);
                for (int step = stop; step < losses.length; step++) {
                    second.add(new Step(step, losses[step]));
                }
                assertEquals(all(whole), all(second), stepsPerEpoch + " steps an epoch, stopped after " + stop);
            }
        }
    }

    @Test
    void improvesTooLittle_comparesTheLastTwoEpochs() {
        assertFalse(of(2, 10, 8, 9).improvesTooLittle(0.5), "the second epoch is under way");
        assertFalse(of(2, 10, 8, 1, 3).improvesTooLittle(0.5), "2 after 9");
        assertTrue(of(2, 10, 8, 9, 7).improvesTooLittle(0.5), "8 after 9");
        assertTrue(of(2, 50, 50, 10, 8, 9, 7).improvesTooLittle(0.5), "8 after 9");
        assertFalse(of(1, 5).improvesTooLittle(0.5));
        assertTrue(of(1, 5, 4).improvesTooLittle(0.5));
    }
}
