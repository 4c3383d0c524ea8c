package io.firesteel.train;

import io.firesteel.compute.Block;
import io.firesteel.compute.Kernel;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.compute.StepTimes;
import io.firesteel.linalg.Slices;
import io.firesteel.linalg.Vectors;
import io.firesteel.optim.Objective;
import java.util.Arrays;

/**
 * The mean loss over the blocks of a runner, and over the members of an ensemble, each by itself: here, and nowhere else, sums
 * are divided by m, the sum of the weights, times the number of members.
 */
public final class MeanLoss implements Objective {
    private final LossKernel loss;
    private final Runner<Block> runner;
    private StepTimes times = StepTimes.NONE;

    public MeanLoss(LossKernel loss, Runner<Block> runner) {
        this.loss = loss;
        this.runner = runner;
    }

    @Override
    public double at(double[] theta, double[] gradient) {
        return at(Point.of(theta), gradient);
    }

    @Override
    public double at(double[] theta) {
        double[] sums = sums(loss.value(), Point.of(theta));
        return sums[1] == 0 ? 0 : sums[0] / sums[1];
    }

    @Override
    public boolean variesByStep() {
        return !loss.sampling().isNone();
    }

    @Override
    public Objective ofStep(int step) {
        return variesByStep() ? new OfStep(step) : this;
    }

    /** The mean loss of what a step sees. */
    private final class OfStep implements Objective {
        private final int step;

        OfStep(int step) {
            this.step = step;
        }

        @Override
        public double at(double[] theta, double[] gradient) {
            return MeanLoss.this.at(new Point(theta, step), gradient);
        }

        @Override
        public Slices slices() {
            return runner.slices();
        }
    }

    @Override
    public Slices slices() {
        return runner.slices();
    }

    private double at(Point point, double[] gradient) {
        double[] sums = sums(loss, point);
        double m = sums[gradient.length + 1];
        if (m == 0) { // no example has a weight: the mean of nothing
            Arrays.fill(gradient, 0);
            return 0;
        }
        slices().each(gradient.length, (from, to) -> Vectors.divide(gradient, sums, m, from, to));
        return sums[gradient.length] / m;
    }

    private double[] sums(Kernel<Block> kernel, Point point) {
        Runner.Total total = runner.sum(kernel, point);
        times = times.plus(total.nanos(), total.taskNanos(), total.productNanos());
        return total.sums();
    }

    /** Returns the time that all evaluations took so far, by purpose. */
    public StepTimes times() {
        return times;
    }
}
