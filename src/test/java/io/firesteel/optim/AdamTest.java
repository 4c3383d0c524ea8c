package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.firesteel.base.Annealing;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {
    private static final Objective PARABOLA = (theta, gradient) -> {
        gradient[0] = theta[0];
        return theta[0] * theta[0] / 2;
    };

    /** Adam with one learning rate for all parameters, which do not decay. */
    private static Adam adam(double learningRate, double beta1, double beta2, double epsilon) {
        List<Adam.Group> all = List.of(new Adam.Group(0, Integer.MAX_VALUE, 1, false));
        return new Adam(learningRate, beta1, beta2, epsilon, 0, Annealing.NONE, all);
    }

    /*
     * J = theta^2 / 2, so g = theta, from 2; alpha .1, beta1 .5, beta2 .75, epsilon 2, which is large enough to be seen.
     *
     *   t   g             m = .5 m + .5 g   v = .75 v + .25 g^2   m / (1 - .5^t)   sqrt(v / (1 - .75^t))   step
     *   1   2             1                 1                     2                2                       .05
     *   2   1.95          1.475             1.700625              1.9666666667     1.9715838448            .0495184476
     *   3   1.9004815524  1.6877407762      2.1784262827          1.9288466013     1.9411565381            .0489411314
     *
     * theta after 3 steps: 2 - .05 - .0495184476 - .0489411314 = 1.8515404209
     */
    @Test
    void takeStep_byHand() {
        Optimizer.State state = Steps.start(adam(0.1, 0.5, 0.75, 2), new double[] {2});
        assertEquals(2, Steps.take(state, PARABOLA));
        assertArrayEquals(new double[] {1.95}, state.theta(), 1e-15);
        Steps.take(state, PARABOLA);
        assertArrayEquals(new double[] {1.9004815524}, state.theta(), 1e-10);
        assertArrayEquals(new double[] {1.475}, state.snapshot().vectors().get("m"), 1e-15);
        assertArrayEquals(new double[] {1.700625}, state.snapshot().vectors().get("v"), 1e-15);
        Steps.take(state, PARABOLA);
        assertArrayEquals(new double[] {1.8515404209}, state.theta(), 1e-10);
        assertEquals(3, state.step());
    }

    /** The paper's section 2.1: whatever the gradients' size, no step is longer than alpha, and the first one is. */
    @Test
    void takeStep_first_isTheLearningRate() {
        Optimizer.State state = Steps.start(adam(0.01, 0.9, 0.999, 1e-12), new double[3]);
        Steps.take(state, Evaluated.constant(0, 1e6, -1, 1e-4));
        assertArrayEquals(new double[] {-0.01, 0.01, -0.01}, state.theta(), 1e-9);
    }

    /**
     * scikit-learn's test_adam_optimizer: random moments, the 10th update from zero. Its epsilon is not divided by sqrt(1 -
     * beta2^t), as in the last lines of the paper's section 2: that changes the seventh digit.
     */
    @ParameterizedTest
    @CsvSource({"0.9, 0.995", "0.9, 0.996", "0.9, 0.999", "0.95, 0.995", "0.95, 0.999"})
    void takeStep_asInScikitLearnsTest(double beta1, double beta2) {
        int t = 10;
        Random random = new Random(0);
        double[] m = random.doubles(60).toArray();
        double[] v = random.doubles(60).toArray();
        double[] g = random.doubles(60).toArray();
        double rate = 0.001 * Math.sqrt(1 - Math.pow(beta2, t)) / (1 - Math.pow(beta1, t));
        double[] expected = new double[60];
        Arrays.setAll(
                expected,
                i -> -rate
                        * (beta1 * m[i] + (1 - beta1) * g[i])
                        / (Math.sqrt(beta2 * v[i] + (1 - beta2) * g[i] * g[i]) + 1e-8));
        Optimizer.Snapshot before = new Optimizer.Snapshot(t - 1, new double[60], Map.of("m", m, "v", v), Map.of());
        Optimizer.State state = adam(0.001, beta1, beta2, 1e-8).resume(before);
        Steps.take(state, Evaluated.constant(1, g));
        for (int i = 0; i < 60; i++) {
            assertEquals(expected[i], state.theta()[i], 1e-6 * Math.abs(expected[i]));
        }
    }

    /*
     * Weights 0 and 2 of theta (4, 4, -2), alpha .1, lambda .5, and a gradient of 0, of which Adam makes nothing: each
     * weight loses .1 * .5 of itself a step, 4 -> 3.8 -> 3.61, -2 -> -1.9 -> -1.805; the bias stays. With a gradient of 1
     * Adam's first step is .1 more.
     */
    @Test
    void takeStep_ofAdamW_takesFromWeightsAndLeavesBiasesFree() {
        Optimizer adamW = new Adam(
                0.1,
                0.9,
                0.999,
                1e-12,
                0.5,
                Annealing.NONE,
                List.of(new Adam.Group(0, 1, 1, true), new Adam.Group(1, 2, 1, false), new Adam.Group(2, 3, 1, true)));
        double[] start = {4, 4, -2};
        Optimizer.State flat = Steps.start(adamW, start);
        Steps.take(flat, Evaluated.constant(1, 0, 0, 0));
        Steps.take(flat, Evaluated.constant(1, 0, 0, 0));
        assertArrayEquals(new double[] {3.61, 4, -1.805}, flat.theta(), 1e-14);
        Optimizer.State slope = Steps.start(adamW, start);
        Steps.take(slope, Evaluated.constant(1, 1, 1, 1));
        assertArrayEquals(new double[] {3.7, 3.9, -2}, slope.theta(), 1e-9);
    }

    @Test
    void settings_thatAreBad_areRefused() {
        assertRefused("learning rate 0.0: expected a positive number", () -> adam(0, 0.9, 0.9, 1));
        assertRefused("beta1 1.0: expected 0 or more, and less than 1", () -> adam(1, 1, 0.9, 1));
        assertRefused("beta2 NaN: expected 0 or more, and less than 1", () -> adam(1, 0.9, Double.NaN, 1));
        assertRefused("epsilon 0.0: expected a positive number", () -> adam(1, 0.9, 0.9, 0));
        assertRefused(
                "weight decay -1.0: expected a number of 0 or more",
                () -> new Adam(1, 0.9, 0.9, 1, -1, Annealing.NONE, List.of()));
    }

    private static void assertRefused(String message, Runnable constructor) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, constructor::run).getMessage());
    }
}
