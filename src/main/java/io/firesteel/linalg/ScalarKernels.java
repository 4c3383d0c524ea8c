package io.firesteel.linalg;

import java.util.Arrays;

/** The kernels that take one element at a time. */
sealed class ScalarKernels implements ElementwiseKernels permits VectorKernels {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void exp(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.exp(x[i]);
    }

    @Override
    public void log1p(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.log1p(x[i]);
    }

    @Override
    public void sigmoid(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sigmoid(x[i]);
    }

    @Override
    public void tanh(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.tanh(x[i]);
    }

    @Override
    public void elu(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.elu(x[i]);
    }

    @Override
    public void gelu(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.gelu(x[i]);
    }

    @Override
    public void geluDerivative(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.geluDerivative(x[i]);
    }

    @Override
    public void cosOfTurns(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.cosOfTurns(x[i]);
    }

    @Override
    public void sinOfTurns(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sinOfTurns(x[i]);
    }

    @Override
    public void exp(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.exp(x[i]);
    }

    @Override
    public void sigmoid(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sigmoid(x[i]);
    }

    @Override
    public void tanh(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.tanh(x[i]);
    }

    @Override
    public void elu(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.elu(x[i]);
    }

    @Override
    public void gelu(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.gelu(x[i]);
    }

    @Override
    public void geluDerivative(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.geluDerivative(x[i]);
    }

    @Override
    public void cosOfTurns(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.cosOfTurns(x[i]);
    }

    @Override
    public void sinOfTurns(float[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.sinOfTurns(x[i]);
    }

    @Override
    public void timesSigmoidDerivative(double[] d, int dAt, double[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= a[aAt + i] * (1 - a[aAt + i]);
    }

    @Override
    public void timesTanhDerivative(double[] d, int dAt, double[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= 1 - a[aAt + i] * a[aAt + i];
    }

    @Override
    public void timesReluDerivative(double[] d, int dAt, double[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] = a[aAt + i] > 0 ? d[dAt + i] : 0;
    }

    @Override
    public void sumColumns(double[] sum, int sumAt, double[] x, int xAt, int stride, int cols, int n) {
        Arrays.fill(sum, sumAt, sumAt + n, 0);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < n; i++) sum[sumAt + i] += x[xAt + j * stride + i];
        }
    }

    @Override
    public void timesSigmoidDerivative(float[] d, int dAt, float[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= a[aAt + i] * (1 - a[aAt + i]);
    }

    @Override
    public void timesTanhDerivative(float[] d, int dAt, float[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] *= 1 - a[aAt + i] * a[aAt + i];
    }

    @Override
    public void timesReluDerivative(float[] d, int dAt, float[] a, int aAt, int n) {
        for (int i = 0; i < n; i++) d[dAt + i] = a[aAt + i] > 0 ? d[dAt + i] : 0;
    }

    @Override
    public void sumColumns(float[] sum, int sumAt, float[] x, int xAt, int stride, int cols, int n) {
        Arrays.fill(sum, sumAt, sumAt + n, 0);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < n; i++) sum[sumAt + i] += x[xAt + j * stride + i];
        }
    }

    @Override
    public void blend(float[] z, int zAt, float[] a, int aAt, float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) z[zAt + i] = y[yAt + i] + a[aAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    @Override
    public void addProducts(float[] sum, int sumAt, float[] d, int dAt, float[] x, int xAt, float[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) sum[sumAt + i] += d[dAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    @Override
    public void blend(double[] z, int zAt, double[] a, int aAt, double[] x, int xAt, double[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) z[zAt + i] = y[yAt + i] + a[aAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    @Override
    public void addProducts(
            double[] sum, int sumAt, double[] d, int dAt, double[] x, int xAt, double[] y, int yAt, int n) {
        for (int i = 0; i < n; i++) sum[sumAt + i] += d[dAt + i] * (x[xAt + i] - y[yAt + i]);
    }

    @Override
    public void add(double[] sum, int sumAt, double[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) sum[sumAt + i] += x[xAt + i];
    }

    @Override
    public void widen(double[] y, int yAt, float[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) y[yAt + i] = x[xAt + i];
    }

    @Override
    public void narrow(float[] y, int yAt, double[] x, int xAt, int n) {
        for (int i = 0; i < n; i++) y[yAt + i] = (float) x[xAt + i];
    }

    @Override
    public void divide(double[] y, double[] x, double divisor, int from, int to) {
        for (int i = from; i < to; i++) y[i] = x[i] / divisor;
    }

    @Override
    public void adam(double[] theta, double[] g, double[] m, double[] v, AdamStep step, int from, int to) {
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

    @Override
    public void addProduct(double[] z, int zAt, double[] w, int wAt, int n, int[] starts, int[] indices, double[] x) {
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

    @Override
    public void addProductTransposed(
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

    @Override
    public void addProduct(float[] z, int zAt, float[] w, int wAt, int n, int[] starts, int[] indices, float[] x) {
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

    @Override
    public void addProductTransposed(
            float[] w, int wAt, float[] z, int zAt, int n, int[] starts, int[] indices, float[] x) {
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
}
