package io.firesteel.linalg;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.zip.Checksum;

/**
 * A sparse matrix (rows, cols) in one of two precisions, by compressed columns: it holds its entries, column after column
 * and in each by ascending row; all other elements are 0. An entry may be 0, too.
 *
 * <p>It is immutable; any number of threads may read it.
 */
public abstract sealed class SparseMatrix implements AnyMatrix permits DoubleSparseMatrix, FloatSparseMatrix {
    /*
     * Plain arrays, and not a Breeze CSCMatrix of them: Breeze has no product of a dense and a sparse matrix into a matrix
     * that exists already, and its sparse matrices may be written to.
     */
    private static final long serialVersionUID = 1;

    private final int rows;

    /** (cols + 1): the entries of column j are numbers starts[j] to starts[j + 1] - 1. */
    final int[] starts;

    /** The row of each entry. */
    final int[] indices;

    SparseMatrix(int rows, int[] starts, int[] indices, int values) {
        this.rows = rows;
        this.starts = starts;
        this.indices = indices;
        // The products look no more whether an index is inside its matrix.
        if (rows < 0
                || starts.length == 0
                || starts[0] != 0
                || starts[cols()] != indices.length
                || values != indices.length) {
            throw new IllegalArgumentException("no sparse matrix of " + rows + " rows has " + indices.length
                    + " indices, " + values + " values and columns that start at " + Arrays.toString(starts));
        }
        for (int j = 0; j < cols(); j++) {
            int previous = -1;
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                if (indices[p] <= previous || indices[p] >= rows) {
                    throw new IllegalArgumentException("column " + j + ", row " + indices[p] + ": expected a row above "
                            + previous + " and below " + rows);
                }
                previous = indices[p];
            }
        }
    }

    @Override
    public final int rows() {
        return rows;
    }

    @Override
    public final int cols() {
        return starts.length - 1;
    }

    /** Returns the number of entries. */
    public final int entries() {
        return indices.length;
    }

    @Override
    public final long bytes() {
        return Integer.BYTES * (long) starts.length
                + (Integer.BYTES + precision().bytes()) * (long) entries();
    }

    @Override
    public final double get(int i, int j) {
        if (i < 0 || i >= rows) {
            throw new IndexOutOfBoundsException("row " + i + " of " + this);
        }
        int entry = Arrays.binarySearch(indices, starts[j], starts[j + 1], i);
        return entry < 0 ? 0 : value(entry);
    }

    /** Returns this matrix with this many rows, of which the last ones have no entries. It shares the entries. */
    abstract SparseMatrix withRows(int more);

    /** Returns rows from .. to - 1, (to - from, cols). */
    final SparseMatrix rows(int from, int to) {
        int[] newStarts = new int[starts.length];
        for (int j = 0; j < cols(); j++) {
            Run run = run(j, from, to);
            newStarts[j + 1] = newStarts[j] + run.end - run.start;
        }
        int[] newIndices = new int[newStarts[cols()]];
        double[] newValues = new double[newIndices.length];
        for (int j = 0; j < cols(); j++) {
            int entry = entry(from, j);
            for (int p = newStarts[j]; p < newStarts[j + 1]; p++, entry++) {
                newIndices[p] = indices[entry] - from;
                newValues[p] = value(entry);
            }
        }
        return precision().sparse(to - from, newStarts, newIndices, newValues);
    }

    /**
     * Returns this matrix with its rows in other places.
     *
     * @param places (rows): where each row comes, ascending; -1 for one that is left out
     * @param newRows the number of rows of the matrix that is returned
     */
    final SparseMatrix moved(int[] places, int newRows) {
        int[] newStarts = new int[starts.length];
        int[] newIndices = new int[entries()];
        double[] newValues = new double[entries()];
        int entries = 0;
        for (int j = 0; j < cols(); j++) {
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                if (places[indices[p]] >= 0) {
                    newIndices[entries] = places[indices[p]];
                    newValues[entries++] = value(p);
                }
            }
            newStarts[j + 1] = entries;
        }
        return precision()
                .sparse(newRows, newStarts, Arrays.copyOf(newIndices, entries), Arrays.copyOf(newValues, entries));
    }

    @Override
    public final SparseMatrix columns(int[] chosen) {
        int[] chosenStarts = new int[chosen.length + 1];
        for (int j = 0; j < chosen.length; j++) {
            chosenStarts[j + 1] = chosenStarts[j] + starts[chosen[j] + 1] - starts[chosen[j]];
        }
        int[] chosenIndices = new int[chosenStarts[chosen.length]];
        double[] chosenValues = new double[chosenIndices.length];
        for (int j = 0; j < chosen.length; j++) {
            int from = starts[chosen[j]];
            int to = chosenStarts[j];
            int length = chosenStarts[j + 1] - to;
            System.arraycopy(indices, from, chosenIndices, to, length);
            for (int p = 0; p < length; p++) {
                chosenValues[to + p] = value(from + p);
            }
        }
        return precision().sparse(rows, chosenStarts, chosenIndices, chosenValues);
    }

    @Override
    public final SparseMatrix columns(int[] chosen, double[] factors) {
        SparseMatrix some = columns(chosen);
        return some.withValues((i, j) -> some.get(i, j) * factors[j]);
    }

    @Override
    public final SparseMatrix transposedProduct(Matrix a, Matrix d) {
        return withValues((i, j) -> a.columnProduct(i, d, j));
    }

    @Override
    public final SparseMatrix plus(AnyMatrix same) {
        return withValues((i, j) -> get(i, j) + same.get(i, j));
    }

    @Override
    public final void forEach(int j, Visitor visitor) {
        for (int p = starts[j]; p < starts[j + 1]; p++) {
            visitor.visit(indices[p], value(p));
        }
    }

    /** Returns a matrix of other values at the same places. */
    final SparseMatrix withValues(Values values) {
        double[] others = new double[entries()];
        for (int j = 0; j < cols(); j++) {
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                others[p] = values.at(indices[p], j);
            }
        }
        return precision().sparse(rows, starts, indices, others);
    }

    @Override
    public final SparseMatrix in(Precision wanted) {
        return wanted == precision()
                ? this
                : wanted.sparse(
                        rows,
                        starts,
                        indices,
                        IntStream.range(0, entries()).mapToDouble(this::value).toArray());
    }

    @Override
    public final SparseMatrix withRowsFrom(int[] columns, int from, int to) {
        int[] newStarts = new int[starts.length];
        IntStream.Builder newIndices = IntStream.builder();
        DoubleStream.Builder newValues = DoubleStream.builder();
        for (int j = 0; j < columns.length; j++) {
            int length = 0;
            for (Run run : List.of(run(j, 0, from), run(columns[j], from, to), run(j, to, rows))) {
                for (int p = run.start; p < run.end; p++) {
                    newIndices.add(indices[p]);
                    newValues.add(value(p));
                }
                length += run.end - run.start;
            }
            newStarts[j + 1] = newStarts[j] + length;
        }
        return precision()
                .sparse(
                        rows,
                        newStarts,
                        newIndices.build().toArray(),
                        newValues.build().toArray());
    }

    /** Entries start .. end - 1. */
    private record Run(int start, int end) {}

    /** Returns the entries of column j that are in rows from .. to - 1. */
    private Run run(int j, int from, int to) {
        return new Run(entry(from, j), entry(to, j));
    }

    /** Returns the first row from .. to - 1 that has an entry in column j; -1 if none has. */
    final int firstEntry(int j, int from, int to) {
        Run run = run(j, from, to);
        return run.start < run.end ? indices[run.start] : -1;
    }

    /** Returns the first entry of column j that is in row i or below it; the end of the column where there is none. */
    private int entry(int i, int j) {
        int entry = Arrays.binarySearch(indices, starts[j], starts[j + 1], i);
        return entry < 0 ? -entry - 1 : entry;
    }

    @Override
    public final SparseMatrix dropped(double p, long key) {
        double kept = precision().rounded(1 / (1 - p));
        double[] newValues = new double[entries()];
        for (int j = 0; j < cols(); j++) {
            for (int entry = starts[j]; entry < starts[j + 1]; entry++) {
                boolean drops = SplitMix64.uniform(key, indices[entry] + (long) j * rows) < p;
                newValues[entry] = drops ? 0 : value(entry) * kept;
            }
        }
        return precision().sparse(rows, starts, indices, newValues);
    }

    /** Returns the value of an entry. */
    abstract double value(int entry);

    @Override
    public final boolean isWithin(double most) {
        for (int p = 0; p < indices.length; p++) {
            if (!(Math.abs(value(p)) <= most)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public final void feed(Checksum checksum) {
        Feed.ints(checksum, starts);
        Feed.ints(checksum, indices);
        feedValues(checksum);
    }

    abstract void feedValues(Checksum checksum);

    @Override
    public final String toString() {
        return rows + " x " + cols() + " " + precision() + " with " + entries() + " entries";
    }
}
