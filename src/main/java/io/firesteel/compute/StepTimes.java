package io.firesteel.compute;

/**
 * The times of evaluations by purpose, in nanoseconds, along the slowest task or thread of each.
 *
 * @param evaluations how many there were
 * @param total that they took
 * @param products of that, in matrix products
 * @param restOfTask of that, in the rest of the task
 */
public record StepTimes(long evaluations, long total, long products, long restOfTask) {
    /** No evaluation yet. */
    public static final StepTimes NONE = new StepTimes(0, 0, 0, 0);

    /** Returns the times since an earlier reading of the same. */
    public StepTimes since(StepTimes before) {
        return new StepTimes(
                evaluations - before.evaluations,
                total - before.total,
                products - before.products,
                restOfTask - before.restOfTask);
    }

    /**
     * Returns the times with one evaluation more.
     *
     * @param nanos that it took
     * @param task of them, in the slowest task
     * @param taskProducts of those, in matrix products
     */
    public StepTimes plus(long nanos, long task, long taskProducts) {
        return new StepTimes(evaluations + 1, total + nanos, products + taskProducts, restOfTask + task - taskProducts);
    }
}
