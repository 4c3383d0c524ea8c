package io.firesteel.linalg;

import java.util.zip.Checksum;

/** A {@link SparseMatrix} of doubles. */
final class DoubleSparseMatrix extends SparseMatrix {
    private static final long serialVersionUID = 1;

    /** The value of each entry. */
    final double[] values;

    DoubleSparseMatrix(int rows, int[] starts, int[] indices, double[] values) {
        super(rows, starts, indices, values.length);
        this.values = values;
    }

    @Override
    public Precision precision() {
        return Precision.DOUBLE;
    }

    @Override
    DoubleSparseMatrix withRows(int more) {
        return new DoubleSparseMatrix(more, starts, indices, values);
    }

    @Override
    double value(int entry) {
        return values[entry];
    }

    @Override
    void feedValues(Checksum checksum) {
        Feed.doubles(checksum, values, 0, values.length);
    }
}
