package io.firesteel.model;

import io.firesteel.linalg.Matrix;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Which of the network's inputs belong to which feature, in order.
 *
 * @param sizes the inputs of each feature: {@link #NUMBER}, or the number of its categories
 * @param replacements what stands for each feature's missing value: NaN where nothing does
 */
public record InputLayout(int[] sizes, double[] replacements) implements Serializable {
    /** The size of a feature that is a number, and so one input. */
    public static final int NUMBER = 0;

    /** One input for each feature. */
    public static InputLayout numbers(int features) {
        double[] none = new double[features];
        Arrays.fill(none, Double.NaN);
        return new InputLayout(new int[features], none);
    }

    /** The number of features. */
    public int features() {
        return sizes.length;
    }

    /** Whether feature i is a category. */
    public boolean isCategory(int i) {
        return sizes[i] != NUMBER;
    }

    /** The number of inputs of feature i. */
    public int inputs(int i) {
        return isCategory(i) ? sizes[i] : 1;
    }

    /** The number of inputs. */
    public int inputs() {
        long inputs = 0;
        for (int i = 0; i < sizes.length; i++) {
            inputs += inputs(i);
        }
        return Math.toIntExact(inputs);
    }

    /** The scaling of the inputs when the features that are numbers are scaled so: categories stay 0 and 1. */
    public Scaling scaling(Scaling features) {
        Scaling inputs = Scaling.none(inputs());
        int at = 0;
        for (int i = 0; i < sizes.length; i++) {
            if (!isCategory(i)) {
                inputs.mean()[at] = features.mean()[i];
                inputs.deviation()[at] = features.deviation()[i];
            }
            at += inputs(i);
        }
        return inputs;
    }

    /** The value of feature i, a number: what stands for it where it is missing. */
    public double number(int i, double value) {
        return Double.isNaN(value) ? replacements[i] : value;
    }

    /** Sets column j of X (inputs, m) to the scaled inputs of the features that {@code row} has from {@code at} on. */
    public void encode(double[] row, int at, Scaling scaling, Matrix x, int j) {
        int input = 0;
        for (int i = 0; i < sizes.length; i++) {
            double value = row[at + i];
            if (isCategory(i)) {
                for (int c = 0; c < sizes[i]; c++) {
                    x.set(input, j, scaling.scale(input, c == value ? 1 : 0));
                    input++;
                }
            } else {
                x.set(input, j, scaling.scale(input, number(i, value)));
                input++;
            }
        }
    }
}
