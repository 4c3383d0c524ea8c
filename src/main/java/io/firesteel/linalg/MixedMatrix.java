package io.firesteel.linalg;

import java.util.Arrays;
import java.util.zip.Checksum;

/**
 * A matrix (rows, cols) some of whose rows are dense while the others hold few entries, such as the inputs of a table that
 * has numbers and categories: a category is one entry, 1, in the row of the input that it names, however many categories
 * its column has.
 *
 * <p>It is immutable; any number of threads may read it.
 */
public final class MixedMatrix implements AnyMatrix {
    private static final long serialVersionUID = 1;

    /** (k): the row that each row of {@link #dense} is, ascending. */
    private final int[] denseRows;

    /** (k, cols): the rows that hold all their elements. */
    private final Matrix dense;

    /** (rows, cols): the entries of the other rows. */
    private final SparseMatrix sparse;

    /**
     * Creates a matrix of these rows; it keeps the parts, without a copy.
     *
     * @param denseRows (k), ascending: the row that each row of {@code dense} becomes
     * @param dense (k, cols)
     * @param sparse (rows, cols), in the same precision, without entries in the dense rows
     */
    public MixedMatrix(int[] denseRows, Matrix dense, SparseMatrix sparse) {
        boolean ascend = true;
        for (int k = 0; k < denseRows.length; k++) {
            ascend &= denseRows[k] > (k == 0 ? -1 : denseRows[k - 1]) && denseRows[k] < sparse.rows();
        }
        if (!ascend
                || dense.rows() != denseRows.length
                || dense.cols() != sparse.cols()
                || dense.precision() != sparse.precision()) {
            throw new IllegalArgumentException("the dense part " + dense + " in rows " + Arrays.toString(denseRows)
                    + " and the sparse part " + sparse + ": expected ascending rows, as many columns, one precision");
        }
        this.denseRows = denseRows;
        this.dense = dense;
        this.sparse = sparse;
    }

    @Override
    public int rows() {
        return sparse.rows();
    }

    @Override
    public int cols() {
        return sparse.cols();
    }

    @Override
    public Precision precision() {
        return sparse.precision();
    }

    /** Returns the rows that hold all their elements, (k, cols). */
    public Matrix dense() {
        return dense;
    }

    /**
     * Returns this matrix with other values in its dense rows and with more dense rows below all others.
     *
     * @param values (k + n, cols): those of the dense rows, and of n more
     */
    public MixedMatrix withDense(Matrix values) {
        int[] more = Arrays.copyOf(denseRows, values.rows());
        for (int k = denseRows.length; k < more.length; k++) {
            more[k] = rows() + k - denseRows.length;
        }
        return new MixedMatrix(more, values, sparse.withRows(rows() + values.rows() - denseRows.length));
    }

    /**
     * Returns this matrix without some of its rows, with other values in its dense rows and with more dense rows below all
     * others; a matrix all of whose rows are dense then is the values themselves.
     *
     * @param values (k + n, cols): those of the dense rows, and of n more
     * @param places (rows): the place of each row among those that stay; -1 for one that is left out, none of them dense
     * @param staying the number of rows that stay
     */
    public AnyMatrix withDense(Matrix values, int[] places, int staying) {
        if (staying == denseRows.length) {
            return values;
        }
        int[] more = new int[values.rows()];
        for (int k = 0; k < more.length; k++) {
            more[k] = k < denseRows.length ? places[denseRows[k]] : staying + k - denseRows.length;
        }
        return new MixedMatrix(more, values, sparse.moved(places, staying + values.rows() - denseRows.length));
    }

    /** Returns rows from .. to - 1, none of which is dense, as a matrix (to - from, cols). */
    public SparseMatrix sparseRows(int from, int to) {
        return sparse.rows(from, to);
    }

    /** Returns the first row from .. to - 1, none of which is dense, that has an entry in column j; -1 if none has. */
    public int firstEntry(int j, int from, int to) {
        return sparse.firstEntry(j, from, to);
    }

    /** Returns the entries of the other rows, (rows, cols). */
    SparseMatrix sparse() {
        return sparse;
    }

    /** Sets (n, k) to the columns of A (n, rows) that belong to the dense rows. */
    void gather(Matrix a, Matrix into) {
        for (int k = 0; k < denseRows.length; k++) {
            into.setColumn(k, a, denseRows[k]);
        }
    }

