package io.firesteel.ml;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.fit.Measurement;
import io.firesteel.fit.Setting;
import io.firesteel.model.Metric;
import io.firesteel.model.Metrics;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.Columns;
import io.firesteel.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The labelled rows of a DataFrame, on which a fitted model is measured.
 *
 * @param instance the model, whose Params name the columns
 */
record FrameMeasurement(TrainingParams instance, TrainedModel model, Dataset<?> frame) {
    private static final StructType IMPORTANCES = new StructType()
            .add("feature", DataTypes.StringType, false)
            .add("importance", DataTypes.DoubleType, false)
            .add("deviation", DataTypes.DoubleType, false);

    /** Returns the metrics of the model. */
    Metrics metrics() {
        try {
            return measured(new Measurement.Wanted(null, 0, 0, false)).metrics();
        } catch (UserError e) {
            throw new ParamNames(instance).rendered(e);
        }
    }

    /**
     * Returns the importances, the greatest first: of each feature by how much a metric is worse when its values are permuted among
     * rows, and the deviation of that over the permutations.
     *
     * @param metric its name, as the Param {@code metric} has it
     * @param repeats permutations of each feature
     * @param seed of the permutations
     */
    Dataset<Row> importances(String metric, int repeats, long seed) {
        try {
            Metric of = Setting.METRIC.parse(metric);
            SettingError.expect(repeats >= 1, "repeats", repeats, "1 or more");
            List<Row> rows = measured(new Measurement.Wanted(of, repeats, seed, false)).importances().stream()
                    .map(each -> RowFactory.create(each.column(), each.mean(), each.deviation()))
                    .toList();
            return frame.sparkSession().createDataFrame(rows, IMPORTANCES);
        } catch (UserError e) {
            throw new ParamNames(instance).rendered(e);
        }
    }

    private Measurement measured(Measurement.Wanted wanted) {
        List<String> labels = model.description().targets().labels();
        String weight = instance.isSet(instance.weightCol()) ? instance.getWeightCol() : null;
        List<String> names = new ArrayList<>(InputColumns.of(instance));
        names.forEach(name -> InputColumns.expect(frame.schema(), Setting.FEATURES.key(), name));
        labels.forEach(name -> InputColumns.expect(frame.schema(), Setting.LABEL.key(), name));
        names.addAll(labels);
        if (weight != null) {
            InputColumns.expect(frame.schema(), Setting.WEIGHT.key(), weight);
            names.add(weight);
        }
        Table table = Table.of(LabelColumns.asNumbers(InputColumns.select(frame, names.stream()), labels));
        Columns columns = InputColumns.columns(instance, model, table, true, weight);
        int cores = Math.max(1, frame.sparkSession().sparkContext().defaultParallelism());
        return Measurement.of(model, table, columns, cores, wanted);
    }
}
