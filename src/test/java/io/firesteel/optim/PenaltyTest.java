package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PenaltyTest {
    private static final List<Penalty.Range> WEIGHTS = List.of(new Penalty.Range(0, 2), new Penalty.Range(3, 4));

    /*
     * theta = (w w b w b) = (1, -2, 3, 4, 5), of a loss 10 with the gradient (1, 1, 1, 1, 1), and lambda = 0.5:
     * J = 10 + 0.25 (1 + 4 + 16) = 15.25, dJ = (1.5, 0, 1, 3, 1): weights get lambda w more, biases nothing.
     */
    @Test
    void at_addsTheSquaresOfWeightsAndLeavesBiasesFree() {
        Objective plain = Evaluated.constant(10, 1, 1, 1, 1, 1);
        double[] theta = {1, -2, 3, 4, 5};

        Evaluated value = Evaluated.at(new Penalty(plain, 0.5, 0, WEIGHTS), theta);

        assertEquals(15.25, value.loss());
        assertArrayEquals(new double[] {1.5, 0, 1, 3, 1}, value.gradient());
        assertArrayEquals(new double[] {1, -2, 3, 4, 5}, theta);
    }

    /*
     * theta = (w w b w b) = (0, -2, 3, 4, 5), of the same loss, and kappa = 0.5: J = 10 + 0.5 (0 + 2 + 4) = 13,
     * dJ = (1, 0.5, 1, 1.5, 1): weights get kappa sign(w) more, of 0 nothing. With lambda = 0.5 as well, J is
     * 13 + 0.25 (4 + 16) = 18, and dJ = (1, -0.5, 1, 3.5, 1).
     */
    @Test
    void at_addsTheSizesOfWeights_aloneAndWithTheSquares() {
        Objective plain = Evaluated.constant(10, 1, 1, 1, 1, 1);
        double[] theta = {0, -2, 3, 4, 5};

        Evaluated value = Evaluated.at(new Penalty(plain, 0, 0.5, WEIGHTS), theta);
        assertEquals(13, value.loss());
        assertArrayEquals(new double[] {1, 0.5, 1, 1.5, 1}, value.gradient());

        Evaluated both = Evaluated.at(new Penalty(plain, 0.5, 0.5, WEIGHTS), theta);
        assertEquals(18, both.loss());
        assertArrayEquals(new double[] {1, -0.5, 1, 3.5, 1}, both.gradient());
    }

    /** The penalty is of every step, of whatever else steps see a part. */
    @Test
    void ofStep_penalisesTheObjectiveOfTheStep() {
        Objective steps = new Objective() {
            @Override
            public double at(double[] theta, double[] gradient) {
                return 10;
            }

            @Override
            public boolean variesByStep() {
                return true;
            }

            @Override
            public Objective ofStep(int step) {
                return (theta, gradient) -> step;
            }
        };
        Objective penalized = new Penalty(steps, 0.5, 0, WEIGHTS);
        double[] theta = {1, -2, 3, 4, 5};
        assertTrue(penalized.variesByStep());
        assertEquals(15.25, penalized.at(theta, new double[5]));
        assertEquals(3 + 5.25, penalized.ofStep(3).at(theta, new double[5]));
        assertFalse(penalized.ofStep(3).variesByStep());

        Objective plain = new Penalty(Evaluated.constant(10, 0, 0, 0, 0, 0), 0.5, 0, WEIGHTS);
        assertFalse(plain.variesByStep());
        assertSame(plain, plain.ofStep(3));
    }
}
