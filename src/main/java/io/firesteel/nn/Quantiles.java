package io.firesteel.nn;

import io.firesteel.linalg.Matrix;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Which quantiles of its one target a network predicts, an output for each: 0.9 is the value that nine of ten targets do not
 * exceed. Networks of other losses have {@link #NONE}.
 *
 * @param levels numbers between 0 and 1, ascending
 */
public record Quantiles(List<Double> levels) implements Serializable {
    /** No quantiles: outputs are targets, classes or labels. */
    public static final Quantiles NONE = new Quantiles(List.of());

    /** The default quantiles. */
    public static final Quantiles USUAL = new Quantiles(List.of(0.1, 0.5, 0.9));

    private static final double HALF = 0.5;

    public Quantiles {
        levels = List.copyOf(levels);
        if (!areLevels(levels)) {
            throw new IllegalArgumentException("quantiles " + levels + ": expected ascending numbers between 0 and 1");
        }
    }

    /** Returns whether numbers are between 0 and 1 and ascend. */
    public static boolean areLevels(List<Double> numbers) {
        double before = 0;
        for (double number : numbers) {
            if (!(number > before && number < 1)) {
                return false;
            }
            before = number;
        }
        return true;
    }

    /** Returns whether there are none. */
    public boolean isNone() {
        return levels.isEmpty();
    }

    /** Returns their number. */
    public int size() {
        return levels.size();
    }

    /** Returns the levels as people write them: 0.1, 0.00025. */
    public List<String> names() {
        return levels.stream().map(Quantiles::name).toList();
    }

    /** Returns a level as people write it. */
    public static String name(double level) {
        return BigDecimal.valueOf(level).stripTrailingZeros().toPlainString();
    }

    /** Returns whether there is an interval between the first quantile and the last. */
    public boolean haveInterval() {
        return size() > 1;
    }

    /** Returns the part of the targets that should lie between the first quantile and the last. */
    public double intervalLevel() {
        return levels.get(size() - 1) - levels.get(0);
    }

    /**
     * Where the median is: at {@code part} of the way from quantile {@code lower} to quantile {@code upper}.
     *
     * @param part 0 where both are one
     */
    public record Place(int lower, int upper, double part) {}

    /**
     * Returns where the median is: at the quantile 0.5, or, where it is not among them, on the line between its neighbours; at
     * the nearest quantile where all are on one side of it.
     */
    public Place median() {
        int upper = 0;
        while (upper < size() - 1 && levels.get(upper) < HALF) {
            upper++;
        }
        double above = levels.get(upper);
        if (upper == 0 || above <= HALF) {
            return new Place(upper, upper, 0);
        }
        double below = levels.get(upper - 1);
        return new Place(upper - 1, upper, (HALF - below) / (above - below));
    }

    /** Returns the median of quantiles in ascending order. */
    public double median(IntToDoubleFunction quantiles) {
        Place place = median();
        double lower = quantiles.applyAsDouble(place.lower);
        return place.lower == place.upper ? lower : lower + place.part * (quantiles.applyAsDouble(place.upper) - lower);
    }

    /**
     * Returns the prediction of a target for example j: the median, or, without quantiles, the output that belongs to the target.
     *
     * @param A the outputs A[L] (n_L, m)
     */
    public double predicted(Matrix A, int target, int j) {
        return isNone() ? A.get(target, j) : median(k -> A.get(k, j));
    }
}
