package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix.Scratch;
import io.firesteel.linalg.Precision;
import java.util.List;

/**
 * The affine layer Z[l] = W[l] A[l-1] + b[l], with W[l] (n_l, n_{l-1}) and b[l] (n_l, 1), which is added to every column.
 *
 * @param l its number among the affine layers of its network, from 1
 * @param inputs n_{l-1}
 * @param units n_l
 */
public record Affine(int l, int inputs, int units) implements Layer {
    /** The {@link #type} of every affine layer. */
    public static final String TYPE = "affine";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<Tensor> tensors() {
        return List.of(new Tensor("W" + l, units, inputs, false), new Tensor("b" + l, units, 1, true));
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
                W.set(i, j, draw.next(inputs, units));
            }
        }
    }

    @Override
    public Work work(List<Matrix> parameters, Precision precision, int n, int rows, boolean isFirst) {
        Matrix W = parameters.get(0); // (n_l, n_{l-1})
        Matrix b = parameters.get(1); // (n_l, 1)
        Matrix allZ = precision.zeros(units, rows);
        Matrix allDA = precision.zeros(isFirst ? 0 : inputs, rows);
        Scratch scratch = new Scratch();
        return new Work() {
            private AnyMatrix A; // A[l-1] (n_{l-1}, m) of the last block

            @Override
            public Matrix forward(AnyMatrix input) {
                A = input;
                Matrix Z = allZ.firstColumns(A.cols());
                Z.setColumns(b);
                Z.addProduct(W, A, scratch); // Z[l] = W[l] A[l-1] + b[l]
                return Z;
            }

            @Override
            public Matrix backward(Matrix dZ, List<Matrix> gradient) {
                gradient.get(0).setProductTransposed(dZ, A, scratch); // m dW[l] = dZ[l] A[l-1]^T
                gradient.get(1).setSumOfColumns(dZ); // m db[l] = sum over columns of dZ[l]
                Matrix dA = allDA.firstColumns(dZ.cols());
                if (!isFirst) {
                    dA.setTransposedProduct(W, dZ); // dA[l-1] = W[l]^T dZ[l]
                }
                return dA;
            }
        };
    }
}
