package io.firesteel.linalg;

import java.util.Arrays;

/**
 * The functions of {@link Elementary} over a stretch of an array, in place, and what else training does element by element: here
 * one element at a time, in {@link VectorKernels} several, with the same bits. (The compiler does not vectorise loops over two
 * arrays, which might be the same one.)
 */
sealed class ElementwiseKernels permits VectorKernels {
    /** Vector code where the virtual machine was given the module jdk.incubator.vector, else scalar code. */
    static final ElementwiseKernels INSTANCE = choose();

    /**
     * Returns the kernels for the next operation, of this many elements: scalar code for the first ones of a process, then
     * {@link #INSTANCE}. Until it is compiled, vector code makes objects of its vectors and takes many times as long as scalar
     * code, and to compile it takes a second: a small training is over before.
     */
    static ElementwiseKernels of(int elements) {
        return Beginning.OF_THE_PROCESS.isOver(elements) ? INSTANCE : Beginning.SCALAR;
    }

    /** Returns a name for people, such as "vector 512 bit" or "scalar". */
    String name() {
        return "scalar";
    }

    /** Sets x[i] = e^x[i] for from &lt;= i &lt; to. */
    void exp(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.exp(x[i]);
    }

    /** Sets x[i] = log(1 + x[i]) for from &lt;= i &lt; to, where 0 &lt;= x[i] &lt; 2^53. */
    void log1p(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.log1p(x[i]);
    }

    /** Sets x[i] = 1 / (1 + e^-x[i]) for from &lt;= i &lt; to. */
    void sigmoid(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sigmoid(x[i]);
    }

    /** Sets x[i] = tanh(x[i]) for from &lt;= i &lt; to. */
    void tanh(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.tanh(x[i]);
    }

    /** Sets x[i] = elu(x[i]) for from &lt;= i &lt; to. */
    void elu(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.elu(x[i]);
    }

    /** Sets x[i] = gelu(x[i]) for from &lt;= i &lt; to. */
    void gelu(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.gelu(x[i]);
    }

    /** Sets x[i] = gelu'(x[i]) for from &lt;= i &lt; to. */
    void geluDerivative(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.geluDerivative(x[i]);
    }

    /** Sets x[i] = cos(2 pi x[i]) for from &lt;= i &lt; to. */
    void cosOfTurns(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.cosOfTurns(x[i]);
    }

    /** Sets x[i] = sin(2 pi x[i]) for from &lt;= i &lt; to. */
    void sinOfTurns(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sinOfTurns(x[i]);
    }

    /** Sets x[i] = e^x[i] for from &lt;= i &lt; to. */
    void exp(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.exp(x[i]);
    }

    /** Sets x[i] = 1 / (1 + e^-x[i]) for from &lt;= i &lt; to. */
    void sigmoid(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sigmoid(x[i]);
    }

    /** Sets x[i] = tanh(x[i]) for from &lt;= i &lt; to. */
    void tanh(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.tanh(x[i]);
    }

    /** Sets x[i] = elu(x[i]) for from &lt;= i &lt; to. */
    void elu(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.elu(x[i]);
    }

    /** Sets x[i] = gelu(x[i]) for from &lt;= i &lt; to. */
    void gelu(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.gelu(x[i]);
    }

    /** Sets x[i] = gelu'(x[i]) for from &lt;= i &lt; to. */
    void geluDerivative(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.geluDerivative(x[i]);
    }

    /** Sets x[i] = cos(2 pi x[i]) for from &lt;= i &lt; to. */
    void cosOfTurns(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.cosOfTurns(x[i]);
    }

    /** Sets x[i] = sin(2 pi x[i]) for from &lt;= i &lt; to. */
    void sinOfTurns(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sinOfTurns(x[i]);
    }

