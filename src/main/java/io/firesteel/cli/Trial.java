package io.firesteel.cli;

import io.firesteel.model.Metric;
import java.util.ArrayList;
import java.util.Comparator;
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

/**
 * What came of one combination of settings.
 *
 * @param settings those that were searched
 * @param score the metric on the rows held out, or its mean over folds; null where training failed
 * @param deviation of the folds' metrics; null without folds
 * @param steps that the weights took; null with folds
 * @param seconds that it took
 * @param failure why there is no score; null where there is one
 */
record Trial(
        Map<String, String> settings, Double score, Double deviation, Integer steps, double seconds, String failure) {

    /** The best first, those that failed last; of equal ones in the order in which they were tried. */
    static Comparator<Trial> bestFirst(Metric metric) {
        Comparator<Double> better = (a, b) -> -Double.compare(metric.gain(a, b), 0);
        return Comparator.comparing(Trial::score, Comparator.nullsLast(better));
    }

    /** Trials as a table for people. */
    static List<String> table(List<Trial> trials, Metric metric) {
        List<List<String>> rows = new ArrayList<>();
        for (Trial trial : trials) {
            List<String> row = new ArrayList<>();
            trial.cells(metric)
                    .forEach((name, value) -> row.add(
                            value instanceof Double number && !name.equals("seconds")
                                    ? String.format(Locale.ROOT, "%.6g", number)
                                    : value == null ? "-" : value.toString()));
            rows.add(row);
        }
        rows.add(0, List.copyOf(trials.get(0).cells(metric).keySet()));
        return MetricsText.table(rows);
    }

    /** Trials as a table for programs. */
    static Dataset<Row> frame(SparkSession spark, List<Trial> trials, Metric metric) {
        StructType schema = new StructType();
        for (String name : trials.get(0).settings.keySet()) {
            schema = schema.add(name, DataTypes.StringType);
        }
        schema = schema.add("validation-" + metric, DataTypes.DoubleType)
                .add("deviation", DataTypes.DoubleType)
                .add("steps", DataTypes.IntegerType)
                .add("seconds", DataTypes.DoubleType)
                .add("failure", DataTypes.StringType);
        List<Row> rows = trials.stream()
                .map(trial -> RowFactory.create(trial.cells(metric).values().toArray()))
                .toList();
        return spark.createDataFrame(rows, schema);
    }

    private Map<String, Object> cells(Metric metric) {
        Map<String, Object> cells = new LinkedHashMap<>(settings);
        cells.put("validation-" + metric, score);
        cells.put("deviation", deviation);
        cells.put("steps", steps);
        cells.put("seconds", Math.round(seconds * 1000) / 1000.0);
        cells.put("failure", failure);
        return cells;
    }
}
