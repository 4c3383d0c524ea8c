package io.firesteel.model;

import java.util.List;

/**
 * A look at a model's outputs on some examples that is for drawing: it has a size of its own, however many examples there are.
 *
 * @param sample some of the examples
 * @param residuals of the first targets of a regression; empty for other tasks
 */
public record Closeup(List<Example> sample, List<Residuals> residuals) {
    /** More targets are not looked at. */
    public static final int MOST_TARGETS = 4;

    public Closeup {
        sample = List.copyOf(sample);
        residuals = List.copyOf(residuals);
    }

    /**
     * One of the examples.
     *
     * @param x the raw features where they are two numbers, else empty
     * @param y the class, or the first targets, unscaled
     * @param predicted the same as the model has it; of a classification the number of the class
     */
    public record Example(double[] x, double[] y, double[] predicted) {}
}
