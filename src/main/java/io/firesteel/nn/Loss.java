package io.firesteel.nn;

import io.firesteel.linalg.Elementary;
import io.firesteel.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A loss, together with the output link that belongs to it, so that a wrong pair cannot be written. With its link each loss has
 * dZ[L] = A[L] - Y, except those that limit the effect of large errors: their dZ[L] is the sign of A[L] - Y, perhaps times a
 * weight, or A[L] - Y clipped.
 *
 * <p>Training may smooth the labels of a cross-entropy by eps (Szegedy et al. 2016): with C classes the target of a class is
 * (1 - eps) y + eps / C in place of y, which is 1 for the true class and else 0; with a sigmoid, which tells two classes apart, it is
 * (1 - eps) y + eps / 2. Losses of regressions ignore it.
 *
 * <p>Losses are computed in double from Z[L], not from A[L]: log(1 + exp(z)) does not overflow where log(1 - a) would.
 */
public enum Loss {
    /** Binary cross-entropy -(y log a + (1 - y) log(1 - a)) of each output, with a = sigmoid(z) and y in [0, 1]. */
    SIGMOID_CROSS_ENTROPY {
        @Override
        void link(Matrix z, OutputColumns some) {
            z.sigmoid();
        }

        @Override
        void columns(OutputColumns some) {
            double[] z = some.z;
            double[] e = some.e;
            int size = some.size();
            some.setExponentials();
            for (int j = 0; j < some.count; j++) {
                double loss = 0;
                for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                    // log(1 + exp(z)) - y z, but for the log(1 + e) of its first part, and sigmoid(z) - y
                    double y = (1 - some.smoothing) * some.y[i] + some.smoothing / 2;
                    loss += Math.max(z[i], 0) - y * z[i];
                    z[i] = (z[i] < 0 ? e[i] : 1) / (1 + e[i]) - y;
                }
                some.losses[j] = loss;
            }
            Elementary.log1p(e, 0, size);
            for (int j = 0; j < some.count; j++) {
                for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                    some.losses[j] += e[i];
                }
            }
        }

        @Override
        Mean mean() {
            return Mean.OF_ODDS;
        }

        @Override
        void logarithms(OutputColumns some) {
            double[] z = some.z;
            double[] e = some.e;
            int size = some.size();
            some.setExponentials();
            Elementary.log1p(e, 0, size);
            for (int i = 0; i < size; i++) {
                double log = Math.min(z[i], 0) - e[i]; // log a = -log(1 + exp(-z))
                e[i] = log - z[i]; // log(1 - a)
                z[i] = log;
            }
        }
    },

    /**
     * Cross-entropy -log a_c of the true class c, with a = softmax(z). Y (1, m) holds c itself, 0 .. n_L - 1: the
     * one-hot matrix that the equations name has its only 1 of column j in row c and is never written out.
     */
    SOFTMAX_CROSS_ENTROPY {
        @Override
        void link(Matrix z, OutputColumns some) {
            for (int from = 0; from < z.cols(); from += some.count) {
                some.copyFrom(z, from);
                subtractGreatest(some);
                Elementary.exp(some.z, 0, some.size());
                for (int j = 0; j < some.count; j++) {
                    double sum = sum(some, j);
                    for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                        some.z[i] /= sum;
                    }
                }
                some.copyInto(z, from);
            }
        }

        @Override
        void columns(OutputColumns some) {
            double[] z = some.z;
            subtractGreatest(some); // a is the same, and exp(z) does not overflow
            double share = some.smoothing / some.outputs; // the part of the target that every class gets
            for (int j = 0; j < some.count; j++) {
                // -sum_k y_k z_k, with y_k = share, and 1 - smoothing more for the true class; log(sum of exp(z))
                // follows below
                some.losses[j] = -(1 - some.smoothing) * z[j * some.outputs + (int) some.y[j]];
                if (share > 0) {
                    some.losses[j] -= share * sum(some, j);
                }
            }
            Elementary.exp(z, 0, some.size());
            for (int j = 0; j < some.count; j++) {
                double sum = sum(some, j);
                some.e[j] = sum - 1; // one of its terms is 1: that of the greatest z
                for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                    z[i] = z[i] / sum - share;
                }
                z[j * some.outputs + (int) some.y[j]] -= 1 - some.smoothing;
            }
            Elementary.log1p(some.e, 0, some.count);
            for (int j = 0; j < some.count; j++) {
                some.losses[j] += some.e[j]; // -log(exp(z_c) / sum) where labels are not smoothed
            }
        }

        @Override
        Mean mean() {
            return Mean.OF_LOGARITHMS;
        }

        @Override
        void logarithms(OutputColumns some) {
            subtractGreatest(some);
            double[] z = some.z;
            System.arraycopy(z, 0, some.e, 0, some.size());
            Elementary.exp(some.e, 0, some.size());
            for (int j = 0; j < some.count; j++) {
                double sum = 0;
                for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                    sum += some.e[i];
                }
                double log = StrictMath.log(sum);
                for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                    z[i] -= log;
                }
            }
        }

        private void subtractGreatest(OutputColumns some) {
            for (int j = 0; j < some.count; j++) {
                int from = j * some.outputs;
                double greatest = some.z[from];
                for (int i = from + 1; i < from + some.outputs; i++) {
                    greatest = Math.max(greatest, some.z[i]);
                }
                for (int i = from; i < from + some.outputs; i++) {
                    some.z[i] -= greatest;
                }
            }
        }

        private double sum(OutputColumns some, int j) {
            double sum = 0;
            for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                sum += some.z[i];
            }
            return sum;
        }

        @Override
        public int targetRows(int outputs) {
            return 1;
        }
    },

    /** Half the squared error, (a - y)^2 / 2, summed over the outputs, with a = z. */
    SQUARED_ERROR {
        @Override
        void columns(OutputColumns some) {
            some.ofErrors(e -> e * e / 2, e -> e);
        }
    },

    /** The absolute error |a - y|, summed over the outputs, with a = z; dz = sign(a - y), and 0 where they are equal. */
    ABSOLUTE_ERROR {
        @Override
        void columns(OutputColumns some) {
            some.ofErrors(Math::abs, Math::signum);
        }
    },

    /**
     * Huber's loss (1964, with delta = 1) of e = a - y, summed over the outputs, with a = z: e^2 / 2 where |e| is at most
     * 1, |e| - 1/2 beyond; dz = e clipped to -1 .. 1.
     */
    HUBER {
        @Override
        void columns(OutputColumns some) {
            some.ofErrors(e -> Math.abs(e) <= 1 ? e * e / 2 : Math.abs(e) - 0.5, e -> Math.max(-1, Math.min(e, 1)));
        }
    },

    /**
     * Half the Poisson deviance, y log(y / a) - y + a, summed over the outputs, with the log link a = exp(z) and y of 0 or
     * more. Unlike the negative log-likelihood, which has the same gradient, it is 0 where a = y.
     */
    POISSON {
        @Override
        void link(Matrix z, OutputColumns some) {
            z.exp();
        }

        @Override
        void columns(OutputColumns some) {
            double[] z = some.z;
            double[] y = some.y;
            for (int j = 0; j < some.count; j++) {
                double loss = 0;
                for (int i = j * some.outputs; i < (j + 1) * some.outputs; i++) {
                    double a = Elementary.exp(z[i]);
                    loss += a - y[i] + (y[i] > 0 ? y[i] * (StrictMath.log(y[i]) - z[i]) : 0);
                    z[i] = a - y[i];
                }
                some.losses[j] = loss;
            }
        }

        @Override
        Mean mean() {
            return Mean.OF_LOGARITHMS;
        }

        @Override
        void logarithms(OutputColumns some) {} // z is log a
    },

    /**
     * The mean over K {@link Quantiles} q of one target y of the pinball loss (Koenker and Bassett 1978), q (y - z) where z is below
     * y and (1 - q) (z - y) where it is above, with an output z for each; dz = -q / K below, (1 - q) / K above, and 0 where they
     * are equal.
     *
     * <p>The link puts the outputs of an example in ascending order, so that quantiles do not cross: A[L] has at most the loss of
     * Z[L] (Chernozhukov, Fernandez-Val and Galichon 2010). Training sees Z[L], of which each row is one quantile.
     */
    QUANTILE {
        @Override
        void link(Matrix z, OutputColumns some) {
            for (int from = 0; from < z.cols(); from += some.count) {
                some.copyFrom(z, from);
                for (int j = 0; j < some.count; j++) {
                    Arrays.sort(some.z, j * some.outputs, (j + 1) * some.outputs);
                }
                some.copyInto(z, from);
            }
        }

        @Override
        void columns(OutputColumns some) {
            double[] z = some.z;
            for (int j = 0; j < some.count; j++) {
                double loss = 0;
                for (int k = 0; k < some.outputs; k++) {
                    int i = j * some.outputs + k;
                    double q = some.levels[k];
                    loss += pinball(q, some.y[j] - z[i]);
                    double slope = z[i] < some.y[j] ? -q : z[i] > some.y[j] ? 1 - q : 0;
                    z[i] = slope / some.outputs;
                }
                some.losses[j] = loss / some.outputs;
            }
        }

        @Override
        public int targetRows(int outputs) {
            return 1;
        }
    };

    /** The losses of a regression, the default first. */
    public static final List<Loss> OF_REGRESSION = List.of(SQUARED_ERROR, ABSOLUTE_ERROR, HUBER, POISSON, QUANTILE);

    /**
     * Returns the pinball loss of a quantile.
     *
     * @param level of the quantile, between 0 and 1
     * @param excess what the target exceeds the predicted quantile by
     */
    public static double pinball(double level, double excess) {
        return (excess > 0 ? level : level - 1) * excess;
    }

    /** Returns the name that settings and model files use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Computes A[L] = link(Z[L]) in place of Z[L] (n_L, m), with memory to work with: the identity unless overridden. */
    void link(Matrix z, OutputColumns some) {}

    /** Computes the losses of some examples before their weights; z becomes dz. */
    abstract void columns(OutputColumns some);

    /** The Z whose link is the mean of several outputs, made of the Z of each. */
    enum Mean {
        /** The mean of Z: where the link is the identity. */
        OF_VALUES,
        /** The logarithm of the mean of A: where that is a Z with this A. */
        OF_LOGARITHMS,
        /** The logarithm of the mean of A, less that of 1 - A. */
        OF_ODDS
    }

    /** Returns how the mean of several outputs is formed. */
    Mean mean() {
        return Mean.OF_VALUES;
    }

    /** Turns z into log A and, where the mean is of odds, e into log(1 - A). */
    void logarithms(OutputColumns some) {
        throw new UnsupportedOperationException(this + " needs none");
    }

    /** Some columns of Z[L] in double: a few thousand numbers, which stay in the cache. Each thread needs its own. */
    static final class OutputColumns {
        private static final int SIZE = 2048;

        final int outputs;
        private final int targets;
        final double[] z;
        final double[] e; // to work with
        private final double[] y;
        private final double[] losses;
        private final double[] levels; // of the outputs that are quantiles
        private final double smoothing; // of labels
        private int count;

        /** Makes room for columns of outputs of a network, at most this many, whose labels may be smoothed. */
        OutputColumns(Network network, int cols, double smoothing) {
            this(
                    network.outputs(),
                    network.loss().targetRows(network.outputs()),
                    network.quantiles().levels(),
                    cols,
                    smoothing);
        }

        /** Makes room for columns of a matrix that has this many at most. */
        OutputColumns(int outputs, int targets, List<Double> levels, int cols, double smoothing) {
            this.outputs = outputs;
            this.targets = targets;
            this.smoothing = smoothing;
            this.levels = levels.stream().mapToDouble(level -> level).toArray();
            int most = Math.min(cols, Math.max(1, SIZE / outputs));
            z = new double[outputs * most];
            e = new double[outputs * most];
            y = new double[targets * most];
            losses = new double[most];
        }

        /** Takes columns from {@code from} on, as many as there is room for. */
        void copyFrom(Matrix matrix, int from) {
            count = Math.min(losses.length, matrix.cols() - from);
            matrix.copyInto(from * outputs, count * outputs, z);
        }

        /** Returns how many numbers of Z there are. */
        int size() {
            return count * outputs;
        }

        /** Sets e to exp(-|z|). */
        private void setExponentials() {
            for (int i = 0; i < size(); i++) {
                e[i] = -Math.abs(z[i]);
            }
            Elementary.exp(e, 0, size());
        }

        void copyTargets(Matrix matrix, int from) {
            matrix.copyInto(from * targets, count * targets, y);
        }

        void copyInto(Matrix matrix, int from) {
            matrix.copyFrom(from * outputs, count * outputs, z);
        }

        /** Sums a loss of e = a - y over the outputs of each example, with a = z; z becomes its slope. */
        private void ofErrors(DoubleUnaryOperator loss, DoubleUnaryOperator slope) {
            for (int j = 0; j < count; j++) {
                double sum = 0;
                for (int i = j * outputs; i < (j + 1) * outputs; i++) {
                    double error = z[i] - y[i];
                    sum += loss.applyAsDouble(error);
                    z[i] = slope.applyAsDouble(error);
                }
                losses[j] = sum;
            }
        }

        /** Multiplies dz of an example by its weight; returns its loss times its weight. */
        private double weighed(int j, double weight) {
            if (weight != 1) {
                for (int i = j * outputs; i < (j + 1) * outputs; i++) {
                    z[i] *= weight;
                }
            }
            return weight * losses[j];
        }
    }

    /** Returns whether targets have to be 0 or more. */
    public boolean refusesNegativeTargets() {
        return this == POISSON;
    }

    /** Returns the rows of Y for a network with this many outputs. */
    public int targetRows(int outputs) {
        return outputs;
    }

    /**
     * Computes dZ[L] in place of Z[L] (n_L, m), each column times its example's weight; of a loss other than that of quantiles.
     *
     * @return the sum of the losses of the examples, each times its weight
     */
    public final double delta(Matrix z, Examples examples) {
        return delta(
                z,
                examples,
                ClassWeights.NONE,
                new OutputColumns(z.rows(), targetRows(z.rows()), List.of(), z.cols(), 0));
    }

    /** Computes the same with each example's weight times the factor of its class, and with memory to work with. */
    final double delta(Matrix z, Examples examples, ClassWeights classWeights, OutputColumns some) {
        double sum = 0;
        for (int from = 0; from < z.cols(); from += some.count) {
            some.copyFrom(z, from);
            some.copyTargets(examples.y(), from);
            columns(some);
            for (int j = 0; j < some.count; j++) {
                sum += some.weighed(j, examples.weight(from + j) * classWeights.of(some.y[j * some.targets]));
            }
            some.copyInto(z, from);
        }
        return sum;
    }
}
