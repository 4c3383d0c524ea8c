package io.firesteel.linalg;

/**
 * The functions of {@link Elementary} over a stretch of an array, in place, and what else training does element by element:
 * the same bits whichever class does it. (The compiler does not vectorise loops over two arrays, which might be the same
 * one.)
 */
sealed interface ElementwiseKernels permits ScalarKernels {
    /** Vector code where the virtual machine was given the module jdk.incubator.vector, else scalar code. */
    ElementwiseKernels INSTANCE = choose();

    /**
     * Returns the kernels for the next operation, of this many elements: scalar code for the first ones of a process, then
     * {@link #INSTANCE}. Until it is compiled, vector code makes objects of its vectors and takes many times as long as scalar
     * code, and to compile it takes a second: a small training is over before.
     */
    static ElementwiseKernels of(int elements) {
        return Beginning.OF_THE_PROCESS.isOver(elements) ? INSTANCE : Beginning.SCALAR;
    }

    /** Returns a name for people, such as "vector 512 bit" or "scalar". */
    String name();

    /** Sets x[i] = e^x[i] for from &lt;= i &lt; to. */
    void exp(double[] x, int from, int to);

    /** Sets x[i] = log(1 + x[i]) for from &lt;= i &lt; to, where 0 &lt;= x[i] &lt; 2^53. */
    void log1p(double[] x, int from, int to);

    /** Sets x[i] = 1 / (1 + e^-x[i]) for from &lt;= i &lt; to. */
    void sigmoid(double[] x, int from, int to);

    /** Sets x[i] = tanh(x[i]) for from &lt;= i &lt; to. */
    void tanh(double[] x, int from, int to);

    /** Sets x[i] = elu(x[i]) for from &lt;= i &lt; to. */
    void elu(double[] x, int from, int to);

    /** Sets x[i] = gelu(x[i]) for from &lt;= i &lt; to. */
    void gelu(double[] x, int from, int to);

    /** Sets x[i] = gelu'(x[i]) for from &lt;= i &lt; to. */
    void geluDerivative(double[] x, int from, int to);

    /** Sets x[i] = cos(2 pi x[i]) for from &lt;= i &lt; to. */
    void cosOfTurns(double[] x, int from, int to);

    /** Sets x[i] = sin(2 pi x[i]) for from &lt;= i &lt; to. */
    void sinOfTurns(double[] x, int from, int to);

    /** Sets x[i] = e^x[i] for from &lt;= i &lt; to. */
    void exp(float[] x, int from, int to);

    /** Sets x[i] = 1 / (1 + e^-x[i]) for from &lt;= i &lt; to. */
    void sigmoid(float[] x, int from, int to);

    /** Sets x[i] = tanh(x[i]) for from &lt;= i &lt; to. */
    void tanh(float[] x, int from, int to);

    /** Sets x[i] = elu(x[i]) for from &lt;= i &lt; to. */
    void elu(float[] x, int from, int to);

    /** Sets x[i] = gelu(x[i]) for from &lt;= i &lt; to. */
    void gelu(float[] x, int from, int to);

    /** Sets x[i] = gelu'(x[i]) for from &lt;= i &lt; to. */
    void geluDerivative(float[] x, int from, int to);

    /** Sets x[i] = cos(2 pi x[i]) for from &lt;= i &lt; to. */
    void cosOfTurns(float[] x, int from, int to);

    /** Sets x[i] = sin(2 pi x[i]) for from &lt;= i &lt; to. */
    void sinOfTurns(float[] x, int from, int to);

    /** Multiplies d[i] by a[j] (1 - a[j]) for n elements, from i = dAt and j = aAt on. */
    void timesSigmoidDerivative(double[] d, int dAt, double[] a, int aAt, int n);

    /** Multiplies d[i] by 1 - a[j]^2 for n elements, from i = dAt and j = aAt on. */
    void timesTanhDerivative(double[] d, int dAt, double[] a, int aAt, int n);

    /** Sets d[i] = a[j] &gt; 0 ? d[i] : 0 for n elements, from i = dAt and j = aAt on. */
    void timesReluDerivative(double[] d, int dAt, double[] a, int aAt, int n);

