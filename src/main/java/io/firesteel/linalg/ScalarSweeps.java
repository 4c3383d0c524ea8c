package io.firesteel.linalg;

import java.util.Arrays;

/** Sweeps one element at a time. */
class ScalarSweeps implements Sweeps {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void exp(double[] x, int from, int to) {
        for (int i = from; i < to; i++) x[i] = Elementary.exp(x[i]);
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
}
