package io.firesteel.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts of examples by their score, a probability, from which the areas under the ROC and the precision-recall curve
 * follow: in bounded memory, and summed over blocks like anything else.
 *
 * <p>Scores of one bin count as tied. Bins are as narrow as the score is near to 0 or 1: a 2^-bits-th of that distance at
 * most, down to 2^-40, so that a model that is sure of most examples is ranked as finely as one that is not.
 *
 * @param bits of a score's fraction that tell bins apart
 */
record ScoreHistogram(int bits) implements Serializable {
    /** Below it all distances are one. */
    private static final double NEAREST = 0x1p-40;

    /** Returns the number of bins. */
    int bins() {
        return 2 * middle() + 1;
    }

    /** Returns the bin of 1/2. Those below it mirror those above. */
    private int middle() {
        return (int) (leading(0.5) - leading(NEAREST));
    }

    /** Returns the bin of a score between 0 and 1; greater scores have greater bins, or the same. */
    int bin(double score) {
        return score <= 0.5 ? distance(score) : 2 * middle() - distance(1 - score);
    }

    private int distance(double score) {
        long bin = leading(score) - leading(NEAREST);
        return (int) Math.max(0, Math.min(middle(), bin)); // NaN, which overflow may give, is in the middle
    }

    /** Returns the exponent and the leading bits of the fraction. */
    private long leading(double number) {
        return Double.doubleToRawLongBits(number) >> (52 - bits);
    }

    /**
     * Returns the area under the ROC curve: the probability that a positive example scores higher than a negative one, where a
     * tie is half (Mann and Whitney's U). Null when there is none of either.
     *
     * @param sums the weights of the negatives in each bin, and then those of the positives
     * @param from where they start
     */
    Double rocAuc(double[] sums, int from) {
        double area = 0;
        double negatives = 0;
        double positives = 0;
        for (int b = 0; b < bins(); b++) {
            double negative = sums[from + b];
            double positive = sums[from + bins() + b];
            area += positive * (negatives + negative / 2);
            negatives += negative;
            positives += positive;
        }
        return negatives > 0 && positives > 0 ? area / (negatives * positives) : null;
    }

    /**
     * Returns the area under the precision-recall curve as average precision: the sum over thresholds, from the greatest down,
     * of the precision there times what the threshold adds to the recall. Null when there are no positives.
     */
    Double prAuc(double[] sums, int from) {
        double area = 0;
        double negatives = 0;
        double positives = 0;
        for (int b = bins() - 1; b >= 0; b--) {
            double positive = sums[from + bins() + b];
            negatives += sums[from + b];
            positives += positive;
            area += positive == 0 ? 0 : positive * positives / (positives + negatives);
        }
        return positives > 0 ? area / positives : null;
    }

    /**
     * Returns the threshold above which a metric of the second class is greatest: halfway between two neighbouring scores, or 1/2 where
     * this lies between them. Of several such the one nearest to 1/2. Null when there is none of either class.
     *
     * @param sums the weights of the negatives in each bin, and then those of the positives
     * @param from where they start
     */
    Double threshold(double[] sums, int from, ThresholdMetric metric) {
        double negatives = 0;
        double positives = 0;
        for (int b = 0; b < bins(); b++) {
            negatives += sums[from + b];
            positives += sums[from + bins() + b];
        }
        if (!(negatives > 0 && positives > 0)) {
            return null;
        }
        double best = Double.NEGATIVE_INFINITY;
        double threshold = 0.5;
        double falsePositives = 0;
        double truePositives = 0;
        int above = bins(); // the least bin above that has examples
        for (int b = bins() - 1; b >= -1; b--) {
            double negative = b < 0 ? 0 : sums[from + b];
            double positive = b < 0 ? 0 : sums[from + bins() + b];
            if (b >= 0 && negative == 0 && positive == 0) {
                continue;
            }
            double between = between(b, above);
            double value = metric.of(truePositives, falsePositives, positives, negatives);
            boolean isNearer = Math.abs(between - 0.5) < Math.abs(threshold - 0.5);
            if (between > 0 && between < 1 && (value > best || (value == best && isNearer))) {
                best = value;
                threshold = between;
            }
            falsePositives += negative;
            truePositives += positive;
            above = b;
        }
        return threshold;
    }

    /** Returns a number below the scores of one bin and not below those of another; -1 and {@link #bins} stand for the ends. */
    private double between(int below, int above) {
        double least = below < 0 ? 0 : below == bins() - 1 ? from(below) : from(below + 1);
        double most = above == bins() ? 1 : from(above);
        if (least <= 0.5 && 0.5 < most) {
            return 0.5;
        }
        // the least score of a bin up to 1/2 is in it, and must be above the threshold
        return above <= middle() ? Math.min((least + most) / 2, Math.nextDown(most)) : (least + most) / 2;
    }

    /** Returns the least score of a bin, as far as a double tells it. */
    private double from(int bin) {
        return bin <= middle() ? distanceFrom(bin) : 1 - distanceFrom(2 * middle() - bin + 1);
    }

    /** Returns the least distance from 0 of a bin below the middle. */
    private double distanceFrom(int bin) {
        return bin == 0 ? 0 : Double.longBitsToDouble((bin + leading(NEAREST)) << (52 - bits));
    }

    /**
     * Returns what curves are drawn from. Bins are merged: those of the histogram into steps of equal width, whose limits are
     * limits of bins, and those of the curves into points that lie so far apart that they can be told from each other.
     */
    ScoreCurves curves(double[] sums, int from) {
        double[] first = new double[ScoreCurves.STEPS];
        double[] second = new double[ScoreCurves.STEPS];
        double ofFirst = 0;
        double ofSecond = 0;
        for (int b = 0; b < bins(); b++) {
            double centre = b == middle() ? Math.nextDown(0.5) : b == 2 * middle() ? 1 : (from(b) + from(b + 1)) / 2;
            int step = Math.min(ScoreCurves.STEPS - 1, (int) (centre * ScoreCurves.STEPS));
            first[step] += sums[from + b];
            second[step] += sums[from + bins() + b];
            ofFirst += sums[from + b];
            ofSecond += sums[from + bins() + b];
        }
        List<ScoreCurves.Point> points = new ArrayList<>(List.of(new ScoreCurves.Point(1, 0, 0)));
        ScoreCurves.Point last = points.get(0);
        double falsePositives = 0;
        double truePositives = 0;
        for (int b = bins() - 1; b >= 0; b--) {
            falsePositives += sums[from + b];
            truePositives += sums[from + bins() + b];
            double moved = part(falsePositives - last.falsePositives(), ofFirst)
                    + part(truePositives - last.truePositives(), ofSecond);
            if (moved > ScoreCurves.APART || (b == 0 && moved > 0)) {
                last = new ScoreCurves.Point(from(b), falsePositives, truePositives);
                points.add(last);
            }
        }
        return new ScoreCurves(points, first, second);
    }

    private static double part(double part, double whole) {
        return whole > 0 ? part / whole : 0;
    }
}
