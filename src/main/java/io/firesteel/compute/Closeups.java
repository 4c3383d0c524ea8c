package io.firesteel.compute;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Closeup;
import io.firesteel.model.ResidualSums;
import io.firesteel.model.Residuals;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Network;
import java.util.ArrayList;
import java.util.List;

/** Samples a model's outputs, and sums up its residuals, for the report. */
public final class Closeups {
    /** The number of examples of a sample. */
    private static final int SAMPLE = 1500;

    private Closeups() {}

    /**
     * Returns a sample of a model's outputs over all blocks of a runner, and the residuals of all examples in bins that fit the
     * sample.
     *
     * @param precision of the blocks
     * @param rows the number of examples
     * @param blockRows the number of examples in each block but the last
     */
    public static Closeup of(TrainedModel model, Precision precision, Runner<Block> runner, long rows, int blockRows) {
        Point point = Point.of(model.theta());
        SampleKernel some =
                new SampleKernel(model.description(), precision, rows, blockRows, (int) Math.min(rows, SAMPLE));
        List<Closeup.Example> sample = some.examples(runner.sum(some, point).sums());
        if (model.description().task() != Task.REGRESSION) {
            return new Closeup(sample, List.of());
        }
        List<Residuals.Bins> bins = new ArrayList<>();
        for (int i = 0; i < sample.get(0).y().length; i++) {
            int target = i;
            bins.add(Residuals.Bins.of(
                    sample.stream().mapToDouble(one -> one.y()[target]).toArray(),
                    sample.stream().mapToDouble(one -> one.predicted()[target]).toArray()));
        }
        ResidualSums residuals = new ResidualSums(model.description(), bins);
        ResidualKernel all = new ResidualKernel(residuals, model.network(), precision);
        return new Closeup(sample, residuals.residuals(runner.sum(all, point).sums()));
    }

    private record ResidualKernel(ResidualSums residuals, Network network, Precision precision)
            implements OutputKernel {
        @Override
        public String purpose() {
            return "residuals";
        }

        @Override
        public int length() {
            return residuals.length();
        }

        @Override
        public void add(Backprop backprop, Block block, double[] sums) {
            residuals.add(backprop, block.examples(), sums);
        }
    }
}
