package io.firesteel.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Elementary functions: how accurate they are, and that every way to compute them gives the same bits. */
class ElementaryTest {
    private static final MathContext DIGITS = new MathContext(50);
    private static final double[] EDGES = edges();

    /** One function over both element types. */
    private record Function(OverDoubles doubles, OverFloats floats) {}

    private interface OverDoubles {
        void apply(ElementwiseKernels sweeps, double[] x, int from, int to);
    }

    private interface OverFloats {
        void apply(ElementwiseKernels sweeps, float[] x, int from, int to);
    }

    private static final List<Function> FUNCTIONS = List.of(
            new Function(ElementwiseKernels::exp, ElementwiseKernels::exp),
            new Function(ElementwiseKernels::sigmoid, ElementwiseKernels::sigmoid),
            new Function(ElementwiseKernels::tanh, ElementwiseKernels::tanh),
            new Function(ElementwiseKernels::elu, ElementwiseKernels::elu),
            new Function(ElementwiseKernels::gelu, ElementwiseKernels::gelu),
            new Function(ElementwiseKernels::geluDerivative, ElementwiseKernels::geluDerivative),
            new Function(ElementwiseKernels::cosOfTurns, ElementwiseKernels::cosOfTurns),
            new Function(ElementwiseKernels::sinOfTurns, ElementwiseKernels::sinOfTurns));

