package io.firesteel.cli;

import io.firesteel.compute.LossKernel;
import io.firesteel.compute.StepTimes;
import io.firesteel.data.TrainingData;
import io.firesteel.linalg.Precision;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Network;
import io.firesteel.train.Trainer;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lines in which {@code train} says what it does and did. */
final class TrainingSummary {
    private TrainingSummary() {}

    static String data(String path, TrainingData data) {
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

    private static String features(TrainingData data) {
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

    static String network(Network network, Precision precision) {
        String units = network.layers().stream().map(Object::toString).collect(Collectors.joining("-"));
        String activation = network.depth() == 1 ? "" : ", " + ModelDescription.activationNames(network);
        return String.format(
                Locale.ROOT,
                "%s%s, %s, %,d parameters, %s precision",
                units,
                activation,
                network.loss(),
                network.parameterCount(),
                precision);
    }

    static String loss(Trainer.Result result, LossKernel kernel, int stepsPerEpoch) {
        List<Step> history = result.history();
        Step last = history.get(history.size() - 1);
        boolean ofPart = !kernel.sampling().isNone() && last.step() > 0;
        return String.format(
                Locale.ROOT,
                "%.6g %s, %.6g after %,d steps%s%s%s",
                history.get(0).loss(),
                stepsPerEpoch > 1 && ofPart ? "in the first epoch" : ofPart ? "in the first step" : "at the start",
                last.loss(),
                last.step(),
                stepsPerEpoch == 1 ? "" : String.format(Locale.ROOT, ", %,d to an epoch", stepsPerEpoch),
                switch (result.end()) {
                    case ITERATIONS -> "";
                    case TOLERANCE -> " (the tolerance is reached)";
                    case PATIENCE -> " (patience is at its end)";
                },
                result.isEarlier()
                        ? String.format(Locale.ROOT, "; the weights after %,d are kept", result.step())
                        : "");
    }

    /**
     * @param place where steps were computed
     */
    static String time(StepTimes times, String place) {
        double total = times.total();
        return String.format(
                Locale.ROOT,
                "%s in steps, %s each: %.0f%% products, %.0f%% rest of the tasks, %.0f%% between them, %s",
                Progress.duration(total / 1e9),
                Progress.duration(total / 1e9 / times.evaluations()),
                100 * times.products() / total,
                100 * times.restOfTask() / total,
                100 * times.outside() / total,
                place);
    }
}
