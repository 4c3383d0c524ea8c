package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import java.io.Serializable;
import java.util.List;

/**
 * One layer of a {@link Network}: a function of the output of the layer before it, with or without parameters. It is a
 * value; what it computes with on blocks of examples is its {@link Work}.
 */
public sealed interface Layer extends Serializable permits Affine, Activation {
    /**
     * A tensor of parameters (rows, cols).
     *
     * @param name its name in files, unique in a network
     * @param isVector whether files give it one dimension; then it has one column
     */
    record Tensor(String name, int rows, int cols, boolean isVector) implements Serializable {
        /** Returns the number of its elements. */
        public int size() {
            return rows * cols;
        }

        /** Returns its dimensions as files write them: one or two numbers. */
        public List<Integer> shape() {
            return isVector ? List.of(rows) : List.of(rows, cols);
        }
    }

    /** Draws the starting values of weights. */
    @FunctionalInterface
    interface Draw {
        /** Returns the next weight of a layer with these numbers of inputs and outputs. */
        double next(int fanIn, int fanOut);
    }

    /** Returns the name of its kind in files. */
    String type();

    /** Returns the tensors of its parameters, in their order in theta. */
    List<Tensor> tensors();

    /** Returns n_l, the rows of its output, for an input of {@code inputs} rows. */
    int units(int inputs);

    /** Sets its parameters, which are 0, to their starting values. */
    void start(List<Matrix> parameters, Draw draw);

    /**
     * Makes the matrices with which the layer computes on blocks of at most {@code rows} examples.
     *
     * @param parameters views into theta, one for each of {@link #tensors}; they are read at each call
     * @param inputs the rows of its input
     * @param isFirst whether it is the network's first layer, so that nobody needs the derivatives of its input
     */
    Work work(List<Matrix> parameters, Precision precision, int inputs, int rows, boolean isFirst);

    /** A layer at work. It owns the matrices in between and uses them again for every block: one thread, one Work. */
    interface Work {
        /** Returns the output (units, m) for an input (inputs, m): a view that the next call overwrites. It may replace the input. */
        Matrix forward(AnyMatrix input);

        /**
         * Sets {@code gradient} to the sums of dW and db over the block of the last {@link #forward}, and returns the
         * derivatives of the loss with respect to the input (inputs, m); the first layer's result has no meaning.
         *
         * @param d the derivatives with respect to the output (units, m); it may be replaced
         * @param gradient one matrix for each of {@link #tensors}
         */
        Matrix backward(Matrix d, List<Matrix> gradient);
    }
}
