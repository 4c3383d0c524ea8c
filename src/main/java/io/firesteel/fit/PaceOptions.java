package io.firesteel.fit;

import io.firesteel.train.Pace;
import picocli.CommandLine.Option;

/** How long training is, and how many rows each of its steps sees. */
final class PaceOptions {
    private static final int ITERATIONS = 200;

    @Option(names = "--iterations", paramLabel = "N", description = "The most steps; by default 200.")
    private Integer iterations;

    @Option(names = "--epochs", paramLabel = "E", description = "The most passes over all rows, instead.")
    private Integer epochs;

    @Option(
            names = "--batch-size",
            paramLabel = "B",
            description = "The rows that a step sees; by default all. Every row is in one batch of a pass, at random.")
    private Integer batchSize;

    @Option(names = "--batch-fraction", paramLabel = "F", description = "The same as a part of the rows.")
    private Double batchFraction;

    /** What they come to; fails as {@link Pace} does. */
    Pace pace() {
        Integer steps = iterations == null && epochs == null ? Integer.valueOf(ITERATIONS) : iterations;
        return new Pace(steps, epochs, batchSize, batchFraction);
    }
}
