package io.firesteel.nn;

import io.firesteel.linalg.Matrix;
import java.util.Locale;

/**
 * The activation g of a hidden layer: A = g(Z), elementwise, with its derivative in terms of its output.
 *
 * <p>In the notes it is the sigmoid everywhere, with g'(Z) = A (1 - A).
 */
public enum Activation {
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
    IDENTITY {
        @Override
        void apply(Matrix z) {}

        @Override
        void timesDerivative(Matrix d, Matrix a) {}
    };

    /** A = g(Z), in place of Z. */
    abstract void apply(Matrix z);

    /** d := d * g'(Z), elementwise, where A = g(Z) has the shape of d. */
    abstract void timesDerivative(Matrix d, Matrix a);

    /** Whether a unit with output {@code a} is saturated: its derivative is near zero, though not zero by design. */
    public boolean isSaturated(double a) {
        return false;
    }

    /** The name as settings and model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
