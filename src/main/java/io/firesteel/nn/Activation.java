package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The activation g of a hidden layer: A = g(Z), elementwise, with its derivative in terms of its output, or of its input
 * where the output does not tell it.
 *
 * <p>In the notes it is the sigmoid everywhere, with g'(Z) = A (1 - A).
 */
public enum Activation implements Layer {
    SIGMOID {
        @Override
        void apply(Matrix z) {
            z.sigmoid();
        }

        @Override
        void timesDerivative(Matrix d, Matrix a) {
            d.timesSigmoidDerivative(a);
        }

        @Override
        public boolean isSaturated(double a) {
            return a < 0.01 || a > 0.99;
        }
    },
    TANH {
        @Override
        void apply(Matrix z) {
            z.tanh();
        }

        @Override
        void timesDerivative(Matrix d, Matrix a) {
            d.timesTanhDerivative(a);
        }

        @Override
        public boolean isSaturated(double a) {
            return Math.abs(a) > 0.99;
        }
    },
    RELU {
        @Override
        void apply(Matrix z) {
            z.relu();
        }

        @Override
        void timesDerivative(Matrix d, Matrix a) {
            d.timesReluDerivative(a);
        }
    },
    /** z, or 0.01 z where z is not positive: Maas et al. 2013. */
    LEAKY_RELU {
        @Override
        void apply(Matrix z) {
            z.leakyRelu(LEAK);
        }

        @Override
        void timesDerivative(Matrix d, Matrix a) {
            d.timesLeakyReluDerivative(a, LEAK);
        }
    },
    /** z, or exp(z) - 1 where z is not positive: Clevert et al. 2016, with alpha = 1. */
    ELU {
        @Override
        void apply(Matrix z) {
            z.elu();
        }

        @Override
        void timesDerivative(Matrix d, Matrix a) {
            d.timesEluDerivative(a);
        }

        @Override
        public boolean isSaturated(double a) {
            return a < -0.99;
        }
    },
    /** The tanh form of z times the normal distribution function of z: Hendrycks and Gimpel 2016. */
    GELU {
        @Override
        void apply(Matrix z) {
            z.gelu();
        }

        @Override
        boolean derivesFromInput() {
            return true; // gelu falls and then rises: two inputs may have one output
        }

        @Override
        void timesDerivative(Matrix d, Matrix z) {
            d.timesGeluDerivative(z);
        }
    },
    IDENTITY {
        @Override
        void apply(Matrix z) {}

        @Override
        void timesDerivative(Matrix d, Matrix a) {}
    };

    /** The slope of {@link #LEAKY_RELU} where z is not positive. */
    public static final double LEAK = 0.01;

    /** Computes A = g(Z) in place of Z. */
    abstract void apply(Matrix z);

    /** Returns whether the derivative is computed from Z, which is kept then, and not from A. */
    boolean derivesFromInput() {
        return false;
    }

    /** Computes d := d * g'(Z), elementwise, from A = g(Z) or, where {@link #derivesFromInput}, from Z, which it overwrites. */
    abstract void timesDerivative(Matrix d, Matrix aOrZ);

    @Override
    public String type() {
        return toString();
    }

    @Override
    public List<Tensor> tensors() {
        return List.of();
    }

    @Override
    public int units(int inputs) {
        return inputs;
    }

    @Override
    public void start(List<Matrix> parameters, Draw draw) {}

    @Override
    public Work work(Precision precision, int units, int rows, int from) {
        Matrix allA = derivesFromInput() ? precision.zeros(units, rows) : null;
        return new Work() {
            private Matrix aOrZ; // (n_l, m), what the derivative is computed from

            @Override
            public Matrix forward(List<Matrix> parameters, AnyMatrix input) {
                Matrix Z = (Matrix) input;
                Matrix A = Z; // A[l] takes the place of Z[l], unless the derivative needs Z[l]
                if (allA != null) {
                    A = allA.firstColumns(Z.cols());
                    A.set(Z);
                }
                apply(A); // A[l] = g[l](Z[l])
                aOrZ = Z;
                return A;
            }

            @Override
            public Matrix backward(List<Matrix> parameters, Matrix d, List<Matrix> gradient) {
                return derivatives(parameters, d);
            }

            @Override
            public Matrix derivatives(List<Matrix> parameters, AnyMatrix output) {
                Matrix d = (Matrix) output;
                timesDerivative(d, aOrZ); // dZ[l] = dA[l] * g'(Z[l])
                return d;
            }
        };
    }

    /** Returns whether g(z) is about z for positive and flat for negative z, which {@link Initializer#HE} is made for. */
    public boolean isRectifier() {
        return switch (this) {
            case RELU, LEAKY_RELU, ELU, GELU -> true;
            case SIGMOID, TANH, IDENTITY -> false;
        };
    }

    /** Returns whether a unit with output {@code a} is saturated: its derivative is near zero, though not zero by design. */
    public boolean isSaturated(double a) {
        return false;
    }

    /** Returns the name that settings and model files use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Returns the activation of this name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Activation named(String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown activation " + name + ": expected one of "
                        + Arrays.stream(values()).map(Activation::toString).collect(Collectors.joining(", "))));
    }
}
