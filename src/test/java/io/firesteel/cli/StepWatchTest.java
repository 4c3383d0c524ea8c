package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepWatchTest {
    private final List<String> said = new ArrayList<>();
    private long now;
    private String waitingFor = "executor 1 (h1)";

    private StepWatch watch() {
        return new StepWatch(() -> waitingFor, said::add, () -> now);
    }

    private void passes(double seconds) {
        now += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void look_afterAStepThatIsMuchLonger_saysSinceWhenAndWhere_onceAMinute() {
        StepWatch watch = watch();
        for (int step = 0; step < 10; step++) {
            passes(0.1);
            watch.onStep(null);
        }
        passes(9.9);
        watch.look();
        assertEquals(List.of(), said);
        passes(0.6);
        watch.look();
        assertEquals(1, said.size());
        assertTrue(
                said.get(0)
                        .matches(
                                "no step has ended for 10\\.5 s, since \\d\\d:\\d\\d(:\\d\\d)?: waiting for executor 1 \\(h1\\)"),
                said.get(0));
        passes(59);
        watch.look();
        assertEquals(1, said.size());
        passes(2);
        watch.look();
        assertEquals(2, said.size());
        assertTrue(said.get(1).startsWith("no step has ended for 1 min 12 s, since "), said.get(1));
    }

    @Test
    void look_whereAllStepsAreLong_saysNothing() {
        StepWatch watch = watch();
        for (int step = 0; step < 3; step++) {
            passes(6);
            watch.look();
            watch.onStep(null);
        }
        passes(59);
        watch.look();
        assertEquals(List.of(), said);
        passes(2);
        waitingFor = "";
        watch.look();
        assertTrue(said.get(0).matches("no step has ended for 1 min 1 s, since [\\d:]+"), said.get(0));
    }

    @Test
    void look_afterAStepHasEnded_beginsAnew() {
        StepWatch watch = watch();
        watch.onStep(null);
        passes(11);
        watch.look();
        watch.onStep(null);
        watch.look();
        assertEquals(1, said.size());
    }
}
