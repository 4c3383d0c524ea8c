package io.firesteel.linalg;

import static java.lang.Math.fma;

/**
 * The exponential, the logarithm, the sigmoid, the hyperbolic tangent, elu, gelu, the cosine and the sine, computed by exactly
 * rounded operations alone.
 *
 * <p>Add, multiply, divide, fma, comparison and integer arithmetic have one result each, whether interpreted, compiled,
 * scalar or vector; so have these functions, and {@link VectorKernels} repeats them lane for lane, bit for bit. (Only
 * which NaN a NaN becomes is left open.) A vector library's exponential promises no such thing: on JDK 17 with AVX-512,
 * {@code lanewise(EXP)} gives the last bit otherwise in 4.5 % of all doubles once its loop is compiled.
 *
 * <p>They rest on e<sup>r</sup> - 1. With n the integer next to x / ln 2, and r = x - n ln 2 (ln 2 in two parts,
 * the first times n being exact, after Cody and Waite), q = e<sup>r</sup> - 1 = r + r<sup>2</sup> P(r), and
 *
 * <ul>
 *   <li>e<sup>x</sup> = 2<sup>n</sup> + 2<sup>n</sup> q, the power taken in two halves, so that it overflows to infinity
 *       and underflows through the subnormal numbers to 0 where it should;
 *   <li>sigmoid(x) = 1 / (1 + e) or, for x &lt; 0, e / (1 + e), where e = e<sup>-|x|</sup>, or 0 where that is less than
 *       any normal number;
 *   <li>tanh |x| = -m / (m + 2), where m = e<sup>-2|x|</sup> - 1 = 2<sup>n</sup> q + (2<sup>n</sup> - 1);
 *   <li>elu(x) = x or, for x &lt;= 0, e<sup>x</sup> - 1, as m above (Clevert et al. 2016, with alpha = 1);
 *   <li>gelu(x) = x sigmoid(u) with u = 2 sqrt(2 / pi) (x + 0.044715 x<sup>3</sup>), which is x / 2 (1 + tanh(u / 2)): the
 *       tanh form of Hendrycks and Gimpel 2016, known to PyTorch and ONNX as approximate="tanh". It differs from the
 *       form by the error function by 4.8e-4 at most, and needs no error function.
 * </ul>
 *
 * <p>The cosine and the sine are of turns, cos(2 pi x) and sin(2 pi x): with n the integer next to x, r = x - n is exact and
 * within -1/2 and 1/2, cos(2 pi x) = -sin(2 pi (|r| - 1/4)), and sin(2 pi |r|) = sin(2 pi (1/2 - |r|)). So both need sin(2 pi
 * q) for |q| &lt;= 1/4 alone, which is q times eleven terms of Taylor's series in q<sup>2</sup> in double (what is left out is
 * below 2e-18), and seven in float (2e-8).
 *
 * <p>log(1 + x), for x of 0 or more, is k ln 2 + log(1 + f), where 2<sup>k</sup> (1 + f) = 1 + x, 1 + f between sqrt(1/2)
 * and sqrt(2), together with what the rounding of 1 + x lost, divided by it. With s = f / (2 + f), log(1 + f) = 2 artanh s
 * = f - h + s (h + R), where h = f<sup>2</sup> / 2 and R = 2 s<sup>2</sup> / 3 + 2 s<sup>4</sup> / 5 + ..., of which nine
 * terms suffice.
 *
 * <p>P makes r + r<sup>2</sup> P(r) the minimax approximation of e<sup>r</sup> - 1 in relative error for |r| &lt;= ln 2 /
 * 2, by the Remez exchange in 200-bit arithmetic: degree 9 for double (1.8e-17 before rounding), degree 4 for float
 * (1.3e-8).
 *
 * <p>Greatest errors seen, against 140-bit arithmetic at 1,600,000 doubles and against double at 70,000,000 floats, as
 * parts of the result where that is normal, and in units of the last place:
 *
 * <table>
 *   <caption>Errors</caption>
 *   <tr><th></th><th>double</th><th>float</th></tr>
 *   <tr><td>exp</td><td>1.6e-16, 1.03 ulp</td><td>8.4e-8, 1.04 ulp</td></tr>
 *   <tr><td>log1p</td><td>1.6e-16, 0.91 ulp</td><td></td></tr>
 *   <tr><td>sigmoid</td><td>3.3e-16, 2.3 ulp</td><td>1.8e-7, 2.4 ulp</td></tr>
 *   <tr><td>tanh</td><td>3.8e-16, 2.6 ulp</td><td>1.8e-7, 2.5 ulp</td></tr>
 * </table>
 *
 * <p>A processor without fma gives the same bits, slowly: Java then goes by way of BigDecimal.
 */
