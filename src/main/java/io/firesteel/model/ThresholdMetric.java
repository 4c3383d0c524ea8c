package io.firesteel.model;

import java.util.Locale;

/** What the threshold between two classes can be chosen for, of the second class, which is predicted above it. */
public enum ThresholdMetric {
    /** The part of the examples that are right. */
    ACCURACY {
        @Override
        double of(double truePositives, double falsePositives, double positives, double negatives) {
            return (truePositives + negatives - falsePositives) / (positives + negatives);
        }
    },
    /** The mean of the parts of each class that are right. */
    BALANCED_ACCURACY {
        @Override
        double of(double truePositives, double falsePositives, double positives, double negatives) {
            return (truePositives / positives + (negatives - falsePositives) / negatives) / 2;
        }
    },
    /** The harmonic mean of precision and recall of the second class. */
    F1 {
        @Override
        double of(double truePositives, double falsePositives, double positives, double negatives) {
            return 2 * truePositives / (truePositives + falsePositives + positives);
        }
    };

    /** Returns its value, of the weights of examples; there are some of each class. */
    abstract double of(double truePositives, double falsePositives, double positives, double negatives);

    /** Returns the name as settings write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
