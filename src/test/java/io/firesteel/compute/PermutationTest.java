package io.firesteel.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
    @Test
    void at_goesToEachPlaceOnce_andInverseBack() {
        for (int size = 1; size < 300; size++) {
            Permutation order = new Permutation(size, size * 31L);
            BitSet places = new BitSet();
            for (int i = 0; i < size; i++) {
                long place = order.at(i);
                places.set((int) place);
                assertEquals(i, order.inverse(place));
            }
            assertEquals(size, places.cardinality());
            assertEquals(size, places.length());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 20, (1L << 20) + 1, 1_000_000_000_007L, (1L << 62) - 1, 1L << 62})
    void at_ofManyNumbers_staysBelowTheSize_andComesBack(long size) {
        Permutation order = new Permutation(size, 5);
        for (long i : new long[] {0, 1, 2, size / 3, size / 2, size - 2, size - 1}) {
            assertTrue(order.at(i) >= 0 && order.at(i) < size);
            assertEquals(i, order.inverse(order.at(i)));
        }
    }

    /** Over 20,000 keys every number goes to every place about equally often: within five deviations. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 7, 12})
    void at_goesAnywhereWithTheSameProbability(int size) {
        int keys = 20_000;
        int[][] counts = new int[size][size];
        for (int key = 0; key < keys; key++) {
            for (int i = 0; i < size; i++) {
                counts[i][(int) new Permutation(size, key).at(i)]++;
            }
        }
        double expected = (double) keys / size;
        double deviation = Math.sqrt(expected * (1 - 1.0 / size));
        for (int[] places : counts) {
            for (int count : places) {
                assertEquals(expected, count, 5 * deviation);
            }
        }
    }

    /** Neighbours are parted: of 10,000 numbers hardly any is followed by its successor. */
    @Test
    void at_partsNeighbours() {
        Permutation order = new Permutation(10_000, 1);
        int together = 0;
        for (int i = 1; i < 10_000; i++) {
            together += order.at(i) == order.at(i - 1) + 1 ? 1 : 0;
        }
        assertTrue(together < 8, together + " of 10,000 are still together, where 1 is to be expected");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, (1L << 62) + 1})
    void size_thatIsBad_isRefused(long size) {
        assertThrows(IllegalArgumentException.class, () -> new Permutation(size, 1));
    }
}