public final class Elementary {
    static final double LOG2_E = 0x1.71547652b82fep0;
    static final double LN2_HIGH = 0x1.62e42fefa38p-1;
    static final double LN2_LOW = 0x1.ef35793c7673p-45;

    /** Added to n, leaves n + 2046, twice the exponent's bias, in the low bits of the sum. */
    static final double ROUND = 0x1.8p52 + 2046;

    /** The bounds beyond which e^x is 0, or infinity. */
    static final double EXP_LEAST = -746;

    static final double EXP_MOST = 710;

    /** The bound below which e^x - 1 is -1. */
    static final double EXPM1_LEAST = -40;

    /** Added to n, leaves n + 1023, the exponent of 2^n, in the low bits of the sum. */
    static final double ROUND_TO_POWER = 0x1.8p52 + 1023;

    /** Below this e^x is less than any normal number, and a sigmoid takes it for 0. */
    static final double SIGMOID_LEAST = -708.5;

    static final double P0 = 0x1.0000000000005p-1;
    static final double P1 = 0x1.5555555555539p-3;
    static final double P2 = 0x1.55555555522c2p-5;
    static final double P3 = 0x1.1111111118f91p-7;
    static final double P4 = 0x1.6c16c17ed8cb8p-10;
    static final double P5 = 0x1.a01a01751b461p-13;
    static final double P6 = 0x1.a019a7787b4c1p-16;
    static final double P7 = 0x1.71de87ff4db75p-19;
    static final double P8 = 0x1.28a1d6537e0b3p-22;
    static final double P9 = 0x1.ae6ba69a91cbbp-26;

    static final float LOG2_E_F = 0x1.715476p0f;
    static final float LN2_HIGH_F = 0x1.62e4p-1f;
    static final float LN2_LOW_F = 0x1.7f7d1cp-20f;
    static final float ROUND_F = 0x1.8p23f + 254;
    static final float EXP_LEAST_F = -104;
    static final float EXP_MOST_F = 89;
    static final float EXPM1_LEAST_F = -20;
    static final float ROUND_TO_POWER_F = 0x1.8p23f + 127;
    static final float SIGMOID_LEAST_F = -87.5f;
    static final float P0_F = 0x1.fffffep-2f;
    static final float P1_F = 0x1.5554bp-3f;
    static final float P2_F = 0x1.555674p-5f;
    static final float P3_F = 0x1.122768p-7f;
    static final float P4_F = 0x1.6bec0ap-10f;

    /** The bits of sqrt(1/2), cut off after 20 of its fraction, and of how far 1 is above it. */
    static final long ROOT_HALF = 0x3fe6a09e00000000L;

    static final long ABOVE_ROOT_HALF = 0x3ff0000000000000L - ROOT_HALF;
    static final long FRACTION = (1L << 52) - 1;

    /** Its bits or-ed with n give 2^52 + n, which UNBIAS makes n - 1023. */
    static final long TWO_TO_52 = 0x4330000000000000L;

    static final double UNBIAS = 0x1p52 + 1023;

    /** 2 / 3, 2 / 5, ... */
    static final double A1 = 2.0 / 3;

