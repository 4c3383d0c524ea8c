package io.firesteel.model;

import java.util.List;

/**
 * How two classes, or the examples without and with a label, are told apart by the second one's probability, at each threshold
 * of it: what the ROC curve, the precision-recall curve and the distribution of the scores are drawn from.
 *
 * @param points of the curves, from the greatest threshold down, the first with nothing above it, the last with everything
 * @param first the weight of the first class's examples in each of {@link #STEPS} steps of the score, from 0 up
 * @param second the weight of the second class's
 */
public record ScoreCurves(List<Point> points, double[] first, double[] second) {
    /** The number of steps of a distribution. Multiples of 1/32 are limits of bins, so that steps have exact counts. */
    public static final int STEPS = 32;

    /** Points of a curve are farther apart than this, as the sum of the parts of both classes. */
    static final double APART = 1.0 / 256;

    public ScoreCurves {
        points = List.copyOf(points);
    }

    /**
     * What lies above a threshold.
     *
     * @param falsePositives the weight of the first class's examples there
     * @param truePositives the weight of the second class's
     */
    public record Point(double threshold, double falsePositives, double truePositives) {}
}
