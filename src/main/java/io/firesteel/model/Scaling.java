package io.firesteel.model;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Standardisation, value by value: scaled = (raw - mean) / deviation.
 *
 * @param mean what is subtracted, one number a column
 * @param deviation what is divided by, one number a column, never 0
 */
public record Scaling(double[] mean, double[] deviation) implements Serializable {
    public Scaling {
        if (mean.length != deviation.length) {
            throw new IllegalArgumentException(
                    mean.length + " means and " + deviation.length + " deviations: expected as many");
        }
    }

    /** The scaling that changes nothing. */
    public static Scaling none(int columns) {
        double[] ones = new double[columns];
        Arrays.fill(ones, 1);
        return new Scaling(new double[columns], ones);
    }

    /** The scaling that divides as this one does, and subtracts nothing. */
    public Scaling withoutMean() {
        return new Scaling(new double[mean.length], deviation);
    }

    /** Whether 0 stays 0 in every column, so that sparse rows stay sparse. */
    public boolean keepsZeros() {
        return Arrays.stream(mean).allMatch(m -> m == 0);
    }

    /** The scaled value of a raw one in column i. */
    public double scale(int i, double raw) {
        return (raw - mean[i]) / deviation[i];
    }

    /** The raw value of a scaled one in column i. */
    public double unscale(int i, double scaled) {
        return mean[i] + scaled * deviation[i];
    }
}
