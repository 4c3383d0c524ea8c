package io.firesteel.spark;

/**
 * Where the time of evaluations went, in nanoseconds, each measured along the slowest task: in matrix products, in the
 * rest of the task, and outside of it (Spark and the driver).
 */
public record StepTimes(long evaluations, long total, long products, long restOfTask) {
    static final StepTimes NONE = new StepTimes(0, 0, 0, 0);

    /** Spark, the network and the driver. */
    public long outside() {
        return total - products - restOfTask;
    }

    StepTimes plus(long nanos, Slowest slowest) {
        return new StepTimes(
                evaluations + 1,
                total + nanos,
                products + slowest.products,
                restOfTask + slowest.task - slowest.products);
    }

    /** The slowest task of a job. */
    static final class Slowest {
        private long task;
        private long products;

        void add(long taskNanos, long productNanos) {
            if (taskNanos > task) {
                task = taskNanos;
                products = productNanos;
            }
        }
    }
}
