package io.firesteel.linalg;

import java.util.zip.Checksum;

/** A {@link SparseMatrix} of floats. */
final class FloatSparseMatrix extends SparseMatrix {
    private static final long serialVersionUID = 1;

    /** The value of each entry. */
    final float[] values;

    FloatSparseMatrix(int rows, int[] starts, int[] indices, float[] values) {
        super(rows, starts, indices, values.length);
        this.values = values;
    }

    @Override
    public Precision precision() {
        return Precision.SINGLE;
    }

    @Override
    FloatSparseMatrix withRows(int more) {
        return new FloatSparseMatrix(more, starts, indices, values);
    }

    @Override
    double value(int entry) {
        return values[entry];
    }

    @Override
    void feedValues(Checksum checksum) {
        Feed.floats(checksum, values, 0, values.length);
    }
}
