package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.data.TrainingSet;
import io.firesteel.model.Labeling;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingProgress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A listener by which other threads follow a training and stop it. A training that is stopped ends after the step that is under way, and gives
 * the model that it has reached.
 */
public final class TrainingControl implements TrainingListener {
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;
    private volatile Progress progress = new Progress(0, 0, 1, Double.NaN, Double.NaN);

    /**
     * What a training has reached.
     *
     * @param step the number of steps taken
     * @param steps the maximum number of steps; 0 while the rows are being read
     * @param stepsPerEpoch the number of steps of an epoch
     * @param loss the loss before the last step; NaN before the first
     * @param validationLoss the last one that was measured on the validation rows; NaN for none
     */
    public record Progress(int step, int steps, int stepsPerEpoch, double loss, double validationLoss) {
        private Progress after(Step entry) {
            double measured = entry.validationLoss() == null ? validationLoss : entry.validationLoss();
            return new Progress(entry.step(), steps, stepsPerEpoch, entry.loss(), measured);
        }
    }

    /** Stops the training after the step that is under way; one that has not begun ends after its first step. */
    public void stop() {
        stopped = true;
    }

    /** Returns whether the training was stopped. */
    public boolean isStopped() {
        return stopped;
    }

    /** Returns what the training has reached. */
    public Progress progress() {
        return progress;
    }

    /** Returns the warnings so far. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void onData(Settings settings, TrainingSet data) {
        int stepsPerEpoch =
                settings.config().pace().stepsPerEpoch(data.training().rows());
        progress = new Progress(0, 0, stepsPerEpoch, Double.NaN, Double.NaN);
        warnOfGuess(settings, data.classes());
    }

    /** Says which task labels that are numbers were taken for; those of text leave no choice. */
    private void warnOfGuess(Settings settings, List<String> classes) {
        if (settings.taskReason() != null && classes.stream().allMatch(Labeling::isNumber)) {
            warnings.add(mention("task", settings.task()) + ", since " + settings.taskReason());
        }
    }

    @Override
    public void onWarning(String text) {
        warnings.add(text);
    }

    @Override
    public Trainer.Listener watch(Fitting.Prepared training, int from) {
        progress = new Progress(0, training.steps(), training.stepsPerEpoch(), Double.NaN, Double.NaN);
        return new Trainer.Listener() {
            @Override
            public void onStep(Step step) {
                progress = progress.after(step);
            }

            @Override
            public boolean afterStep(TrainingProgress after) {
                return !stopped;
            }
        };
    }
}
