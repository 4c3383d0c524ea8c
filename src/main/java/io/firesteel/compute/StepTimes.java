package io.firesteel.compute;

/**
 * Where the time of evaluations went, in nanoseconds, each measured along the slowest task: in matrix products, in the
 * rest of the task, and outside of it (Spark, the network and the driver).
 */
public record StepTimes(long evaluations, long total, long products, long restOfTask) {
    /** No evaluation yet. */
    public static final StepTimes NONE = new StepTimes(0, 0, 0, 0);

    /** Outside of the tasks. */
    public long outside() {
        return total - products - restOfTask;
    }

    /**
     * With one evaluation more.
     *
     * @param nanos that it took
     * @param task of them, in the slowest task
     * @param taskProducts of those, in matrix products
     */
    public StepTimes plus(long nanos, long task, long taskProducts) {
        return new StepTimes(evaluations + 1, total + nanos, products + taskProducts, restOfTask + task - taskProducts);
    }
}
