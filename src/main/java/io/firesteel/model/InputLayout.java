package io.firesteel.model;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.CategoryEmbedding;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which of the network's inputs belong to which feature, in order.
 *
 * @param sizes the inputs of each feature: {@link #NUMBER}, {@link #INDICATED_NUMBER}, or the number of its categories
 * @param replacements what stands for each feature's missing value: NaN where nothing does
 */
public record InputLayout(int[] sizes, double[] replacements) implements Serializable {
    /** The size of a feature that is a number, and so one input. */
    public static final int NUMBER = 0;

    /** The size of a feature that is two inputs: a number, and 1 where it is missing, else 0. */
    public static final int INDICATED_NUMBER = -1;

    /** Returns the number of features. */
    public int features() {
        return sizes.length;
    }

    /** Returns whether feature i is a category. */
    public boolean isCategory(int i) {
        return sizes[i] > 0;
    }

    /** Returns the number of inputs of feature i. */
    public int inputs(int i) {
        return isCategory(i) ? sizes[i] : hasIndicator(i) ? 2 : 1;
    }

    /** Returns whether feature i is a number whose second input tells that it is missing. */
    public boolean hasIndicator(int i) {
        return sizes[i] == INDICATED_NUMBER;
    }

    /** Returns the number of inputs. */
    public int inputs() {
        long inputs = 0;
        for (int i = 0; i < sizes.length; i++) {
            inputs += inputs(i);
        }
        return Math.toIntExact(inputs);
    }

    /** Returns which of the network's inputs are numbers, ascending. */
    public List<Integer> numberInputs() {
        List<Integer> numbers = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < features(); i++) {
            if (!isCategory(i)) {
                numbers.add(first);
            }
            first += inputs(i);
        }
        return numbers;
    }

    /** Returns the inputs of each feature that is a category, ascending. */
    public List<CategoryEmbedding.Feature> categories() {
        List<CategoryEmbedding.Feature> categories = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < features(); i++) {
            if (isCategory(i)) {
                categories.add(new CategoryEmbedding.Feature(first, inputs(i)));
            }
            first += inputs(i);
        }
        return categories;
    }

    /** Returns the scaling of numbers as given and of categories, which are not scaled, as mean 0 and deviation 1. */
    public Scaling scaling(Scaling features) {
        Scaling scaling = Scaling.unit(features(), features.clip());
        for (int i = 0; i < sizes.length; i++) {
            if (!isCategory(i)) {
                scaling.mean()[i] = features.mean()[i];
                scaling.deviation()[i] = features.deviation()[i];
            }
        }
        return scaling;
    }

    /** Returns the value of feature i, a number: what stands for it where it is missing. */
    public double number(int i, double value) {
        return Double.isNaN(value) ? replacements[i] : value;
    }

    /**
     * Returns the part of X that its rows hold: 1 where all features are numbers, less the more categories and indicators there are, since a
     * category is one number whatever their count, and an indicator none.
     */
    public double filled() {
        return (double) features() / inputs();
    }

    /** Returns X of some rows, as an {@link Encoder} makes it. */
    public AnyMatrix encode(double[] values, int width, int count, Scaling scaling, Precision precision) {
        return new Encoder(this).encode(values, width, count, scaling, precision);
    }

    /** A maker of inputs of rows; what only the layout decides is worked out once. Any number of threads may use one. */
    public static final class Encoder {
        private final InputLayout layout;
        private final int inputs;
        private final int[] firsts; // the first input of each feature
        private final int[] numbers; // the features that are numbers
        private final int[] marked; // those that may have an entry
        private final int[] denseRows; // the inputs of the numbers

        /** Creates the encoder of a layout. */
        public Encoder(InputLayout layout) {
            this.layout = layout;
            inputs = layout.inputs();
            firsts = new int[layout.features()];
            for (int i = 1; i < firsts.length; i++) {
                firsts[i] = firsts[i - 1] + layout.inputs(i - 1);
            }
            numbers = features(i -> !layout.isCategory(i));
            marked = features(i -> layout.isCategory(i) || layout.hasIndicator(i));
            denseRows = Arrays.stream(numbers).map(i -> firsts[i]).toArray();
        }

        private int[] features(IntPredicate which) {
            return IntStream.range(0, firsts.length).filter(which).toArray();
        }

        /**
         * Returns X (inputs, count) of some rows: numbers scaled, a category as a 1 in the row of its input, nothing where it is
         * missing or unknown; a 1 in the row of an indicator where its number is missing.
         *
         * @param values row after row, each with the features first
         * @param width how many numbers a row has
         * @param scaling of the features
         */
        public AnyMatrix encode(double[] values, int width, int count, Scaling scaling, Precision precision) {
            Matrix dense = precision.zeros(numbers.length, count);
            double[] scaled = new double[numbers.length];
            int[] starts = new int[count + 1];
            int[] indices = new int[Math.multiplyExact(count, marked.length)];
            int entries = 0;
            for (int j = 0; j < count; j++) {
                for (int k = 0; k < numbers.length; k++) {
                    int i = numbers[k];
                    scaled[k] = scaling.scale(i, layout.number(i, values[j * width + i]));
                }
                dense.copyFrom(j * scaled.length, scaled.length, scaled);
                for (int i : marked) {
                    double value = values[j * width + i];
                    boolean indicated = layout.hasIndicator(i);
                    if (Double.isNaN(value) == indicated) {
                        indices[entries++] = firsts[i] + (indicated ? 1 : (int) value);
                    }
                }
                starts[j + 1] = entries;
            }
            if (marked.length == 0) {
                return dense;
            }
            double[] ones = new double[entries];
            Arrays.fill(ones, 1);
            return new MixedMatrix(
                    denseRows, dense, precision.sparse(inputs, starts, Arrays.copyOf(indices, entries), ones));
        }
    }
}
