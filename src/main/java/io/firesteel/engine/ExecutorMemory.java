package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import java.util.Collections;
import java.util.Map;
import org.apache.spark.SparkContext;

/**
 * The memory of an executor beside the blocks, which may go to disk: theta, and for each core its sums, of which several copies
 * exist on their way to the driver.
 *
 * @param needed the bytes that the steps of a training take
 * @param heap the bytes of Java's heap
 */
public record ExecutorMemory(long needed, long heap) {
    /** What Spark, Java and the reader of rows use besides. */
    private static final long BASE = 200L << 20;

    /** The doubles of a parameter for each core: nodes of the summation tree, and messages that carry them. */
    private static final int COPIES = 10;

    /** The bytes of a heap that Spark does not share out, and the part of the rest that it caches blocks in: its defaults. */
    private static final long RESERVED = 300L << 20;

    private static final double CACHED_PART = 0.6;

    /** Returns the memory for steps of this many parameters on the executors that are there; on the driver's threads none is needed. */
    public static ExecutorMemory of(SparkContext spark, int parameters, Precision precision) {
        long heap = (long) spark.executorMemory() << 20;
        Map<String, Integer> cores = Redistribution.cores(spark);
        return spark.isLocal() || cores.isEmpty()
                ? new ExecutorMemory(0, heap)
                : of(parameters, precision, Collections.max(cores.values()), heap);
    }

    /** Returns the memory of an executor with this many cores and bytes of heap. */
    static ExecutorMemory of(int parameters, Precision precision, int cores, long heap) {
        long theta = (long) parameters * (2 * precision.bytes() + Double.BYTES);
        long ofCore = (long) parameters * (precision.bytes() + COPIES * Double.BYTES);
        return new ExecutorMemory(BASE + theta + cores * ofCore, heap);
    }

    /** Returns the memory of an executor that also keeps this many bytes of blocks, so that none of them goes to disk. */
    public static ExecutorMemory with(long blocks, int parameters, Precision precision, int cores, long heap) {
        long steps = of(parameters, precision, cores, heap).needed;
        long cache = RESERVED + (long) Math.ceil(blocks / CACHED_PART);
        return new ExecutorMemory(Math.max(steps + blocks, cache), heap);
    }

    /** Returns whether it is enough. */
    public boolean suffices() {
        return needed <= heap;
    }
}
