package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.Task;
import io.firesteel.train.EarlyStopping;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What follows from the rows that are held out, while a training goes on. */
public final class StoppingOptions {
    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "What to measure on the rows held out: loss (by default); accuracy, balanced-accuracy, and for "
                            + "two classes roc-auc or pr-auc; rmse, mae or r2 of a regression; accuracy or hamming-loss "
                            + "of several labels.")
    Metric metric;

    @Option(
            names = "--validate-every",
            paramLabel = "N",
            description = "Measures it after each N steps (with batches: passes over all rows), and after the last; by "
                    + "default 1.")
    Integer every;

    @Option(
            names = "--patience",
            paramLabel = "K",
            defaultValue = "0",
            description = "Stops after K measurements on end without an improvement; 0 never does.")
    int patience;

    @Option(
            names = "--min-delta",
            paramLabel = "D",
            description = "With --patience: an improvement is one by more than this; by default 0.")
    Double minDelta;

    @Option(
            names = "--keep-best",
            paramLabel = "BOOL",
            arity = "1",
            description = "Whether the model gets the weights that were measured best, not the last ones; by default "
                    + "true with --patience.")
    Boolean keepBest;

    /**
     * The rule that they make; null where no rows are held out.
     *
     * @param heldOut whether rows are held out of the model's own training
     * @param folds whether folds are measured, by the metric too
     * @throws UserError when they cannot be meant
     */
    EarlyStopping rule(Task task, boolean heldOut, boolean folds) {
        if (patience < 0) {
            throw new SettingError("patience", patience, "0 (off) or more");
        }
        if (every != null && every < 1) {
            throw new SettingError("validate-every", every, "1 or more");
        }
        if (minDelta != null && !(minDelta >= 0 && Double.isFinite(minDelta))) {
            throw new SettingError("min-delta", minDelta, "a number of 0 or more");
        }
        if (minDelta != null && patience == 0) {
            throw new SettingError("min-delta", minDelta, mention("patience") + " with it");
        }
        Metric chosen = metric(metric, task);
        if (!heldOut) {
            expectNoneGiven(folds);
            return null;
        }
        return new EarlyStopping(
                chosen,
                every == null ? 1 : every,
                patience,
                minDelta == null ? 0 : minDelta,
                keepBest == null ? patience > 0 : keepBest);
    }

    private void expectNoneGiven(boolean folds) {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("metric", folds ? null : metric);
        given.put("validate-every", every);
        given.put("patience", patience == 0 ? null : patience);
        given.put("keep-best", keepBest);
        given.values().removeIf(Objects::isNull);
        given.forEach((name, value) -> {
            throw new SettingError(
                    name, value, "validation rows with it", "add " + mention("validation-fraction", 0.2));
        });
    }

    /**
     * Makes sure that a metric is defined on some examples.
     *
     * @throws UserError when it is not
     */
    public static void expectDefined(Metric metric, Metrics metrics) {
        if (metric.of(metrics) == null) {
            throw new UserError(mention("metric", metric) + " is not defined on these " + metrics.rows()
                    + " rows: expected " + whereDefined(metric));
        }
    }

    /** What rows have to be for a metric that is not defined on all. */
    public static String whereDefined(Metric metric) {
        return metric.isArea() ? "two classes, and rows of both" : "targets that differ from row to row";
    }

    /**
     * A metric, the loss by default.
     *
     * @throws UserError when the task has no such metric
     */
    public static Metric metric(Metric given, Task task) {
        if (given == null) {
            return Metric.LOSS;
        }
        if (!given.fits(task)) {
            throw new SettingError(
                    "metric",
                    given,
                    "a metric of a " + task + ": "
                            + Metric.of(task).stream().map(Metric::toString).collect(Collectors.joining(", ")));
        }
        return given;
    }
}
