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
 * @param block the block of each
 * @param place its number among the step's samples of that block
 */
public record StepSamples(Samples samples, int[] block, int[] place) {
    /** Of samples in blocks of so many. */
    public static StepSamples of(Samples all, Sampling sampling, int blockRows, int step) {
        int m = all.size();
        Batch batch = sampling.batch(step);
        double[][] x = new double[m][];
        double[][] y = new double[m][];
        double[] weights = new double[m];
        int[] block = new int[m];
        int[] place = new int[m];
        int n = 0;
        for (int b = 0; b * blockRows < m; b++) {
            Batch.Part part = batch == null ? null : batch.part(b);
            int rows = Math.min(blockRows, m - b * blockRows);
            int used = batch == null ? rows : part == null ? 0 : part.rows();
            for (int i = 0; i < used; i++, n++) {
                int row = b * blockRows + (part == null || part.whole() ? i : part.row(part.from() + i));
                x[n] = all.x()[row];
                y[n] = all.y()[row];
                weights[n] = all.weights() == null ? 1 : all.weights()[row];
                block[n] = b;
                place[n] = i;
            }
        }
        Samples seen = new Samples(Arrays.copyOf(x, n), Arrays.copyOf(y, n), Arrays.copyOf(weights, n));
        return new StepSamples(seen, block, place);
    }

    /** What the step drops of them. */
    public NaiveNetwork.Masks masks(Network network, Sampling sampling, int step) {
        return Masks.of(network, sampling.dropout(), sampling.seed(), step, block, place);
    }
}
