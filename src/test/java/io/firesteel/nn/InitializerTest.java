package io.firesteel.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitializerTest {
    private static final Network WIDE = Network.of(List.of(300, 200, 50), Activation.TANH, Loss.SQUARED_ERROR);

    @ParameterizedTest
    @EnumSource
    void start_leavesBiasesAtZero(Initializer initializer) {
        Parameters start = Parameters.of(WIDE, initializer.start(WIDE, 1, 7));
        for (int l = 1; l <= WIDE.depth(); l++) {
            for (int i = 0; i < WIDE.units(l); i++) {
                assertEquals(0, start.of(0, 2 * l - 2).get(1).get(i, 0));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void start_dependsOnTheSeedAlone(Initializer initializer) {
        double[] one = initializer.start(WIDE, 1, 7);
        assertArrayEquals(one, initializer.start(WIDE, 1, 7));
        assertEquals(initializer == Initializer.ZERO, Arrays.equals(one, initializer.start(WIDE, 1, 8)));
    }

    @ParameterizedTest
    @EnumSource
    void start_growsWithTheScale(Initializer initializer) {
        double[] one = initializer.start(WIDE, 1, 7);
        double[] four = initializer.start(WIDE, 4, 7); // a power of two: exact
        for (int i = 0; i < one.length; i++) {
            assertEquals(4 * one[i], four[i]);
        }
    }

    /** new Random(42).nextGaussian() is 1.1419053154730547 on every Java. */
    @Test
    void start_normal_hasTheBitsThatJavaPromises() {
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.SQUARED_ERROR);
        assertArrayEquals(
                new double[] {0.01 * 1.1419053154730547, 0},
                Initializer.NORMAL.start(network, Initializer.NORMAL.defaultScale(), 42));
    }

    /** The deviation of a sample of 60,000 is right to 0.3 % (one sigma), of 10,000 to 0.7 %. */
    @Test
    void start_hasTheDeviationOfItsName() {
        double[] normal = deviations(Initializer.NORMAL, 0.01);
        assertEquals(0.01, normal[0], 0.01 * 0.02);
        assertEquals(0.01, normal[1], 0.01 * 0.03);

        // uniform within +-u has the deviation u / sqrt 3: sqrt(6 / (in + out)) / sqrt 3 = sqrt(2 / (in + out))
        double[] glorot = deviations(Initializer.GLOROT, 1);
        assertEquals(Math.sqrt(2.0 / 500), glorot[0], 0.02 * Math.sqrt(2.0 / 500));
        assertEquals(Math.sqrt(2.0 / 250), glorot[1], 0.03 * Math.sqrt(2.0 / 250));

        double[] he = deviations(Initializer.HE, 1);
        assertEquals(Math.sqrt(2.0 / 300), he[0], 0.02 * Math.sqrt(2.0 / 300));
        assertEquals(Math.sqrt(2.0 / 200), he[1], 0.03 * Math.sqrt(2.0 / 200));

        assertArrayEquals(new double[2], deviations(Initializer.ZERO, 1));
    }

    @Test
    void start_glorot_staysWithinItsBound() {
        Matrix w = Parameters.of(WIDE, Initializer.GLOROT.start(WIDE, 1, 7))
                .of(0, 0)
                .get(0);
        double bound = Math.sqrt(6.0 / 500);
        double greatest = 0;
        for (int i = 0; i < w.rows(); i++) {
            for (int j = 0; j < w.cols(); j++) {
                greatest = Math.max(greatest, Math.abs(w.get(i, j)));
            }
        }
        assertTrue(greatest <= bound && greatest > 0.999 * bound, greatest + " of " + bound);
        assertFalse(Double.isNaN(greatest));
    }

    /** sqrt(mean(w^2)) of each layer; the mean itself must be near zero. */
    private static double[] deviations(Initializer initializer, double scale) {
        Parameters start = Parameters.of(WIDE, initializer.start(WIDE, scale, 7));
        double[] deviations = new double[WIDE.depth()];
        for (int l = 1; l <= WIDE.depth(); l++) {
            Matrix w = start.of(0, 2 * l - 2).get(0);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < w.rows(); i++) {
                for (int j = 0; j < w.cols(); j++) {
                    sum += w.get(i, j);
                    squares += w.get(i, j) * w.get(i, j);
                }
            }
            deviations[l - 1] = Math.sqrt(squares / w.size());
            // Four sigma of the mean of so many.
            assertTrue(Math.abs(sum / w.size()) <= 4 * deviations[l - 1] / Math.sqrt(w.size()), "mean of layer " + l);
        }
        return deviations;
    }
}
