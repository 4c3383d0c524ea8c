package io.firesteel.report;

import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Provenance;
import io.firesteel.model.ModelDescription.Step;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The course of a training, in epochs where these have several steps, else in steps.
 *
 * @param stepsPerEpoch 1 where points are of steps
 * @param metric what was measured on rows held out; null where nothing was
 * @param kept after how many steps the weights were as the model has them
 * @param best after how many steps the metric was best; -1 where it was not measured
 * @param isRefit whether the model has the weights of a second training, on all rows
 */
record Course(
        List<Step> history,
        int stepsPerEpoch,
        Metric metric,
        int kept,
        int best,
        boolean isRefit,
        Map<String, String> settings) {
    static Course of(Provenance provenance) {
        List<Step> history = provenance.history();
        int apart =
                history.size() < 3 ? 1 : history.get(1).step() - history.get(0).step();
        Metric metric =
                provenance.validation() == null ? null : provenance.validation().metric();
        int last = history.isEmpty() ? 0 : history.get(history.size() - 1).step();
        int best = provenance.best().map(Step::step).orElse(-1);
        int kept = metric == null ? last : provenance.validation().keptStep();
        return new Course(history, Math.max(1, apart), metric, kept, best, provenance.isRefit(), provenance.settings());
    }

    /** Returns the metric on the rows held out after a step; null where it was not measured. */
    Double measured(Step step) {
        return step.measured(metric);
    }

    boolean isEmpty() {
        return history.size() < 2;
    }

    /** Returns the number of steps that were taken. */
    int last() {
        return history.isEmpty() ? 0 : history.get(history.size() - 1).step();
    }

    /** Returns the name of what is counted. */
    String unit() {
        return stepsPerEpoch > 1 ? "epoch" : "step";
    }

    /** Returns a number of steps in epochs or steps. */
    double at(int step) {
        return (double) step / stepsPerEpoch;
    }

    /** Returns a number of steps as text: the fifth of nine. */
    String text(int step) {
        double at = at(step);
        return at == Math.rint(at)
                ? String.format(Locale.ROOT, "%,d", (long) at)
                : String.format(Locale.ROOT, "%.2f", at);
    }

    /** Returns how long the training was: 20 epochs (3,060 steps). */
    String length() {
        String steps = Html.counted(last(), "step");
        return stepsPerEpoch == 1 ? steps : text(last()) + " epochs (" + steps + ")";
    }

    /** Returns a whole number of the settings; -1 where it is not there. */
    int setting(String key) {
        String text = settings.getOrDefault(key, "");
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    }

    /** Returns whether fewer steps were taken than the settings allow. */
    boolean stoppedEarly() {
        int epochs = setting("epochs");
        int iterations = setting("iterations");
        int most = epochs >= 0 ? epochs * stepsPerEpoch : iterations;
        return most > 0 && last() < most;
    }

    /** Returns in a few sentences of HTML why the model has the weights that it has, and why the training ended. */
    String choice() {
        if (isEmpty()) {
            return "";
        }
        return keptText()
                + ending()
                + (isRefit ? " The model was then trained again from the start, on all rows, for as long." : "");
    }

    private String keptText() {
        if (metric == null) {
            return "The model has the weights after the last " + unit()
                    + ": no rows were held out to choose others by.";
        }
        Step point =
                history.stream().filter(step -> step.step() == kept).findFirst().orElse(null);
        String value = point == null || measured(point) == null ? "" : ", " + Html.digits(measured(point));
        String what = (metric == Metric.LOSS ? "loss" : metric.toString()) + " on the rows held out was best";
        if (isRefit) {
            return "The " + what + value + " after " + unit() + " " + text(best) + " of " + text(last())
                    + (kept == best ? "." : "; the last one was kept.");
        }
        return "The model has the weights after " + unit() + " " + text(kept) + " of " + text(last())
                + (kept == best
                        ? ", where the " + what + value + "."
                        : ", the last one. The " + what + " after " + unit() + " " + text(best) + ".");
    }

    private String ending() {
        if (!stoppedEarly()) {
            return "";
        }
        int patience = setting("patience");
        long since = history.stream()
                .filter(step -> measured(step) != null && step.step() > best)
                .count();
        if (patience > 0 && since >= patience) {
            return " Training stopped early, after " + Html.counted(patience, "measurement")
                    + " without an improvement.";
        }
        return settings.getOrDefault("tolerance", "0").matches("0(\\.0)?")
                ? " Training was stopped before its last step."
                : " Training stopped where the loss improved by less than the tolerance.";
    }
}
