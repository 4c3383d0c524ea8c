package io.firesteel.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a regression's predictions of one target lie beside what was observed, in the target's units.
 *
 * @param bins the limits of what follows
 * @param grid the weight of the examples in each cell: prediction (row, upwards) by observation (column), {@link #CELLS} of each
 * @param errors the weight of the examples in each of {@link #STEPS} steps of the error, prediction less observation
 * @param outside the weight of the examples that lie outside of the grid, and are counted in its nearest cell
 * @param parts the examples by the size of their prediction
 */
public record Residuals(String target, Bins bins, double[][] grid, double[] errors, double outside, List<Part> parts) {
    /** The number of cells of the grid, each way. */
    public static final int CELLS = 40;

    /** The number of steps of the distribution of the errors. */
    public static final int STEPS = 41;

    private static final int PARTS = 10;

    public Residuals {
        parts = List.copyOf(parts);
    }

    /**
     * Limits of bins, which have to be chosen before examples can be counted: they come from some of them.
     *
     * @param from the least value of observations and predictions
     * @param to the greatest
     * @param error the greatest size of an error; greater ones are counted in the last step
     * @param edges the predictions between which the parts lie, ascending
     */
    public record Bins(double from, double to, double error, double[] edges) implements Serializable {
        /**
         * Returns limits that fit some examples: all but the outermost 500th at either end is inside.
         *
         * @param observed of each of the examples
         * @param predicted of each of them
         */
        public static Bins of(double[] observed, double[] predicted) {
            double[] ordered = predicted.clone();
            double[] truth = observed.clone();
            double[] errors = new double[observed.length];
            Arrays.setAll(errors, i -> Math.abs(predicted[i] - observed[i]));
            Arrays.sort(ordered);
            Arrays.sort(truth);
            Arrays.sort(errors);
            double from = Math.min(quantile(truth, 0.002), quantile(ordered, 0.002));
            double to = Math.max(quantile(truth, 0.998), quantile(ordered, 0.998));
            double least = Math.max(1e-9 * Math.max(Math.abs(from), Math.abs(to)), 1e-300); // all may be the same
            double error = Math.max(quantile(errors, 0.99), least);
            double[] edges = new double[PARTS - 1];
            Arrays.setAll(edges, k -> quantile(ordered, (k + 1.0) / PARTS));
            return new Bins(from, Math.max(to, from + least), error, edges);
        }

        private static double quantile(double[] ordered, double part) {
            return ordered[(int) Math.round(part * (ordered.length - 1))];
        }

        /** Returns the cell of a value; those outside have the nearest one. */
        int cell(double value) {
            return step((value - from) / (to - from), CELLS);
        }

        boolean isOutside(double value) {
            return value < from || value > to;
        }

        /** Returns the step of an error. */
        int errorStep(double e) {
            return step((e + error) / (2 * error), STEPS);
        }

        private static int step(double part, int steps) {
            return (int) Math.max(0, Math.min(steps - 1, part * steps));
        }

        /** Returns the part that a prediction belongs to. */
        int part(double prediction) {
            int part = 0;
            while (part < edges.length && prediction > edges[part]) {
                part++;
            }
            return part;
        }
    }

    /**
     * The examples whose predictions are of about one size: about a tenth of all.
     *
     * @param support their weight
     * @param predicted the mean of their predictions
     * @param observed the mean of what was observed
     * @param mae their mean absolute error
     * @param rmse their root mean square error
     */
    public record Part(double support, double predicted, double observed, double mae, double rmse) {}

    /** Returns the values of a vector of sums that {@link ResidualSums} added. */
    static Residuals of(String target, Bins bins, double mean, double[] sums, int at) {
        double[][] grid = new double[CELLS][];
        for (int i = 0; i < CELLS; i++) {
            grid[i] = Arrays.copyOfRange(sums, at + i * CELLS, at + (i + 1) * CELLS);
        }
        int errors = at + CELLS * CELLS;
        int parts = errors + STEPS + 1;
        List<Part> all = new ArrayList<>();
        for (int p = parts; p < parts + PARTS * ResidualSums.PER_PART; p += ResidualSums.PER_PART) {
            double weight = sums[p];
            if (weight > 0) {
                all.add(new Part(
                        weight,
                        mean + sums[p + 1] / weight,
                        mean + sums[p + 2] / weight,
                        sums[p + 3] / weight,
                        Math.sqrt(sums[p + 4] / weight)));
            }
        }
        return new Residuals(
                target, bins, grid, Arrays.copyOfRange(sums, errors, errors + STEPS), sums[errors + STEPS], all);
    }

    /** Returns the number of sums of one target. */
    static int length() {
        return CELLS * CELLS + STEPS + 1 + PARTS * ResidualSums.PER_PART;
    }
}