    /** Multiplies d[i] by a[j] (1 - a[j]) for n elements, from i = dAt and j = aAt on. */
    void timesSigmoidDerivative(double[] d, int dAt, double[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= a[aAt + i] * (1 - a[aAt + i]);
    }

    /** Multiplies d[i] by 1 - a[j]^2 for n elements, from i = dAt and j = aAt on. */
    void timesTanhDerivative(double[] d, int dAt, double[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= 1 - a[aAt + i] * a[aAt + i];
    }

    /** Sets d[i] = a[j] &gt; 0 ? d[i] : 0 for n elements, from i = dAt and j = aAt on. */
    void timesReluDerivative(double[] d, int dAt, double[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] = a[aAt + i] > 0 ? d[dAt + i] : 0;
    }

    /** Sets sum[i] = x[i] + x[i + stride] + ..., of {@code cols} numbers, from left to right, for n elements of either. */
    void sumColumns(double[] sum, int sumAt, double[] x, int xAt, int stride, int cols, int n) {
        Arrays.fill(sum, sumAt, sumAt + n, 0);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < n; i++) sum[sumAt + i] += x[xAt + j * stride + i];
        }
    }

    /** Multiplies d[i] by a[j] (1 - a[j]) for n elements, from i = dAt and j = aAt on. */
    void timesSigmoidDerivative(float[] d, int dAt, float[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= a[aAt + i] * (1 - a[aAt + i]);
    }

    /** Multiplies d[i] by 1 - a[j]^2 for n elements, from i = dAt and j = aAt on. */
    void timesTanhDerivative(float[] d, int dAt, float[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= 1 - a[aAt + i] * a[aAt + i];
    }

    /** Sets d[i] = a[j] &gt; 0 ? d[i] : 0 for n elements, from i = dAt and j = aAt on. */
    void timesReluDerivative(float[] d, int dAt, float[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] = a[aAt + i] > 0 ? d[dAt + i] : 0;
    }

    /** Sets sum[i] = x[i] + x[i + stride] + ..., of {@code cols} numbers, from left to right, for n elements of either. */
    void sumColumns(float[] sum, int sumAt, float[] x, int xAt, int stride, int cols, int n) {
        Arrays.fill(sum, sumAt, sumAt + n, 0);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < n; i++) sum[sumAt + i] += x[xAt + j * stride + i];
        }
    }

