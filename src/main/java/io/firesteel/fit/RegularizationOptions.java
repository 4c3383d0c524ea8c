package io.firesteel.fit;

import io.firesteel.train.Regularization;
import java.util.List;
import picocli.CommandLine.Option;

/** What keeps the network from learning its examples by heart. */
final class RegularizationOptions {
    @Option(
            names = "--l2",
            paramLabel = "X",
            defaultValue = "0",
            description = "Adds X/2 times the sum of the squared weights to the loss.")
    private double l2;

    @Option(names = "--l1", paramLabel = "X", description = "Adds X times the sum of the weights' sizes to the loss.")
    private Double l1;

    @Option(
            names = "--dropout",
            split = ",",
            paramLabel = "P",
            description = "The part of the hidden units that each step drops, one for all hidden layers or one each.")
    private List<Double> dropout;

    @Option(names = "--input-dropout", paramLabel = "P", description = "The part of the inputs that each step drops.")
    private Double inputDropout;

    /** What they come to; fails as {@link Regularization} does. */
    Regularization regularization() {
        return new Regularization(
                l2,
                l1 == null ? 0 : l1,
                inputDropout == null ? 0 : inputDropout,
                dropout == null ? List.of(0.0) : dropout);
    }
}
