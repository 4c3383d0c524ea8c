package io.firesteel.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradientCheckingTest {
    /** 2-1, so that theta is (w1, w2, b), and the loss below has the gradient (2 w1, 3, -b). */
    private static final Network LINEAR = Network.of(List.of(2, 1), Activation.TANH, Loss.SQUARED_ERROR);

    private static final double[] THETA = {1, -2, 0.5};

    private static double loss(double[] t) {
        return t[0] * t[0] + 3 * t[1] - t[2] * t[2] / 2;
    }

    @Test
    void of_theRightGradient_isRight() {
        GradientCheck check = GradientCheck.of(LINEAR, THETA, new double[] {2, 3, -0.5}, GradientCheckingTest::loss);
        assertTrue(check.isRight(), check.toString());
        assertEquals(3, check.parameters());
    }

    @Test
    void of_aWrongElement_namesItsTensor() {
        GradientCheck bias = GradientCheck.of(LINEAR, THETA, new double[] {2, 3, -0.6}, GradientCheckingTest::loss);
        assertFalse(bias.isRight());
        assertEquals("b1", bias.worst());
        assertEquals(0.1 / 0.6, bias.error(), 1e-6);
        GradientCheck weight = GradientCheck.of(LINEAR, THETA, new double[] {2, 0, -0.5}, GradientCheckingTest::loss);
        assertEquals("W1", weight.worst());
        assertEquals(3 / 0.02, weight.error(), 1e-3); // an element of 0 is measured by 1/100 of the greatest
    }

    @Test
    void of_noGradientWhereTheLossFalls_isWrong() {
        assertFalse(GradientCheck.of(LINEAR, THETA, new double[3], GradientCheckingTest::loss)
                .isRight());
        assertTrue(GradientCheck.of(LINEAR, THETA, new double[3], t -> 7).isRight());
        GradientCheck infinite = GradientCheck.of(LINEAR, THETA, new double[3], t -> Double.POSITIVE_INFINITY);
        assertFalse(infinite.isRight() || infinite.isFinite());
    }

    /** The loss bends within each step, so that its differences say nothing of the gradient at the point itself. */
    @Test
    void of_aLossThatDifferencesDoNotTell_leavesTheElementOut() {
        GradientCheck check = GradientCheck.of(
                LINEAR, THETA, new double[] {7, 3, -0.5}, t -> loss(t) - t[0] * t[0] + Math.sin(1e13 * t[0]));
        assertTrue(check.isRight(), check.toString());
        assertEquals(2, check.parameters());
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void of_backprop_isRight(Activation activation) {
        Network network = Network.of(List.of(3, 5, 4, 2), activation, Loss.SOFTMAX_CROSS_ENTROPY);
        Samples samples = Samples.random(network, 12, true, 3);
        Examples examples = samples.all(Precision.DOUBLE);
        double[] theta = Initializer.GLOROT.start(network, 1, 5);
        GradientCheck check =
                GradientCheck.of(network, theta, GradientCheck.gradient(network, theta, examples), examples);
        assertTrue(check.isRight(), check.toString());
    }
}
