package io.firesteel.optim;

import java.util.Map;

/**
 * An optimiser that moves by the gradient, as far as its learning rate says; a {@link Schedule} may change the rate from step
 * to step. By itself it keeps the rate constant.
 */
public interface Descent extends Optimizer {
    /** Returns the learning rate alpha. */
    double learningRate();

    /** Returns what is remembered before the first step, of this many parameters. */
    Memory memory(int parameters);

    @Override
    default State resume(Snapshot snapshot) {
        return new Scheduled(this, new Schedule.Constant(), new Schedule.Span(0, 1)).resume(snapshot);
    }

    /** The state of each parameter that is kept from step to step. */
    interface Memory {
        /**
         * Moves the parameters theta[from] .. theta[to - 1]; those of other slices do not matter to them.
         *
         * @param gradient dJ/dtheta
         * @param rate the learning rate of this step
         * @param step the number of steps taken before
         */
        void move(double[] theta, double[] gradient, double rate, int step, int from, int to);

        /** Returns its vectors by name, each as long as theta: not copies. */
        Map<String, double[]> vectors();
    }
}
