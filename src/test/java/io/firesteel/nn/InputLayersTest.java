package io.firesteel.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Embedded numbers and categories, and scaled inputs, against loops that are written out and against central differences. */
class InputLayersTest {
    private static final int M = 5;

    /** Inputs 0 and 3 are numbers; 1, 2 are the values of one category, 4, 5 and 6 of another. */
    private static final List<Integer> NUMBERS = List.of(0, 3);

    private static final double[][] ROWS = {
        {0.3, 1, 0, -1.2, 0, 0, 1},
        {-2.1, 0, 1, 0.4, 1, 0, 0},
        {1.7, 0, 0, 2.9, 0, 1, 0},
        {0, 1, 0, 0, 0, 0, 0},
        {-0.6, 0, 1, -2.8, 0, 0, 1},
    };

    private static final Network PLAIN = Network.of(List.of(7, 4, 3, 2), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);

    /** The two categories, of the inputs above. */
    private static final List<CategoryEmbedding.Feature> CATEGORIES =
            List.of(new CategoryEmbedding.Feature(1, 2), new CategoryEmbedding.Feature(4, 3));

    /** Pieces of the two numbers; no knot is one of the values above. */
    private static final List<Piecewise.Pieces> PIECES = List.of(
            new Piecewise.Pieces(0, List.of(-1.0, 0.1, 0.9)), new Piecewise.Pieces(3, List.of(-3.0, -2.5, 1.0, 1.5)));

    static Stream<Network> networks() {
        return Stream.of(
                PLAIN.withInputs(NUMBERS, CATEGORIES, true).withPieces(PIECES),
                PLAIN.withInputs(List.of(), CATEGORIES, true).withPieces(PIECES.subList(1, 2)),
                PLAIN.withInputs(NUMBERS, List.of(), true).withPieces(PIECES.subList(0, 1)),
                PLAIN.withPieces(PIECES),
                PLAIN.withInputs(NUMBERS, CATEGORIES, true),
                PLAIN.withInputs(List.of(), CATEGORIES, false),
                PLAIN.withInputs(NUMBERS, CATEGORIES.subList(0, 1), true),
                PLAIN.withInputs(List.of(), CATEGORIES.subList(1, 2), false),
                PLAIN.withInputs(NUMBERS, List.of(), true),
                PLAIN.withInputs(NUMBERS, List.of(), false),
                PLAIN.withInputs(NUMBERS, List.of(), true).withParametricActivations(),
                Network.of(List.of(7, 4, 3, 2), Activation.GELU, Loss.SOFTMAX_CROSS_ENTROPY)
                        .withParametricActivations(),
                PLAIN.withInputs(List.of(), List.of(), true),
                Network.of(List.of(7, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY)
                        .withInputs(NUMBERS, List.of(), true));
    }

    private static AnyMatrix inputs(Precision precision, boolean mixed) {
        Matrix dense = precision.zeros(7, M);
        for (int j = 0; j < M; j++) {
            for (int i = 0; i < 7; i++) {
                dense.set(i, j, ROWS[j][i]);
            }
        }
        if (!mixed) {
            return dense;
        }
        Matrix numbers = precision.zeros(2, M);
        int[] starts = new int[M + 1];
        int[] indices = new int[2 * M];
        int entries = 0;
        for (int j = 0; j < M; j++) {
            numbers.set(0, j, ROWS[j][0]);
            numbers.set(1, j, ROWS[j][3]);
            for (int i : new int[] {1, 2, 4, 5, 6}) {
                if (ROWS[j][i] != 0) {
                    indices[entries++] = i;
                }
            }
            starts[j + 1] = entries;
        }
        double[] ones = new double[entries];
        Arrays.fill(ones, 1);
        return new MixedMatrix(
                new int[] {0, 3}, numbers, precision.sparse(7, starts, Arrays.copyOf(indices, entries), ones));
    }

    private static double[] theta(Network network) {
        double[] theta = Initializer.GLOROT.start(network, 1, 3);
        Random random = new Random(4);
        for (int i = 0; i < theta.length; i++) {
            theta[i] += 0.2 * random.nextGaussian();
        }
        return theta;
    }

    private static Examples examples(Precision precision, boolean mixed) {
        Matrix y = precision.zeros(1, M);
        for (int j = 0; j < M; j++) {
            y.set(0, j, j % 2);
        }
        return new Examples(inputs(precision, mixed), y, null);
    }

    /** Element (i, j) of a tensor. */
    private static double element(Network network, double[] theta, String tensor, int i, int j) {
        Network.Placed placed = network.tensor(tensor);
        return theta[placed.start() + i + j * placed.tensor().rows()];
    }

    /** The inputs of the first affine layer for a row, from the formulas of the Javadoc, number by number. */
    private static List<Double> embedded(Network network, double[] theta, double[] x) {
        List<Double> inputs = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            int input = i;
            if (network.embeddedCategories().stream()
                    .noneMatch(f -> f.first() <= input && input < f.first() + f.count())) {
                inputs.add(x[i]);
            }
        }
        for (Piecewise.Pieces pieces : network.pieces()) {
            double value = x[pieces.input()];
            for (int t = 1; t < pieces.knots().size(); t++) {
                double below = pieces.knots().get(t - 1);
                double above = pieces.knots().get(t);
                inputs.add(value < below ? 0 : value > above ? 1 : (value - below) / (above - below));
            }
        }
        for (int i = 0; i < network.embeddedNumbers().size(); i++) {
            for (int e = 0; e < 3; e++) {
                double sum = element(network, theta, "a0", e, i);
                for (int f = 0; f < 16; f++) {
                    double turns = element(network, theta, "w0", f, i) * x[NUMBERS.get(i)]
                            + element(network, theta, "b0", f, i);
                    sum += element(network, theta, "V0", 3 * f + e, i) * Math.cos(2 * Math.PI * turns);
                }
                inputs.add(sum);
            }
        }
        int column = 0;
        for (CategoryEmbedding.Feature feature : network.embeddedCategories()) {
            for (int e = 0; e < 8; e++) {
                double sum = 0;
                for (int k = 0; k < feature.count(); k++) {
                    sum += element(network, theta, "C0", e, column + k) * x[feature.first() + k];
                }
                inputs.add(sum);
            }
            column += feature.count();
        }
        return inputs;
    }

