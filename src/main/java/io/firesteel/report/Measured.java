package io.firesteel.report;

import io.firesteel.model.Closeup;
import io.firesteel.model.Importance;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import java.util.List;

/**
 * What a model was measured to be on some rows.
 *
 * @param rows where these rows come from
 * @param data the table that was given, as it was given
 * @param importanceMetric what importances are losses of; null where none were asked for
 * @param importances of the input columns, the greatest first; empty where they were not asked for
 */
public record Measured(
        Rows rows,
        String data,
        Metrics metrics,
        Closeup closeup,
        Metric importanceMetric,
        List<Importance> importances) {
    /** Where rows that measure a model come from. */
    public enum Rows {
        /** They were held out from the training. */
        HELD_OUT,
        /** The model was trained on them. */
        TRAINED_ON,
        /** They are those of a table. */
        TABLE
    }

    public Measured {
        importances = List.copyOf(importances);
    }
}
