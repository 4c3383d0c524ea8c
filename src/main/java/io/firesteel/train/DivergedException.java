package io.firesteel.train;

/** Training that ran into numbers that are not finite; the message is one line for its user. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(String what, int step, double loss, double learningRate) {
        super("training diverged: the " + what + " after step " + step + " is " + loss
                + (Double.isNaN(learningRate) ? "" : "; try a smaller --learning-rate than " + learningRate));
    }
}
