package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Blas;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.SparkContext;

/**
 * The place where the steps of a training run. All places add the same block sums along the same tree, so that the bits
 * are the same; they differ in speed only.
 */
public enum Engine {
    /** The driver's threads in local mode, else the fastest one of the others, as measured. */
    AUTO,
    /** A Spark job for every step. */
    JOB,
    /**
     * One Spark job for many steps: a task on each executor, which uses all of its cores, stays, and exchanges theta and sums with
     * the driver and the other tasks. In local mode these are the driver's threads.
     */
    RESIDENT,
    /**
     * The driver's threads, which stay from step to step: over the cached blocks themselves where Spark's tasks are threads of
     * the same process; else over a copy, for data so small that a step costs less than asking other processes.
     */
    LOCAL;

    /** The size above which data are not copied to the driver unless the user asks for it. */
    private static final long MOST_LOCAL_BYTES = 64L << 20;

    /** The time of a step above which a Spark job's overhead does not matter. */
    private static final long LONG_STEP_NANOS = 2_000_000_000L;

    /** The time after which measuring ends. */
    private static final long BUDGET_NANOS = 1_000_000_000;

    /** The number of steps of each that are not counted. */
    private static final int WARM_UP = 2;

    /** The maximum number of steps of each that are counted. */
    private static final int TRIALS = 20;

    /** The ratio of times at which fewer trials are enough. */
    private static final int CLEARLY = 2;

    /**
     * Where a training is computed.
     *
     * @param training the runner over its examples
     * @param heldOut the runner over those that are held out; null where there are none
     */
    public record Runners(Runner<Block> training, Runner<Block> heldOut) implements AutoCloseable {
        @Override
        public void close() {
            if (heldOut != null) {
                heldOut.close();
            }
            training.close();
        }
    }

    /**
     * Returns runners over the examples of a training and those held out; AUTO takes some steps of this loss at {@code theta} to
     * see where they are fastest.
     *
     * @param heldOut null where there are none
     */
    public Runners runners(LossKernel loss, Blocks training, Blocks heldOut, double[] theta) {
        boolean isLocal = training.rdd().context().isLocal();
        return switch (this) {
            case JOB -> jobs(training, heldOut);
            case LOCAL -> local(training, heldOut);
            case RESIDENT -> isLocal ? local(training, heldOut) : residents(training, heldOut);
            case AUTO ->
                training.areHere() // the same cores and the same memory: a job can only be slower
                        ? local(training, heldOut)
                        : chosen(contenders(training, heldOut), loss, theta);
        };
    }

    private static Runners jobs(Blocks training, Blocks heldOut) {
        return new Runners(training.runner(), heldOut == null ? null : heldOut.runner());
    }

    private static Runners residents(Blocks training, Blocks heldOut) {
        Residents tasks = new Residents(heldOut == null ? List.of(training) : List.of(training, heldOut));
        return new Runners(tasks.runner(0), heldOut == null ? null : tasks.runner(1));
    }

    private static Runners local(Blocks training, Blocks heldOut) {
        boolean canBeLocal = heldOut != null && (heldOut.areHere() || heldOut.bytes() <= MOST_LOCAL_BYTES);
        Runner<Block> other = canBeLocal ? local(heldOut) : heldOut == null ? null : heldOut.runner();
        return new Runners(local(training), other);
    }

    private static Runner<Block> local(Blocks blocks) {
        return LocalRunner.of(blocks.onDriver(), driverThreads(blocks.rdd().context()));
    }

    private static int driverThreads(SparkContext spark) {
        int cores = Runtime.getRuntime().availableProcessors();
        return spark.isLocal() ? Math.min(cores, spark.defaultParallelism()) : cores; // as local[2] asks for
    }

    /**
     * Returns the seconds of one core for what the slowest thread of a pass took some seconds for.
     *
     * @param runner of the pass, over these blocks
     * @param seen the number of the blocks that the pass sees, which are cut into this many leaves
     */
    public static double coreSeconds(double seconds, Runner<Block> runner, Blocks blocks, int seen, int leaves) {
        SparkContext spark = blocks.rdd().context();
        int threads = runner.isOnDriver() ? driverThreads(spark) : spark.defaultParallelism();
        int units = runner.sharesBlocks() ? leaves : seen;
        int most = (units + threads - 1) / threads;
        return seconds * units / most;
    }

    /** Returns the places that are possible, jobs first. */
    private static List<Runners> contenders(Blocks training, Blocks heldOut) {
        List<Runners> contenders = new ArrayList<>(List.of(jobs(training, heldOut)));
        boolean isLocal = training.rdd().context().isLocal();
        boolean canStay =
                Residents.hindrance(training) == null && (heldOut == null || Residents.hindrance(heldOut) == null);
        if (!isLocal && canStay) {
            contenders.add(residents(training, heldOut));
        }
        // Another BLAS kernel here than there would change the last bits.
        boolean isSameBlas = training.kernels().equals(Set.of(Blas.description()));
        if (training.bytes() <= MOST_LOCAL_BYTES && isSameBlas) {
            contenders.add(local(training, heldOut));
        }
        return contenders;
    }

    private static Runners chosen(List<Runners> contenders, LossKernel loss, double[] theta) {
        try {
            return fastest(contenders, loss, theta);
        } catch (RuntimeException | Error e) {
            contenders.forEach(Runners::close); // resident tasks would keep their cores
            throw e;
        }
    }

    /**
     * Takes steps of all in turn, keeps the one whose fastest step is the fastest, since other programs can only make a step slower,
     * and closes the others.
     */
    private static Runners fastest(List<Runners> contenders, LossKernel loss, double[] theta) {
        long[] nanos = new long[contenders.size()];
        Arrays.fill(nanos, Long.MAX_VALUE);
        long end = System.nanoTime() + BUDGET_NANOS;
        for (int trial = 0; trial < WARM_UP + TRIALS && contenders.size() > 1; trial++) {
            if (trial == WARM_UP) {
                Arrays.fill(nanos, Long.MAX_VALUE);
            }
            for (int i = 0; i < nanos.length; i++) {
                Runner<Block> runner = contenders.get(i).training;
                nanos[i] = Math.min(
                        nanos[i], runner.sum(loss, new Point(theta, trial)).nanos());
                if (nanos[0] > LONG_STEP_NANOS) {
                    return keep(0, contenders);
                }
            }
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            boolean isClear = sorted[0] < sorted[1] / CLEARLY;
            if (System.nanoTime() > end || (isClear && trial > WARM_UP)) {
                break;
            }
        }
        int best = 0;
        for (int i = 1; i < nanos.length; i++) {
            best = nanos[i] < nanos[best] ? i : best;
        }
        return keep(best, contenders);
    }

    private static Runners keep(int kept, List<Runners> contenders) {
        for (int i = 0; i < contenders.size(); i++) {
            if (i != kept) {
                contenders.get(i).close();
            }
        }
        return contenders.get(kept);
    }

    /** Returns the name that the command line uses. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
