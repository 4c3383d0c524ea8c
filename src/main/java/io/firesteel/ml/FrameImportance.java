package io.firesteel.ml;

import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.fit.Measurement;
import io.firesteel.fit.Setting;
import io.firesteel.model.Metric;
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

/** Measures the importance of a model's features on the labelled rows of a DataFrame. */
final class FrameImportance {
    private static final StructType SCHEMA = new StructType()
            .add("feature", DataTypes.StringType, false)
            .add("importance", DataTypes.DoubleType, false)
            .add("deviation", DataTypes.DoubleType, false);

    private FrameImportance() {}

    /**
     * Returns the importances, the greatest first: of each feature by how much a metric is worse when its values are permuted among
     * rows, and the deviation of that over the permutations.
     *
     * @param instance the model, whose Params name the columns
     * @param metric its name, as the Param {@code metric} has it
     * @param repeats permutations of each feature
     * @param seed of the permutations
     */
    static Dataset<Row> of(
            TrainingParams instance, TrainedModel model, Dataset<?> frame, String metric, int repeats, long seed) {
        try {
            Metric of = Setting.METRIC.parse(metric);
            SettingError.expect(repeats >= 1, "repeats", repeats, "1 or more");
            String label = model.description().targets().labels().get(0);
            String weight = instance.isSet(instance.weightCol()) ? instance.getWeightCol() : null;
            List<String> names = new ArrayList<>(InputColumns.of(instance));
            names.forEach(name -> InputColumns.expect(frame.schema(), Setting.FEATURES.key(), name));
            InputColumns.expect(frame.schema(), Setting.LABEL.key(), label);
            names.add(label);
            if (weight != null) {
                InputColumns.expect(frame.schema(), Setting.WEIGHT.key(), weight);
                names.add(weight);
            }
            Table table = Table.of(InputColumns.select(frame, names.stream())
                    .withColumn(label, Table.column(label).cast(DataTypes.DoubleType))); // as in training
            Columns columns = Columns.forModel(table.schema(), model.description(), true, weight, List.of());
            int cores = Math.max(1, frame.sparkSession().sparkContext().defaultParallelism());
            Measurement measured =
                    Measurement.of(model, table, columns, cores, new Measurement.Wanted(of, repeats, seed, false));
            List<Row> rows = measured.importances().stream()
                    .map(each -> RowFactory.create(each.column(), each.mean(), each.deviation()))
                    .toList();
            return frame.sparkSession().createDataFrame(rows, SCHEMA);
        } catch (UserError e) {
            throw new ParamNames(instance).rendered(e);
        }
    }
}
