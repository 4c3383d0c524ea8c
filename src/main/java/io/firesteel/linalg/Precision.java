package io.firesteel.linalg;

import java.util.Locale;

/** The width of the numbers in blocks and products: {@code SINGLE} is 4 bytes a number, {@code DOUBLE} is 8. */
public enum Precision {
    SINGLE(Float.BYTES),
    DOUBLE(Double.BYTES);

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Returns the bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** Returns the number of this precision that is nearest to {@code value}. */
    double rounded(double value) {
        return this == SINGLE ? (float) value : value;
    }

    /** Returns a matrix (rows, cols) of zeros in this precision. */
    public Matrix zeros(int rows, int cols) {
        return switch (this) {
            case SINGLE -> new FloatMatrix(rows, cols);
            case DOUBLE -> new DoubleMatrix(rows, cols);
        };
    }

    /**
     * Returns a sparse matrix in this precision of the given entries.
     *
     * @param rows how many it has
     * @param starts for each column the number of its first entry, and how many entries there are; kept, not copied
     * @param indices the row of each entry, ascending in a column; kept, not copied
     * @param values the value of each entry; in double kept, not copied
     */
    public SparseMatrix sparse(int rows, int[] starts, int[] indices, double[] values) {
        return switch (this) {
            case SINGLE -> {
                float[] rounded = new float[values.length];
                for (int i = 0; i < rounded.length; i++) {
                    rounded[i] = (float) values[i];
                }
                yield new FloatSparseMatrix(rows, starts, indices, rounded);
            }
            case DOUBLE -> new DoubleSparseMatrix(rows, starts, indices, values);
        };
    }

    /** Returns the name that settings and model files use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
