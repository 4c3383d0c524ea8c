package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix.Scratch;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * The affine layer Z[l] = W[l] A[l-1] + b[l], with W[l] (n_l, n_{l-1}) and b[l] (n_l, 1), which is added to every column.
 *
 * <p>A layer that scales its inputs has a factor s_j for each of them besides, and V[l] = W[l] diag(s) in place of W[l]: with a
 * high learning rate of its own the factor grows or shrinks with what the input is worth (the scaling layer of Holzmueller et
 * al. 2024).
 *
 * @param l its number among the affine layers of its network, from 1
 * @param inputs n_{l-1}
 * @param units n_l
 * @param scales whether it scales its inputs
 */
public record Affine(int l, int inputs, int units, boolean scales) implements Layer {
    /** The {@link #type} of every affine layer. */
    public static final String TYPE = "affine";

    /** What the learning rate of biases is multiplied by: 0.1 of the source's, whose usual weights have 1 / 16. */
    private static final double RATE_OF_BIASES = 1.6;

    /** What the learning rate of input factors is multiplied by: 6 of the source's. */
    private static final double RATE_OF_FACTORS = 96;

    /** Creates a layer that does not scale its inputs. */
    public Affine(int l, int inputs, int units) {
        this(l, inputs, units, false);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(new Tensor("W" + l, units, inputs, false, true, Math.sqrt((double) USUAL_INPUTS / inputs)));
        tensors.add(new Tensor("b" + l, units, 1, true, false, RATE_OF_BIASES));
        if (scales) {
            tensors.add(new Tensor("s" + l, inputs, 1, true, false, RATE_OF_FACTORS));
        }
        return tensors;
    }

    @Override
    public int units(int n) {
        if (n != inputs) {
            throw new IllegalArgumentException("layer " + l + " has " + inputs + " inputs, expected " + n);
        }
        return units;
    }

    @Override
    public void start(List<Matrix> parameters, Draw draw) {
        Matrix W = parameters.get(0);
        for (int j = 0; j < inputs; j++) {
            for (int i = 0; i < units; i++) {
                W.set(i, j, draw.weight(inputs, units));
            }
            if (scales) {
                parameters.get(2).set(j, 0, 1);
            }
        }
    }

    @Override
    public Work work(Precision precision, int n, int rows, int from) {
        Matrix scaled = scales ? precision.zeros(units, inputs) : null; // W[l] diag(s)
        Matrix allZ = precision.zeros(units, rows);
        Matrix allDA = precision.zeros(inputs - from, rows);
        Scratch scratch = new Scratch();
        return new Work() {
            private AnyMatrix A; // A[l-1] (n_{l-1}, m) of the last block
            private Matrix V; // V[l] (n_l, n_{l-1}) of the last block

            @Override
            public Matrix forward(List<Matrix> parameters, AnyMatrix input) {
                A = input;
                V = parameters.get(0); // W[l] (n_l, n_{l-1})
                if (scales) {
                    scaled.setScaledColumns(V, parameters.get(2)); // s (n_{l-1}, 1)
                    V = scaled; // V[l] = W[l] diag(s)
                }
                Matrix Z = allZ.firstColumns(A.cols());
                Z.setColumns(parameters.get(1)); // b[l] (n_l, 1)
                Z.addProduct(V, A, scratch); // Z[l] = V[l] A[l-1] + b[l]
                return Z;
            }

            @Override
            public Matrix backward(List<Matrix> parameters, Matrix dZ, List<Matrix> gradient) {
                Matrix dW = gradient.get(0);
                dW.setProductTransposed(dZ, A, scratch); // m dW[l] = dZ[l] A[l-1]^T, of V[l] if there are factors
                gradient.get(1).setSumOfColumns(dZ); // m db[l] = sum over columns of dZ[l]
                if (scales) {
                    gradient.get(2).setColumnProducts(dW, parameters.get(0)); // m ds_j = dV_j . W_j, column by column
                    dW.setScaledColumns(dW, parameters.get(2)); // m dW[l] = m dV[l] diag(s)
                }
                Matrix dA = allDA.firstColumns(dZ.cols());
                if (from < inputs) {
                    dA.setTransposedProduct(V.view(from * units, units, inputs - from), dZ); // dA[l-1] = V[l]^T dZ[l]
                }
                return dA;
            }

            @Override
            public AnyMatrix derivatives(List<Matrix> parameters, AnyMatrix dZ) {
                return A.transposedProduct(V, (Matrix) dZ); // dA[l-1] = V[l]^T dZ[l]
            }
        };
    }
}
