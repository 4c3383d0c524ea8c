package io.firesteel.cli;

import io.firesteel.base.OneLine;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Fitting;
import io.firesteel.fit.Settings;
import io.firesteel.fit.TrainingLength;
import io.firesteel.model.CellRules;
import io.firesteel.model.DatePart;
import io.firesteel.model.Encoding;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Network;
import io.firesteel.train.Trainer;
import io.firesteel.train.TrainingConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lines that {@code train} prints about its data, network and result. */
final class TrainingSummary {
    private static final int LONGEST_EXAMPLE = 20;

    private TrainingSummary() {}

    static String data(String path, TrainingSet data) {
        String labels = String.join(", ", data.columns().labels());
        String what =
                switch (data.columns().task()) {
                    case CLASSIFICATION ->
                        "label " + labels + " with " + data.classes().size() + " classes";
                    case REGRESSION -> "target " + labels;
                    case MULTILABEL -> "labels " + labels;
                };
        String heldOut = data.validation() == null
                ? ""
                : String.format(
                        Locale.ROOT, ", %,d rows held out", data.validation().rows());
        String sparse = data.filled() == null
                ? ""
                : String.format(Locale.ROOT, " (%.2g%% filled: sparse, not centred)", 100 * data.filled());
        return String.format(
                Locale.ROOT,
                "%s: %,d rows to train on%s, %s%s, %s",
                path,
                data.training().rows(),
                heldOut,
                features(data),
                sparse,
                what);
    }

    /** Returns the columns that became categories since some of their cells are text, with such a text. */
    static String categories(Encoding encoding) {
        List<String> columns = new ArrayList<>();
        encoding.categories().forEach((column, values) -> {
            String text = values.stream()
                    .filter(CellRules::isText)
                    .findFirst()
                    .map(value -> ", such as " + OneLine.of(value, LONGEST_EXAMPLE)
                            + (CellRules.isDate(value) ? "; --dates expand makes numbers of dates" : ""))
                    .orElse("");
            columns.add(column + " (" + values.size() + text + ")");
        });
        return columns.isEmpty()
                ? "none: all cells of the features are numbers"
                        + (encoding.dates().isEmpty() ? "" : " or dates")
                : String.join(", ", columns) + ": columns of text";
    }

    /** Returns the columns of dates, with the numbers that they become. */
    static String dates(Encoding encoding) {
        List<String> columns = new ArrayList<>();
        encoding.dates()
                .forEach((column, parts) -> columns.add(column + " ("
                        + parts.stream().map(DatePart::toString).collect(Collectors.joining(", ")) + ")"));
        return columns.isEmpty() ? "none: no feature is a column of dates" : String.join(", ", columns);
    }

    private static String features(TrainingSet data) {
        int categories = data.columns().encoding().categories().size();
        return String.format(
                        Locale.ROOT, "%,d features", data.columns().features().size())
                + (categories == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                " (%d of categories: %,d inputs)",
                                categories,
                                data.network().inputs()));
    }

    static String network(Network network, TrainingConfig config) {
        double smoothing = config.regularization().labelSmoothing();
        return String.format(
                Locale.ROOT,
                "%s, %s%s, %,d parameters, %s precision",
                network.summary(),
                network.lossSummary(),
                smoothing == 0 ? "" : " with label smoothing " + smoothing,
                network.parameterCount(),
                config.precision());
    }

    static String loss(Trainer.Result result, int stepsPerEpoch) {
        List<Step> history = result.history();
        Step last = history.get(history.size() - 1);
        boolean inEpochs = stepsPerEpoch > 1 && last.step() > 0 && last.step() % stepsPerEpoch == 0;
        return String.format(Locale.ROOT, "%.6g to %.6g in ", history.get(0).loss(), last.loss())
                + (inEpochs
                        ? String.format(Locale.ROOT, "%,d epochs (%,d steps)", last.step() / stepsPerEpoch, last.step())
                        : String.format(Locale.ROOT, "%,d steps", last.step()))
                + ending(result);
    }

    /** Returns what the training on all rows came to, which followed the one with rows held out. */
    static String refit(Fitting.Fit refit, Settings settings) {
        Trainer.Result result = refit.result();
        long rows = refit.description().provenance().rows();
        return String.format(
                Locale.ROOT,
                "trained again from the start on all %,d rows, up to the epoch that was kept; loss %s",
                rows,
                loss(result, settings.config().pace().stepsPerEpoch(rows)));
    }

    private static String ending(Trainer.Result result) {
        List<String> parts = new ArrayList<>();
        if (result.end() == Trainer.End.TOLERANCE) {
            parts.add("stopped at the tolerance");
        } else if (result.end() == Trainer.End.PATIENCE) {
            parts.add("stopped early");
        } else if (result.end() == Trainer.End.STOPPED) {
            parts.add("stopped");
        }
        if (result.isEarlier()) {
            parts.add(String.format(Locale.ROOT, "kept the weights of step %,d", result.step()));
        }
        return parts.isEmpty() ? "" : " (" + String.join("; ", parts) + ")";
    }

    /** Returns the length that fits into a time. */
    static String length(Duration time, TrainingLength length) {
        String unit = length.isOfEpochs() ? "epoch" : "step";
        return String.format(
                Locale.ROOT,
                "%s: %,d %s, as with --%s %d",
                time.toString().substring("PT".length()).toLowerCase(Locale.ROOT),
                length.count(),
                length.count() == 1 ? unit + " fits" : unit + "s fit",
                length.setting().key(),
                length.count());
    }

    /**
     * Returns the time of the training, as long as its progress was shown, and of its refit.
     *
     * @param fit which took no time where a checkpoint of the refit had it
     * @param refit null for none
     * @param forecast the seconds that were forecast for the steps of the training; null for none
     */
    static String time(Fitting.Fit fit, Fitting.Fit refit, Double forecast) {
        if (refit == null) {
            return time(fit, forecast);
        }
        return (fit.seconds() == 0 ? "" : time(fit, forecast) + "; then ") + time(refit, null);
    }

    private static String time(Fitting.Fit fit, Double forecast) {
        String step = fit.steps() == 0 ? "" : ", " + Units.duration(fit.seconds() / fit.steps()) + "/step";
        return Units.duration(fit.seconds())
                + (forecast == null ? "" : " (forecast " + Units.duration(forecast) + ")")
                + step
                + String.format(
                        Locale.ROOT,
                        " (%.0f%% matrix products), %s",
                        fit.times().products() / 1e7 / fit.seconds(),
                        fit.place());
    }
}
