package io.firesteel.fit;

import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription.Fold;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.TrainedModel;
import io.firesteel.track.Ending;
import io.firesteel.track.Ending.Status;
import io.firesteel.track.RunName;
import io.firesteel.track.Tracking;
import io.firesteel.track.TrackingPlaces;
import io.firesteel.train.Trainer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A listener that has trainings written down, besides what another one does: the model's own, and those of folds and trials. */
public final class Tracked extends ForwardingListener {
    private final Tracking tracking;
    private Integer trial; // from 1; null outside of trials
    private Integer fold; // from 1; null outside of folds
    private Trial best; // of those so far; null for none
    private int bestNumber; // its number, from 1
    private Metric metric; // of its score
    private List<Step> before = List.of(); // the history of a training that goes on
    private final Set<Boolean> written =
            new HashSet<>(); // the model's training, refit or not: of several that are averaged the first

    /** Creates a listener that also tells {@code tracking}, which its owner closes. */
    public Tracked(TrainingListener listener, Tracking tracking) {
        super(listener);
        this.tracking = tracking;
    }

    /**
     * Trains a model on the rows of a source while a control follows, and has the training written down. The control is also warned
     * of what is unusual in the way in which the table was read.
     *
     * @throws io.firesteel.base.UserError when settings, places or rows cannot be used, or the training diverges
     */
    public static TrainedModel trained(
            Settings settings, Source source, TrainingControl control, TrackingPlaces places) {
        try (Tracking tracking = Tracking.open(places, false, control::onWarning)) {
            Tracked tracked = new Tracked(control, tracking);
            TrainedModel model = Training.trained(settings, source, tracked);
            source.table().notes().forEach(control::onWarning);
            tracked.end(new Ending(control.isStopped() ? Status.KILLED : Status.FINISHED));
            return model;
        }
    }

    /** Ends the run of the command itself. */
    public void end(Ending ending) {
        tracking.endRun(RunName.COMMAND, ending);
    }

    /** Ends the run of a search, which has what its best trial came to. */
    public void endSearch() {
        end(
                best == null
                        ? new Ending(Status.FINISHED)
                        : new Ending(
                                Status.FINISHED,
                                Map.of(),
                                Map.of(metric.key(), best.score()),
                                new Ending.Best(bestNumber, best.settings())));
    }

    private RunName run() {
        return new RunName(trial, fold);
    }

    @Override
    public Trainer.Result resultBefore(Fitting.Prepared training) {
        Trainer.Result before = super.resultBefore(training);
        if (before != null && tracking.isOn()) {
            tracking.skipTraining(run(), training.facts(0), before);
        }
        return before;
    }

    @Override
    public Trainer.ResumePoint start(Fitting.Prepared training) {
        Trainer.ResumePoint point = super.start(training);
        before = point.history();
        return point;
    }

    @Override
    public Trainer.Listener watch(Fitting.Prepared training, int from) {
        Trainer.Listener watch = super.watch(training, from);
        boolean isModels = trial == null && fold == null;
        if (!tracking.isOn() || (isModels && !written.add(training.first() != null))) {
            return watch;
        }
        Trainer.Listener recorder = tracking.startTraining(run(), training.facts(from), before);
        before = List.of();
        return Trainer.Listener.all(List.of(watch, recorder));
    }

    @Override
    public void onFoldBegin(int part) {
        super.onFoldBegin(part);
        fold = part + 1;
    }

    @Override
    public void onFold(int part, Metrics metrics) {
        tracking.endRun(
                run(), new Ending(Status.FINISHED, Map.of(), Fold.of(metrics).metrics()));
        fold = null;
        super.onFold(part, metrics);
    }

    @Override
    public void onFitted() {
        tracking.endTraining();
        super.onFitted();
    }

    @Override
    public void onTrial(int number, int trials, Map<String, String> settings) {
        super.onTrial(number, trials, settings);
        trial = number + 1;
        tracking.startRun(run(), settings);
    }

    @Override
    public void onTried(Trial tried, Metric metric) {
        if (fold != null) { // whose training failed
            tracking.endRun(run(), new Ending(Status.FAILED));
            fold = null;
        }
        Map<String, Double> score = tried.score() == null ? Map.of() : Map.of(metric.key(), tried.score());
        tracking.endRun(run(), new Ending(tried.score() == null ? Status.FAILED : Status.FINISHED, Map.of(), score));
        if (tried.score() != null && (best == null || Trial.bestFirst(metric).compare(tried, best) < 0)) {
            best = tried;
            bestNumber = trial;
            this.metric = metric;
        }
        trial = null;
        super.onTried(tried, metric);
    }
}
