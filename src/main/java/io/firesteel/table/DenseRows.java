package io.firesteel.table;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows that hold all their numbers.
 *
 * @param features of a row
 * @param others how many numbers follow them
 * @param values row after row
 */
public record DenseRows(int features, int others, double[] values) implements Rows {
    /** Returns the number of values in a row. */
    public int width() {
        return features + others;
    }

    @Override
    public int count() {
        return values.length / width();
    }

    @Override
    public double other(int row, int k) {
        return values[row * width() + features + k];
    }

    @Override
    public long filled() {
        return (long) count() * features;
    }

    @Override
    public Map<Integer, Integer> missing() {
        int[] missing = new int[features];
        for (int at = 0; at < values.length; at += width()) {
            for (int i = 0; i < features; i++) {
                if (Double.isNaN(values[at + i])) {
                    missing[i]++;
                }
            }
        }
        Map<Integer, Integer> found = new TreeMap<>();
        for (int i = 0; i < features; i++) {
            if (missing[i] > 0) {
                found.put(i, missing[i]);
            }
        }
        return found;
    }

    @Override
    public DenseRows dense() {
        return this;
    }

    @Override
    public void addMoments(int from, double[] shift, boolean weighted, double[] sums) {
        int width = width();
        int columns = shift.length;
        for (int at = 0; at < values.length; at += width) {
            double weight = weighted ? values[at + width - 1] : 1;
            for (int i = 0; i < columns; i++) {
                double d = values[at + from + i] - shift[i];
                if (!Double.isNaN(d)) {
                    sums[i] += weight * d;
                    sums[columns + i] += weight * d * d;
                    sums[2 * columns + i] += weight;
                }
            }
            sums[3 * columns] += weight;
        }
    }

    @Override
    public Builder builder(int capacity) {
        return new Builder(features, others, capacity);
    }

    /** Builds dense rows. */
    static final class Builder implements Rows.Builder {
        private final int features;
        private final int width;
        private final int capacity;
        private double[] values = new double[0];
        private int at; // where the row in work begins

        Builder(int features, int others, int capacity) {
            this.features = features;
            this.width = features + others;
            this.capacity = capacity;
        }

        @Override
        public void begin() {
            makeRoom(width);
            Arrays.fill(values, at, at + width, 0);
        }

        @Override
        public void set(int column, double value) {
            values[at + column] = value;
        }

        @Override
        public void set(double[][] columns, int row) {
            for (int i = 0; i < columns.length; i++) {
                values[at + i] = columns[i][row];
            }
        }

        @Override
        public void end() {
            at += width;
        }

        @Override
        public void add(Rows rows, int from, int to) {
            int length = (to - from) * width;
            makeRoom(length);
            System.arraycopy(((DenseRows) rows).values, from * width, values, at, length);
            at += length;
        }

        private void makeRoom(int length) {
            int needed = Math.addExact(at, length);
            if (needed > values.length) {
                int usual = values.length == 0 ? Math.multiplyExact(capacity, width) : 2 * values.length;
                values = Arrays.copyOf(values, Math.max(usual, needed));
            }
        }

        @Override
        public void recode(int from, int column, double[] numbers) {
            for (int cell = from * width + column; cell < at; cell += width) {
                values[cell] = Double.isNaN(values[cell]) ? values[cell] : numbers[(int) values[cell]];
            }
        }

        @Override
        public int count() {
            return at / width;
        }

        @Override
        public long size() {
            return at;
        }

        @Override
        public Rows take() {
            double[] taken = at == values.length ? values : Arrays.copyOf(values, at);
            values = at == values.length ? new double[0] : values;
            at = 0;
            return new DenseRows(features, width - features, taken);
        }
    }
}
