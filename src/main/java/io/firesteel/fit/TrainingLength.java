package io.firesteel.fit;

import io.firesteel.train.Pace;

/**
 * The length of a training.
 *
 * @param isOfEpochs whether it is a number of epochs; else one of steps
 * @param count the number
 */
public record TrainingLength(boolean isOfEpochs, int count) {
    /**
     * Returns the length of a training that fits.
     *
     * @param pace the maximum length
     * @param rows that it is trained on
     * @param refitted the rows of the refit after it, which takes as long at most; 0 for none
     * @param steps the number of steps for which there is time
     */
    static TrainingLength of(Pace pace, long rows, long refitted, double steps) {
        boolean isOfEpochs = pace.epochs() != null;
        double each = isOfEpochs ? pace.stepsPerEpoch(rows) : 1;
        double refit = refitted == 0 ? 0 : isOfEpochs ? pace.stepsPerEpoch(refitted) : 1;
        double fit = steps / (each + refit);
        int most = isOfEpochs ? pace.epochs() : pace.iterations();
        return new TrainingLength(isOfEpochs, (int) Math.max(Math.min(1, most), Math.min(most, fit)));
    }

    /** Returns the setting of which it is a value. */
    public Setting<Integer> setting() {
        return isOfEpochs ? Setting.EPOCHS : Setting.ITERATIONS;
    }
}
