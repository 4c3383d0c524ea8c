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
public sealed interface Layer extends Serializable permits InputLayer, Affine, Activation, Parametric {
    /**
     * The number of inputs of a layer whose weights have the learning rate itself. Those of other layers have {@link
     * Tensor#rate} times this rate, where the optimiser scales rates.
     */
    int USUAL_INPUTS = 256;

    /**
     * A tensor of parameters (rows, cols).
     *
     * @param name its name in files, unique in a network
     * @param isVector whether files give it one dimension; then it has one column
     * @param isWeight whether penalties and weight decay apply to it, as they do not to biases
     * @param rate what its learning rate is multiplied by, where the optimiser scales rates
     */
    record Tensor(String name, int rows, int cols, boolean isVector, boolean isWeight, double rate)
            implements Serializable {
        /** Returns the number of its elements. */
        public int size() {
            return rows * cols;
        }

        /** Returns its dimensions as files write them: one or two numbers. */
        public List<Integer> shape() {
            return isVector ? List.of(rows) : List.of(rows, cols);
        }
    }

    /** Draws the starting values of parameters. */
    interface Draw {
        /** Returns the next weight of a layer with these numbers of inputs and outputs, as the initialiser has it. */
        double weight(int fanIn, int fanOut);

        /** Returns the next number of a normal distribution with mean 0 and deviation 1. */
        double normal();

        /** Returns the next number of a uniform distribution between -1 and 1. */
        double uniform();
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
     * Returns the first row of its output whose derivatives it needs in order to return those of the rows from {@code from} on of
     * its input, and for its own parameters.
     */
    default int needed(int from) {
        return 0;
    }

    /**
     * Makes the matrices with which the layer computes on blocks of at most {@code rows} examples.
     *
     * @param inputs the rows of its input
     * @param from the first row of its input whose derivatives are needed; {@code inputs} where none are
     */
    Work work(Precision precision, int inputs, int rows, int from);

    /**
     * A layer at work. It owns the matrices in between and uses them again for every block, and for every member of an ensemble:
     * each thread needs its own. Parameters and gradients are views, one matrix for each of {@link #tensors}, which a Work may keep.
     */
    interface Work {
        /** Returns the output (units, m) for an input (inputs, m): a view that the next call overwrites. It may replace the input. */
        AnyMatrix forward(List<Matrix> parameters, AnyMatrix input);

        /**
         * Sets {@code gradient} to the sums of dW and db over the block of the last {@link #forward}, and returns the
         * derivatives of the loss with respect to the rows from {@code from} on of the input (inputs - from, m).
         *
         * @param parameters those of the last {@link #forward}
         * @param d the derivatives with respect to the output (units, m), or to those of its rows that the layer asked for; it may
         *     be replaced
         */
        Matrix backward(List<Matrix> parameters, Matrix d, List<Matrix> gradient);

        /**
         * Returns the derivatives with respect to the elements that the input of the last {@link #forward} stores, in their places,
         * without any for parameters. It may be called once after a forward step.
         *
         * @param parameters those of the last {@link #forward}
         * @param d the derivatives with respect to the elements that the output stores; it may be replaced
         */
        AnyMatrix derivatives(List<Matrix> parameters, AnyMatrix d);
    }
}
