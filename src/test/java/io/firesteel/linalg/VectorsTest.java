package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sweeps over vectors do what their formulas say, with the same bits as scalar code, and only where they should. */
class VectorsTest {
    private static final int N = 103; // some vector registers, and a rest
    private static final int FROM = 3;
    private static final int TO = 99;
    private final Random random = new Random(5);

    private double[] some(double offset) {
        return random.doubles(N).map(x -> offset + x).toArray();
    }

    @Test
    void adam_isTheStepOfItsFormula_withTheBitsOfScalarCode() {
        AdamStep step = new AdamStep(0.9, 0.999, 1e-8, 0.01, 1 - 0.9 * 0.9, 1 - 0.999 * 0.999, 1e-4);
        double[] theta = some(-0.5);
        double[] g = some(-0.5);
        double[] m = some(-0.5);
        double[] v = some(0);
        List<double[]> before = List.of(theta.clone(), m.clone(), v.clone());
        List<double[]> scalar = List.of(theta.clone(), m.clone(), v.clone());
        new ElementwiseKernels().adam(scalar.get(0), g, scalar.get(1), scalar.get(2), step, FROM, TO);
        Vectors.adam(theta, g, m, v, step, FROM, TO);
        assertArrayEquals(scalar.get(0), theta);
        assertArrayEquals(scalar.get(1), m);
        assertArrayEquals(scalar.get(2), v);
        for (int i = 0; i < N; i++) {
            double mean = before.get(1)[i];
            double square = before.get(2)[i];
            double expected = before.get(0)[i];
            if (i >= FROM && i < TO) {
                mean = 0.9 * mean + 0.1 * g[i];
                square = 0.999 * square + 0.001 * g[i] * g[i];
                expected -= 0.01 * (mean / 0.19) / (Math.sqrt(square / 0.001999) + 1e-8) + 1e-4 * expected;
            }
            assertEquals(mean, m[i], 1e-15);
            assertEquals(square, v[i], 1e-15);
            assertEquals(expected, theta[i], 1e-12);
        }
    }

    @Test
    void divide_dividesASlice() {
        double[] x = some(-0.5);
        double[] y = some(0);
        double[] expected = y.clone();
        for (int i = FROM; i < TO; i++) {
            expected[i] = x[i] / 3;
        }
        Vectors.divide(y, x, 3, FROM, TO);
        assertArrayEquals(expected, y);
    }

    @Test
    void copyFrom_roundsToFloats() {
        double[] x = some(-0.5);
        x[0] = 1e300;
        x[1] = -1e-300;
        x[2] = Double.NaN;
        Matrix a = Precision.SINGLE.zeros(N, 1);
        a.setAll(x);
        for (int i = 0; i < N; i++) {
            assertEquals((float) x[i], (float) a.get(i, 0));
        }
    }
}
