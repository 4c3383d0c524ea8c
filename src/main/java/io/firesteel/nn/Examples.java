package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * Some examples, one a column: inputs X (n_0, m), dense or sparse, targets Y (rows as the loss wants them, m) and, where
 * the examples have weights, those (1, m); {@code weights} is null where each counts once.
 */
public record Examples(AnyMatrix x, Matrix y, Matrix weights) implements Serializable {
    public Examples {
        if (x.cols() != y.cols() || (weights != null && (weights.cols() != x.cols() || weights.rows() != 1))) {
            throw new IllegalArgumentException("X " + x + ", Y " + y + ", weights " + weights
                    + ": expected one column an example in each, and one row of weights");
        }
    }

    /** Returns the examples from .. to - 1: of dense matrices a view. */
    public Examples part(int from, int to) {
        return new Examples(
                x instanceof Matrix dense
                        ? columns(dense, from, to)
                        : x.columns(IntStream.range(from, to).toArray()),
                columns(y, from, to),
                weights == null ? null : columns(weights, from, to));
    }

    /** Returns the examples in a precision. */
    public Examples in(Precision precision) {
        return new Examples(x.in(precision), y.in(precision), weights == null ? null : weights.in(precision));
    }

    /** Returns some of the examples, in the order given: a copy. */
    public Examples columns(int[] chosen) {
        return new Examples(x.columns(chosen), y.columns(chosen), weights == null ? null : weights.columns(chosen));
    }

    private static Matrix columns(Matrix a, int from, int to) {
        return a.view(from * a.rows(), a.rows(), to - from);
    }

    /** Returns the number of examples, m. */
    public int size() {
        return x.cols();
    }

    /** Returns the memory of all the matrices, in bytes. */
    public long bytes() {
        return x.bytes() + y.bytes() + (weights == null ? 0 : weights.bytes());
    }

    /** Returns the weight of example j. */
    public double weight(int j) {
        return weights == null ? 1 : weights.get(0, j);
    }

    /** Returns the sum of the weights: m where each example counts once. */
    public double totalWeight() {
        if (weights == null) {
            return size();
        }
        double sum = 0;
        for (int j = 0; j < size(); j++) {
            sum += weight(j);
        }
        return sum;
    }
}
