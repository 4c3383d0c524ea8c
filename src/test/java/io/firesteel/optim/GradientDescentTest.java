package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientDescentTest {
    /** J(u, v) = (u - 3)^2 / 2 + 2 v^2, with the gradient (u - 3, 4 v). */
    private static double quadratic(double[] theta, double[] gradient) {
        double u = theta[0];
        double v = theta[1];
        gradient[0] = u - 3;
        gradient[1] = 4 * v;
        return (u - 3) * (u - 3) / 2 + 2 * v * v;
    }

    /*
     * alpha = 1/2 from (1, 1):
     *   J(1, 1) = 4/2 + 2 = 4      gradient (-2, 4)     next (1 + 1, 1 - 2) = (2, -1)
     *   J(2, -1) = 1/2 + 2 = 2.5   gradient (-1, -4)    next (2.5, 1)
     *   J(2.5, 1) = 1/8 + 2 = 2.125
     */
    @Test
    void takeStep_onAQuadratic_byHand() {
        double[] start = {1, 1};
        Optimizer.State state = Steps.start(new GradientDescent(0.5), start);
        Optimizer.Snapshot before = state.snapshot();
        assertEquals(0, state.step());
        assertEquals(4, Steps.take(state, GradientDescentTest::quadratic));
        assertEquals(1, state.step());
        assertArrayEquals(new double[] {2, -1}, state.theta());
        assertEquals(2.5, Steps.take(state, GradientDescentTest::quadratic));
        assertEquals(2, state.step());
        assertArrayEquals(new double[] {2.5, 1}, state.theta());
        assertArrayEquals(new double[] {1, 1}, start);
        assertArrayEquals(new double[] {1, 1}, before.theta(), "a snapshot is a value");
    }

    /** The value decides, before anything moves. */
    @Test
    void takeStep_thatIsNotWanted_leavesTheStateAsItIs() {
        Optimizer.State state = Steps.start(new GradientDescent(0.5), new double[] {1, 1});
        assertEquals(4, state.takeStep(GradientDescentTest::quadratic, loss -> loss < 4));
        assertEquals(0, state.step());
        assertArrayEquals(new double[] {1, 1}, state.theta());
        assertEquals(4, state.takeStep(GradientDescentTest::quadratic, loss -> loss == 4));
        assertEquals(1, state.step());
    }

    @Test
    void start_copiesTheta() {
        double[] theta = {1, 2};
        Optimizer.State start = Steps.start(new GradientDescent(1), theta);
        theta[0] = -1;
        assertArrayEquals(new double[] {1, 2}, start.theta());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY})
    void learningRate_thatIsNotPositive_isRefused(double rate) {
        String message = assertThrows(IllegalArgumentException.class, () -> new GradientDescent(rate))
                .getMessage();
        assertTrue(message.contains("learning rate " + rate) && message.contains("expected a positive"), message);
    }
}
