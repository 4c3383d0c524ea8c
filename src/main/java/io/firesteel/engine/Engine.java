package io.firesteel.engine;

import io.firesteel.compute.Block;
import io.firesteel.compute.LocalRunner;
import io.firesteel.compute.LossKernel;
import io.firesteel.compute.Point;
import io.firesteel.compute.Runner;
import io.firesteel.linalg.Blas;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.SparkContext;

/**
 * The place where the steps of a training run. All places add the same block sums along the same tree, so that the bits
 * are the same; they differ in speed only.
 */
public enum Engine {
    /** The driver's threads in local mode, else the faster one of the others, as measured. */
    AUTO,
    /** A Spark job for every step. */
    JOB,
    /**
     * The driver's threads, which stay from step to step: over the cached blocks themselves where Spark's tasks are threads of
     * the same process; else over a copy, for data so small that a step costs less than starting a Spark job.
     */
    LOCAL;

    /** The size above which data are not copied to the driver unless the user asks for it. */
    private static final long MOST_LOCAL_BYTES = 64L << 20;

    /** The time of a step above which a Spark job's overhead does not matter. */
    private static final long LONG_STEP_NANOS = 10_000_000_000L;

    /** The time after which measuring ends. */
    private static final long BUDGET_NANOS = 1_000_000_000;

    /** The number of steps of each that are not counted. */
    private static final int WARM_UP = 2;

    /** The maximum number of steps of each that are counted. */
    private static final int TRIALS = 20;

    /** The ratio of times at which fewer trials are enough. */
    private static final int CLEARLY = 2;

    /** Returns a runner over the blocks; AUTO takes some steps of this loss at {@code theta} to see which is faster. */
    public Runner<Block> runner(LossKernel loss, Blocks blocks, double[] theta) {
        return switch (this) {
            case JOB -> blocks.runner();
            case LOCAL -> local(blocks);
            case AUTO -> fasterOne(loss, blocks, theta);
        };
    }

    /**
     * Returns a runner over other blocks, such as the validation rows: on the driver if the training's is, unless they
     * are many.
     */
    public static Runner<Block> beside(Runner<Block> training, Blocks others) {
        boolean isLocal = training.isOnDriver() && (others.areHere() || others.bytes() <= MOST_LOCAL_BYTES);
        return isLocal ? local(others) : others.runner();
    }

    private static Runner<Block> local(Blocks blocks) {
        SparkContext spark = blocks.rdd().context();
        int cores = Runtime.getRuntime().availableProcessors();
        int threads = spark.isLocal() ? Math.min(cores, spark.defaultParallelism()) : cores; // as local[2] asks for
        return LocalRunner.of(blocks.onDriver(), threads);
    }

    private static Runner<Block> fasterOne(LossKernel loss, Blocks blocks, double[] theta) {
        if (blocks.areHere()) { // the same cores and the same memory: a job can only be slower
            return local(blocks);
        }
        Runner<Block> job = blocks.runner();
        // Another BLAS kernel here than there would change the last bits.
        if (blocks.bytes() > MOST_LOCAL_BYTES || !blocks.kernels().equals(Set.of(Blas.description()))) {
            return job;
        }
        Runner<Block> local = local(blocks);
        boolean isLocal = isFaster(local, job, loss, theta);
        (isLocal ? job : local).close();
        return isLocal ? local : job;
    }

    /**
     * Takes steps of both in turn and compares the fastest of each, since other programs can only make a step slower.
     */
    private static boolean isFaster(Runner<Block> local, Runner<Block> job, LossKernel loss, double[] theta) {
        long end = System.nanoTime() + BUDGET_NANOS;
        long ofLocal = Long.MAX_VALUE;
        long ofJob = Long.MAX_VALUE;
        for (int i = 0; i < WARM_UP + TRIALS; i++) {
            if (i == WARM_UP) {
                ofLocal = Long.MAX_VALUE;
                ofJob = Long.MAX_VALUE;
            }
            ofJob = Math.min(ofJob, nanos(job, loss, theta, i));
            if (ofJob > LONG_STEP_NANOS) {
                return false;
            }
            ofLocal = Math.min(ofLocal, nanos(local, loss, theta, i));
            boolean isClear = ofLocal / CLEARLY > ofJob || ofJob / CLEARLY > ofLocal;
            if (System.nanoTime() > end || (isClear && i > WARM_UP)) {
                break;
            }
        }
        return ofLocal <= ofJob;
    }

    private static long nanos(Runner<Block> runner, LossKernel loss, double[] theta, int step) {
        return runner.sum(loss, new Point(theta, step)).nanos();
    }

    /** Returns the name that the command line uses. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
