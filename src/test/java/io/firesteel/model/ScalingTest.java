package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScalingTest {
    /** (7 - 3) / 2 = 2 and (7 + 1) / 4 = 2; back, 3 + 2 * 2 = 7 and -1 + 2 * 4 = 7. */
    @Test
    void scale_andUnscale_byHand() {
        Scaling scaling = new Scaling(new double[] {3, -1}, new double[] {2, 4});
        assertEquals(2, scaling.scale(0, 7));
        assertEquals(2, scaling.scale(1, 7));
        assertEquals(7, scaling.unscale(0, 2));
        assertEquals(7, scaling.unscale(1, 2));
    }

    @Test
    void none_changesNothing() {
        Scaling none = Scaling.none(2);
        assertArrayEquals(new double[2], none.mean());
        assertEquals(-0.3, none.scale(1, -0.3));
        assertEquals(-0.3, none.unscale(1, -0.3));
    }

    @Test
    void scaling_ofDifferentLengths_isRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> new Scaling(new double[2], new double[] {1, 1, 1}))
                .getMessage();
        assertTrue(message.contains("2 means and 3 deviations"), message);
    }
}
