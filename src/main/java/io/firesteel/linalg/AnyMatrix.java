package io.firesteel.linalg;

import java.io.Serializable;
import java.util.zip.Checksum;

/** A matrix (rows, cols) that is only read: what the inputs X of a network may be. */
public sealed interface AnyMatrix extends Serializable permits Matrix, SparseMatrix, MixedMatrix {
    /** Returns the number of rows. */
    int rows();

    /** Returns the number of columns. */
    int cols();

    /** Returns the precision of the elements. */
    Precision precision();

    /** Element (i, j). */
    double get(int i, int j);

    /**
     * Returns a copy of this matrix in which column j of rows from .. to - 1 is taken from column {@code columns[j]}.
     */
    AnyMatrix withRowsFrom(int[] columns, int from, int to);

    /** Some of the columns, in the order given: a matrix of its own. */
    AnyMatrix columns(int[] chosen);

    /** Returns a copy of this matrix after {@link Matrix#drop}. */
    AnyMatrix dropped(double p, long key);

    /** Returns whether no element is infinite or NaN. */
    boolean isFinite();

    /** Returns the memory of its elements, in bytes. */
    long bytes();

    /** Feeds the bits of what it holds, column after column, to a checksum. */
    void feed(Checksum checksum);
}