    static final double A2 = 2.0 / 5;
    static final double A3 = 2.0 / 7;
    static final double A4 = 2.0 / 9;
    static final double A5 = 2.0 / 11;
    static final double A6 = 2.0 / 13;
    static final double A7 = 2.0 / 15;
    static final double A8 = 2.0 / 17;
    static final double A9 = 2.0 / 19;

    /** 2 sqrt(2 / pi): gelu(x) = x sigmoid(u) with u = x (GELU_LINEAR + GELU_CUBIC x^2). */
    public static final double GELU_LINEAR = 0x1.9884533d43651p0;

    /** 0.044715 times {@link #GELU_LINEAR}. */
    public static final double GELU_CUBIC = 0x1.2444f2a4d8b4bp-4;

    /** Beyond this size the derivative of gelu has long been 0 or 1. */
    static final double GELU_MOST = 100;

    static final float GELU_LINEAR_F = (float) GELU_LINEAR;
    static final float GELU_CUBIC_F = (float) GELU_CUBIC;
    static final float GELU_MOST_F = (float) GELU_MOST;

    /** (-1)^k (2 pi)^(2k + 1) / (2k + 1)!, the Taylor coefficients of sin(2 pi q). */
    static final double S0 = 0x1.921fb54442d18p2;

    static final double S1 = -0x1.4abbce625be53p5;
    static final double S2 = 0x1.466bc6775aae2p6;
    static final double S3 = -0x1.32d2cce62bd86p6;
    static final double S4 = 0x1.50783487ee782p5;
    static final double S5 = -0x1.e3074fde8871fp3;
    static final double S6 = 0x1.e8f434d018d63p1;
    static final double S7 = -0x1.6fadb9f155744p-1;
    static final double S8 = 0x1.aaec32af93359p-4;
    static final double S9 = -0x1.8a404211f9547p-7;
    static final double S10 = 0x1.2877020d52cfp-10;

    static final float S0_F = (float) S0;
    static final float S1_F = (float) S1;
    static final float S2_F = (float) S2;
    static final float S3_F = (float) S3;
    static final float S4_F = (float) S4;
    static final float S5_F = (float) S5;
    static final float S6_F = (float) S6;

    /** Added to x and subtracted again, leaves the integer next to x. */
    static final double TO_INTEGER = 0x1.8p52;

    static final float TO_INTEGER_F = 0x1.8p23f;

    private Elementary() {}

    /** Returns e^x. */
    public static double exp(double x) {
        double y = x < EXP_LEAST ? EXP_LEAST : x;
        y = y > EXP_MOST ? EXP_MOST : y;
        double t = fma(y, LOG2_E, ROUND);
        double q = fraction(y, t - ROUND);
        long n = Double.doubleToRawLongBits(t);
        long half = n >>> 1;
        double power = Double.longBitsToDouble(half << 52);
        return fma(power, q, power) * Double.longBitsToDouble((n - half) << 52);
    }

    /** Sets x[i] = e^x[i] for from &lt;= i &lt; to, the same bits in a quarter of the time. */
    public static void exp(double[] x, int from, int to) {
        ElementwiseKernels.of(to - from).exp(x, from, to);
    }

