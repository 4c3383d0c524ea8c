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
    private static Objective.Value quadratic(double[] theta) {
        double u = theta[0];
        double v = theta[1];
        return new Objective.Value((u - 3) * (u - 3) / 2 + 2 * v * v, new double[] {u - 3, 4 * v});
    }

    /*
     * alpha = 1/2 from (1, 1):
     *   J(1, 1) = 4/2 + 2 = 4      gradient (-2, 4)     next (1 + 1, 1 - 2) = (2, -1)
     *   J(2, -1) = 1/2 + 2 = 2.5   gradient (-1, -4)    next (2.5, 1)
     *   J(2.5, 1) = 1/8 + 2 = 2.125
     */
    @Test
    void next_onAQuadratic_byHand() {
        Optimizer descent = new GradientDescent(0.5);
        Optimizer.State start = descent.start(new double[] {1, 1});
        Optimizer.State one = descent.next(start, GradientDescentTest::quadratic);
        Optimizer.State two = descent.next(one, GradientDescentTest::quadratic);

        assertEquals(0, start.step());
        assertTrue(Double.isNaN(start.loss()), "no loss is known before the first step");
        assertEquals(1, one.step());
        assertEquals(4, one.loss());
        assertArrayEquals(new double[] {2, -1}, one.theta());
        assertEquals(2, two.step());
        assertEquals(2.5, two.loss());
        assertArrayEquals(new double[] {2.5, 1}, two.theta());
        assertArrayEquals(new double[] {1, 1}, start.theta(), "a state is a value: steps make new ones");
    }

    @Test
    void start_copiesTheta() {
        double[] theta = {1, 2};
        Optimizer.State start = new GradientDescent(1).start(theta);
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
