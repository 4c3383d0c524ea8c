package io.firesteel.fit;

import io.firesteel.data.TrainingSet;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.train.Trainer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A follower of the progress of a training, or of the trainings of a search. */
public interface TrainingListener {
    /** A listener that follows nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** Follows the reading of the rows: tells which data will be trained on. */
    default void onData(Settings settings, TrainingSet data) {}

    /** Receives the length of the training that fits into the time that was given for it. */
    default void onLength(Duration time, TrainingLength length) {}

    /** Receives a warning, which may mention settings. */
    default void onWarning(String text) {}

    /** Returns the result of a first training that ended before the refit from which a run resumes; null where it is still to be done. */
    default Trainer.Result resultBefore(Fitting.Prepared training) {
        return null;
    }

    /** Returns where the training of the model itself starts: at its beginning, or where a checkpoint was made. */
    default Trainer.ResumePoint start(Fitting.Prepared training) {
        return training.beginning();
    }

    /**
     * Follows the training that begins.
     *
     * @param from the number of steps that were taken before
     * @return who is told of its steps
     */
    default Trainer.Listener watch(Fitting.Prepared training, int from) {
        return step -> {};
    }

    /** Receives the beginning of the training without a fold; folds count from 0. */
    default void onFoldBegin(int fold) {}

    /** Receives the metrics, on a fold, of the model that was trained without it; folds count from 0. */
    default void onFold(int fold, Metrics metrics) {}

    /** Receives the results of all folds. */
    default void onFolds(List<Fold> folds) {}

    /** Receives the end of the steps of the model's own training, and of its refit. */
    default void onFitted() {}

    /** Receives the beginning of a trial of a search; trials count from 0. */
    default void onTrial(int trial, int trials, Map<String, String> settings) {}

    /**
     * Receives the result of the trial that began last.
     *
     * @param metric by which trials are compared
     */
    default void onTried(Trial trial, Metric metric) {}
}
