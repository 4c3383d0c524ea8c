package io.firesteel.nn;

import io.firesteel.linalg.Precision;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * A comparison of a gradient with central differences of the loss, in double precision.
 *
 * <p>The differences are (J(t + h) - J(t - h)) / 2h with the one of several h that comes closest: larger ones are wrong where a
 * relu's kink lies within them, or where large inputs bend the loss, smaller ones by more rounding. Elements of which no two
 * differences agree are left out. The error of an element is relative to the element itself or, where
 * that is small, to 1/100 of the greatest element.
 *
 * @param parameters the number of parameters that were compared, some of each tensor
 * @param error the greatest error; NaN where the loss or the gradient is infinite or NaN
 * @param worst the tensor that has it; empty where all elements are the same
 */
public record GradientCheck(int parameters, double error, String worst) {
    /** The error below which the gradient is right. */
    public static final double TOLERANCE = 1e-6;

    private static final double[] STEPS = {0x1p-17, 0x1p-21, 0x1p-27, 0x1p-33, 0x1p-39};

    /** The number of elements of a tensor that are compared at most. */
    private static final int MOST_OF_A_TENSOR = 8;

    /** Returns the gradient of the mean loss of some examples, by {@link Backprop} in double precision. */
    public static double[] gradient(Network network, double[] theta, Examples examples) {
        double m = examples.totalWeight();
        Parameters sums = new Parameters(network, Precision.DOUBLE);
        new Backprop(network, Parameters.of(network, theta), examples.size()).lossAndGradient(examples, sums);
        return Arrays.stream(sums.toArray()).map(sum -> sum / m).toArray();
    }

    /**
     * Compares a gradient with differences of the mean loss of some examples in double precision.
     *
     * @param theta of the network
     */
    public static GradientCheck of(Network network, double[] theta, double[] gradient, Examples examples) {
        Parameters parameters = Parameters.of(network, theta);
        Backprop backprop = new Backprop(network, parameters, examples.size());
        double m = examples.totalWeight();
        return of(network, theta, gradient, moved -> {
            parameters.theta().setAll(moved);
            return backprop.trainedLoss(examples) / m;
        });
    }

    /** Compares a gradient with differences of the loss that it should be the gradient of. */
    static GradientCheck of(Network network, double[] theta, double[] gradient, ToDoubleFunction<double[]> loss) {
        double greatest = Arrays.stream(gradient).map(Math::abs).max().orElseThrow();
        if (!Double.isFinite(greatest) || !Double.isFinite(loss.applyAsDouble(theta))) {
            return new GradientCheck(0, Double.NaN, "");
        }
        double[] moved = theta.clone();
        int compared = 0;
        double error = 0;
        String worst = "";
        for (Network.Placed placed : network.tensors()) {
            int size = placed.end() - placed.start();
            int count = Math.min(size, MOST_OF_A_TENSOR);
            for (int k = 0; k < count; k++) {
                int i = placed.start() + (int) ((long) k * size / count);
                double scale = Math.max(Math.abs(gradient[i]), greatest / 100);
                double[] differences = differences(moved, i, loss);
                if (spread(differences) > TOLERANCE * scale) {
                    continue;
                }
                compared++;
                double found = Arrays.stream(differences)
                        .map(difference -> Math.abs(difference - gradient[i]))
                        .min()
                        .orElseThrow();
                if (found > error * scale) {
                    error = scale == 0 ? Double.POSITIVE_INFINITY : found / scale;
                    worst = placed.tensor().name();
                }
            }
        }
        return new GradientCheck(compared, error, worst);
    }

    /** Returns the central differences of the loss in one element of theta, one for each step. */
    private static double[] differences(double[] theta, int i, ToDoubleFunction<double[]> loss) {
        double value = theta[i];
        double[] differences = new double[STEPS.length];
        for (int k = 0; k < STEPS.length; k++) {
            theta[i] = value + STEPS[k];
            double above = loss.applyAsDouble(theta);
            theta[i] = value - STEPS[k];
            double below = loss.applyAsDouble(theta);
            differences[k] = (above - below) / (2 * STEPS[k]);
        }
        theta[i] = value;
        return differences;
    }

    /** Returns the least distance of two differences with steps next to each other: how sure they are. */
    private static double spread(double[] differences) {
        double least = Double.POSITIVE_INFINITY;
        for (int k = 1; k < differences.length; k++) {
            least = Math.min(least, Math.abs(differences[k] - differences[k - 1]));
        }
        return least;
    }

    /** Returns whether loss and gradient are finite numbers. */
    public boolean isFinite() {
        return !Double.isNaN(error);
    }

    /** Returns whether the gradient is right, as far as differences tell. */
    public boolean isRight() {
        return parameters > 0 && error <= TOLERANCE;
    }
}
