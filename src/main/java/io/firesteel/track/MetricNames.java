package io.firesteel.track;

import java.util.Locale;

/** Names of metrics in the words of trackers. */
final class MetricNames {
    private MetricNames() {}

    /** Returns a metric's key with underscores: roc_auc for rocAuc. */
    static String snakeCase(String key) {
        return key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