    /** Sets the columns of A (n, rows) that belong to the dense rows from (n, k). */
    void scatter(Matrix from, Matrix a) {
        for (int k = 0; k < denseRows.length; k++) {
            a.setColumn(denseRows[k], from, k);
        }
    }

    @Override
    public double get(int i, int j) {
        int k = Arrays.binarySearch(denseRows, i);
        return k < 0 ? sparse.get(i, j) : dense.get(k, j);
    }

    @Override
    public MixedMatrix in(Precision wanted) {
        return wanted == precision() ? this : new MixedMatrix(denseRows, dense.in(wanted), sparse.in(wanted));
    }

    @Override
    public MixedMatrix withRowsFrom(int[] columns, int from, int to) {
        Matrix moved = dense.withRowsFrom(columns, denseRow(from), denseRow(to));
        return new MixedMatrix(denseRows, moved, sparse.withRowsFrom(columns, from, to));
    }

    /** Returns the first row of the dense part that is row i or one below it. */
    public int denseRow(int i) {
        int k = Arrays.binarySearch(denseRows, i);
        return k < 0 ? -k - 1 : k;
    }

    @Override
    public MixedMatrix columns(int[] chosen) {
        return new MixedMatrix(denseRows, dense.columns(chosen), sparse.columns(chosen));
    }

    @Override
    public MixedMatrix columns(int[] chosen, double[] factors) {
        return new MixedMatrix(denseRows, dense.columns(chosen, factors), sparse.columns(chosen, factors));
    }

    @Override
    public MixedMatrix transposedProduct(Matrix a, Matrix d) {
        Matrix ofDense = precision().zeros(a.rows(), denseRows.length);
        gather(a, ofDense);
        return new MixedMatrix(denseRows, dense.transposedProduct(ofDense, d), sparse.transposedProduct(a, d));
    }

    /**
     * Returns a matrix that stores the same elements.
     *
     * @param values (k, cols): those of the dense rows
     * @param others those of the other rows
     */
    public MixedMatrix withValues(Matrix values, Values others) {
        return new MixedMatrix(denseRows, values, sparse.withValues(others));
    }

    @Override
    public MixedMatrix plus(AnyMatrix same) {
        MixedMatrix other = (MixedMatrix) same;
        return new MixedMatrix(denseRows, dense.plus(other.dense), sparse.plus(other.sparse));
    }

    /** Gives the elements of the dense rows first, and those of the others after them. */
    @Override
    public void forEach(int j, Visitor visitor) {
        for (int k = 0; k < denseRows.length; k++) {
            visitor.visit(denseRows[k], dense.get(k, j));
        }
        sparse.forEach(j, visitor);
    }

    @Override
    public MixedMatrix dropped(double p, long key) {
        Matrix kept = precision().zeros(dense.rows(), dense.cols());
        double factor = precision().rounded(1 / (1 - p));
        for (int j = 0; j < kept.cols(); j++) {
            for (int k = 0; k < kept.rows(); k++) {
                boolean drops = SplitMix64.uniform(key, denseRows[k] + (long) j * rows()) < p;
                kept.set(k, j, drops ? 0 : dense.get(k, j) * factor);
            }
        }
        return new MixedMatrix(denseRows, kept, sparse.dropped(p, key));
    }

    @Override
    public boolean isWithin(double most) {
        return dense.isWithin(most) && sparse.isWithin(most);
    }

    @Override
    public long bytes() {
        return Integer.BYTES * (long) denseRows.length + dense.bytes() + sparse.bytes();
    }

    @Override
    public void feed(Checksum checksum) {
        dense.feed(checksum);
        sparse.feed(checksum);
    }

    @Override
    public String toString() {
        return rows() + " x " + cols() + " " + precision() + " with " + denseRows.length + " dense rows and "
                + sparse.entries() + " entries";
    }

    /** Memory that products with such a matrix need, used again from product to product: one thread, one Scratch. */
    public static final class Scratch {
        private Matrix matrix;

        /** Returns a matrix (rows, cols) of any content, the same one each time for the same shape and precision. */
        Matrix of(Precision precision, int rows, int cols) {
            if (matrix == null || matrix.precision() != precision || matrix.rows() != rows || matrix.cols() != cols) {
                matrix = precision.zeros(rows, cols);
            }
            return matrix;
        }
    }
}
