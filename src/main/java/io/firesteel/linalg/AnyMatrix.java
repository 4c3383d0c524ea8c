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

    /** Returns element (i, j). */
    double get(int i, int j);

    /**
     * Returns a copy of this matrix in which column j of rows from .. to - 1 is taken from column {@code columns[j]}.
     */
    AnyMatrix withRowsFrom(int[] columns, int from, int to);

    /** Returns this matrix in a precision: a copy, or where it has it, the matrix itself. */
    AnyMatrix in(Precision wanted);

    /** Returns some of the columns, in the order given: a copy. */
    AnyMatrix columns(int[] chosen);

    /** Returns some of the columns, in the order given, each times its factor: a copy that stores the same elements. */
    AnyMatrix columns(int[] chosen, double[] factors);

    /** Returns A^T D, with A (k, rows) and D (k, cols), at the elements that this matrix stores: another with the same places. */
    AnyMatrix transposedProduct(Matrix a, Matrix d);

    /** Returns the sum of this matrix and one that stores the same elements. */
    AnyMatrix plus(AnyMatrix same);

    /** Gives the elements of column j that this matrix stores to a visitor. */
    void forEach(int j, Visitor visitor);

    /** Gets elements of a column, each with its row. */
    @FunctionalInterface
    interface Visitor {
        void visit(int i, double value);
    }

    /** A value for each element. */
    @FunctionalInterface
    interface Values {
        double at(int i, int j);
    }

    /** Returns a copy of this matrix after {@link Matrix#drop}. */
    AnyMatrix dropped(double p, long key);

    /** Returns whether all elements are numbers from -{@code most} to {@code most}. */
    boolean isWithin(double most);

    /** Returns the memory of its elements, in bytes. */
    long bytes();

    /** Feeds the bits of what it holds, column after column, to a checksum. */
    void feed(Checksum checksum);
}
