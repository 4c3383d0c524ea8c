package io.firesteel.model;

import java.util.Arrays;

/** The mean of some measures of one thing, and how far they lie apart. */
public final class Spread {
    private Spread() {}

    /** Returns the mean of values. */
    public static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    /** Returns the standard deviation of values (over n - 1); 0 for one value. */
    public static double deviation(double[] values) {
        double mean = mean(values);
        double squares = Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1));
    }
}
