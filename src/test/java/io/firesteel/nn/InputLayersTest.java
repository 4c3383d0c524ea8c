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

/** Embedded numbers and scaled inputs, against loops that are written out and against central differences. */
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

    static Stream<Network> networks() {
        return Stream.of(
                PLAIN.withInputs(NUMBERS, true),
                PLAIN.withInputs(NUMBERS, false),
                PLAIN.withInputs(NUMBERS, true).withParametricActivations(),
                Network.of(List.of(7, 4, 3, 2), Activation.GELU, Loss.SOFTMAX_CROSS_ENTROPY)
                        .withParametricActivations(),
                PLAIN.withInputs(List.of(), true),
                Network.of(List.of(7, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY)
                        .withInputs(NUMBERS, true));
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

    /** Z[1] of the first row of a network that scales and embeds, from the formulas of the Javadoc, number by number. */
    private static double[] naive(Network network, double[] theta, double[] x) {
        Parameters p = Parameters.of(network, theta);
        int at = network.isEmbedded() ? 1 : 0;
        double[] input = Arrays.copyOf(x, network.affine(1).inputs());
        for (int i = 0; i < NUMBERS.size() && network.isEmbedded(); i++) {
            for (int e = 0; e < 3; e++) {
                double sum = p.of(0, 0).get(3).get(e, i);
                for (int f = 0; f < 16; f++) {
                    double turns = p.of(0, 0).get(0).get(f, i) * x[NUMBERS.get(i)]
                            + p.of(0, 0).get(1).get(f, i);
                    sum += p.of(0, 0).get(2).get(3 * f + e, i) * Math.cos(2 * Math.PI * turns);
                }
                input[7 + 3 * i + e] = sum;
            }
        }
        double[] z = new double[network.units(1)];
        for (int i = 0; i < z.length; i++) {
            z[i] = p.of(0, at).get(1).get(i, 0);
            for (int j = 0; j < input.length; j++) {
                double s = network.scalesInputs() ? p.of(0, at).get(2).get(j, 0) : 1;
                z[i] += p.of(0, at).get(0).get(i, j) * s * input[j];
            }
        }
        return z;
    }

    private static double activated(Network network, double[] theta, int i, double z) {
        double g = network.activation(1) == Activation.TANH
                ? Math.tanh(z)
                : z / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
        int at = network.isEmbedded() ? 2 : 1;
        double alpha = network.hasParametricActivations()
                ? Parameters.of(network, theta).of(0, at).get(0).get(i, 0)
                : 1;
        return (1 - alpha) * z + alpha * g;
    }

    @ParameterizedTest
    @MethodSource("networks")
    void outputs_equalTheFormulas(Network network) {
        double[] theta = theta(network);
        Backprop backprop = new Backprop(network, Parameters.of(network, theta), M);
        for (boolean mixed : new boolean[] {false, true}) {
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
        for (boolean mixed : new boolean[] {false, true}) {
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
        Network network = PLAIN.withInputs(NUMBERS, true);
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
                () -> new Network(List.of(new Periodic(7, NUMBERS), new Affine(1, 7, 1)), Loss.SIGMOID_CROSS_ENTROPY));
        assertThrows(IllegalArgumentException.class, () -> new Periodic(7, List.of(3, 3)));
        assertThrows(IllegalArgumentException.class, () -> new Periodic(7, List.of(7)));
        assertEquals(List.of(7, 4, 3, 2), PLAIN.withInputs(NUMBERS, true).units());
    }
}
