package io.firesteel.linalg;

import breeze.linalg.DenseMatrix;

/**
 * A dense matrix (rows, cols), stored column after column without gaps in an array of one of two precisions.
 *
 * <p>It has the few operations that training needs. The products of dense matrices go to BLAS; all write into a result that
 * exists already; both operands and the result have one precision. The sweeps change every element in place. Element access is
 * in double whatever the precision. A matrix may be a view into the array of another: writing to one writes to both.
 *
 * <p>Two threads may read one matrix; a thread that writes must be alone.
 */
public abstract sealed class Matrix implements AnyMatrix permits DoubleMatrix, FloatMatrix {
    private static final long serialVersionUID = 1;

    private final int rows;
    private final int cols;

    Matrix(int rows, int cols) {
        if (rows < 0 || cols < 0) {
            throw new IllegalArgumentException("a matrix cannot be " + rows + " x " + cols);
        }
        this.rows = rows;
        this.cols = cols;
    }

    @Override
    public final int rows() {
        return rows;
    }

    @Override
    public final int cols() {
        return cols;
    }

    /** Returns the number of elements. */
    public final int size() {
        return rows * cols;
    }

    @Override
    public final long bytes() {
        return (long) size() * precision().bytes();
    }

    /** Returns this matrix as a Breeze matrix over the same array: writing to one writes to both. */
    public abstract DenseMatrix<Object> breeze();

    /** Sets element (i, j), rounded to this precision. */
    public abstract void set(int i, int j, double value);

    /**
     * Returns a view (rows, cols) of this matrix's elements, which are taken as one sequence, column after column, from element
     * {@code start} of it.
     */
    public abstract Matrix view(int start, int rows, int cols);

    /** Returns a view (rows, n) of the first n columns. */
    public final Matrix firstColumns(int n) {
        return n == cols ? this : view(0, rows, n);
    }

    /** Sets the elements, column after column, from {@code values}, rounded to this precision. */
    public final void setAll(double[] values) {
        copyFrom(0, size(), values);
    }

    /** Copies the elements, column after column, to the front of {@code into}. */
    public final void copyInto(double[] into) {
        copyInto(0, size(), into);
    }

    /** Copies n of the elements, which are counted column after column, from element {@code start} on. */
    public abstract void copyInto(int start, int n, double[] into);

    /** Sets n of the elements, from element {@code start} on, from the front of {@code from}, rounded. */
    public abstract void copyFrom(int start, int n, double[] from);

    // Products. The shapes are checked: a mismatch is a programming error, and BLAS would read past the arrays.

    /** Computes this := this + A B, with A (rows, k) and B (k, cols). */
    public final void addProduct(Matrix a, AnyMatrix b) {
        addProduct(a, b, new MixedMatrix.Scratch());
    }

    /** Adds a product, with memory that a {@link MixedMatrix} needs. */
    public final void addProduct(Matrix a, AnyMatrix b, MixedMatrix.Scratch scratch) {
        check(a.rows == rows && a.cols == b.rows() && b.cols() == cols, a, b);
        if (b instanceof Matrix dense) {
            gemm("N", "N", a.cols, a, dense, 1);
        } else if (b instanceof SparseMatrix sparse) {
            addSparse(a, sparse);
        } else if (b instanceof MixedMatrix mixed) {
            if (mixed.dense().rows() > 0) {
                Matrix ofDense = scratch.of(precision(), rows, mixed.dense().rows());
                mixed.gather(a, ofDense);
                gemm("N", "N", ofDense.cols, ofDense, mixed.dense(), 1);
            }
            addSparse(a, mixed.sparse());
        }
    }

    /** Computes this := A B^T, with A (rows, k) and B (cols, k). */
    public final void setProductTransposed(Matrix a, AnyMatrix b) {
        setProductTransposed(a, b, new MixedMatrix.Scratch());
    }

