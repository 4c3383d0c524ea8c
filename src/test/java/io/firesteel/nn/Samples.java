package io.firesteel.nn;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.MixedMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SparseMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Labelled examples as plain arrays, one row an example, from which tests make blocks of any size.
 *
 * @param x (m, n_0)
 * @param y (m, rows of Y): for softmax the class number, as {@link Examples} wants it
 * @param weights (m), or null where each example counts once
 */
public record Samples(double[][] x, double[][] y, double[] weights) {

    /** Normal inputs, targets that every loss takes (a class number, or numbers between 0 and 1), weights in [0, 3]. */
    public static Samples random(Network network, int m, boolean weighted, long seed) {
        Random random = new Random(seed);
        int targetRows = network.loss().targetRows(network.outputs());
        boolean classNumbers = network.loss() == Loss.SOFTMAX_CROSS_ENTROPY;
        double[][] x = new double[m][network.inputs()];
        double[][] y = new double[m][targetRows];
        double[] weights = weighted ? new double[m] : null;
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < x[i].length; k++) {
                x[i][k] = random.nextGaussian();
            }
            for (int k = 0; k < y[i].length; k++) {
                y[i][k] = classNumbers ? random.nextInt(network.outputs()) : random.nextDouble();
            }
            if (weighted) {
                weights[i] = i == 1 ? 0 : 3 * random.nextDouble(); // a weight of nothing is a weight too
            }
        }
        return new Samples(x, y, weights);
    }

    /** The number of examples. */
    public int size() {
        return x.length;
    }

    /** The examples from .. to - 1, one a column. */
    public Examples slice(Precision precision, int from, int to) {
        Matrix w = weights == null ? null : precision.zeros(1, to - from);
        for (int i = from; i < to && w != null; i++) {
            w.set(0, i - from, weights[i]);
        }
        return new Examples(columns(precision, x, from, to), columns(precision, y, from, to), w);
    }

    /** All examples as one block. */
    public Examples all(Precision precision) {
        return slice(precision, 0, size());
    }

    /** All examples in slices of {@code rows} each, the last one with what is left. */
    public List<Examples> slices(Precision precision, int rows) {
        List<Examples> slices = new ArrayList<>();
        for (int from = 0; from < size(); from += rows) {
            slices.add(slice(precision, from, Math.min(from + rows, size())));
        }
        return slices;
    }

    /** The same examples with sparse inputs. */
    public static Examples sparse(Examples examples) {
        return new Examples(sparse(examples.x()), examples.y(), examples.weights());
    }

    /** The same examples with inputs whose odd rows are dense and whose even rows are sparse. */
    public static Examples mixed(Examples examples) {
        AnyMatrix x = examples.x();
        int[] odd = IntStream.range(0, x.rows()).filter(i -> i % 2 == 1).toArray();
        Matrix dense = x.precision().zeros(odd.length, x.cols());
        Matrix even = x.precision().zeros(x.rows(), x.cols());
        for (int j = 0; j < x.cols(); j++) {
            for (int i = 0; i < x.rows(); i++) {
                (i % 2 == 1 ? dense : even).set(i % 2 == 1 ? i / 2 : i, j, x.get(i, j));
            }
        }
        return new Examples(new MixedMatrix(odd, dense, sparse(even)), examples.y(), examples.weights());
    }

    private static SparseMatrix sparse(AnyMatrix x) {
        int[] starts = new int[x.cols() + 1];
        List<Integer> indices = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int j = 0; j < x.cols(); j++) {
            for (int i = 0; i < x.rows(); i++) {
                if (x.get(i, j) != 0) {
                    indices.add(i);
                    values.add(x.get(i, j));
                }
            }
            starts[j + 1] = indices.size();
        }
        return x.precision()
                .sparse(
                        x.rows(),
                        starts,
                        indices.stream().mapToInt(i -> i).toArray(),
                        values.stream().mapToDouble(v -> v).toArray());
    }

    private static Matrix columns(Precision precision, double[][] rows, int from, int to) {
        Matrix columns = precision.zeros(rows[0].length, to - from);
        for (int j = from; j < to; j++) {
            for (int i = 0; i < columns.rows(); i++) {
                columns.set(i, j - from, rows[j][i]);
            }
        }
        return columns;
    }
}