    /** Z[1] for a row. */
    private static double[] naive(Network network, double[] theta, double[] x) {
        List<Double> input = embedded(network, theta, x);
        assertEquals(network.affine(1).inputs(), input.size());
        double[] z = new double[network.units(1)];
        for (int i = 0; i < z.length; i++) {
            z[i] = element(network, theta, "b1", i, 0);
            for (int j = 0; j < input.size(); j++) {
                double s = network.scalesInputs() ? element(network, theta, "s1", j, 0) : 1;
                z[i] += element(network, theta, "W1", i, j) * s * input.get(j);
            }
        }
        return z;
    }

    private static double activated(Network network, double[] theta, int i, double z) {
        double g = network.activation(1) == Activation.TANH
                ? Math.tanh(z)
                : z / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
        double alpha = network.hasParametricActivations() ? element(network, theta, "alpha1", i, 0) : 1;
        return (1 - alpha) * z + alpha * g;
    }

    /** Whether X is mixed: it always is where categories are embedded. */
    private static boolean[] kinds(Network network) {
        return network.embeddedCategories().isEmpty() ? new boolean[] {false, true} : new boolean[] {true};
    }

    @ParameterizedTest
    @MethodSource("networks")
    void outputs_equalTheFormulas(Network network) {
        double[] theta = theta(network);
        Backprop backprop = new Backprop(network, Parameters.of(network, theta), M);
        for (boolean mixed : kinds(network)) {
            Matrix output = backprop.predict(inputs(Precision.DOUBLE, mixed));
            for (int j = 0; j < M; j++) {
                double[] z = naive(network, theta, ROWS[j]);
                for (int i = 0; i < z.length; i++) {
                    double expected =
                            network.depth() == 1 ? 1 / (1 + Math.exp(-z[i])) : activated(network, theta, i, z[i]);
                    double found = network.depth() == 1
                            ? output.get(i, j)
                            : backprop.hidden(1).get(i, j);
                    assertEquals(expected, found, 1e-14, "row " + j + ", unit " + i);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradient_equalsCentralDifferences(Network network) {
        double h = 0x1p-19; // the phases have third derivatives of (2 pi)^3
        double[] theta = theta(network);
        Dropout.Masks masks = new Dropout.Masks(new Dropout(0.2, List.of(0.3)), 5);
        for (boolean mixed : kinds(network)) {
            Examples examples = examples(Precision.DOUBLE, mixed);
            Parameters p = Parameters.of(network, theta);
            Parameters gradient = new Parameters(network, Precision.DOUBLE);
            Parameters unused = new Parameters(network, Precision.DOUBLE);
            Backprop backprop = new Backprop(network, p, M);
            backprop.lossAndGradient(examples, gradient, network.depth() == 1 ? Dropout.Masks.NONE : masks);
            double[] analytic = gradient.toArray();
            double greatest = Arrays.stream(analytic).map(Math::abs).max().orElseThrow();
            assertTrue(greatest > 0.1);
            for (int i = 0; i < theta.length; i++) {
                double[] difference = new double[2];
                for (int side = 0; side < 2; side++) {
                    double[] moved = theta.clone();
                    moved[i] += side == 0 ? -h : h;
                    p.theta().setAll(moved);
                    difference[side] = backprop.lossAndGradient(
                            examples, unused, network.depth() == 1 ? Dropout.Masks.NONE : masks);
                }
                double numeric = (difference[1] - difference[0]) / (2 * h);
                assertEquals(numeric, analytic[i], 1e-7 * Math.max(Math.abs(numeric), greatest / 100), "element " + i);
            }
        }
    }

    @Test
    void single_agreesWithDouble() {
        Network network = PLAIN.withInputs(NUMBERS, CATEGORIES, true).withPieces(PIECES);
        List<double[]> gradients = new ArrayList<>();
        for (Precision precision : Precision.values()) {
            Parameters p = new Parameters(network, precision);
            p.theta().setAll(theta(network));
            Parameters gradient = new Parameters(network, precision);
            new Backprop(network, p, M).lossAndGradient(examples(precision, true), gradient);
            gradients.add(gradient.toArray());
        }
        assertArrayEquals(gradients.get(0), gradients.get(1), 2e-5);
    }

    @Test
    void network_whoseFirstLayerDoesNotFitTheEmbedding_isRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Network(
                        List.of(new Periodic(7, NUMBERS), new Affine(1, 7, 1)),
                        Loss.SIGMOID_CROSS_ENTROPY,
                        1,
                        Quantiles.NONE));
        CategoryEmbedding categories = new CategoryEmbedding(7, CATEGORIES);
        Periodic behind = new Periodic(categories.units(7), List.of(0));
        Affine affine = new Affine(1, behind.units(behind.inputs()), 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Network(List.of(categories, behind, affine), Loss.SIGMOID_CROSS_ENTROPY, 1, Quantiles.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Periodic(7, List.of(3, 3)));
        assertThrows(IllegalArgumentException.class, () -> new Periodic(7, List.of(7)));
        Piecewise pieces = new Piecewise(7, PIECES);
        Affine above = new Affine(1, pieces.units(7), 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Network(
                        List.of(new Periodic(7, NUMBERS), pieces, above),
                        Loss.SIGMOID_CROSS_ENTROPY,
                        1,
                        Quantiles.NONE));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Network(List.of(pieces, new Affine(1, 7, 1)), Loss.SIGMOID_CROSS_ENTROPY, 1, Quantiles.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Piecewise(3, PIECES));
        assertThrows(IllegalArgumentException.class, () -> new Piecewise(7, List.of(PIECES.get(0), PIECES.get(0))));
        assertThrows(IllegalArgumentException.class, () -> new Piecewise.Pieces(0, List.of(1.0)));
        assertThrows(IllegalArgumentException.class, () -> new Piecewise.Pieces(0, List.of(1.0, 1.0)));
        assertThrows(IllegalArgumentException.class, () -> new Piecewise.Pieces(0, List.of(1.0, Double.NaN)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CategoryEmbedding(
                        7, List.of(new CategoryEmbedding.Feature(4, 3), new CategoryEmbedding.Feature(1, 2))));
        assertThrows(
                IllegalArgumentException.class,
                () -> new CategoryEmbedding(7, List.of(new CategoryEmbedding.Feature(5, 3))));
        assertEquals(
                List.of(7, 4, 3, 2), PLAIN.withInputs(NUMBERS, CATEGORIES, true).units());
    }
}
