package io.firesteel.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.base.SettingNames;
import io.firesteel.fit.Search;
import io.firesteel.fit.Setting;
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
import org.apache.spark.sql.types.DataType;
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

    /** Returns what the model is the mean of. */
    static String averaged(Search.Outcome outcome) {
        int models = outcome.averaged().size();
        if (models == 1) {
            return "the model is that of the best settings: no others have its network";
        }
        return "the model is the mean of the " + models + " best with the network of the first"
                + (outcome.score() == null
                        ? ""
                        : String.format(Locale.ROOT, ": validation-%s %.6g", outcome.metric(), outcome.score()));
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
            schema = schema.add(name, type(Setting.of(name)));
        }
        schema = schema.add(validation(outcome.metric()), DataTypes.DoubleType)
                .add("deviation", DataTypes.DoubleType)
                .add("steps", DataTypes.IntegerType)
                .add("seconds", DataTypes.DoubleType)
                .add("failure", DataTypes.StringType);
        List<Row> rows = outcome.trials().stream()
                .map(trial -> {
                    Map<String, Object> cells = cells(trial, outcome.metric());
                    cells.putAll(typed(trial.settings()));
                    return RowFactory.create(cells.values().toArray());
                })
                .toList();
        return spark.createDataFrame(rows, schema);
    }

    /** Returns the results as an object for programs. */
    static ObjectNode json(Search.Outcome outcome) {
        ObjectNode object = Json.object().put("metric", outcome.metric().key());
        ArrayNode trials = object.putArray("trials");
        for (Trial trial : outcome.trials()) {
            ObjectNode one = trials.addObject();
            one.putPOJO("settings", typed(trial.settings()));
            one.putObject("validation").put(outcome.metric().key(), trial.score());
            one.put("deviation", trial.deviation());
            one.put("steps", trial.steps());
            one.put("seconds", trial.seconds());
            one.put("failure", failure(trial));
        }
        ObjectNode average = object.putObject("average");
        average.put("models", outcome.averaged().size());
        average.putObject("validation").put(outcome.metric().key(), outcome.score());
        return object;
    }

    /** Returns the name of the metric's column: validationLoss, as a model's history has it. */
    private static String validation(Metric metric) {
        String key = metric.key();
        return "validation" + Character.toUpperCase(key.charAt(0)) + key.substring(1);
    }

    /** Returns the type of a setting's column: numbers are numbers, and all else is text. */
    private static DataType type(Setting<?> setting) {
        return switch (setting.type().kind()) {
            case NUMBER -> DataTypes.DoubleType;
            case WHOLE -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case FLAG -> DataTypes.BooleanType;
            case TEXT, NUMBERS, WHOLES, TEXTS -> DataTypes.StringType;
        };
    }

    private static Map<String, Object> typed(Map<String, String> settings) {
        Map<String, Object> typed = new LinkedHashMap<>();
        settings.forEach((key, text) -> {
            Setting<?> setting = Setting.of(key);
            typed.put(key, type(setting).equals(DataTypes.StringType) ? text : setting.parse(text));
        });
        return typed;
    }

    private static String failure(Trial trial) {
        return trial.failure() == null ? null : trial.failure().render(SettingNames.OPTIONS);
    }

    private static Map<String, Object> cells(Trial trial, Metric metric) {
        Map<String, Object> cells = new LinkedHashMap<>(trial.settings());
        cells.put("validation-" + metric, trial.score());
        cells.put("deviation", trial.deviation());
        cells.put("steps", trial.steps());
        cells.put("seconds", Math.round(trial.seconds() * 1000) / 1000.0);
        cells.put("failure", failure(trial));
        return cells;
    }
}