    @Test
    void doublesAgreeWithFiftyDigits() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            double x = some(random, i);
            if (Math.abs(x) > 700) continue;
            BigDecimal e = exp(new BigDecimal(x));
            BigDecimal e2 = e.multiply(e, DIGITS);
            assertNear(e, Elementary.exp(x), 2e-16, x);
            assertNear(e.divide(e.add(BigDecimal.ONE), DIGITS), Elementary.sigmoid(x), 4e-16, x);
            // e^2x - 1 loses no more than 30 of the fifty digits to cancellation.
            if (Math.abs(x) > 1e-30 && Math.abs(x) < 50)
                assertNear(
                        e2.subtract(BigDecimal.ONE).divide(e2.add(BigDecimal.ONE), DIGITS),
                        Elementary.tanh(x),
                        4e-16,
                        x);
        }
    }

    /** A turn is a whole number: what is taken away from x to come near 0 is taken exactly, unlike a multiple of pi. */
    @Test
    void turnsAgreeWithStrictMath() {
        Random random = new Random(5);
        for (int i = 0; i < 500_000; i++) {
            double r = random.nextDouble() - 0.5;
            double whole = i % 3 == 0 ? 0 : random.nextInt(2_000) - 1_000;
            double x = whole + r; // rounded, so that the part of a turn is no longer r
            double part = x - Math.rint(x);
            assertEquals(StrictMath.cos(2 * Math.PI * part), Elementary.cosOfTurns(x), 6e-16, () -> "cos " + x);
            assertEquals(StrictMath.sin(2 * Math.PI * part), Elementary.sinOfTurns(x), 6e-16, () -> "sin " + x);
            float y = (float) x;
            double of = y - Math.rint(y);
            assertEquals(StrictMath.cos(2 * Math.PI * of), Elementary.cosOfTurns(y), 2e-7, () -> "float cos " + x);
            assertEquals(StrictMath.sin(2 * Math.PI * of), Elementary.sinOfTurns(y), 2e-7, () -> "float sin " + x);
        }
        for (double quarters = -9; quarters <= 9; quarters++) { // which computers with pi do not get right
            double[] cosine = {1, 0, -1, 0};
            int of = Math.floorMod((int) quarters, 4);
            double sine = cosine[(of + 3) % 4];
            assertEquals(cosine[of], Elementary.cosOfTurns(quarters / 4), Math.abs(cosine[of]) * 2e-16);
            assertEquals(sine, Elementary.sinOfTurns(quarters / 4), Math.abs(sine) * 2e-16);
        }
    }

    @Test
    void doublesAgreeWithStrictMath() {
        Random random = new Random(2);
        for (int i = 0; i < 500_000; i++) {
            double x = some(random, i);
            double e = StrictMath.exp(-Math.abs(x));
            assertNear(StrictMath.exp(x), Elementary.exp(x), 4e-16, x);
            assertSigmoid((x < 0 ? e : 1) / (1 + e), Elementary.sigmoid(x), 7e-16, Double.MIN_NORMAL, x);
            assertNear(StrictMath.tanh(x), Elementary.tanh(x), 6e-16, x);
            assertNear(x > 0 ? x : StrictMath.expm1(x), Elementary.elu(x), 6e-16, x);
        }
    }

    @Test
    void logarithmsAgreeWithStrictMathAndAtTheirEdges() {
        Random random = new Random(4);
        for (int i = 0; i < 500_000; i++) {
            double x = i % 2 == 0 ? random.nextDouble() : StrictMath.exp(80 * random.nextDouble() - 45);
            assertNear(StrictMath.log1p(x), Elementary.log1p(x), 4e-16, x);
        }
        // Where the power of two of 1 + x changes: 1 + x is a power of two times sqrt(1/2).
        for (int k = 0; k < 50; k++) {
            double edge = StrictMath.sqrt(0.5) * (1L << (k + 1)) - 1;
            for (double x : new double[] {Math.nextDown(edge), edge, Math.nextUp(edge), (1L << k) - 1}) {
                assertNear(StrictMath.log1p(x), Elementary.log1p(x), 4e-16, x);
            }
        }
        assertEquals(0, Elementary.log1p(0));
        assertEquals(Double.MIN_VALUE, Elementary.log1p(Double.MIN_VALUE));
        assertEquals(Double.NaN, Elementary.log1p(Double.NaN));
    }

    @Test
    void vectorsComputeTheScalarBitsOfLogarithms() {
        double[] x =
                new Random(5).doubles(100_003, -45, 30).map(StrictMath::exp).toArray();
        x[7] = Double.NaN;
        x[100] = 0;
        double[] vector = x.clone();
        double[] scalar = x.clone();
        ElementwiseKernels.INSTANCE.log1p(vector, 5, x.length - 3);
        new ElementwiseKernels().log1p(scalar, 5, x.length - 3);
        assertArrayEquals(scalar, vector);
        assertEquals(x[4], vector[4]);
        assertEquals(x[x.length - 3], vector[x.length - 3]);
    }

    /** By tanh, where 1 + tanh loses digits for negative u: so the error is absolute, in units of max(1, |x|). */
    @Test
    void geluAgreesWithItsTanhForm() {
        Random random = new Random(3);
        double root = Math.sqrt(2 / Math.PI);
        for (int i = 0; i < 200_000; i++) {
            double x = some(random, i);
            double t = StrictMath.tanh(root * (x + 0.044715 * x * x * x));
            double gelu = x / 2 * (1 + t);
            double derivative = (1 + t) / 2 + x / 2 * (1 - t * t) * root * (1 + 3 * 0.044715 * x * x);
            double size = Math.max(1, Math.abs(x));
            assertEquals(gelu, Elementary.gelu(x), 1e-15 * size, () -> "gelu " + x);
            assertEquals(gelu, Elementary.gelu((float) x), 5e-7 * size, () -> "gelu, float, " + x);
            // The slope of sigmoid(u) is up to 10 times as steep as gelu: so are the errors.
            assertEquals(derivative, Elementary.geluDerivative(x), 1e-14, () -> "gelu' " + x);
            assertEquals(derivative, Elementary.geluDerivative((float) x), 5e-6, () -> "gelu', float, " + x);
        }
    }

    /** From the formula in fifty digits; and next to the form by the error function, x Phi(x). */
    @Test
    void geluOfKnownValues() {
        assertEquals(0.8411919906082767, Elementary.gelu(1.0), 1e-15);
        assertEquals(-0.1588080093917233, Elementary.gelu(-1.0), 1e-15);
        assertEquals(0.8413447460685429, Elementary.gelu(1.0), 4.8e-4, "1 Phi(1)");
        assertEquals(1.0829640838457826, Elementary.geluDerivative(1.0), 1e-15);
        assertEquals(-0.0829640838457826, Elementary.geluDerivative(-1.0), 1e-15);
        assertEquals(0.5, Elementary.geluDerivative(0.0));
        for (double far : new double[] {1e3, 1e30, 1e160, Double.MAX_VALUE}) {
            assertEquals(far, Elementary.gelu(far));
            assertEquals(-0.0, Elementary.gelu(-far));
            assertEquals(1, Elementary.geluDerivative(far));
            assertEquals(0, Elementary.geluDerivative(-far));
        }
        for (float far : new float[] {1e3f, 1e30f, Float.MAX_VALUE}) {
            assertEquals(far, Elementary.gelu(far));
            assertEquals(-0f, Elementary.gelu(-far));
            assertEquals(1, Elementary.geluDerivative(far));
            assertEquals(0, Elementary.geluDerivative(-far));
        }
        assertTrue(Double.isNaN(Elementary.gelu(Double.NaN)) && Double.isNaN(Elementary.geluDerivative(Double.NaN)));
        assertTrue(Double.isNaN(Elementary.elu(Double.NaN)) && Float.isNaN(Elementary.elu(Float.NaN)));
    }

    @Test
    void floatsAgreeWithDoubles() {
        for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += 5003) {
            float x = Float.intBitsToFloat((int) bits);
            double e = Math.exp(-Math.abs((double) x));
            assertNear(Math.exp(x), Elementary.exp(x), x);
            assertSigmoid((x < 0 ? e : 1) / (1 + e), Elementary.sigmoid(x), 1.8e-7, Float.MIN_NORMAL, x);
            assertNear(Math.tanh(x), Elementary.tanh(x), x);
            assertNear(x > 0 ? x : Math.expm1(x), Elementary.elu(x), x);
        }
    }

    @Test
    void edgesAreExact() {
        exactAt(Elementary::exp, 1, 1, 0, Double.POSITIVE_INFINITY);
        exactAt(Elementary::sigmoid, 0.5, 0.5, 0, 1);
        exactAt(Elementary::tanh, 0, -0.0, -1, 1);
        exactAt(x -> Elementary.exp((float) x), 1, 1, 0, Double.POSITIVE_INFINITY);
        exactAt(x -> Elementary.sigmoid((float) x), 0.5, 0.5, 0, 1);
        exactAt(x -> Elementary.tanh((float) x), 0, -0.0, -1, 1);
        for (double x : EDGES) assertNear(StrictMath.exp(x), Elementary.exp(x), 4e-16, x);
        assertEquals(Double.MIN_VALUE, Elementary.tanh(Double.MIN_VALUE));
        assertEquals(Float.MIN_VALUE, Elementary.tanh(Float.MIN_VALUE));
    }

    private static void exactAt(DoubleUnaryOperator f, double zero, double minusZero, double least, double most) {
        assertEquals(zero, f.applyAsDouble(0.0));
        assertEquals(minusZero, f.applyAsDouble(-0.0));
        assertEquals(Double.NaN, f.applyAsDouble(Double.NaN));
        for (double far : new double[] {1e3, 1e30, 1e300, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
            assertEquals(least, f.applyAsDouble(-far));
            assertEquals(most, f.applyAsDouble(far));
        }
    }

    @Test
    void sigmoidAndTanhKeepTheirBoundsAndTanhIsOdd() {
        for (double x : values(500_000)) {
            float f = (float) x;
            assertTrue(!(Elementary.sigmoid(x) < 0 || Elementary.sigmoid(x) > 1), () -> "sigmoid " + x);
            assertTrue(!(Elementary.sigmoid(f) < 0 || Elementary.sigmoid(f) > 1), () -> "sigmoid " + f);
            assertTrue(!(Math.abs(Elementary.tanh(x)) > 1), () -> "tanh " + x);
            assertTrue(!(Math.abs(Elementary.tanh(f)) > 1), () -> "tanh " + f);
            assertEquals(-Elementary.tanh(x), Elementary.tanh(-x));
            assertEquals(-Elementary.tanh(f), Elementary.tanh(-f));
        }
    }

    @Test
    void vectorsComputeTheScalarBits() {
        double[] x = values(1_000_003);
        float[] f = floats(x);
        for (Function function : FUNCTIONS) {
            double[] vector = x.clone();
            double[] scalar = x.clone();
            float[] vectorF = f.clone();
            float[] scalarF = f.clone();
            for (int from = 0; from < x.length; from += 1_009) {
                int to = Math.min(from + 1_009, x.length);
                function.doubles.apply(ElementwiseKernels.INSTANCE, vector, from, to);
                function.doubles.apply(new ElementwiseKernels(), scalar, from, to);
                function.floats.apply(ElementwiseKernels.INSTANCE, vectorF, from, to);
                function.floats.apply(new ElementwiseKernels(), scalarF, from, to);
            }
            assertArrayEquals(scalar, vector);
            assertArrayEquals(scalarF, vectorF);
        }
    }

    @Test
    void anyStretchIsSweptAndNothingElse() {
        double[] x = values(100);
        float[] f = floats(x);
        for (Function function : FUNCTIONS) {
            for (int from = 0; from <= x.length; from++) {
                for (int to = from; to <= x.length; to++) {
                    double[] vector = x.clone();
                    double[] scalar = x.clone();
                    function.doubles.apply(ElementwiseKernels.INSTANCE, vector, from, to);
                    for (int i = from; i < to; i++) function.doubles.apply(new ElementwiseKernels(), scalar, i, i + 1);
                    assertArrayEquals(scalar, vector);
                    float[] vectorF = f.clone();
                    float[] scalarF = f.clone();
                    function.floats.apply(ElementwiseKernels.INSTANCE, vectorF, from, to);
                    for (int i = from; i < to; i++) function.floats.apply(new ElementwiseKernels(), scalarF, i, i + 1);
                    assertArrayEquals(scalarF, vectorF);
                }
            }
        }
    }

    /** The compiler steps in somewhere among these repetitions, and must change nothing. */
    @Test
    void repetitionChangesNothing() {
        double[] x = values(1_001);
        float[] f = floats(x);
        for (Function function : FUNCTIONS) {
            double[] first = x.clone();
            float[] firstF = f.clone();
            function.doubles.apply(ElementwiseKernels.INSTANCE, first, 0, x.length);
            function.floats.apply(ElementwiseKernels.INSTANCE, firstF, 0, x.length);
            for (int i = 0; i < 3_000; i++) {
                double[] again = x.clone();
                float[] againF = f.clone();
                function.doubles.apply(ElementwiseKernels.INSTANCE, again, 0, x.length);
                function.floats.apply(ElementwiseKernels.INSTANCE, againF, 0, x.length);
                assertArrayEquals(first, again);
                assertArrayEquals(firstF, againF);
            }
        }
    }

    @Test
    void theBeginning_endsWithTheOperationThatHasItsLastElement() {
        ElementwiseKernels.Beginning beginning = new ElementwiseKernels.Beginning(100);
        assertFalse(beginning.isOver(60));
        assertFalse(beginning.isOver(Integer.MAX_VALUE));
        assertTrue(beginning.isOver(1));
        assertTrue(beginning.isOver(Integer.MAX_VALUE));
    }

    /** Whatever else this process has computed before. */
    @Test
    void of_afterManyElements_isTheVectorCode() {
        ElementwiseKernels.of(Integer.MAX_VALUE);
        assertSame(ElementwiseKernels.INSTANCE, ElementwiseKernels.of(1));
    }

    @Test
    void vectorsServeWhereTheModuleIs() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        assertTrue(
                ElementwiseKernels.INSTANCE.name().matches(present ? "vector \\d+ bit" : "scalar"),
                ElementwiseKernels.INSTANCE.name());
    }

    /** e^x by its series, at x / 4096, squared twelve times. */
    private static BigDecimal exp(BigDecimal x) {
        BigDecimal r = x.divide(BigDecimal.valueOf(4096), DIGITS);
        BigDecimal sum = BigDecimal.ONE;
        for (int i = 20; i > 0; i--)
            sum = sum.multiply(r, DIGITS).divide(BigDecimal.valueOf(i), DIGITS).add(BigDecimal.ONE, DIGITS);
        return sum.pow(4096, DIGITS);
    }

    private static void assertNear(BigDecimal expected, double actual, double error, double x) {
        if (expected.abs().doubleValue() < Double.MIN_NORMAL) return;
        double off = new BigDecimal(actual)
                .subtract(expected)
                .divide(expected, DIGITS)
                .abs()
                .doubleValue();
        assertTrue(off <= error, () -> off + " at " + x);
    }

    private static void assertNear(double expected, double actual, double error, double x) {
        if (Double.compare(expected, actual) == 0) return;
        double allowed = Math.max(error * Math.abs(expected), 2 * Double.MIN_VALUE);
        boolean near = Double.isFinite(expected) && Math.abs(actual - expected) <= allowed;
        assertTrue(near, () -> actual + " for " + expected + " at " + x);
    }

    /** Within a part of the result, or 0 for it where it is less than about any normal number. */
    private static void assertSigmoid(double expected, double actual, double error, double leastNormal, double x) {
        if (Double.compare(expected, actual) == 0) return;
        boolean near = Math.abs(actual - expected) <= error * expected || (actual == 0 && expected < leastNormal);
        assertTrue(near, () -> actual + " for " + expected + " at " + x);
    }

    private static void assertNear(double expected, float actual, float x) {
        if (Double.isNaN(expected) ? Float.isNaN(actual) : (float) expected == actual) return;
        double allowed = Math.max(1.8e-7 * Math.abs(expected), Float.MIN_VALUE);
        assertTrue(Math.abs(actual - expected) <= allowed, () -> actual + " for " + expected + " at " + x);
    }

    /** Edge values, then random ones. */
    private static double[] values(int count) {
        Random random = new Random(count);
        double[] x = Arrays.copyOf(EDGES, count);
        for (int i = EDGES.length; i < count; i++) x[i] = some(random, i);
        return x;
    }

    /** A number where something happens: middling, near 0, next to nothing, all over the exponential's range. */
    private static double some(Random random, int i) {
        return switch (i % 4) {
            case 0 -> random.nextGaussian() * 4;
            case 1 -> random.nextDouble() * 2 - 1;
            case 2 -> Math.scalb(random.nextGaussian(), -random.nextInt(60));
            default -> random.nextDouble() * 1460 - 750;
        };
    }

    private static float[] floats(double[] x) {
        float[] f = new float[x.length];
        for (int i = 0; i < f.length; i++) f[i] = (float) x[i];
        return f;
    }

    private static double[] edges() {
        double[] sizes = {
            0,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            1e-300,
            1e-30,
            1e-9,
            0x1p-24,
            0x1p-53,
            Math.log(2) / 4,
            Math.log(2) / 2,
            0.5,
            1,
            9,
            20,
            40,
            87.33,
            88.72,
            88.73,
            89,
            103.9,
            104,
            708.3,
            709.78,
            709.79,
            710,
            745.1,
            745.2,
            746,
            1e3,
            1e30,
            1e300,
            Float.MAX_VALUE,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY
        };
        double[] x = new double[2 * sizes.length + 1];
        for (int i = 0; i < sizes.length; i++) {
            x[2 * i] = sizes[i];
            x[2 * i + 1] = -sizes[i];
        }
        x[2 * sizes.length] = Double.NaN;
        return x;
    }

    /** What goes over two arrays, and sums of columns: the vector code against plain loops, at any place and length. */
    @Test
    void sweepsOfTwoArrays_haveTheBitsOfPlainLoops() {
        Random random = new Random(5);
        ElementwiseKernels sweeps = ElementwiseKernels.INSTANCE;
        for (int n = 0; n < 70; n++) {
            int dAt = random.nextInt(3);
            int aAt = random.nextInt(3);
            double[] d = random.doubles(n + 5, -2, 2).toArray();
            double[] a = random.doubles(n + 5, -2, 2).toArray();
            float[] df = floats(d);
            float[] af = floats(a);
            double[][] results = {d.clone(), d.clone(), d.clone()};
            float[][] resultsF = {df.clone(), df.clone(), df.clone()};
            sweeps.timesSigmoidDerivative(results[0], dAt, a, aAt, n);
            sweeps.timesTanhDerivative(results[1], dAt, a, aAt, n);
            sweeps.timesReluDerivative(results[2], dAt, a, aAt, n);
            sweeps.timesSigmoidDerivative(resultsF[0], dAt, af, aAt, n);
            sweeps.timesTanhDerivative(resultsF[1], dAt, af, aAt, n);
            sweeps.timesReluDerivative(resultsF[2], dAt, af, aAt, n);
            double[][] expected = {d.clone(), d.clone(), d.clone()};
            float[][] expectedF = {df.clone(), df.clone(), df.clone()};
            for (int i = 0; i < n; i++) {
                double v = a[aAt + i];
                float w = af[aAt + i];
                expected[0][dAt + i] *= v * (1 - v);
                expected[1][dAt + i] *= 1 - v * v;
                expected[2][dAt + i] *= v > 0 ? 1 : 0;
                expectedF[0][dAt + i] *= w * (1 - w);
                expectedF[1][dAt + i] *= 1 - w * w;
                expectedF[2][dAt + i] *= w > 0 ? 1 : 0;
            }
            for (int k = 0; k < 3; k++) {
                assertArrayEquals(expected[k], results[k], 0, "n = " + n);
                assertArrayEquals(expectedF[k], resultsF[k], 0, "n = " + n);
            }
        }
    }

    @Test
    void sumColumns_addsFromLeftToRight() {
        Random random = new Random(6);
        for (int rows = 1; rows < 40; rows++) {
            int cols = random.nextInt(9);
            double[] x = random.doubles(2 + rows * cols, -1, 1).toArray();
            float[] xf = floats(x);
            double[] sum = new double[rows + 3];
            float[] sumF = new float[rows + 3];
            Arrays.fill(sum, 7);
            Arrays.fill(sumF, 7);
            ElementwiseKernels.INSTANCE.sumColumns(sum, 1, x, 2, rows, cols, rows);
            ElementwiseKernels.INSTANCE.sumColumns(sumF, 1, xf, 2, rows, cols, rows);
            for (int i = 0; i < rows; i++) {
                double expected = 0;
                float expectedF = 0;
                for (int j = 0; j < cols; j++) {
                    expected += x[2 + j * rows + i];
                    expectedF += xf[2 + j * rows + i];
                }
                assertEquals(expected, sum[1 + i]);
                assertEquals(expectedF, sumF[1 + i]);
            }
            assertEquals(7, sum[0] + sum[rows + 1] - sum[rows + 2], "nothing beside it is touched");
            assertEquals(7, sumF[0] + sumF[rows + 1] - sumF[rows + 2]);
        }
    }

    /** Of every length up to some vectors, at odd places; nothing beside it is touched. */
    @Test
    void addAndWiden_areThoseOfALoop() {
        Random random = new Random(7);
        for (int n = 0; n < 40; n++) {
            double[] x = random.doubles(n + 5, -1e3, 1e3).toArray();
            float[] xf = floats(x);
            double[] sum = random.doubles(n + 4, -1, 1).toArray();
            double[] wide = sum.clone();
            double[] expectedSum = sum.clone();
            double[] expectedWide = sum.clone();
            for (int i = 0; i < n; i++) {
                expectedSum[1 + i] += x[3 + i];
                expectedWide[1 + i] = xf[3 + i];
            }
            ElementwiseKernels.INSTANCE.add(sum, 1, x, 3, n);
            ElementwiseKernels.INSTANCE.widen(wide, 1, xf, 3, n);
            assertArrayEquals(expectedSum, sum);
            assertArrayEquals(expectedWide, wide);
        }
    }
}
