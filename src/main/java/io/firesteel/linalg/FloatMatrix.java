package io.firesteel.linalg;

import breeze.linalg.DenseMatrix;
import breeze.linalg.DenseMatrix$mcF$sp;
import java.util.Arrays;
import java.util.zip.Checksum;

/** A {@link Matrix} of floats. */
final class FloatMatrix extends Matrix {
    private static final long serialVersionUID = 1;

    private final float[] data;
    private final int offset;

    FloatMatrix(int rows, int cols) {
        this(rows, cols, new float[Math.multiplyExact(rows, cols)], 0);
    }

    private FloatMatrix(int rows, int cols, float[] data, int offset) {
        super(rows, cols);
        this.data = data;
        this.offset = offset;
    }

    @Override
    public Precision precision() {
        return Precision.SINGLE;
    }

    @Override
    public DenseMatrix<Object> breeze() {
        return new DenseMatrix$mcF$sp(rows(), cols(), data, offset, rows(), false);
    }

    @Override
    public double get(int i, int j) {
        return data[offset + i + j * rows()];
    }

    @Override
    public void set(int i, int j, double value) {
        data[offset + i + j * rows()] = (float) value;
    }

    @Override
    public Matrix view(int start, int rows, int cols) {
        if (start < 0 || (long) start + (long) rows * cols > size()) {
            throw new IndexOutOfBoundsException(rows + " x " + cols + " from element " + start + " of " + this);
        }
        return new FloatMatrix(rows, cols, data, offset + start);
    }

    @Override
    public void copyFrom(int start, int n, double[] from) {
        ElementwiseKernels.of(n).narrow(data, offset + start, from, 0, n);
    }

    @Override
    public void copyInto(int start, int n, double[] into) {
        ElementwiseKernels.of(n).widen(into, 0, data, offset + start, n);
    }

    @Override
    public boolean isWithin(double most) {
        boolean within = true;
        for (int p = offset; p < offset + size(); p++) {
            within &= Math.abs(data[p]) <= most; // false for NaN
        }
        return within;
    }

    @Override
    public void feed(Checksum checksum) {
        Feed.floats(checksum, data, offset, size());
    }

    @Override
    void gemm(String transA, String transB, int k, Matrix a, Matrix b, int beta) {
        FloatMatrix left = (FloatMatrix) a;
        FloatMatrix right = (FloatMatrix) b;
        Blas.sgemm(
                transA,
                transB,
                rows(),
                cols(),
                k,
                left.data,
                left.offset,
                left.rows(),
                right.data,
                right.offset,
                right.rows(),
                beta,
                data,
                offset,
                rows());
    }

    @Override
    void addSparseProduct(Matrix a, SparseMatrix b) {
        FloatMatrix left = (FloatMatrix) a;
        FloatSparseMatrix right = (FloatSparseMatrix) b;
        ElementwiseKernels.of(size())
                .addProduct(data, offset, left.data, left.offset, rows(), right.starts, right.indices, right.values);
    }

    @Override
    void setSparseProductTransposed(Matrix a, SparseMatrix b) {
        FloatMatrix left = (FloatMatrix) a;
        FloatSparseMatrix right = (FloatSparseMatrix) b;
        Arrays.fill(data, offset, offset + size(), 0);
        ElementwiseKernels.of(size())
                .addProductTransposed(
                        data, offset, left.data, left.offset, rows(), right.starts, right.indices, right.values);
    }

    @Override
    public void set(Matrix a) {
        FloatMatrix other = (FloatMatrix) a;
        System.arraycopy(other.data, other.offset, data, offset, size());
    }

    @Override
    public void setColumn(int j, Matrix a, int k) {
        FloatMatrix other = (FloatMatrix) a;
        System.arraycopy(other.data, other.offset + k * rows(), data, offset + j * rows(), rows());
    }

    @Override
    public void setRows(int at, Matrix a, int from, int n) {
        FloatMatrix other = (FloatMatrix) a;
        for (int j = 0; j < cols(); j++) {
            int source = other.offset + j * other.rows() + from;
            int target = offset + j * rows() + at;
            for (int i = 0; i < n; i++) { // few, as a rule
                data[target + i] = other.data[source + i];
            }
        }
    }

    @Override
    public void setScaledColumns(Matrix a, Matrix s) {
        FloatMatrix other = (FloatMatrix) a;
        FloatMatrix factors = (FloatMatrix) s;
        for (int j = 0; j < cols(); j++) {
            float factor = factors.data[factors.offset + j];
            int source = other.offset + j * rows();
            int target = offset + j * rows();
            for (int i = 0; i < rows(); i++) {
                data[target + i] = factor * other.data[source + i];
            }
        }
    }

    @Override
    public void setColumnProducts(Matrix a, Matrix b) {
        FloatMatrix left = (FloatMatrix) a;
        FloatMatrix right = (FloatMatrix) b;
        for (int j = 0; j < rows(); j++) {
            int l = left.offset + j * left.rows();
            int r = right.offset + j * right.rows();
            float sum = 0;
            for (int i = 0; i < left.rows(); i++) {
                sum += left.data[l + i] * right.data[r + i];
            }
            data[offset + j] = sum;
        }
    }

