package io.firesteel.linalg;

/** Memory that products with a {@link MixedMatrix} need, used again from product to product: one thread, one Scratch. */
public final class Scratch {
    private Matrix matrix;

    /** A matrix (rows, cols) of any content, the same one each time that it is asked for this shape and precision. */
    Matrix of(Precision precision, int rows, int cols) {
        if (matrix == null || matrix.precision() != precision || matrix.rows() != rows || matrix.cols() != cols) {
            matrix = precision.zeros(rows, cols);
        }
        return matrix;
    }
}