    /** Sets z = y + a (x - y), element by element, for n elements of each, from the places given on. */
    void blend(float[] z, int zAt, float[] a, int aAt, float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) z[zAt + i] = y[yAt + i] + a[aAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    /** Adds d (x - y) to sum, element by element, likewise. */
    void addProducts(float[] sum, int sumAt, float[] d, int dAt, float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) sum[sumAt + i] += d[dAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    /** Sets z = y + a (x - y), element by element, for n elements of each, from the places given on. */
    void blend(double[] z, int zAt, double[] a, int aAt, double[] x, int xAt, double[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) z[zAt + i] = y[yAt + i] + a[aAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    /** Adds d (x - y) to sum, element by element, likewise. */
    void addProducts(double[] sum, int sumAt, double[] d, int dAt, double[] x, int xAt, double[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) sum[sumAt + i] += d[dAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    /** Adds x[j] to sum[i] for n elements, from i = sumAt and j = xAt on. */
    void add(double[] sum, int sumAt, double[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) sum[sumAt + i] += x[xAt + i];
    }

    /** Sets y[j] = x[i] for n elements, from j = yAt and i = xAt on. */
    void widen(double[] y, int yAt, float[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) y[yAt + i] = x[xAt + i];
    }

    /** Sets y[j] = x[i], rounded, for n elements, from j = yAt and i = xAt on. */
    void narrow(float[] y, int yAt, double[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) y[yAt + i] = (float) x[xAt + i];
    }

    /** Sets y[i] = x[i] / divisor for from &lt;= i &lt; to. */
    void divide(double[] y, double[] x, double divisor, int from, int to) {
        for (int i = from; i < to; i++) y[i] = x[i] / divisor;
    }

    /** Takes a step of Adam: see {@link Vectors#adam}. */
    void adam(double[] theta, double[] g, double[] m, double[] v, AdamStep step, int from, int to) {
        double beta1 = step.beta1();
        double beta2 = step.beta2();
        double mPart = step.mPart();
        double vPart = step.vPart();
        for (int i = from; i < to; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            theta[i] = theta[i]
                    - step.rate() * (m[i] / mPart) / (Math.sqrt(v[i] / vPart) + step.epsilon())
                    - step.lost() * theta[i];
        }
    }

    /**
     * Computes Z := Z + W X for X by compressed columns ({@link SparseMatrix}): z[i, j] += w[i, r] x[r, j] entry by entry, each
     * product rounded before it is added, for columns of n numbers that follow each other from zAt and wAt on.
     */
    void addProduct(double[] z, int zAt, double[] w, int wAt, int n, int[] starts, int[] indices, double[] x) {
        addProduct(0, z, zAt, w, wAt, n, starts, indices, x);
    }

    /** Adds the product in the rows from {@code from} on only. */
    static void addProduct(
            int from, double[] z, int zAt, double[] w, int wAt, int n, int[] starts, int[] indices, double[] x) {
        for (int j = 0; j < starts.length - 1; j++) {
            int zj = zAt + j * n;
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                int wr = wAt + indices[p] * n;
                for (int i = from; i < n; i++) z[zj + i] += w[wr + i] * x[p];
            }
        }
    }

    /** Computes W := W + Z X^T, likewise: w[i, r] += z[i, j] x[r, j], column of X after column. */
    void addProductTransposed(
            double[] w, int wAt, double[] z, int zAt, int n, int[] starts, int[] indices, double[] x) {
        addProductTransposed(0, w, wAt, z, zAt, n, starts, indices, x);
    }

    /** Adds the product in the rows from {@code from} on only. */
    static void addProductTransposed(
            int from, double[] w, int wAt, double[] z, int zAt, int n, int[] starts, int[] indices, double[] x) {
        for (int j = 0; j < starts.length - 1; j++) {
            int zj = zAt + j * n;
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                int wr = wAt + indices[p] * n;
                for (int i = from; i < n; i++) w[wr + i] += z[zj + i] * x[p];
            }
        }
    }

    /**
     * Computes Z := Z + W X for X by compressed columns ({@link SparseMatrix}): z[i, j] += w[i, r] x[r, j] entry by entry, each
     * product rounded before it is added, for columns of n numbers that follow each other from zAt and wAt on.
     */
    void addProduct(float[] z, int zAt, float[] w, int wAt, int n, int[] starts, int[] indices, float[] x) {
        addProduct(0, z, zAt, w, wAt, n, starts, indices, x);
    }

    /** Adds the product in the rows from {@code from} on only. */
    static void addProduct(
            int from, float[] z, int zAt, float[] w, int wAt, int n, int[] starts, int[] indices, float[] x) {
        for (int j = 0; j < starts.length - 1; j++) {
            int zj = zAt + j * n;
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                int wr = wAt + indices[p] * n;
                for (int i = from; i < n; i++) z[zj + i] += w[wr + i] * x[p];
            }
        }
    }

    /** Computes W := W + Z X^T, likewise: w[i, r] += z[i, j] x[r, j], column of X after column. */
    void addProductTransposed(float[] w, int wAt, float[] z, int zAt, int n, int[] starts, int[] indices, float[] x) {
        addProductTransposed(0, w, wAt, z, zAt, n, starts, indices, x);
    }

    /** Adds the product in the rows from {@code from} on only. */
    static void addProductTransposed(
            int from, float[] w, int wAt, float[] z, int zAt, int n, int[] starts, int[] indices, float[] x) {
        for (int j = 0; j < starts.length - 1; j++) {
            int zj = zAt + j * n;
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                int wr = wAt + indices[p] * n;
                for (int i = from; i < n; i++) w[wr + i] += z[zj + i] * x[p];
            }
        }
    }

    private static ElementwiseKernels choose() {
        try {
            return new VectorKernels();
        } catch (LinkageError absent) {
            return new ElementwiseKernels();
        }
    }

    /** The first elements of a process. Threads may overwrite each other's counts, which changes no result. */
    static final class Beginning {
        private static final ElementwiseKernels SCALAR = new ElementwiseKernels();
        private static final Beginning OF_THE_PROCESS = new Beginning(1 << 25); // a quarter of a second of scalar code

        private int left;

        Beginning(int elements) {
            left = elements;
        }

        /** Counts the elements of an operation; returns whether the beginning was over before it. */
        boolean isOver(int elements) {
            if (left <= 0) {
                return true;
            }
            left -= elements;
            return false;
        }
    }
}
