package io.firesteel.linalg;

import java.io.Serializable;
import java.util.zip.Checksum;

/** A matrix (rows, cols) that is only read, dense or sparse: what the inputs X of a network may be. */
public sealed interface AnyMatrix extends Serializable permits Matrix, SparseMatrix {
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

    /** The memory of what it holds, in bytes. */
    long bytes();

    /** Feeds the bits of what it holds, column after column, to a checksum. */
    void feed(Checksum checksum);
}
