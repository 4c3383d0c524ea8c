package io.firesteel.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The levels of quantiles, and where the median is among them. */
class QuantilesTest {
    private static double median(List<Double> levels, double... values) {
        return new Quantiles(levels).median(k -> values[k]);
    }

    @Test
    void median_isTheQuantileOneHalf_orBetweenItsNeighbours() {
        assertEquals(7, median(List.of(0.1, 0.5, 0.9), 1, 7, 8));
        assertEquals(7, median(List.of(0.5), 7));
        assertEquals(4, median(List.of(0.1, 0.9), 1, 7));
        assertEquals(1 + 0.25 * 6, median(List.of(0.4, 0.8), 1, 7), 1e-15);
        assertEquals(3, median(List.of(0.1, 0.2, 0.3), 1, 2, 3), "all below: the nearest");
        assertEquals(1, median(List.of(0.7, 0.8, 0.9), 1, 2, 3), "all above: the nearest");
    }

    @Test
    void levels_ascendBetweenZeroAndOne() {
        assertTrue(Quantiles.areLevels(List.of(1e-9, 0.5, 1 - 1e-9)));
        for (List<Double> wrong : List.of(
                List.of(0.0, 0.5), List.of(0.5, 1.0), List.of(0.5, 0.5), List.of(0.9, 0.1), List.of(Double.NaN))) {
            assertFalse(Quantiles.areLevels(wrong), wrong.toString());
            assertThrows(IllegalArgumentException.class, () -> new Quantiles(wrong));
        }
        assertEquals(List.of("0.1", "0.5", "0.00025"), names(0.1, 0.5, 0.00025));
    }

    private static List<String> names(double... levels) {
        return java.util.Arrays.stream(levels)
                .mapToObj(level -> new Quantiles(List.of(level)).names().get(0))
                .toList();
    }

    /** The loss, its quantiles and the number of outputs belong together. */
    @Test
    void network_ofOtherOutputs_isRefused() {
        Quantiles two = new Quantiles(List.of(0.1, 0.9));
        assertEquals(1, new Network(List.of(3, 2), List.of(), Loss.QUANTILE, two).targets());
        assertThrows(IllegalArgumentException.class, () -> new Network(List.of(3, 3), List.of(), Loss.QUANTILE, two));
        assertThrows(IllegalArgumentException.class, () -> new Network(List.of(3, 2), List.of(), Loss.HUBER, two));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Network(List.of(3, 2), List.of(), Loss.QUANTILE, Quantiles.NONE));
    }
}
