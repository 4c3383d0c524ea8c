package io.firesteel.cli;

import io.firesteel.base.SettingNames;
import io.firesteel.fit.Search;
import io.firesteel.fit.Trial;
import io.firesteel.model.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The trials of a search as a table. */
final class TrialTable {
    private TrialTable() {}

    /** Returns the table for people. */
    static List<String> lines(Search.Outcome outcome) {
        return MetricsText.table(
                List.copyOf(cells(outcome.trials().get(0), outcome.metric()).keySet()),
                outcome.trials().stream().map(trial -> texts(cells(trial, outcome.metric()))));
    }

    private static List<String> texts(Map<String, Object> cells) {
        List<String> texts = new ArrayList<>();
        cells.forEach((name, value) -> texts.add(
                value instanceof Double number && !name.equals("seconds")
                        ? String.format(Locale.ROOT, "%.6g", number)
                        : value == null ? "-" : value.toString()));
        return texts;
    }

    /** Returns the table for programs. */
    static Dataset<Row> frame(SparkSession spark, Search.Outcome outcome) {
        StructType schema = new StructType();
        for (String name : outcome.trials().get(0).settings().keySet()) {
            schema = schema.add(name, DataTypes.StringType);
        }
        schema = schema.add("validation-" + outcome.metric(), DataTypes.DoubleType)
                .add("deviation", DataTypes.DoubleType)
                .add("steps", DataTypes.IntegerType)
                .add("seconds", DataTypes.DoubleType)
                .add("failure", DataTypes.StringType);
        List<Row> rows = outcome.trials().stream()
                .map(trial -> RowFactory.create(
                        cells(trial, outcome.metric()).values().toArray()))
                .toList();
        return spark.createDataFrame(rows, schema);
    }

    private static Map<String, Object> cells(Trial trial, Metric metric) {
        Map<String, Object> cells = new LinkedHashMap<>(trial.settings());
        cells.put("validation-" + metric, trial.score());
        cells.put("deviation", trial.deviation());
        cells.put("steps", trial.steps());
        cells.put("seconds", Math.round(trial.seconds() * 1000) / 1000.0);
        cells.put("failure", trial.failure() == null ? null : trial.failure().render(SettingNames.OPTIONS));
        return cells;
    }
}