    /** Returns 1 / (1 + e^-x). */
    public static double sigmoid(double x) {
        double y = -Math.abs(x);
        double t = fma(y, LOG2_E, ROUND_TO_POWER);
        double q = fraction(y, t - ROUND_TO_POWER);
        double power = Double.longBitsToDouble(Double.doubleToRawLongBits(t) << 52);
        double e = y < SIGMOID_LEAST ? 0 : fma(power, q, power);
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** Returns log(1 + x) for 0 &lt;= x &lt; 2^53. */
    static double log1p(double x) {
        double u = 1 + x;
        double lost = (x - (u - 1)) / u;
        long bits = Double.doubleToRawLongBits(u) + ABOVE_ROOT_HALF;
        double k = Double.longBitsToDouble(bits >>> 52 | TWO_TO_52) - UNBIAS;
        double f = Double.longBitsToDouble((bits & FRACTION) + ROOT_HALF) - 1;
        double s = f / (2 + f);
        double z = s * s;
        double p = fma(A9, z, A8);
        p = fma(p, z, A7);
        p = fma(p, z, A6);
        p = fma(p, z, A5);
        p = fma(p, z, A4);
        p = fma(p, z, A3);
        p = fma(p, z, A2);
        p = fma(p, z, A1);
        double half = 0.5 * f * f;
        double low = fma(k, LN2_LOW, fma(s, fma(p, z, half), lost)) - half;
        return fma(k, LN2_HIGH, low + f);
    }

    /** Sets x[i] = log(1 + x[i]) for from &lt;= i &lt; to, the same bits in a fraction of the time. */
    public static void log1p(double[] x, int from, int to) {
        ElementwiseKernels.of(to - from).log1p(x, from, to);
    }

    /** Returns the hyperbolic tangent of x. */
    static double tanh(double x) {
        double m = expm1(-2 * Math.abs(x));
        return Math.copySign(m / (m + 2), x);
    }

    /** Returns x, or e^x - 1 where x is not positive. */
    static double elu(double x) {
        return x > 0 ? x : expm1(x);
    }

    /** Returns x sigmoid(u). */
    static double gelu(double x) {
        return x * sigmoid(x * fma(x * x, GELU_CUBIC, GELU_LINEAR));
    }

    /** Returns d/dx x sigmoid(u) = s + x s (1 - s) du/dx, where s = sigmoid(u). */
    static double geluDerivative(double x) {
        double y = x < -GELU_MOST ? -GELU_MOST : x;
        y = y > GELU_MOST ? GELU_MOST : y;
        double s = sigmoid(y * fma(y * y, GELU_CUBIC, GELU_LINEAR));
        return fma(y * s * (1 - s), fma(y * y, 3 * GELU_CUBIC, GELU_LINEAR), s);
    }

    /** Returns cos(2 pi x) = -sin(2 pi h) with h = |r| - 1/4, for |x| &lt; 2^51. */
    static double cosOfTurns(double x) {
        double h = Math.abs(x - ((x + TO_INTEGER) - TO_INTEGER)) - 0.25;
        return -sine(h);
    }

    /** Returns sin(2 pi x), with the sign of r, and of the part of |r| that is next to 0 or 1/2, for |x| &lt; 2^51. */
    static double sinOfTurns(double x) {
        double r = x - ((x + TO_INTEGER) - TO_INTEGER);
        double a = Math.abs(r);
        return Math.copySign(sine(a > 0.25 ? 0.5 - a : a), r);
    }

    /** Returns sin(2 pi q) for |q| &lt;= 1/4. */
    private static double sine(double q) {
        double z = q * q;
        double p = fma(S10, z, S9);
        p = fma(p, z, S8);
        p = fma(p, z, S7);
        p = fma(p, z, S6);
        p = fma(p, z, S5);
        p = fma(p, z, S4);
        p = fma(p, z, S3);
        p = fma(p, z, S2);
        p = fma(p, z, S1);
        p = fma(p, z, S0);
        return q * p;
    }

    /** Returns cos(2 pi x) for |x| &lt; 2^22. */
    static float cosOfTurns(float x) {
        float h = Math.abs(x - ((x + TO_INTEGER_F) - TO_INTEGER_F)) - 0.25f;
        return -sine(h);
    }

    /** Returns sin(2 pi x) for |x| &lt; 2^22. */
    static float sinOfTurns(float x) {
        float r = x - ((x + TO_INTEGER_F) - TO_INTEGER_F);
        float a = Math.abs(r);
        return Math.copySign(sine(a > 0.25f ? 0.5f - a : a), r);
    }

    private static float sine(float q) {
        float z = q * q;
        float p = fma(S6_F, z, S5_F);
        p = fma(p, z, S4_F);
        p = fma(p, z, S3_F);
        p = fma(p, z, S2_F);
        p = fma(p, z, S1_F);
        p = fma(p, z, S0_F);
        return q * p;
    }

    /** Returns m = e^x - 1 for x &lt;= 0. */
    private static double expm1(double x) {
        double y = x < EXPM1_LEAST ? EXPM1_LEAST : x;
        double t = fma(y, LOG2_E, ROUND_TO_POWER);
        double q = fraction(y, t - ROUND_TO_POWER);
        double power = Double.longBitsToDouble(Double.doubleToRawLongBits(t) << 52);
        return fma(power, q, power - 1);
    }

    /** Returns q = e^r - 1 for r = y - n ln 2. */
    private static double fraction(double y, double n) {
        double r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, y));
        double p = fma(P9, r, P8);
        p = fma(p, r, P7);
        p = fma(p, r, P6);
        p = fma(p, r, P5);
        p = fma(p, r, P4);
        p = fma(p, r, P3);
        p = fma(p, r, P2);
        p = fma(p, r, P1);
        p = fma(p, r, P0);
        return fma(r * r, p, r);
    }

    /** Returns e^x. */
    static float exp(float x) {
        float y = x < EXP_LEAST_F ? EXP_LEAST_F : x;
        y = y > EXP_MOST_F ? EXP_MOST_F : y;
        float t = fma(y, LOG2_E_F, ROUND_F);
        float q = fraction(y, t - ROUND_F);
        int n = Float.floatToRawIntBits(t);
        int half = n >>> 1;
        float power = Float.intBitsToFloat(half << 23);
        return fma(power, q, power) * Float.intBitsToFloat((n - half) << 23);
    }

    /** Returns 1 / (1 + e^-x). */
    static float sigmoid(float x) {
        float y = -Math.abs(x);
        float t = fma(y, LOG2_E_F, ROUND_TO_POWER_F);
        float q = fraction(y, t - ROUND_TO_POWER_F);
        float power = Float.intBitsToFloat(Float.floatToRawIntBits(t) << 23);
        float e = y < SIGMOID_LEAST_F ? 0 : fma(power, q, power);
        return (x < 0 ? e : 1) / (1 + e);
    }

    /** Returns the hyperbolic tangent of x. */
    static float tanh(float x) {
        float m = expm1(-2 * Math.abs(x));
        return Math.copySign(m / (m + 2), x);
    }

    /** Returns x, or e^x - 1 where x is not positive. */
    static float elu(float x) {
        return x > 0 ? x : expm1(x);
    }

    /** Returns x sigmoid(u). */
    static float gelu(float x) {
        return x * sigmoid(x * fma(x * x, GELU_CUBIC_F, GELU_LINEAR_F));
    }

    /** Returns d/dx x sigmoid(u) = s + x s (1 - s) du/dx, where s = sigmoid(u). */
    static float geluDerivative(float x) {
        float y = x < -GELU_MOST_F ? -GELU_MOST_F : x;
        y = y > GELU_MOST_F ? GELU_MOST_F : y;
        float s = sigmoid(y * fma(y * y, GELU_CUBIC_F, GELU_LINEAR_F));
        return fma(y * s * (1 - s), fma(y * y, 3 * GELU_CUBIC_F, GELU_LINEAR_F), s);
    }

    /** Returns m = e^x - 1 for x &lt;= 0. */
    private static float expm1(float x) {
        float y = x < EXPM1_LEAST_F ? EXPM1_LEAST_F : x;
        float t = fma(y, LOG2_E_F, ROUND_TO_POWER_F);
        float q = fraction(y, t - ROUND_TO_POWER_F);
        float power = Float.intBitsToFloat(Float.floatToRawIntBits(t) << 23);
        return fma(power, q, power - 1);
    }

    private static float fraction(float y, float n) {
        float r = fma(n, -LN2_LOW_F, fma(n, -LN2_HIGH_F, y));
        float p = fma(P4_F, r, P3_F);
        p = fma(p, r, P2_F);
        p = fma(p, r, P1_F);
        p = fma(p, r, P0_F);
        return fma(r * r, p, r);
    }
}
