package io.firesteel.nn;

import io.firesteel.linalg.Precision;
import java.util.Locale;
import java.util.Random;

/**
 * The distribution of the initial weights; biases start at zero.
 *
 * <p>The notes: <em>small random weights</em>. Zero weights keep the units of a layer alike for ever; large ones give
 * large |z|, a saturated sigmoid and a gradient near zero.
 */
public enum Initializer {
    /** Normal with standard deviation {@code scale}: the notes' small random weights (they take 0.01). */
    NORMAL {
        @Override
        double next(Random random, int fanIn, int fanOut, double scale) {
            return scale * random.nextGaussian();
        }
    },
    /** Uniform within +-scale * sqrt(6 / (fan in + fan out)): Glorot and Bengio 2010, equation 16. */
    GLOROT {
        @Override
        double next(Random random, int fanIn, int fanOut, double scale) {
            return scale * StrictMath.sqrt(6.0 / (fanIn + fanOut)) * (2 * random.nextDouble() - 1);
        }
    },
    /** Normal with standard deviation scale * sqrt(2 / fan in): He et al. 2015, equation 10; made for relu. */
    HE {
        @Override
        double next(Random random, int fanIn, int fanOut, double scale) {
            return scale * StrictMath.sqrt(2.0 / fanIn) * random.nextGaussian();
        }
    },
    /** Normal with standard deviation scale * sqrt(1 / fan in): LeCun et al. 1998, section 4.6. */
    LECUN {
        @Override
        double next(Random random, int fanIn, int fanOut, double scale) {
            return scale * StrictMath.sqrt(1.0 / fanIn) * random.nextGaussian();
        }
    },
    /** Zero, which keeps the units of a layer alike: to see why one does not do so. */
    ZERO {
        @Override
        double next(Random random, int fanIn, int fanOut, double scale) {
            return 0;
        }
    };

    abstract double next(Random random, int fanIn, int fanOut, double scale);

    /** Returns the scale of the published method. */
    public double defaultScale() {
        return this == NORMAL ? 0.01 : 1;
    }

    /**
     * Returns the starting parameters of a network; each member has its own. {@link Random} is specified to the last bit, so a
     * seed gives the same weights on every machine and Java version.
     */
    public double[] start(Network network, double scale, long seed) {
        Random random = new Random(seed);
        Parameters parameters = new Parameters(network, Precision.DOUBLE);
        Layer.Draw draw = new Layer.Draw() {
            @Override
            public double weight(int fanIn, int fanOut) {
                return next(random, fanIn, fanOut, scale);
            }

            @Override
            public double normal() {
                return random.nextGaussian();
            }

            @Override
            public double uniform() {
                return 2 * random.nextDouble() - 1;
            }
        };
        for (int member = 0; member < network.members(); member++) {
            for (int k = 0; k < network.layers().size(); k++) {
                network.layers().get(k).start(parameters.of(member, k), draw);
            }
        }
        return parameters.toArray();
    }

    /** Returns the name that settings and model files use. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
