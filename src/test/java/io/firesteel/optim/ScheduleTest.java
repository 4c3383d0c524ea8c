package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    /** The factors of as many steps as there are losses, seen by what gradient descent at rate 1 makes of a slope of 1. */
    private static double[] factors(Schedule schedule, double... losses) {
        return factorsOfEpochs(schedule, 1, losses);
    }

    private static double[] factorsOfEpochs(Schedule schedule, int stepsPerEpoch, double... losses) {
        Schedule.Span span = new Schedule.Span(Math.min(losses.length, 4), stepsPerEpoch);
        Optimizer optimizer = new Scheduled(new GradientDescent(1), schedule, span);
        Optimizer.State state = Steps.start(optimizer, new double[1]);
        double[] factors = new double[losses.length];
        for (int k = 0; k < losses.length; k++) {
            double loss = losses[k];
            double before = state.theta()[0];
            assertEquals(loss, Steps.take(state, Evaluated.constant(loss, 1)));
            factors[k] = before - state.theta()[0];
        }
        return factors;
    }

    @Test
    void factors_byHand() {
        double[] six = new double[6];
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1}, factors(new Schedule.Constant(), six), 1e-14);
        // Halved after each two steps
        assertArrayEquals(new double[] {1, 1, 0.5, 0.5, 0.25, 0.25}, factors(new Schedule.Step(2, 0.5), six), 1e-14);
        // 1 / (1 + k / 4)
        assertArrayEquals(
                new double[] {1, 4.0 / 5, 4.0 / 6, 4.0 / 7, 4.0 / 8, 4.0 / 9},
                factors(new Schedule.InverseTime(0.25), six),
                1e-14);
        // (1 + cos(pi k / 4)) / 2, and 0 from step 4 on; sqrt(1/2) = .7071067811865476
        assertArrayEquals(
                new double[] {1, 0.8535533905932738, 0.5, 0.1464466094067262, 0, 0},
                factors(new Schedule.Cosine(), six),
                1e-14);
        // Two cycles, of which the second is twice as long: over 4 steps, (1 - cos(2 pi log2(1 + 3 k / 4))) / 2
        double[] cycles = new double[6];
        for (int k = 0; k < 4; k++) {
            cycles[k] = Math.pow(Math.sin(Math.PI * Math.log(1 + 0.75 * k) / Math.log(2)), 2);
        }
        assertArrayEquals(cycles, factors(new Schedule.CosineCycles(2), six), 1e-14);
        // One cycle: the top is where 1 + t is the root of 2
        assertEquals(
                1,
                new Schedule.CosineCycles(1)
                        .start(new Schedule.Span(1_000_000, 1))
                        .factor(414_214),
                1e-9);
        // Of four steps the warm-up has two: 1/2, 2/2, then a cosine over the other two
        assertArrayEquals(
                new double[] {0.5, 1, 1, 0.5, 0, 0},
                factors(new Schedule.WarmUp(2, new Schedule.Cosine()), six),
                1e-14);
        // 1/3, 2/3, 3/3, then halved after each step
        assertArrayEquals(
                new double[] {1.0 / 3, 2.0 / 3, 1, 1, 0.5, 0.25},
                factors(new Schedule.WarmUp(3, new Schedule.Step(1, 0.5)), six),
                1e-14);
    }

    /*
     * Tolerance 1: a step fails when its loss is above the least so far less 1.
     *
     *   loss      10   8    7.5   7    5    5    4.5   4.5   4.5   3    2.5   9
     *   least     -    10   8     7.5  7    5    5     4.5   4.5   4.5  3     2.5
     *   fails     no   no   yes   yes  no   yes  yes   yes   yes   no   yes   yes
     *   divided   -    -    -     -    5    5    5     25    25    125  125    125    (of the step at that loss)
     *
     * Two on end are 7.5 and 7, so that the next step, at 5, is a fifth; then 5 and 4.5, 4.5 and 4.5, 2.5 and 9.
     */
    @Test
    void adaptive_byHand() {
        double[] expected = {1, 1, 1, 1, 0.2, 0.2, 0.2, 0.04, 0.04, 0.008, 0.008, 0.008, 0.0016};
        assertArrayEquals(
                expected, factors(new Schedule.Adaptive(1), 10, 8, 7.5, 7, 5, 5, 4.5, 4.5, 4.5, 3, 2.5, 9, 9), 1e-14);
    }

    /*
     * Tolerance 1, epochs of two steps: their means are 10, 9.5, 9.5, 3. The second and the third fail, so that from step 6
     * on the rate is a fifth; single steps, of which half are above 11, do not count.
     */
    @Test
    void adaptive_ofEpochs_byHand() {
        assertArrayEquals(
                new double[] {1, 1, 1, 1, 1, 1, 0.2, 0.2, 0.2},
                factorsOfEpochs(new Schedule.Adaptive(1), 2, 8, 12, 7, 12, 12, 7, 0, 6, 6),
                1e-14);
    }

    /** The losses of the warm-up count for nothing: the two failures are those of steps 3 and 4. */
    @Test
    void adaptive_afterAWarmUp_startsAnew() {
        Schedule schedule = new Schedule.WarmUp(2, new Schedule.Adaptive(0));
        assertArrayEquals(new double[] {0.5, 1, 1, 1, 1, 0.2}, factors(schedule, 1, 2, 3, 4, 5, 6), 1e-14);
    }

    @Test
    void adaptive_stalledForEver_keepsARate() {
        double[] losses = new double[5000];
        Arrays.fill(losses, 1);
        double[] factors = factors(new Schedule.Adaptive(1e-4), losses);
        assertEquals(Math.pow(5, -9), factors[4999], 1e-12, "the first below a millionth");
    }

    /** Far down a schedule the rate is 0, and nothing fails. */
    @Test
    void factors_thatVanish_areTaken() {
        double[] factors = factors(new Schedule.Step(1, 1e-100), new double[6]);
        assertEquals(0, factors[5]);
    }

    @Test
    void scheduled_keepsTheDescentsOwnMemory() {
        Objective slope = Evaluated.constant(1, 1);
        Optimizer plain = new Momentum(0.5, 0.5, false);
        Optimizer scheduled =
                new Scheduled(new Momentum(0.5, 0.5, false), new Schedule.Constant(), new Schedule.Span(5, 1));
        Optimizer.State a = Steps.start(plain, new double[1]);
        Optimizer.State b = Steps.start(scheduled, new double[1]);
        for (int i = 0; i < 5; i++) {
            Steps.take(a, slope);
            Steps.take(b, slope);
            assertArrayEquals(a.theta(), b.theta());
        }
        assertEquals(Map.of(), b.snapshot().numbers(), "a schedule without memory leaves none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "constant | Constant[]",
                "step:100 | Step[every=100, drop=0.1]",
                "step:100,0.5 | Step[every=100, drop=0.5]",
                "inverse-time:0.01 | InverseTime[decay=0.01]",
                "cosine | Cosine[]",
                "cosine-cycles | CosineCycles[cycles=4]",
                "cosine-cycles:2 | CosineCycles[cycles=2]",
                "adaptive | Adaptive[tolerance=1.0E-4]",
                "adaptive:0.001 | Adaptive[tolerance=0.001]"
            })
    void parse_good(String text, String schedule) {
        assertEquals(schedule, Schedule.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | constant",
                "linear | cosine",
                "step | step:EVERY",
                "step:x | \"x\"",
                "step:0 | steps 0",
                "step:10,0 | factor 0",
                "step:1,2,3 | step:EVERY",
                "inverse-time | inverse-time:DECAY",
                "inverse-time:-1 | decay -1.0",
                "cosine:5 | cosine, ",
                "cosine-cycles:0 | cycles 0",
                "adaptive:NaN | tolerance NaN"
            })
    void parse_bad(String text, String part) {
        String message =
                assertThrows(SettingError.class, () -> Schedule.parse(text)).render(SettingNames.OPTIONS);
        assertTrue(message.startsWith("--schedule " + text + ": expected constant, step:EVERY[,FACTOR]"), message);
        assertTrue(message.contains(part), message);
    }
}
