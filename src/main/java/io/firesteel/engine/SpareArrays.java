package io.firesteel.engine;

import java.util.ArrayDeque;
import java.util.Deque;

/** Arrays that are used again, so that a step need not have new memory cleared for it. Any thread may take and give back. */
final class SpareArrays {
    private final Deque<double[]> spare = new ArrayDeque<>();

    /** Returns an array of a length, with any content. */
    synchronized double[] take(int length) {
        while (!spare.isEmpty()) {
            double[] array = spare.pop();
            if (array.length == length) {
                return array;
            }
        }
        return new double[length];
    }

    synchronized void giveBack(double[] array) {
        spare.push(array);
    }
}