    /** Sets sum[i] = x[i] + x[i + stride] + ..., of {@code cols} numbers, from left to right, for n elements of either. */
    void sumColumns(double[] sum, int sumAt, double[] x, int xAt, int stride, int cols, int n);

    /** Multiplies d[i] by a[j] (1 - a[j]) for n elements, from i = dAt and j = aAt on. */
    void timesSigmoidDerivative(float[] d, int dAt, float[] a, int aAt, int n);

    /** Multiplies d[i] by 1 - a[j]^2 for n elements, from i = dAt and j = aAt on. */
    void timesTanhDerivative(float[] d, int dAt, float[] a, int aAt, int n);

    /** Sets d[i] = a[j] &gt; 0 ? d[i] : 0 for n elements, from i = dAt and j = aAt on. */
    void timesReluDerivative(float[] d, int dAt, float[] a, int aAt, int n);

    /** Sets sum[i] = x[i] + x[i + stride] + ..., of {@code cols} numbers, from left to right, for n elements of either. */
    void sumColumns(float[] sum, int sumAt, float[] x, int xAt, int stride, int cols, int n);

    /** Sets z = y + a (x - y), element by element, for n elements of each, from the places given on. */
    void blend(float[] z, int zAt, float[] a, int aAt, float[] x, int xAt, float[] y, int yAt, int n);

    /** Adds d (x - y) to sum, element by element, likewise. */
    void addProducts(float[] sum, int sumAt, float[] d, int dAt, float[] x, int xAt, float[] y, int yAt, int n);

    /** Sets z = y + a (x - y), element by element, for n elements of each, from the places given on. */
    void blend(double[] z, int zAt, double[] a, int aAt, double[] x, int xAt, double[] y, int yAt, int n);

    /** Adds d (x - y) to sum, element by element, likewise. */
    void addProducts(double[] sum, int sumAt, double[] d, int dAt, double[] x, int xAt, double[] y, int yAt, int n);

    /** Adds x[j] to sum[i] for n elements, from i = sumAt and j = xAt on. */
    void add(double[] sum, int sumAt, double[] x, int xAt, int n);

    /** Sets y[j] = x[i] for n elements, from j = yAt and i = xAt on. */
    void widen(double[] y, int yAt, float[] x, int xAt, int n);

    /** Sets y[j] = x[i], rounded, for n elements, from j = yAt and i = xAt on. */
    void narrow(float[] y, int yAt, double[] x, int xAt, int n);

    /** Sets y[i] = x[i] / divisor for from &lt;= i &lt; to. */
    void divide(double[] y, double[] x, double divisor, int from, int to);

    /** Takes a step of Adam: see {@link Vectors#adam}. */
    void adam(double[] theta, double[] g, double[] m, double[] v, AdamStep step, int from, int to);

    /**
     * Computes Z := Z + W X for X by compressed columns ({@link SparseMatrix}): z[i, j] += w[i, r] x[r, j] entry by entry, each
     * product rounded before it is added, for columns of n numbers that follow each other from zAt and wAt on.
     */
    void addProduct(double[] z, int zAt, double[] w, int wAt, int n, int[] starts, int[] indices, double[] x);

    /** Computes W := W + Z X^T, likewise: w[i, r] += z[i, j] x[r, j], column of X after column. */
    void addProductTransposed(double[] w, int wAt, double[] z, int zAt, int n, int[] starts, int[] indices, double[] x);

    /**
     * Computes Z := Z + W X for X by compressed columns ({@link SparseMatrix}): z[i, j] += w[i, r] x[r, j] entry by entry, each
     * product rounded before it is added, for columns of n numbers that follow each other from zAt and wAt on.
     */
    void addProduct(float[] z, int zAt, float[] w, int wAt, int n, int[] starts, int[] indices, float[] x);

    /** Computes W := W + Z X^T, likewise: w[i, r] += z[i, j] x[r, j], column of X after column. */
    void addProductTransposed(float[] w, int wAt, float[] z, int zAt, int n, int[] starts, int[] indices, float[] x);

    private static ElementwiseKernels choose() {
        try {
            return new VectorKernels();
        } catch (LinkageError absent) {
            return new ScalarKernels();
        }
    }

    /** The first elements of a process. Threads may overwrite each other's counts, which changes no result. */
    final class Beginning {
        private static final ElementwiseKernels SCALAR = new ScalarKernels();
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
