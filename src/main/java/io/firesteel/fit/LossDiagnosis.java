package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.model.ModelDescription.Step;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** What the losses of a training tell of its settings. */
final class LossDiagnosis {
    private static final int FEWEST_STEPS = 50;

    /** The part by which a loss that is worth a training falls. */
    private static final double HARDLY = 0.01;

    /** The part by which the validation loss rises above its least value when a network learns its rows by heart. */
    private static final double CLEARLY = 0.1;

    private LossDiagnosis() {}

    /**
     * Returns what is wrong with a training, and what to do; it mentions settings.
     *
     * @param history of a training from initial weights
     * @param keepsBest whether the weights with the best validation are kept
     */
    static Optional<String> fault(List<Step> history, boolean keepsBest) {
        Step first = history.get(0);
        Step last = history.get(history.size() - 1);
        if (last.step() < FEWEST_STEPS || first.loss() <= 0) {
            return Optional.empty();
        }
        if (last.loss() > first.loss()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "the loss rose from %.4g to %.4g: try a smaller %s",
                    first.loss(),
                    last.loss(),
                    mention(Setting.LEARNING_RATE.key())));
        }
        if (last.loss() > (1 - HARDLY) * first.loss()) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "the loss only fell from %.4g to %.4g in %,d steps: try a larger %s, if the columns tell anything of the label",
                    first.loss(),
                    last.loss(),
                    last.step(),
                    mention(Setting.LEARNING_RATE.key())));
        }
        return keepsBest ? Optional.empty() : overfitting(history);
    }

    private static Optional<String> overfitting(List<Step> history) {
        List<Step> measured = history.stream()
                .filter(step -> Objects.nonNull(step.validationLoss()))
                .toList();
        if (measured.size() < 2) {
            return Optional.empty();
        }
        Step best = measured.stream()
                .min(Comparator.comparingDouble(Step::validationLoss))
                .orElseThrow();
        Step last = measured.get(measured.size() - 1);
        return last.validationLoss() <= (1 + CLEARLY) * best.validationLoss()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the validation loss rose from %.4g after %,d steps to %.4g at the end: %s keeps the best weights, %s stops"
                                + " there",
                        best.validationLoss(),
                        best.step(),
                        last.validationLoss(),
                        mention(Setting.KEEP_BEST.key(), true),
                        mention(Setting.PATIENCE.key(), 10)));
    }
}
