package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsTest {
    /** Counts the evaluations of an objective. */
    private static final class Counted implements Objective {
        private final Objective objective;
        private int evaluations;

        Counted(Objective objective) {
            this.objective = objective;
        }

        @Override
        public double at(double[] theta, double[] gradient) {
            evaluations++;
            return objective.at(theta, gradient);
        }
    }

    private static Optimizer.State steps(Optimizer optimizer, double[] start, Objective objective, int steps) {
        Optimizer.State state = Steps.start(optimizer, start);
        for (int i = 0; i < steps; i++) {
            Steps.take(state, objective);
        }
        return state;
    }

    /*
     * J = u^2 / 2 + 2 v^2, gradient (u, 4 v), from (3, 1): J = 6.5, gradient (3, 4) of length 5.
     *
     * Step 1 along (-3, -4) from t = 1/5: to (2.4, .2), J = 2.88 + .08 = 2.96, gradient (2.4, .8), phi' = -7.2 - 3.2 =
     * -10.4 after -25: low and flat enough. s = (-.6, -.8), y = (-.6, -3.2), s.y = .36 + 2.56 = 2.92, y.y = .36 + 10.24 =
     * 10.6.
     *
     * Step 2: alpha = s.g / s.y = (-1.44 - .64) / 2.92 = -.7123287671
     *   q = g - alpha y = (2.4 - .4273972603, .8 - 2.2794520548) = (1.9726027397, -1.4794520548)
     *   r = q s.y / y.y = .2754716981 q = (.5433962264, -.4075471698)
     *   beta = y.r / s.y = (-.3260377358 + 1.3041509434) / 2.92 = .3349702767
     *   r + s (alpha - beta) = r + 1.0472990438 (.6, .8) = (1.1717756527, .4302920652)
     * t = 1: to (1.2282243473, -.2302920652), where phi' = -(1.2282243473 * 1.1717756527 - .9211682609 * .4302920652) =
     * -1.04283, after -(2.8122615665 + .3442336522) = -3.15650: flat enough, and low enough with J = .86034.
     */
    @Test
    void takeStep_byHand() {
        Counted bowl = new Counted((theta, gradient) -> {
            gradient[0] = theta[0];
            gradient[1] = 4 * theta[1];
            return theta[0] * theta[0] / 2 + 2 * theta[1] * theta[1];
        });
        Optimizer.State state = Steps.start(new Lbfgs(10), new double[] {3, 1});
        assertEquals(6.5, Steps.take(state, bowl));
        assertArrayEquals(new double[] {2.4, 0.2}, state.theta(), 1e-15);
        assertArrayEquals(new double[] {-0.6, -3.2}, state.snapshot().vectors().get("y0"), 1e-15);
        assertEquals(2.96, Steps.take(state, bowl), 1e-14);
        assertArrayEquals(new double[] {1.2282243473, -0.2302920652}, state.theta(), 1e-9);
        Optimizer.Snapshot two = state.snapshot();
        assertEquals(Set.of("gradient", "s0", "y0", "s1", "y1"), two.vectors().keySet());
        assertEquals(0.86034, two.numbers().get("value"), 1e-5);
        assertEquals(3, bowl.evaluations, "one at the start and one a step");
    }

    /** Rosenbrock's valley, from (-1.2, 1) to its minimum 0 at (1, 1); gradient descent is far from there after 10,000. */
    @Test
    void steps_findTheMinimumOfRosenbrocksValley() {
        Objective valley = (theta, gradient) -> {
            double a = 1 - theta[0];
            double b = theta[1] - theta[0] * theta[0];
            gradient[0] = -2 * a - 400 * theta[0] * b;
            gradient[1] = 200 * b;
            return a * a + 100 * b * b;
        };
        Counted counted = new Counted(valley);
        Optimizer.State state = steps(new Lbfgs(10), new double[] {-1.2, 1}, counted, 60);
        assertArrayEquals(new double[] {1, 1}, state.theta(), 1e-8);
        assertTrue(counted.evaluations < 100, counted.evaluations + " evaluations");
    }

    /** Where nothing is lower, theta stays, and nothing is evaluated any more. */
    @Test
    void takeStep_atTheMinimum_stays() {
        Counted bowl = new Counted((theta, gradient) -> {
            gradient[0] = 2 * theta[0];
            return 1 + theta[0] * theta[0];
        });
        Optimizer.State state = steps(new Lbfgs(3), new double[] {5}, bowl, 50);
        assertArrayEquals(new double[1], state.theta(), 1e-12);
        assertEquals(50, state.step());
        int evaluations = bowl.evaluations;
        double[] there = state.theta().clone();
        assertEquals(1, Steps.take(state, bowl));
        assertEquals(evaluations, bowl.evaluations);
        assertArrayEquals(there, state.theta());
        assertEquals(51, state.step());
        assertEquals(Set.of("gradient"), state.snapshot().vectors().keySet());

        Optimizer.State resumed = new Lbfgs(3).resume(state.snapshot());
        assertEquals(1, Steps.take(resumed, bowl));
        assertEquals(evaluations, bowl.evaluations, "a resumed one knows that it is at the end");
        assertArrayEquals(there, resumed.theta());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void takeStep_remembersSoManySteps(int memory) {
        Objective bowl = (theta, gradient) -> {
            double value = 0;
            for (int i = 0; i < 8; i++) {
                gradient[i] = (i + 1) * (theta[i] - i) + Math.pow(theta[i] - i, 3);
                value += (i + 1) * Math.pow(theta[i] - i, 2) / 2 + Math.pow(theta[i] - i, 4) / 4;
            }
            return value;
        };
        Optimizer.State state = steps(new Lbfgs(memory), new double[8], bowl, 7);
        assertTrue(state.snapshot().vectors().containsKey("s" + (memory - 1)));
        assertFalse(state.snapshot().vectors().containsKey("s" + memory));
        Optimizer.State last = steps(new Lbfgs(memory), new double[8], bowl, 200);
        double[] minimum = new double[8];
        Arrays.setAll(minimum, i -> i);
        assertArrayEquals(minimum, last.theta(), 1e-7);
    }

    /** Every step meets the conditions, also where the first try overshoots into infinity or falls far short. */
    @ParameterizedTest
    @ValueSource(doubles = {3, 0.1, 20})
    void search_meetsTheWolfeConditions(double from) {
        // phi = -log t + t, infinite for t <= 0, with its minimum at t = 1; from 0.1 the slope is -9, from 20 it is
        // .95.
        Objective barrier = (theta, gradient) -> {
            boolean isInside = theta[0] > 0;
            gradient[0] = isInside ? 1 - 1 / theta[0] : Double.NaN;
            return isInside ? theta[0] - Math.log(theta[0]) : Double.POSITIVE_INFINITY;
        };
        Evaluated at = Evaluated.at(barrier, new double[] {from});
        double slope = at.gradient()[0];
        WolfeSearch search =
                new WolfeSearch(barrier, new double[] {from}, at.loss(), at.gradient(), new WolfeSearch.Memory(1));
        double[] down = {-Math.signum(slope)};
        for (double first : new double[] {1e-6, 0.01, 1, 1000}) {
            WolfeSearch.Point point = search.along(down, first);
            double there = from + point.t() * down[0];
            assertEquals(Evaluated.at(barrier, new double[] {there}).loss(), point.phi());
            assertEquals(1 - 1 / there, point.gradient()[0], "the gradient is that of the point, not of another trial");
            assertTrue(point.phi() <= at.loss() - 1e-4 * point.t() * Math.abs(slope));
            if (first > 1e-6) { // twenty doublings of a millionth may end too early to be flat
                assertTrue(Math.abs(1 - 1 / there) <= 0.9 * Math.abs(slope), "slope at " + there);
            }
        }
        assertNull(search.along(new double[] {-down[0]}, 1));
    }
}
