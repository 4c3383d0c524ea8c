package io.firesteel.base;

import java.io.Serializable;

/**
 * A factor that is 1 in the first half of a training and falls to 0 along a cosine in the second: flat_cos of Holzmueller,
 * Grinsztajn and Steinwart 2024.
 *
 * @param steps the planned number of steps; 0 for a factor that is always 1
 */
public record Annealing(int steps) implements Serializable {
    /** The factor that is always 1. */
    public static final Annealing NONE = new Annealing(0);

    /** Returns the factor of a step, counted from 0: 1 for t = step / steps up to 1/2, then (1 + cos(pi (2 t - 1))) / 2. */
    public double factor(int step) {
        double t = steps == 0 ? 0 : Math.min(1, (double) step / steps);
        return t < 0.5 ? 1 : (1 + StrictMath.cos(Math.PI * (2 * t - 1))) / 2;
    }
}