    /** Sets a product, with memory that a {@link MixedMatrix} needs. */
    public final void setProductTransposed(Matrix a, AnyMatrix b, MixedMatrix.Scratch scratch) {
        check(a.rows == rows && a.cols == b.cols() && b.rows() == cols, a, b);
        if (b instanceof Matrix dense) {
            gemm("N", "T", a.cols, a, dense, 0);
        } else if (b instanceof SparseMatrix sparse) {
            setSparse(a, sparse);
        } else if (b instanceof MixedMatrix mixed) {
            setSparse(a, mixed.sparse());
            if (mixed.dense().rows() > 0) {
                Matrix ofDense = scratch.of(precision(), rows, mixed.dense().rows());
                ofDense.gemm("N", "T", a.cols, a, mixed.dense(), 0);
                mixed.scatter(ofDense, this);
            }
        }
    }

    private void addSparse(Matrix a, SparseMatrix b) {
        long start = System.nanoTime();
        addSparseProduct(a, b);
        Blas.countProductSince(start);
    }

    private void setSparse(Matrix a, SparseMatrix b) {
        long start = System.nanoTime();
        setSparseProductTransposed(a, b);
        Blas.countProductSince(start);
    }

    /** Computes this := A^T B, with A (k, rows) and B (k, cols). */
    public final void setTransposedProduct(Matrix a, Matrix b) {
        check(a.cols == rows && a.rows == b.rows && b.cols == cols, a, b);
        gemm("T", "N", a.rows, a, b, 0);
    }

    /** Computes this := this + A^T B, with A (k, rows) and B (k, cols). */
    public final void addTransposedProduct(Matrix a, Matrix b) {
        check(a.cols == rows && a.rows == b.rows && b.cols == cols, a, b);
        gemm("T", "N", a.rows, a, b, 1);
    }

    /** Computes this := op(A) op(B) + beta * this through BLAS; k is the inner dimension. */
    abstract void gemm(String transA, String transB, int k, Matrix a, Matrix b, int beta);

    abstract void addSparseProduct(Matrix a, SparseMatrix b);

    abstract void setSparseProductTransposed(Matrix a, SparseMatrix b);

    private void check(boolean fits, Matrix a, AnyMatrix b) {
        if (!fits || a.precision() != precision() || b.precision() != precision()) {
            throw new IllegalArgumentException("no product of " + a + " and " + b + " fits into " + this);
        }
    }

    // Sweeps: each changes every element in place.

    /** Computes this := A, of the same shape and precision. */
    public abstract void set(Matrix a);

    /** Sets column j to column k of A, of as many rows and the same precision. */
    public abstract void setColumn(int j, Matrix a, int k);

    /** Sets the rows from {@code at} on to the {@code n} rows of A from {@code from} on, of as many columns and the same precision. */
    public abstract void setRows(int at, Matrix a, int from, int n);

    /** Sets column j to s[j] times column j of A, of the same shape and precision, for all j; s is (cols, 1). */
    public abstract void setScaledColumns(Matrix a, Matrix s);

    /** Sets element j of this (n, 1) to the product of column j of A and column j of B, both (k, n), for all j. */
    public abstract void setColumnProducts(Matrix a, Matrix b);

    /** Sets this to Y + a (X - Y), elementwise, each row with its own number of a (rows, 1); X or Y may be this matrix. */
    public abstract void setBlend(Matrix a, Matrix x, Matrix y);

    /** Sets this (rows, 1) to the sum of the columns of D (X - Y), a product of elements, added in their order. */
    public abstract void setRowProducts(Matrix d, Matrix x, Matrix y);

    @Override
    public final Matrix in(Precision wanted) {
        if (wanted == precision()) {
            return this;
        }
        double[] values = new double[size()];
        copyInto(values);
        Matrix copy = wanted.zeros(rows(), cols());
        copy.setAll(values);
        return copy;
    }

    @Override
    public final Matrix withRowsFrom(int[] columns, int from, int to) {
        Matrix copy = precision().zeros(rows(), cols());
        copy.set(this);
        for (int j = 0; j < columns.length; j++) {
            for (int i = from; i < to; i++) {
                copy.set(i, j, get(i, columns[j]));
            }
        }
        return copy;
    }

    @Override
    public final Matrix columns(int[] chosen) {
        Matrix some = precision().zeros(rows, chosen.length);
        for (int j = 0; j < chosen.length; j++) {
            some.setColumn(j, this, chosen[j]);
        }
        return some;
    }

