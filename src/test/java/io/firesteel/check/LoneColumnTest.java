package io.firesteel.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoneColumnTest {
    private static double told(double[] values, boolean isCategory, double[] targets, int classes) {
        return new LoneColumn(values, isCategory, targets).told(classes);
    }

    /** Group 0 has classes 0 0 0 1 and group 1 has 1 1 1: one row of four that are not of class 0 would be wrong. */
    @Test
    void told_ofClasses_byHand() {
        double[] values = {0, 0, 0, 0, 1, 1, 1};
        double[] classes = {0, 0, 0, 1, 1, 1, 1};
        // Always saying 1 is wrong for three rows, the groups for one.
        assertEquals(1 - 1 / 3.0, told(values, true, classes, 2), 1e-15);
    }

    /** A group of one row knows nothing without it, and one of two unlike rows says the other's class. */
    @Test
    void told_ofRowsAlone_isNothing() {
        double[] each = IntStream.range(0, 10).asDoubleStream().toArray();
        double[] classes = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1};
        assertTrue(told(each, true, classes, 2) <= 0);
        double[] targets = Arrays.stream(each).map(x -> x * x).toArray();
        assertEquals(0, told(each, true, targets, 0), 1e-15);
    }

    /** Groups of targets 1 3 and 5 7: each row is 2 from the other one of its group, each target 3, 1, 1 and 3 from the mean 4. */
    @Test
    void told_ofNumbers_byHand() {
        assertEquals(1 - 16 / 20.0, told(new double[] {0, 0, 1, 1}, true, new double[] {1, 3, 5, 7}, 0), 1e-15);
    }

    @Test
    void told_ofMissingValues_areAGroup() {
        double[] values = {Double.NaN, Double.NaN, Double.NaN, 1, 1, 1};
        assertEquals(1, told(values, true, new double[] {1, 1, 1, 0, 0, 0}, 2), 1e-15);
    }

    @Test
    void told_ofManyNumbers_isByNeighbours() {
        Random random = new Random(1);
        double[] x = random.doubles(4000).toArray();
        double[] same = Arrays.stream(x).map(value -> 3 - 2 * value).toArray();
        double[] noise = random.doubles(4000).toArray();
        double[] above = Arrays.stream(x).map(value -> value > 0.3 ? 1 : 0).toArray();
        assertTrue(told(x, false, same, 0) > 0.999);
        assertTrue(told(x, false, noise, 0) < 0.01);
        assertTrue(told(x, false, above, 2) > 0.98);
    }
}
