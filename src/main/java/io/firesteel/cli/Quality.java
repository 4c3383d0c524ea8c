package io.firesteel.cli;

import io.firesteel.base.OneLine;
import io.firesteel.fit.Setting;
import io.firesteel.model.MetricFormat;
import io.firesteel.model.Metrics;
import io.firesteel.model.Metrics.PerClass;
import io.firesteel.model.ModelDescription;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a model is for and how good it is, in words. */
final class Quality {
    private static final int LONGEST_NAME = 30;

    private Quality() {}

    /** Returns what a model predicts: "digit (10 classes) from 64 columns". */
    static String purpose(ModelDescription model) {
        List<String> labels = model.targets().labels();
        String first = OneLine.of(labels.get(0), LONGEST_NAME);
        String what =
                labels.size() == 1 ? first : String.format(Locale.ROOT, "%s and %,d more", first, labels.size() - 1);
        int classes = model.targets().classes().size();
        return what + (classes == 0 ? "" : String.format(Locale.ROOT, " (%,d classes)", classes))
                + " from "
                + counted(model.inputs().columns().size(), "column");
    }

    /**
     * Returns how good a model is on rows.
     *
     * @param heldOut whether these were held out of its training, or are those that it was trained on
     */
    static String of(Metrics metrics, boolean heldOut) {
        String rows = String.format(
                Locale.ROOT,
                heldOut ? "the %,d rows held out" : "the %,d rows it was trained on; none were held out",
                metrics.rows());
        if (metrics.tables() instanceof Metrics.Classes classes) {
            double total =
                    classes.perClass().stream().mapToDouble(PerClass::support).sum();
            PerClass largest = classes.perClass().stream()
                    .max(Comparator.comparingDouble(PerClass::support))
                    .orElseThrow();
            return "accuracy " + percent(metrics.get("accuracy")) + " (majority class "
                    + OneLine.of(largest.name(), LONGEST_NAME) + ": " + percent(largest.support() / total) + ") on "
                    + rows;
        }
        if (metrics.tables() instanceof Metrics.Labels) {
            return "all labels right for " + percent(metrics.get("accuracy")) + ", a single one for "
                    + percent(1 - metrics.get("hammingLoss")) + ", of " + rows;
        }
        Double r2 = metrics.numbers().get("r2");
        String between = metrics.numbers().containsKey("intervalCoverage")
                ? ", " + percent(metrics.get("intervalCoverage")) + " of the targets lie between the outer quantiles"
                : "";
        return "off by " + MetricFormat.number(metrics.get("mae")) + " on average"
                + (r2 == null
                        ? ""
                        : r2 < 0
                                ? ", with a larger squared error than always predicting the mean"
                                : ", explains " + percent(r2) + " of the variance")
                + between + ", of " + rows;
    }

    /** Returns by which rule one of two classes is predicted; empty where it is the more probable one. */
    static Optional<String> threshold(ModelDescription model) {
        Double threshold = model.targets().threshold();
        if (threshold == null) {
            return Optional.empty();
        }
        String asked = model.provenance().settings().get(Setting.THRESHOLD.key());
        boolean isGiven = asked == null || !Setting.THRESHOLD.parse(asked).isChosen();
        return Optional.of(OneLine.of(model.targets().classes().get(1), LONGEST_NAME)
                + " is predicted where its probability is above " + MetricFormat.number(threshold)
                + (isGiven ? "" : ", the best for " + asked + " on the rows held out"));
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * part);
    }

    private static String counted(int count, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
    }
}
