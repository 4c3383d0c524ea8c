package io.firesteel.fit;

import io.firesteel.data.TrainingSet;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.train.Trainer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A listener that tells another one everything; subclasses change or add a part. */
public abstract class ForwardingListener implements TrainingListener {
    private final TrainingListener listener;

    /** Creates one that tells {@code listener}. */
    protected ForwardingListener(TrainingListener listener) {
        this.listener = listener;
    }

    @Override
    public void onData(Settings settings, TrainingSet data) {
        listener.onData(settings, data);
    }

    @Override
    public void onLength(Duration time, TrainingLength length) {
        listener.onLength(time, length);
    }

    @Override
    public void onWarning(String text) {
        listener.onWarning(text);
    }

    @Override
    public Trainer.Result resultBefore(Fitting.Prepared training) {
        return listener.resultBefore(training);
    }

    @Override
    public Trainer.ResumePoint start(Fitting.Prepared training) {
        return listener.start(training);
    }

    @Override
    public Trainer.Listener watch(Fitting.Prepared training, int from) {
        return listener.watch(training, from);
    }

    @Override
    public void onFoldBegin(int fold) {
        listener.onFoldBegin(fold);
    }

    @Override
    public void onFold(int fold, Metrics metrics) {
        listener.onFold(fold, metrics);
    }

    @Override
    public void onFolds(List<Fold> folds) {
        listener.onFolds(folds);
    }

    @Override
    public void onFitted() {
        listener.onFitted();
    }

    @Override
    public void onTrial(int trial, int trials, Map<String, String> settings) {
        listener.onTrial(trial, trials, settings);
    }

    @Override
    public void onTried(Trial trial, Metric metric) {
        listener.onTried(trial, metric);
    }
}
