package io.firesteel.fit;

import io.firesteel.engine.ExecutorMemory;
import io.firesteel.engine.StepCost;
import io.firesteel.engine.StepCost.Cluster;
import io.firesteel.engine.StepCost.Load;
import io.firesteel.linalg.Precision;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * What a training would take on a cluster that is not there: computing time from steps that a {@link Plan} has measured, as if the
 * cluster's cores were like those that it ran on, and {@link StepCost} for the network.
 *
 * @param cluster its shape
 * @param executor the memory that an executor needs and has
 * @param blocks the bytes of the blocks in it
 * @param driver the bytes of memory that the driver needs
 * @param step the times of a step there
 * @param enough the number of executors after which twice as many save less than a tenth of the time
 * @param saved the part of the time that twice as many save then
 * @param curve the times of a step on 1, 2, 4, ... executors
 */
public record Forecast(
        Cluster cluster,
        ExecutorMemory executor,
        long blocks,
        long driver,
        Step step,
        int enough,
        double saved,
        List<Step> curve) {
    /** The part of the time that twice as many executors have to save. */
    private static final double PAYS = 0.1;

    /** The curve ends here, unless the cluster, or one that pays, has more executors. */
    private static final int LONGEST_CURVE = 1024;

    private static final int MOST_EXECUTORS = 1 << 20;

    /** What the driver's process uses besides, and how many vectors as long as theta it has but for those of the optimiser. */
    private static final long DRIVER_BASE = 400L << 20;

    private static final int DRIVER_VECTORS = 8;

    /**
     * The seconds of a step.
     *
     * @param jobs where each pass is a Spark job
     * @param residents with resident tasks
     * @param compute the computing time of the faster of both, in which executors and cores share
     * @param driver the driver's own time, of both
     */
    public record Step(int executors, double jobs, double residents, double compute, double driver) {
        /** Returns the seconds with the faster engine. */
        public double seconds() {
            return Math.min(jobs, residents);
        }

        /** Returns whether a Spark job for each pass is faster. */
        public boolean isByJobs() {
            return jobs < residents;
        }

        /** Returns the seconds in which theta and sums travel. */
        public double exchange() {
            return seconds() - compute - driver;
        }
    }

    /**
     * Forecasts a training.
     *
     * @param heap the bytes of an executor's heap
     */
    public static Forecast of(Plan plan, Cluster cluster, long heap) {
        Plan.Work work = plan.work();
        Precision precision = work.pass().precision();
        long all = plan.trainingBytes() + plan.validationBytes();
        int most = (work.blocks() + cluster.executors() - 1) / cluster.executors();
        long blocks = (long) Math.ceil((double) all * most / work.blocks());
        int enough = 1;
        while (enough < MOST_EXECUTORS && saved(work, cluster.with(enough)) >= PAYS) {
            enough *= 2;
        }
        int longest = Math.max(LONGEST_CURVE, Math.max(enough, cluster.executors()));
        return new Forecast(
                cluster,
                ExecutorMemory.with(blocks, plan.parameters(), precision, cluster.cores(), heap),
                blocks,
                DRIVER_BASE + (DRIVER_VECTORS + work.vectors()) * 8L * plan.parameters(),
                step(work, cluster),
                enough,
                saved(work, cluster.with(enough)),
                IntStream.iterate(1, n -> n < 2 * longest, n -> 2 * n)
                        .mapToObj(n -> step(work, cluster.with(n)))
                        .toList());
    }

    /** Returns the part of a step's time that twice as many executors save. */
    private static double saved(Plan.Work work, Cluster cluster) {
        return 1
                - step(work, cluster.with(2 * cluster.executors())).seconds()
                        / step(work, cluster).seconds();
    }

    /** Returns the times of a step. */
    static Step step(Plan.Work work, Cluster cluster) {
        double[] jobs = passes(work, cluster, StepCost::job);
        double[] residents = passes(work, cluster, StepCost::resident);
        return new Step(
                cluster.executors(),
                work.driver() + jobs[0],
                work.driver() + residents[0],
                jobs[0] < residents[0] ? jobs[1] : residents[1],
                work.driver());
    }

    /** Returns the seconds of the passes of a step, and those of them that are spent in computing. */
    private static double[] passes(Plan.Work work, Cluster cluster, BiFunction<Cluster, Load, StepCost> engine) {
        StepCost pass = engine.apply(cluster, work.pass());
        double seconds = work.passes() * pass.seconds(cluster);
        double compute = work.passes() * pass.compute();
        if (work.validation() != null) {
            StepCost validation = engine.apply(cluster, work.validation());
            seconds += work.validations() * validation.seconds(cluster);
            compute += work.validations() * validation.compute();
        }
        return new double[] {seconds, compute};
    }
}