    @Override
    public void setBlend(Matrix a, Matrix x, Matrix y) {
        FloatMatrix part = (FloatMatrix) a;
        FloatMatrix some = (FloatMatrix) x;
        FloatMatrix other = (FloatMatrix) y;
        for (int j = 0; j < cols(); j++) {
            int at = j * rows();
            ElementwiseKernels.of(rows())
                    .blend(
                            data,
                            offset + at,
                            part.data,
                            part.offset,
                            some.data,
                            some.offset + at,
                            other.data,
                            other.offset + at,
                            rows());
        }
    }

    @Override
    public void setRowProducts(Matrix d, Matrix x, Matrix y) {
        FloatMatrix factor = (FloatMatrix) d;
        FloatMatrix some = (FloatMatrix) x;
        FloatMatrix other = (FloatMatrix) y;
        Arrays.fill(data, offset, offset + rows(), 0);
        for (int j = 0; j < factor.cols(); j++) {
            int at = j * rows();
            ElementwiseKernels.of(rows())
                    .addProducts(
                            data,
                            offset,
                            factor.data,
                            factor.offset + at,
                            some.data,
                            some.offset + at,
                            other.data,
                            other.offset + at,
                            rows());
        }
    }

    @Override
    public void setColumns(Matrix column) {
        FloatMatrix b = (FloatMatrix) column;
        if (size() == 0) {
            return;
        }
        // One copy of the column, then the filled part doubled: few long copies, however short the column is.
        System.arraycopy(b.data, b.offset, data, offset, rows());
        for (int filled = rows(); filled < size(); filled += Math.min(filled, size() - filled)) {
            System.arraycopy(data, offset, data, offset + filled, Math.min(filled, size() - filled));
        }
    }

    @Override
    public void setSumOfColumns(Matrix a) {
        FloatMatrix columns = (FloatMatrix) a;
        ElementwiseKernels.of(columns.size())
                .sumColumns(data, offset, columns.data, columns.offset, rows(), columns.cols(), rows());
    }

    @Override
    public void exp() {
        ElementwiseKernels.of(size()).exp(data, offset, offset + size());
    }

    @Override
    public void sigmoid() {
        ElementwiseKernels.of(size()).sigmoid(data, offset, offset + size());
    }

    @Override
    public void tanh() {
        ElementwiseKernels.of(size()).tanh(data, offset, offset + size());
    }

    @Override
    public void relu() {
        for (int i = offset; i < offset + size(); i++) {
            data[i] = Math.max(data[i], 0);
        }
    }

    @Override
    public void leakyRelu(double slope) {
        float factor = (float) slope;
        for (int i = offset; i < offset + size(); i++) {
            data[i] = data[i] > 0 ? data[i] : factor * data[i];
        }
    }

    @Override
    public void elu() {
        ElementwiseKernels.of(size()).elu(data, offset, offset + size());
    }

    @Override
    public void gelu() {
        ElementwiseKernels.of(size()).gelu(data, offset, offset + size());
    }

    @Override
    public void cosOfTurns() {
        ElementwiseKernels.of(size()).cosOfTurns(data, offset, offset + size());
    }

    @Override
    public void timesCosOfTurnsDerivative(Matrix z) {
        FloatMatrix in = (FloatMatrix) z;
        float factor = (float) (-2 * Math.PI);
        ElementwiseKernels.of(in.size()).sinOfTurns(in.data, in.offset, in.offset + in.size());
        for (int i = 0; i < size(); i++) {
            data[offset + i] *= factor * in.data[in.offset + i];
        }
    }

    @Override
    public void timesSigmoidDerivative(Matrix a) {
        FloatMatrix out = (FloatMatrix) a;
        ElementwiseKernels.of(size()).timesSigmoidDerivative(data, offset, out.data, out.offset, size());
    }

    @Override
    public void timesTanhDerivative(Matrix a) {
        FloatMatrix out = (FloatMatrix) a;
        ElementwiseKernels.of(size()).timesTanhDerivative(data, offset, out.data, out.offset, size());
    }

    @Override
    public void timesReluDerivative(Matrix a) {
        FloatMatrix out = (FloatMatrix) a;
        ElementwiseKernels.of(size()).timesReluDerivative(data, offset, out.data, out.offset, size());
    }

    @Override
    public void timesLeakyReluDerivative(Matrix a, double slope) {
        FloatMatrix out = (FloatMatrix) a;
        float factor = (float) slope;
        for (int i = 0; i < size(); i++) {
            data[offset + i] *= out.data[out.offset + i] > 0 ? 1 : factor;
        }
    }

    @Override
    public void timesEluDerivative(Matrix a) {
        FloatMatrix out = (FloatMatrix) a;
        for (int i = 0; i < size(); i++) {
            float value = out.data[out.offset + i];
            data[offset + i] *= value > 0 ? 1 : value + 1;
        }
    }

    @Override
    public void timesGeluDerivative(Matrix z) {
        FloatMatrix in = (FloatMatrix) z;
        ElementwiseKernels.of(size()).geluDerivative(in.data, in.offset, in.offset + size());
        for (int i = 0; i < size(); i++) {
            data[offset + i] *= in.data[in.offset + i];
        }
    }

    @Override
    public void drop(double p, long key) {
        float kept = (float) (1 / (1 - p));
        for (int i = 0; i < size(); i++) {
            data[offset + i] *= SplitMix64.uniform(key, i) < p ? 0 : kept;
        }
    }
}
