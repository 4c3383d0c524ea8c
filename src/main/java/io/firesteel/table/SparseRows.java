package io.firesteel.table;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Rows that leave out features that are 0.
 *
 * @param features the number of features of a row
 * @param others the number of values that follow them
 * @param starts (rows + 1): the entries of row j are numbers starts[j] to starts[j + 1] - 1
 * @param indices the feature of each entry, ascending in a row
 * @param values the value of each entry
 * @param otherValues the values that follow the features, row after row
 */
public record SparseRows(int features, int others, int[] starts, int[] indices, double[] values, double[] otherValues)
        implements Rows {
    @Override
    public int count() {
        return starts.length - 1;
    }

    @Override
    public double other(int row, int k) {
        return otherValues[row * others + k];
    }

    @Override
    public long filled() {
        return values.length;
    }

    @Override
    public Map<Integer, Integer> missing() {
        Map<Integer, Integer> missing = new TreeMap<>();
        for (int p = 0; p < values.length; p++) {
            if (Double.isNaN(values[p])) {
                missing.merge(indices[p], 1, Integer::sum);
            }
        }
        return missing;
    }

    @Override
    public DenseRows dense() {
        int width = features + others;
        double[] all = new double[Math.multiplyExact(count(), width)];
        for (int j = 0; j < count(); j++) {
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                all[j * width + indices[p]] = values[p];
            }
            System.arraycopy(otherValues, j * others, all, j * width + features, others);
        }
        return new DenseRows(features, others, all);
    }

    @Override
    public void addMoments(int from, double[] shift, boolean weighted, double[] sums) {
        if (from >= features) {
            new DenseRows(0, others, otherValues).addMoments(from - features, shift, weighted, sums);
            return;
        }
        int columns = shift.length;
        int[] shifted = IntStream.range(0, columns).filter(i -> shift[i] != 0).toArray();
        int[] lastRow = new int[shifted.length == 0 ? 0 : columns]; // with an entry in a column, counted from 1
        double total = 0;
        for (int j = 0; j < count(); j++) {
            double weight = weighted ? other(j, others - 1) : 1;
            for (int p = starts[j]; p < starts[j + 1]; p++) {
                int i = indices[p] - from;
                double d = values[p] - shift[i];
                if (Double.isNaN(d)) {
                    sums[2 * columns + i] -= weight;
                } else {
                    sums[i] += weight * d;
                    sums[columns + i] += weight * d * d;
                }
                if (lastRow.length > 0) {
                    lastRow[i] = j + 1;
                }
            }
            for (int i : shifted) {
                if (lastRow[i] != j + 1) { // a zero, which is as far from the shift as the shift is from 0
                    sums[i] -= weight * shift[i];
                    sums[columns + i] += weight * shift[i] * shift[i];
                }
            }
            total += weight;
        }
        for (int i = 0; i < columns; i++) {
            sums[2 * columns + i] += total;
        }
        sums[3 * columns] += total;
    }

    @Override
    public Builder builder(int capacity) {
        return new Builder(features, others);
    }

    /** Builds sparse rows. */
    static final class Builder implements Rows.Builder {
        private static final int LEAST = 1 << 4;

        private final int features;
        private final int others;
        private int rows;
        private int entries; // with those of the row in work
        private int[] starts = new int[LEAST];
        private int[] indices = new int[LEAST];
        private double[] values = new double[LEAST];
        private double[] otherValues = new double[LEAST];

        Builder(int features, int others) {
            this.features = features;
            this.others = others;
        }

        @Override
        public void begin() {
            makeRoomForRows(1);
            entries = starts[rows];
            Arrays.fill(otherValues, rows * others, (rows + 1) * others, 0);
        }

        @Override
        public void set(int column, double value) {
            if (column >= features) {
                otherValues[rows * others + column - features] = value;
            } else if (Double.doubleToRawLongBits(value) != 0) { // -0.0 is held, so that nothing is changed
                makeRoomForEntries(1);
                indices[entries] = column;
                values[entries++] = value;
            }
        }

        @Override
        public void set(double[][] columns, int row) {
            for (int i = 0; i < columns.length; i++) {
                set(i, columns[i][row]);
            }
        }

        @Override
        public void end() {
            starts[++rows] = entries;
        }

        @Override
        public void add(Rows some, int from, int to) {
            SparseRows more = (SparseRows) some;
            int first = more.starts[from];
            int length = more.starts[to] - first;
            makeRoomForRows(to - from);
            makeRoomForEntries(length);
            for (int j = from; j < to; j++) {
                starts[rows + 1 + j - from] = entries + more.starts[j + 1] - first;
            }
            System.arraycopy(more.indices, first, indices, entries, length);
            System.arraycopy(more.values, first, values, entries, length);
            System.arraycopy(more.otherValues, from * others, otherValues, rows * others, (to - from) * others);
            entries += length;
            rows += to - from;
        }

        private void makeRoomForRows(int more) {
            if (rows + more >= starts.length) {
                starts = Arrays.copyOf(starts, Math.max(2 * starts.length, rows + more + 1));
            }
            int others = Math.multiplyExact(this.others, rows + more);
            if (others > otherValues.length) {
                otherValues = Arrays.copyOf(otherValues, Math.max(2 * otherValues.length, others));
            }
        }

        private void makeRoomForEntries(int more) {
            int needed = Math.addExact(entries, more);
            if (needed > indices.length) {
                int length = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(2L * indices.length, needed));
                indices = Arrays.copyOf(indices, length);
                values = Arrays.copyOf(values, length);
            }
        }

        @Override
        public void recode(int from, int column, double[] numbers) {
            for (int cell = from * others + column - features; cell < rows * others; cell += others) {
                otherValues[cell] = numbers[(int) otherValues[cell]];
            }
        }

        @Override
        public int count() {
            return rows;
        }

        @Override
        public long size() {
            return starts[rows] + (long) rows * others;
        }

        @Override
        public Rows take() {
            int held = starts[rows];
            Rows taken = new SparseRows(
                    features,
                    others,
                    Arrays.copyOf(starts, rows + 1),
                    Arrays.copyOf(indices, held),
                    Arrays.copyOf(values, held),
                    Arrays.copyOf(otherValues, rows * others));
            rows = 0;
            entries = 0;
            return taken;
        }
    }
}
