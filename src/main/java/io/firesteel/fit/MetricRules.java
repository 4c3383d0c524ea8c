package io.firesteel.fit;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.Task;
import io.firesteel.nn.Loss;
import java.util.stream.Collectors;

/** Which metrics a task has, and which rows define them. */
public final class MetricRules {
    private MetricRules() {}

    /**
     * Makes sure that a task has a metric, and returns it.
     *
     * @param loss of the network; null for the task's usual one
     * @throws SettingError when it has not
     */
    public static Metric expectFits(Metric metric, Task task, Loss loss) {
        SettingError.expect(
                metric.fits(task),
                "metric",
                metric,
                "a metric of a " + task + ": "
                        + Metric.of(task).stream().map(Metric::toString).collect(Collectors.joining(", ")));
        SettingError.expect(
                !metric.isOfQuantiles() || loss == Loss.QUANTILE,
                "metric",
                metric,
                mention("loss", Loss.QUANTILE) + ", since it measures predicted quantiles");
        return metric;
    }

    /**
     * Makes sure that a metric is defined on some rows.
     *
     * @throws UserError when it is not
     */
    public static void expectDefined(Metric metric, Metrics metrics) {
        if (metric.of(metrics) == null) {
            throw undefined(metric, "these " + metrics.rows() + " rows");
        }
    }

    static UserError undefined(Metric metric, String rows) {
        return new UserError(mention("metric", metric) + " is not defined on " + rows + ": expected "
                + (metric.isArea() ? "two classes, and rows of both" : "targets that differ from row to row"));
    }
}
