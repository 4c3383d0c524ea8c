package io.firesteel.compute;

/**
 * The point at which a kernel is evaluated.
 *
 * @param theta the parameters; kernels only read them
 * @param step whose part of network and data is meant, or {@link #WHOLE}
 */
public record Point(double[] theta, int step) {
    /** The step that stands for the whole network and all data. */
    public static final int WHOLE = -1;

    /** The point for kernels that have no parameters. */
    public static final Point NONE = new Point(new double[0], WHOLE);

    /** Returns the point of the whole network and all data. */
    public static Point of(double[] theta) {
        return new Point(theta, WHOLE);
    }
}
