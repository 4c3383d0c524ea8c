package io.firesteel.train;

import io.firesteel.compute.Batch;
import io.firesteel.compute.Sampling;
import io.firesteel.nn.Masks;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Samples;
import java.util.Arrays;

/**
 * The samples that a step sees, for the oracle.
 *
 * @param leaf the leaf of the step's pass that has each
 * @param place its number among the leaf's samples
 */
public record StepSamples(Samples samples, int[] leaf, int[] place) {
    /** Of samples in blocks of so many. */
    public static StepSamples of(Samples all, Sampling sampling, int blockRows, int step) {
        int m = all.size();
        Batch batch = sampling.batch(step);
        double[][] x = new double[m][];
        double[][] y = new double[m][];
        double[] weights = new double[m];
        int[] leaf = new int[m];
        int[] place = new int[m];
        int n = 0;
        int leaves = batch == null ? (m + blockRows - 1) / blockRows : batch.leaves();
        for (int k = 0; k < leaves; k++) {
            int block = batch == null ? k : batch.block(k);
            int rows = Math.min(blockRows, m - block * blockRows);
            Batch.Tile tile = batch == null ? new Batch.Tile(k, 0, rows, true) : batch.tile(k);
            for (int i = 0; i < tile.rows(); i++, n++) {
                int at = tile.from() + i;
                int row = block * blockRows + (tile.inOrder() ? at : batch.order(block)[at]);
                x[n] = all.x()[row];
                y[n] = all.y()[row];
                weights[n] = all.weights() == null ? 1 : all.weights()[row];
                leaf[n] = k;
                place[n] = i;
            }
        }
        Samples seen = new Samples(Arrays.copyOf(x, n), Arrays.copyOf(y, n), Arrays.copyOf(weights, n));
        return new StepSamples(seen, leaf, place);
    }

    /** What the step drops of them. */
    public NaiveNetwork.Masks masks(Network network, Sampling sampling, int step) {
        return masks(network, 0, sampling, step);
    }

    /** What the step drops of them in a member. */
    public NaiveNetwork.Masks masks(Network network, int member, Sampling sampling, int step) {
        return Masks.of(network, member, sampling.dropout(), sampling.seed(), step, leaf, place);
    }
}
