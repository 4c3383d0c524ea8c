package io.firesteel.linalg;

/** Small matrices for tests. */
final class Matrices {
    private Matrices() {}

    /** Returns the matrix of these rows. */
    static Matrix of(Precision precision, double[][] rows) {
        Matrix matrix = precision.zeros(rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < matrix.cols(); j++) {
                matrix.set(i, j, rows[i][j]);
            }
        }
        return matrix;
    }
}
