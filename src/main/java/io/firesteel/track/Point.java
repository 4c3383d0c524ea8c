package io.firesteel.track;

import io.firesteel.report.WatchedTraining.Facts;

/**
 * An entry of a training's history: of a step, or of an epoch where that has several steps.
 *
 * @param facts of the training that it belongs to
 * @param step the number of steps taken before
 * @param loss the objective, as the history has it
 * @param rate the learning rate of the last step that the entry is of; null where there is none
 * @param validationLoss null where it was not measured
 * @param validationMetric null where it was not measured, or is the loss
 * @param millis when it was known, since 1970
 * @param seconds from the beginning of the training in this process
 * @param isOld whether it is of before the checkpoint that the training was resumed from
 * @param measuredBefore the number of the training's points before it that have something measured
 * @param isLast whether it is the objective at the end
 */
record Point(
        Facts facts,
        int step,
        double loss,
        Double rate,
        Double validationLoss,
        Double validationMetric,
        long millis,
        double seconds,
        boolean isOld,
        long measuredBefore,
        boolean isLast) {
    /** Returns the number of epochs begun before, or of steps where an epoch is one step. */
    int epoch() {
        return epoch(facts, step);
    }

    static int epoch(Facts facts, int step) {
        return (int) ((step + (long) facts.stepsPerEpoch() - 1) / facts.stepsPerEpoch());
    }
}
