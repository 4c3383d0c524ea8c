package io.firesteel.model;

/**
 * Counts of examples by their score, a probability, from which the areas under the ROC and the precision-recall curve
 * follow: in bounded memory, and summed over blocks like anything else.
 *
 * <p>Scores of one bin count as tied. Bins are as narrow as the score is near to 0 or 1: a 1024th to a 2048th of that
 * distance, down to 2^-40, so that a model that is sure of most examples is ranked as finely as one that is not.
 */
final class ScoreHistogram {
    /** The leading bits of 2^-40 as a double: exponent and 10 bits of the fraction, in which bins are numbered. */
    private static final long FIRST = bits(0x1p-40);

    /** The bin of 1/2. Those below it mirror those above. */
    private static final int MIDDLE = (int) (bits(0.5) - FIRST);

    /** The number of bins. */
    static final int BINS = 2 * MIDDLE + 1;

    private ScoreHistogram() {}

    /** The bin of a score between 0 and 1; greater scores have greater bins, or the same. */
    static int bin(double score) {
        return score <= 0.5 ? distance(score) : 2 * MIDDLE - distance(1 - score);
    }

    private static int distance(double score) {
        return (int)
                Math.max(0, Math.min(MIDDLE, bits(score) - FIRST)); // NaN, which overflow may give, is in the middle
    }

    private static long bits(double number) {
        return Double.doubleToRawLongBits(number) >> 42;
    }

    /**
     * The area under the ROC curve: the probability that a positive example scores higher than a negative one, where a
     * tie is half (Mann and Whitney's U). Null when there is none of either.
     *
     * @param sums the weights of the negatives in each bin, and then those of the positives
     * @param from where they start
     */
    static Double rocAuc(double[] sums, int from) {
        double area = 0;
        double negatives = 0;
        double positives = 0;
        for (int b = 0; b < BINS; b++) {
            double negative = sums[from + b];
            double positive = sums[from + BINS + b];
            area += positive * (negatives + negative / 2);
            negatives += negative;
            positives += positive;
        }
        return negatives > 0 && positives > 0 ? area / (negatives * positives) : null;
    }

    /**
     * The area under the precision-recall curve as average precision: the sum over thresholds, from the greatest down,
     * of the precision there times what the threshold adds to the recall. Null when there are no positives.
     */
    static Double prAuc(double[] sums, int from) {
        double area = 0;
        double negatives = 0;
        double positives = 0;
        for (int b = BINS - 1; b >= 0; b--) {
            double positive = sums[from + BINS + b];
            negatives += sums[from + b];
            positives += positive;
            area += positive == 0 ? 0 : positive * positives / (positives + negatives);
        }
        return positives > 0 ? area / positives : null;
    }
}
