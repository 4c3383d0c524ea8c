package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A scaling of columns, value by value: u = (raw - mean) / deviation and, where there is a limit c, u / sqrt(1 + (u / c)^2),
 * which is u for small u and stays within -c and c: the smooth clip of Holzmueller, Grinsztajn and Steinwart 2024.
 *
 * @param mean what is subtracted, one number a column: its mean, or its median where the scaling is robust
 * @param deviation what is divided by, one number a column, never 0: its standard deviation, or the distance of its quartiles
 * @param clip the limit c; 0 for none
 */
public record Scaling(
        double[] mean,
        double[] deviation,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) double clip) implements Serializable {
    /** Beyond this multiple of the limit, the limit is what rounding leaves: (u / c)^2 + 1 is (u / c)^2. */
    public static final double SATURATED = 1e8;

    public Scaling {
        if (mean.length != deviation.length) {
            throw new IllegalArgumentException(
                    mean.length + " means and " + deviation.length + " deviations: expected as many");
        }
        if (!(clip >= 0 && clip < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("clip " + clip + ": expected 0 (none) or a positive number");
        }
    }

    /** Creates a scaling without a limit. */
    public Scaling(double[] mean, double[] deviation) {
        this(mean, deviation, 0);
    }

    /** Reads a scaling that may have no limit. */
    @JsonCreator
    static Scaling of(
            @JsonProperty("mean") double[] mean,
            @JsonProperty("deviation") double[] deviation,
            @JsonProperty("clip") Double clip) {
        return new Scaling(mean, deviation, clip == null ? 0 : clip);
    }

    /** Returns the scaling that changes nothing. */
    public static Scaling none(int columns) {
        return unit(columns, 0);
    }

    /** Returns the scaling with mean 0, deviation 1 and this limit. */
    static Scaling unit(int columns, double clip) {
        double[] ones = new double[columns];
        Arrays.fill(ones, 1);
        return new Scaling(new double[columns], ones, clip);
    }

    /** Returns the scaling that divides as this one does, and subtracts nothing. */
    public Scaling withoutMean() {
        return new Scaling(new double[mean.length], deviation, clip);
    }

    /** Returns whether 0 stays 0 in every column, so that sparse rows stay sparse. */
    public boolean keepsZeros() {
        return Arrays.stream(mean).allMatch(m -> m == 0);
    }

    /** Returns the scaled value of a raw one in column i. */
    public double scale(int i, double raw) {
        double u = distance(i, raw);
        return clip == 0 ? u : clipped(u);
    }

    private double clipped(double u) {
        double r = u / clip;
        return Math.abs(r) > SATURATED ? Math.copySign(clip, u) : u / Math.sqrt(1 + r * r); // NaN stays NaN
    }

    /** Returns how many deviations a raw value of column i is from the mean. */
    public double distance(int i, double raw) {
        return (raw - mean[i]) / deviation[i];
    }

    /** Returns the raw value of a scaled one in column i, where there is no limit. */
    public double unscale(int i, double scaled) {
        return mean[i] + scaled * deviation[i];
    }
}