    @Override
    public final Matrix columns(int[] chosen, double[] factors) {
        Matrix some = columns(chosen);
        Matrix s = precision().zeros(chosen.length, 1);
        s.setAll(factors);
        some.setScaledColumns(some, s);
        return some;
    }

    @Override
    public final Matrix transposedProduct(Matrix a, Matrix d) {
        Matrix product = precision().zeros(rows, cols);
        product.setTransposedProduct(a, d);
        return product;
    }

    @Override
    public final Matrix plus(AnyMatrix same) {
        Matrix sum = precision().zeros(rows, cols);
        for (int j = 0; j < cols; j++) {
            for (int i = 0; i < rows; i++) {
                sum.set(i, j, get(i, j) + same.get(i, j));
            }
        }
        return sum;
    }

    @Override
    public final void forEach(int j, Visitor visitor) {
        for (int i = 0; i < rows; i++) {
            visitor.visit(i, get(i, j));
        }
    }

    /** Returns the product of column i and column j of B, which has as many rows. */
    final double columnProduct(int i, Matrix b, int j) {
        double sum = 0;
        for (int k = 0; k < rows; k++) {
            sum += get(k, i) * b.get(k, j);
        }
        return sum;
    }

    @Override
    public final Matrix dropped(double p, long key) {
        Matrix copy = precision().zeros(rows, cols);
        copy.set(this);
        copy.drop(p, key);
        return copy;
    }

    /** Sets every column to the one column of {@code column} (rows, 1). */
    public abstract void setColumns(Matrix column);

    /** Sets this (rows, 1) to the sum of the columns of A (rows, n), added in their order. */
    public abstract void setSumOfColumns(Matrix a);

    /** Computes z := exp(z), elementwise. */
    public abstract void exp();

    /** Computes z := 1 / (1 + exp(-z)), elementwise. */
    public abstract void sigmoid();

    /** Computes z := tanh(z), elementwise. */
    public abstract void tanh();

    /** Computes z := max(z, 0), elementwise. */
    public abstract void relu();

    /** Computes z := z where it is positive, slope * z elsewhere. */
    public abstract void leakyRelu(double slope);

    /** Computes z := z where it is positive, exp(z) - 1 elsewhere. */
    public abstract void elu();

    /** Computes z := gelu(z), elementwise, in its tanh form z / 2 (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))). */
    public abstract void gelu();

    /** Computes z := cos(2 pi z), elementwise, for sizes below 2^51, or in single precision 2^22. */
    public abstract void cosOfTurns();

    /** Computes d := -2 pi d * sin(2 pi z), elementwise: the derivative of cos(2 pi z), in terms of z, which it overwrites. */
    public abstract void timesCosOfTurnsDerivative(Matrix z);

    /** Computes d := d * a (1 - a), elementwise: the sigmoid's derivative in terms of its output. */
    public abstract void timesSigmoidDerivative(Matrix a);

    /** Computes d := d * (1 - a^2), elementwise: tanh's derivative in terms of its output. */
    public abstract void timesTanhDerivative(Matrix a);

    /** Computes d := d where a is positive, 0 elsewhere: relu's derivative in terms of its output. */
    public abstract void timesReluDerivative(Matrix a);

    /** Computes d := d where a is positive, slope * d elsewhere: leaky relu's derivative in terms of its output. */
    public abstract void timesLeakyReluDerivative(Matrix a, double slope);

    /** Computes d := d where a is positive, d * (a + 1) elsewhere: elu's derivative in terms of its output. */
    public abstract void timesEluDerivative(Matrix a);

    /** Computes d := d * gelu'(z), elementwise: gelu's derivative in terms of its input, which it overwrites. */
    public abstract void timesGeluDerivative(Matrix z);

    /**
     * Computes a := m * a, elementwise, where m is 0 with probability p and 1 / (1 - p) else: element i, counted column after
     * column, is dropped when number i of {@link SplitMix64#uniform} seeded with the key is below p. The same elements are
     * dropped in either precision, and each time with the same key.
     */
    public abstract void drop(double p, long key);

    @Override
    public final String toString() {
        return rows + " x " + cols + " " + precision();
    }
}
