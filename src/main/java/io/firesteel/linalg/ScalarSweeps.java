package io.firesteel.linalg;

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
}
