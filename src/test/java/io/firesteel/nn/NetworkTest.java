package io.firesteel.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkTest {
    static List<List<Integer>> impossibleLayers() {
        int huge = Integer.MAX_VALUE;
        return List.of(
                List.of(),
                List.of(1),
                List.of(0, 1),
                List.of(1, 0),
                List.of(3, -2, 1),
                List.of(50_000, 50_000),
                // 2^62 parameters between each two of the huge layers: the sum of two or more leaves 64 bits
                List.of(2, huge, huge, huge, 1),
                List.of(huge, huge, huge, huge, huge, huge, huge));
    }

    @ParameterizedTest
    @MethodSource("impossibleLayers")
    void network_ofImpossibleLayers_isRefusedByTheirName(List<Integer> layers) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Network.of(layers, Activation.SIGMOID, Loss.SQUARED_ERROR))
                .getMessage();
        assertTrue(message.contains("layers " + layers), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void network_withoutAnActivationForEachHiddenLayer_isRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new Network(List.of(2, 3, 4, 1), List.of(Activation.TANH), Loss.SQUARED_ERROR))
                .getMessage();
        assertTrue(message.contains("[2, 3, 4, 1]") && message.contains("expected 2"), message);
    }

    /*
     * Layers 3, 2, 1: W[1] (2, 3) at 0, b[1] (2, 1) at 6, W[2] (1, 2) at 8, b[2] (1, 1) at 10, 11 in all.
     */
    @Test
    void parameters_areViewsIntoOneVector() {
        Network network = Network.of(List.of(3, 2, 1), Activation.SIGMOID, Loss.SQUARED_ERROR);
        double[] theta = new double[11];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = i;
        }
        Parameters parameters = Parameters.of(network, theta);

        assertEquals(11, network.parameterCount());
        assertEquals(2, parameters.of(0, 0).get(0).rows());
        assertEquals(3, parameters.of(0, 0).get(0).cols());
        assertEquals(1 + 2 * 2, parameters.of(0, 0).get(0).get(1, 2), "column after column");
        assertEquals(7, parameters.of(0, 0).get(1).get(1, 0));
        assertEquals(9, parameters.of(0, 2).get(0).get(0, 1));
        assertEquals(10, parameters.of(0, 2).get(1).get(0, 0));

        parameters.of(0, 0).get(1).set(1, 0, -1);
        assertEquals(-1, parameters.toArray()[7]);
        assertEquals(7, theta[7], "of() copies");
        assertEquals(0, new Parameters(network, Precision.SINGLE).theta().get(10, 0));
    }
}
