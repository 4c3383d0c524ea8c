package io.firesteel.linalg;

import java.io.Serializable;
import java.util.zip.Checksum;

/** A matrix (rows, cols) that is only read: what the inputs X of a network may be. */
public sealed interface AnyMatrix extends Serializable permits Matrix, SparseMatrix, MixedMatrix {
    /** The number of rows. */
    int rows();

    /** The number of columns. */
    int cols();

    /** The precision of the elements. */
    Precision precision();

    /** Element (i, j). */
    double get(int i, int j);

    /**
     * The same matrix, but for rows from .. to - 1: their column j is taken from column {@code columns[j]}. A matrix of its
     * own.
     */
    AnyMatrix withRowsFrom(int[] columns, int from, int to);

    /** Some of the columns, in the order given: a matrix of its own. */
    AnyMatrix columns(int[] chosen);

    /** The matrix that {@link Matrix#drop} makes of this one: a matrix of its own. */
    AnyMatrix dropped(double p, long key);

    /** The memory of what it holds, in bytes. */
    long bytes();

    /** Feeds the bits of what it holds, column after column, to a checksum. */
    void feed(Checksum checksum);
}
