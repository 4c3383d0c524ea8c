package io.firesteel.linalg;

/** Sweeps over vectors of numbers in double, such as theta: the same bits whether vector code does them or not. */
public final class Vectors {
    private Vectors() {}

    /**
     * Takes a step of Adam for the parameters theta[from] .. theta[to - 1]: Kingma and Ba 2015, algorithm 1, and Loshchilov and
     * Hutter 2019, algorithm 2, for what is lost.
     *
     * <pre>
     *   m := beta1 m + (1 - beta1) g      v := beta2 v + (1 - beta2) g^2
     *   theta := theta - rate (m / mPart) / (sqrt(v / vPart) + epsilon) - lost theta
     * </pre>
     */
    public static void adam(double[] theta, double[] g, double[] m, double[] v, AdamStep step, int from, int to) {
        ElementwiseKernels.of(to - from).adam(theta, g, m, v, step, from, to);
    }

    /** Sets y[i] = x[i] / divisor for from &lt;= i &lt; to. */
    public static void divide(double[] y, double[] x, double divisor, int from, int to) {
        ElementwiseKernels.of(to - from).divide(y, x, divisor, from, to);
    }

    /** Sets y[yAt + i] := x[xAt + i] rounded to single precision, for i = 0 .. n-1. */
    public static void narrow(float[] y, int yAt, double[] x, int xAt, int n) {
        ElementwiseKernels.of(n).narrow(y, yAt, x, xAt, n);
    }

    /** Sets y[yAt + i] := x[xAt + i] for i = 0 .. n-1. */
    public static void widen(double[] y, int yAt, float[] x, int xAt, int n) {
        ElementwiseKernels.of(n).widen(y, yAt, x, xAt, n);
    }
}
