package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.util.List;

/**
 * An activation whose strength each unit learns: A[l] = Z[l] + alpha (g(Z[l]) - Z[l]), with alpha (n_l, 1), which is
 * 1 at the start. A unit with alpha 0 is linear, and one above 1 bends more than g does (Holzmueller, Grinsztajn and Steinwart
 * 2024).
 *
 * @param l the number of the affine layer whose Z[l] it takes
 * @param g the activation
 * @param units n_l
 */
public record Parametric(int l, Activation g, int units) implements Layer {
    /** The prefix of the {@link #type}; the activation's name follows. */
    public static final String PREFIX = "parametric-";

    /** What the learning rate is multiplied by: 0.1 of the source's, whose usual weights have 1 / 16. */
    private static final double RATE = 1.6;

    @Override
    public String type() {
        return PREFIX + g;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(new Tensor("alpha" + l, units, 1, true, false, RATE));
    }

    @Override
    public int units(int n) {
        if (n != units) {
            throw new IllegalArgumentException("activation " + l + " has " + units + " units, expected " + n);
        }
        return units;
    }

    @Override
    public void start(List<Matrix> parameters, Draw draw) {
        for (int i = 0; i < units; i++) {
            parameters.get(0).set(i, 0, 1);
        }
    }

    @Override
    public Work work(Precision precision, int n, int rows, int from) {
        Matrix allG = precision.zeros(units, rows);
        Matrix allA = precision.zeros(units, rows);
        return new Work() {
            private Matrix Z; // (n_l, m) of the last block
            private Matrix G; // g(Z)

            @Override
            public Matrix forward(List<Matrix> parameters, AnyMatrix input) {
                Matrix alpha = parameters.get(0); // (n_l, 1)
                Z = (Matrix) input;
                G = allG.firstColumns(Z.cols());
                G.set(Z);
                g.apply(G);
                Matrix A = allA.firstColumns(Z.cols());
                A.setBlend(alpha, G, Z); // A[l] = Z[l] + alpha (g(Z[l]) - Z[l])
                return A;
            }

            @Override
            public Matrix backward(List<Matrix> parameters, Matrix d, List<Matrix> gradient) {
                gradient.get(0).setRowProducts(d, G, Z); // m dalpha = sum over columns of dA[l] (g(Z[l]) - Z[l])
                return derivatives(parameters, d);
            }

            @Override
            public Matrix derivatives(List<Matrix> parameters, AnyMatrix output) {
                Matrix alpha = parameters.get(0);
                Matrix d = (Matrix) output;
                Matrix dG = allA.firstColumns(d.cols()); // in place of A, which nobody needs any more
                dG.set(d);
                g.timesDerivative(dG, g.derivesFromInput() ? Z : G); // dA[l] g'(Z[l])
                d.setBlend(alpha, dG, d); // dZ[l] = dA[l] (1 + alpha (g'(Z[l]) - 1))
                return d;
            }
        };
    }
}
