package io.firesteel.check;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.check.Finding.Kind;
import io.firesteel.fit.Setting;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Examples;
import io.firesteel.nn.GradientCheck;
import io.firesteel.nn.Network;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The part of a {@link Check} that looks at the network before its first step.
 *
 * @param network of one member
 * @param theta its parameters at the start
 */
record NetworkCheck(Network network, double[] theta, Findings findings) {
    /** The ratio of the gradients of two layers from which on one of them hardly learns. */
    private static final double VANISHING = 1e-4;

    /** Adds what is found of the network and of its gradient on some examples, and returns the check of the gradient. */
    GradientCheck run(Examples some) {
        double[] gradient = GradientCheck.gradient(network, theta, some);
        GradientCheck check = GradientCheck.of(network, theta, gradient, some);
        atGradient(check);
        atUnits();
        atLayers(gradient);
        return check;
    }

    private void atGradient(GradientCheck check) {
        if (!check.isFinite()) {
            findings.add(
                    Kind.GRADIENT,
                    null,
                    "the loss or its gradient is infinite before the first step: inputs or targets are too large for this network; %s"
                            + " scales them",
                    mention(Setting.STANDARDIZE.key(), true));
        } else if (check.parameters() > 0 && !check.isRight()) {
            findings.add(
                    Kind.GRADIENT,
                    null,
                    "the gradient differs from the loss's differences by %.1e, most in %s, where at most %.0e was expected: this"
                            + " is a fault of Firesteel, unless a unit is just at the kink of its activation",
                    check.error(),
                    check.worst(),
                    GradientCheck.TOLERANCE);
        }
    }

    /** Finds a hidden layer whose units are alike, as with weights of 0: the notes' lesson. */
    private void atUnits() {
        for (int l = 1; l < network.depth(); l++) {
            Network.Placed w = network.tensor("W" + l);
            Matrix of = Precision.DOUBLE.zeros(w.tensor().rows(), w.tensor().cols());
            of.setAll(Arrays.copyOfRange(theta, w.start(), w.end()));
            Set<List<Double>> units = new HashSet<>();
            for (int i = 0; i < of.rows(); i++) {
                int unit = i;
                units.add(IntStream.range(0, of.cols())
                        .mapToObj(j -> of.get(unit, j))
                        .toList());
            }
            if (of.rows() > 1 && units.size() == 1) {
                findings.add(
                        Kind.START,
                        null,
                        "the %,d units of hidden layer %d start with the same weights, and stay alike for ever: try %s",
                        of.rows(),
                        l,
                        mention(Setting.INIT.key(), "glorot"));
                return;
            }
        }
    }

    /** Finds the first layer whose weights have a far smaller gradient than those of another. */
    private void atLayers(double[] gradient) {
        double[] sizes = IntStream.rangeClosed(1, network.depth())
                .mapToDouble(l -> size(network.tensor("W" + l), gradient))
                .toArray();
        double greatest = Arrays.stream(sizes).max().orElseThrow();
        for (int l = 1; l <= sizes.length && greatest > 0; l++) {
            if (sizes[l - 1] < VANISHING * greatest) {
                findings.add(
                        Kind.START,
                        null,
                        "the gradient of W%d is %.0e of the greatest of all layers at the start, so that layer %d will hardly"
                                + " learn: try %s, another %s or fewer layers",
                        l,
                        sizes[l - 1] / greatest,
                        l,
                        mention(Setting.ACTIVATION.key(), "relu"),
                        mention(Setting.INIT.key()));
                return;
            }
        }
    }

    /** Returns the root of the mean square of a tensor's elements. */
    private static double size(Network.Placed tensor, double[] elements) {
        return Math.sqrt(Arrays.stream(elements, tensor.start(), tensor.end())
                .map(d -> d * d)
                .average()
                .orElseThrow());
    }
}
