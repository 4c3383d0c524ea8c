package io.firesteel.train;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.UserError;

/** A training whose loss became infinite or NaN. */
public final class DivergedException extends UserError {
    private static final long serialVersionUID = 2;

    DivergedException(String what, int step, double loss, double learningRate) {
        super(
                "training diverged: the " + what + " after step " + step + " is " + loss,
                wayOut(step, learningRate),
                null);
    }

    private static String wayOut(int step, double learningRate) {
        if (step == 0) { // the learning rate has had no effect yet
            return "some rows have values that are far too large, or far from those of the rows to train on";
        }
        return Double.isNaN(learningRate) ? "" : "try a smaller " + mention("learning-rate") + " than " + learningRate;
    }
}
