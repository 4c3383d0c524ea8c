package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentumTest {
    /** J(u, v) = (u - 3)^2 / 2 + 2 v^2, with the gradient (u - 3, 4 v). */
    private static double quadratic(double[] theta, double[] gradient) {
        double u = theta[0];
        double v = theta[1];
        gradient[0] = u - 3;
        gradient[1] = 4 * v;
        return (u - 3) * (u - 3) / 2 + 2 * v * v;
    }

    /*
     * alpha = 1/4, mu = 1/2 from (1, 1):
     *   gradient (-2, 4)      v = (1/2, -1)                                   theta = (3/2, 0)      J before 4
     *   gradient (-3/2, 0)    v = (1/4 + 3/8, -1/2) = (5/8, -1/2)             theta = (17/8, -1/2)  J before 9/8
     */
    @Test
    void takeStep_byHand() {
        Optimizer.State state = Steps.start(new Momentum(0.25, 0.5, false), new double[] {1, 1});
        assertEquals(4, Steps.take(state, MomentumTest::quadratic));
        assertArrayEquals(new double[] {1.5, 0}, state.theta());
        assertEquals(1.125, Steps.take(state, MomentumTest::quadratic));
        assertArrayEquals(new double[] {2.125, -0.5}, state.theta());
        assertArrayEquals(new double[] {0.625, -0.5}, state.snapshot().vectors().get("velocity"));
        assertEquals(2, state.step());
    }

    /*
     * The same, Nesterov's:
     *   gradient (-2, 4)      v = (1/2, -1)      theta = (1 + 1/4 + 1/2, 1 - 1/2 - 1) = (7/4, -1/2)
     *   gradient (-5/4, -2)   v = (1/4 + 5/16, -1/2 + 1/2) = (9/16, 0)
     *                         theta = (7/4 + 9/32 + 5/16, -1/2 + 0 + 1/2) = (75/32, 0)
     */
    @Test
    void takeStep_ofNesterov_byHand() {
        Optimizer.State state = Steps.start(new Momentum(0.25, 0.5, true), new double[] {1, 1});
        Steps.take(state, MomentumTest::quadratic);
        assertArrayEquals(new double[] {1.75, -0.5}, state.theta());
        Steps.take(state, MomentumTest::quadratic);
        assertArrayEquals(new double[] {2.34375, 0}, state.theta());
        assertArrayEquals(new double[] {0.5625, 0}, state.snapshot().vectors().get("velocity"));
    }

    /**
     * Nesterov's as Sutskever et al. write it: v := mu v - alpha J'(x + mu v), x := x + v. Our theta is x + mu v, where
     * they take the gradient.
     */
    @Test
    void takeStep_ofNesterov_isSutskeversSeenFromWhereTheGradientIsTaken() {
        double mu = 0.9;
        double alpha = 0.1;
        Optimizer nesterov = new Momentum(alpha, mu, true);
        Optimizer.State state = Steps.start(nesterov, new double[] {1, 1});
        double[] x = {1, 1};
        double[] v = {0, 0};
        for (int step = 0; step < 50; step++) {
            double[] ahead = {x[0] + mu * v[0], x[1] + mu * v[1]};
            assertArrayEquals(ahead, state.theta(), 1e-13);
            Steps.take(state, MomentumTest::quadratic);
            double[] gradient = Evaluated.at(MomentumTest::quadratic, ahead).gradient();
            for (int i = 0; i < 2; i++) {
                v[i] = mu * v[i] - alpha * gradient[i];
                x[i] += v[i];
            }
        }
        assertArrayEquals(new double[] {3, 0}, x, 0.2);
    }

    /** scikit-learn's test_sgd_optimizer_momentum and ..._nesterovs_momentum: random velocities, one update from zero. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.6, 0.7, 0.8})
    void takeStep_asInScikitLearnsTests(double mu) {
        Random random = new Random(0);
        double[] velocity = random.doubles(60).toArray();
        double[] gradient = random.doubles(60).toArray();
        Optimizer.Snapshot before = new Optimizer.Snapshot(9, new double[60], Map.of("velocity", velocity), Map.of());
        double[] update = new double[60];
        Arrays.setAll(update, i -> mu * velocity[i] - 0.1 * gradient[i]);
        double[] nesterov = new double[60];
        Arrays.setAll(nesterov, i -> mu * update[i] - 0.1 * gradient[i]);
        assertArrayEquals(update, afterAStep(new Momentum(0.1, mu, false), before, gradient), 1e-15);
        assertArrayEquals(nesterov, afterAStep(new Momentum(0.1, mu, true), before, gradient), 1e-15);
    }

    private static double[] afterAStep(Optimizer optimizer, Optimizer.Snapshot before, double[] gradient) {
        Optimizer.State state = optimizer.resume(before);
        Steps.take(state, Evaluated.constant(1, gradient));
        return state.theta();
    }

    @Test
    void momentum_ofNothing_isGradientDescent() {
        for (boolean nesterov : new boolean[] {false, true}) {
            Optimizer none = new Momentum(0.3, 0, nesterov);
            Optimizer descent = new GradientDescent(0.3);
            Optimizer.State a = Steps.start(none, new double[] {1, 1});
            Optimizer.State b = Steps.start(descent, new double[] {1, 1});
            for (int step = 0; step < 10; step++) {
                Steps.take(a, MomentumTest::quadratic);
                Steps.take(b, MomentumTest::quadratic);
                assertArrayEquals(b.theta(), a.theta());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, -0.1, Double.NaN})
    void momentum_thatIsBad_isRefused(double mu) {
        String message = assertThrows(IllegalArgumentException.class, () -> new Momentum(1, mu, false))
                .getMessage();
        assertEquals("momentum " + mu + ": expected 0 or more, and less than 1", message);
    }
}
