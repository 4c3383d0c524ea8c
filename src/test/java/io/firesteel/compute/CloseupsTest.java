package io.firesteel.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Closeup;
import io.firesteel.model.Models;
import io.firesteel.model.Residuals;
import io.firesteel.model.Scaling;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Samples;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Close looks have the same bits on any number of threads, and are what loops over all rows give. */
class CloseupsTest {
    private static final int BLOCK_ROWS = 16;

    private static Closeup closeup(TrainedModel model, Samples samples, int threads) {
        List<Block> blocks = SampleBlocks.of(samples, Precision.DOUBLE, BLOCK_ROWS);
        try (Runner<Block> runner = LocalRunner.of(blocks, threads)) {
            return Closeups.of(model, Precision.DOUBLE, runner, samples.size(), BLOCK_ROWS);
        }
    }

    /** Of few rows the sample is all of them, in order; of many it is one in so many. */
    @ParameterizedTest
    @ValueSource(ints = {1, 130, 1499, 1500, 4000})
    void sample_isOfRowsAtEqualDistances(int m) {
        TrainedModel model = Models.twoClasses();
        Samples scaled = Samples.random(model.network(), m, false, 1);
        for (int j = 0; j < m; j++) {
            scaled.x()[j][0] = j / 8.0; // exact when it is unscaled: 1 + j / 16
            scaled.y()[j][0] = j % 2;
        }
        List<Closeup.Example> sample = closeup(model, scaled, 3).sample();
        int size = Math.min(m, 1500);
        assertEquals(size, sample.size());
        for (int k = 0; k < size; k++) {
            long row = (long) k * m / size;
            assertEquals(1 + row / 16.0, sample.get(k).x()[0]);
            assertEquals((double) (row % 2), sample.get(k).y()[0]);
            double[] scores = model.score(sample.get(k).x());
            assertEquals(scores[1] > 0.5 ? 1 : 0, sample.get(k).predicted()[0]);
        }
    }

    /** z = x0 + 2 x1, targets in units of their own: each cell, step and part is counted in a loop. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void residuals_areThoseOfALoop(boolean weighted) {
        TrainedModel model =
                Models.with(Models.regression(new Scaling(new double[] {100}, new double[] {10})), 1, 2, 0.5);
        int m = 3001;
        Samples samples = Samples.random(model.network(), m, weighted, 5);
        Residuals of = closeup(model, samples, 2).residuals().get(0);
        Residuals.Bins bins = of.bins();

        double[][] grid = new double[Residuals.CELLS][Residuals.CELLS];
        double[] errors = new double[Residuals.STEPS];
        double[][] parts = new double[10][4]; // weight, prediction, |e|, e^2
        double outside = 0;
        for (int j = 0; j < m; j++) {
            double w = weighted ? samples.weights()[j] : 1;
            double p = 100 + 10 * (samples.x()[j][0] + 2 * samples.x()[j][1] + 0.5);
            double y = 100 + 10 * samples.y()[j][0];
            grid[place((p - bins.from()) / (bins.to() - bins.from()), Residuals.CELLS)][
                    place((y - bins.from()) / (bins.to() - bins.from()), Residuals.CELLS)] += w;
            errors[place((p - y + bins.error()) / (2 * bins.error()), Residuals.STEPS)] += w;
            outside += Math.min(p, y) < bins.from() || Math.max(p, y) > bins.to() ? w : 0;
            double[] part = parts[
                    (int) Arrays.stream(bins.edges()).filter(edge -> edge < p).count()];
            part[0] += w;
            part[1] += w * p;
            part[2] += w * Math.abs(p - y);
            part[3] += w * (p - y) * (p - y);
        }
        for (int i = 0; i < Residuals.CELLS; i++) {
            assertArrayEquals(grid[i], of.grid()[i], 1e-9);
        }
        assertArrayEquals(errors, of.errors(), 1e-9);
        assertEquals(outside, of.outside(), 1e-9);
        assertEquals(10, of.parts().size());
        for (int k = 0; k < 10; k++) {
            Residuals.Part part = of.parts().get(k);
            assertEquals(parts[k][0], part.support(), 1e-9);
            assertEquals(parts[k][1] / parts[k][0], part.predicted(), 1e-9);
            assertEquals(parts[k][2] / parts[k][0], part.mae(), 1e-9);
            assertEquals(Math.sqrt(parts[k][3] / parts[k][0]), part.rmse(), 1e-9);
        }
    }

    private static int place(double part, int steps) {
        return (int) Math.max(0, Math.min(steps - 1, Math.floor(part * steps)));
    }

    @Test
    void residuals_onAnyNumberOfThreads_haveTheSameBits() {
        TrainedModel model = Models.regression(new Scaling(new double[] {3, -1}, new double[] {2, 7}));
        Samples samples = Samples.random(model.network(), 2000, true, 9);
        Closeup one = closeup(model, samples, 1);
        Closeup five = closeup(model, samples, 5);
        assertEquals(2, one.residuals().size());
        for (int i = 0; i < 2; i++) {
            Residuals a = one.residuals().get(i);
            Residuals b = five.residuals().get(i);
            assertArrayEquals(a.errors(), b.errors());
            assertEquals(a.parts(), b.parts());
            assertArrayEquals(a.bins().edges(), b.bins().edges());
        }
    }
}
