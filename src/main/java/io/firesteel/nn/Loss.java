package io.firesteel.nn;

import io.firesteel.linalg.Elementary;
import io.firesteel.linalg.Matrix;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * What is minimised, together with the output link that belongs to it, so that a bad pairing cannot be written. With
 * their links all of them have dZ[L] = A[L] - Y, but for the two that make less of large errors: of those dZ[L] takes the
 * sign, or what is left when it is clipped.
 *
 * <p>Losses are computed in double from Z[L], not from A[L]: log(1 + exp(z)) does not overflow where log(1 - a) would.
 */
public enum Loss {
    /** Binary cross-entropy -(y log a + (1 - y) log(1 - a)) of each output, with a = sigmoid(z) and y in [0, 1]. */
    SIGMOID_CROSS_ENTROPY {
        @Override
        void link(Matrix z) {
            z.sigmoid();
        }

        @Override
        double column(double[] z, double[] y, double weight) {
            double loss = 0;
            for (int i = 0; i < z.length; i++) {
                loss += softplus(z[i]) - y[i] * z[i];
                z[i] = weight * (Elementary.sigmoid(z[i]) - y[i]);
            }
            return loss;
        }

        /** log(1 + exp(z)). */
        private double softplus(double z) {
            return Math.max(z, 0) + StrictMath.log1p(Elementary.exp(-Math.abs(z)));
        }
    },

    /**
     * Cross-entropy -log a_c of the true class c, with a = softmax(z). Y (1, m) holds c itself, 0 .. n_L - 1: the
     * one-hot matrix that the equations name has its only 1 of column j in row c and is never written out.
     */
    SOFTMAX_CROSS_ENTROPY {
        @Override
        void link(Matrix z) {
            double[] column = new double[z.rows()];
            for (int j = 0; j < z.cols(); j++) {
                z.copyInto(j * column.length, column.length, column);
                softmax(column);
                z.copyFrom(j * column.length, column.length, column);
            }
        }

        @Override
        double column(double[] z, double[] y, double weight) {
            int c = (int) y[0];
            double zc = z[c];
            double logSum = softmax(z);
            for (int i = 0; i < z.length; i++) {
                z[i] = weight * (z[i] - (i == c ? 1 : 0));
            }
            return logSum - zc;
        }

        /** z := softmax(z); returns log(sum(exp(z))). */
        private double softmax(double[] z) {
            double max = z[0];
            for (int i = 1; i < z.length; i++) {
                max = Math.max(max, z[i]);
            }
            double sum = 0;
            for (int i = 0; i < z.length; i++) {
                z[i] = Elementary.exp(z[i] - max);
                sum += z[i];
            }
            for (int i = 0; i < z.length; i++) {
                z[i] /= sum;
            }
            return max + StrictMath.log(sum);
        }

        @Override
        public int targetRows(int outputs) {
            return 1;
        }
    },

    /** Half the squared error, (a - y)^2 / 2, summed over the outputs, with a = z. */
    SQUARED_ERROR {
        @Override
        void link(Matrix z) {}

        @Override
        double column(double[] z, double[] y, double weight) {
            return ofErrors(z, y, weight, e -> e * e / 2, e -> e);
        }
    },

    /** The absolute error |a - y|, summed over the outputs, with a = z; dz = sign(a - y), and 0 where they are equal. */
    ABSOLUTE_ERROR {
        @Override
        void link(Matrix z) {}

        @Override
        double column(double[] z, double[] y, double weight) {
            return ofErrors(z, y, weight, Math::abs, Math::signum);
        }
    },

    /**
     * Huber's loss (1964, with delta = 1) of e = a - y, summed over the outputs, with a = z: e^2 / 2 where |e| is at most
     * 1, |e| - 1/2 beyond; dz = e clipped to -1 .. 1.
     */
    HUBER {
        @Override
        void link(Matrix z) {}

        @Override
        double column(double[] z, double[] y, double weight) {
            return ofErrors(
                    z,
                    y,
                    weight,
                    e -> Math.abs(e) <= 1 ? e * e / 2 : Math.abs(e) - 0.5,
                    e -> Math.max(-1, Math.min(e, 1)));
        }
    },

    /**
     * Half the Poisson deviance, y log(y / a) - y + a, summed over the outputs, with the log link a = exp(z) and y of 0 or
     * more. Other than the negative log-likelihood, which has the same gradient, it is 0 where a = y.
     */
    POISSON {
        @Override
        void link(Matrix z) {
            z.exp();
        }

        @Override
        double column(double[] z, double[] y, double weight) {
            double loss = 0;
            for (int i = 0; i < z.length; i++) {
                double a = Elementary.exp(z[i]);
                loss += a - y[i] + (y[i] > 0 ? y[i] * (StrictMath.log(y[i]) - z[i]) : 0);
                z[i] = weight * (a - y[i]);
            }
            return loss;
        }
    };

    /** Those of a regression, the usual one first. */
    public static final List<Loss> OF_REGRESSION = List.of(SQUARED_ERROR, ABSOLUTE_ERROR, HUBER, POISSON);

    /** The name as model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** A[L] = link(Z[L]), in place of Z[L] (n_L, m). */
    abstract void link(Matrix z);

    /** The loss of one example before its weight; z, its column of Z[L], becomes weight * dz. */
    abstract double column(double[] z, double[] y, double weight);

    /** The sum of a loss of e = a - y over the outputs of an example, with a = z; z becomes weight * its slope. */
    private static double ofErrors(
            double[] z, double[] y, double weight, DoubleUnaryOperator loss, DoubleUnaryOperator slope) {
        double sum = 0;
        for (int i = 0; i < z.length; i++) {
            double error = z[i] - y[i];
            sum += loss.applyAsDouble(error);
            z[i] = weight * slope.applyAsDouble(error);
        }
        return sum;
    }

    /** Whether targets are to be 0 or more. */
    public boolean refusesNegativeTargets() {
        return this == POISSON;
    }

    /** The rows of Y for a network with so many outputs. */
    public int targetRows(int outputs) {
        return outputs;
    }

    /**
     * dZ[L], in place of Z[L] (n_L, m), each column times its example's weight.
     *
     * @return the sum of the losses of the examples, each times its weight
     */
    public final double delta(Matrix z, Examples examples) {
        return delta(z, examples, ClassWeights.NONE);
    }

    /** The same with each example's weight times the factor of its class. */
    final double delta(Matrix z, Examples examples, ClassWeights classWeights) {
        double sum = 0;
        double[] zj = new double[z.rows()];
        double[] yj = new double[examples.y().rows()];
        for (int j = 0; j < z.cols(); j++) {
            z.copyInto(j * zj.length, zj.length, zj);
            examples.y().copyInto(j * yj.length, yj.length, yj);
            double weight = examples.weight(j) * classWeights.of(yj[0]);
            sum += weight * column(zj, yj, weight);
            z.copyFrom(j * zj.length, zj.length, zj);
        }
        return sum;
    }
}
