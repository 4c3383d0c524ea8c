package io.firesteel.fit;

import io.firesteel.data.TrainingSet;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.List;
import java.util.Map;

/** Is told how a training goes, or a search of many. */
public interface TrainingListener {
    /** Is told of the steps of one training, and of its end. */
    @FunctionalInterface
    interface Watch extends Trainer.Listener, AutoCloseable {
        @Override
        default void close() {}

        /** Returns one that also tells a listener. */
        default Watch with(Trainer.Listener other) {
            Trainer.Listener both = Trainer.Listener.all(List.of(this, other));
            return new Watch() {
                @Override
                public void onStep(Step step) {
                    both.onStep(step);
                }

                @Override
                public boolean afterStep(TrainingProgress progress) {
                    return both.afterStep(progress);
                }

                @Override
                public void close() {
                    Watch.this.close();
                }
            };
        }
    }

    /** Is told that rows are read, and what is about to be trained on them. */
    default void onData(Settings settings, TrainingSet data) {}

    /** Is told of what the user should know and can live with; the text mentions settings. */
    default void onWarning(String text) {}

    /** Returns where the training of the model itself starts: at its beginning, or where a checkpoint was made. */
    default Trainer.ResumePoint start(Fitting.Prepared training) {
        return training.beginning();
    }

    /**
     * A training begins.
     *
     * @param from the number of steps that were taken before
     * @return who is told of its steps
     */
    default Watch watch(Fitting.Prepared training, int from) {
        return step -> {};
    }

    /** Is told how good the model is that was trained without a fold, counted from 0, on the fold. */
    default void onFold(int fold, Metrics metrics) {}

    /** Is told what came of all folds. */
    default void onFolds(List<Fold> folds) {}

    /** Is told that the steps of the model's own training have been taken. */
    default void onFitted() {}

    /** Is told that a trial of a search begins, counted from 0. */
    default void onTrial(int trial, int trials, Map<String, String> settings) {}
}
