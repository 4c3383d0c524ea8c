package io.firesteel.track;

import io.firesteel.report.WatchedTraining.Facts;

/**
 * A point of a training's history: a step or, where an epoch has several steps, an epoch.
 *
 * @param facts the training
 * @param step the number of steps taken before
 * @param loss the training loss, the same as in the model's history
 * @param rate the learning rate of the last step; null where there is none
 * @param validationLoss null where it was not measured
 * @param validationMetric null where it was not measured, or is the loss
 * @param millis the time when it was recorded, in milliseconds since 1970
 * @param seconds the time since the training began in this process
 * @param isBeforeCheckpoint whether it precedes the checkpoint from which the training was resumed
 * @param measuredBefore the number of earlier points with a validation
 * @param isLast whether it is the point after the last step
 */
record HistoryPoint(
        Facts facts,
        int step,
        double loss,
        Double rate,
        Double validationLoss,
        Double validationMetric,
        long millis,
        double seconds,
        boolean isBeforeCheckpoint,
        long measuredBefore,
        boolean isLast) {
    /** Returns the epoch, which counts from 0: the number of epochs that had begun before (of steps, where an epoch is one step). */
    int epoch() {
        return epoch(facts, step);
    }

    static int epoch(Facts facts, int step) {
        return (int) ((step + (long) facts.stepsPerEpoch() - 1) / facts.stepsPerEpoch());
    }
}
