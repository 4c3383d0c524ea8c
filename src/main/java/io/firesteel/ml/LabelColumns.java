package io.firesteel.ml;

import io.firesteel.base.NameList;
import io.firesteel.base.SettingError;
import io.firesteel.base.UserError;
import io.firesteel.fit.Setting;
import io.firesteel.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that {@code labelCols} names, in place of one label: several targets of a regression, or several labels of 0 and 1.
 * Spark ML's own classes know one label and predict one number; here the prediction is a vector, in the order of the columns.
 */
final class LabelColumns {
    private LabelColumns() {}

    /** Returns whether an estimator or a model has several labels. */
    static boolean areGiven(TrainingParams instance) {
        return instance.isSet(instance.labelCols());
    }

    /**
     * Returns the columns of the labels.
     *
     * @throws UserError when both Params are set, or {@code labelCols} names one column only
     */
    static List<String> of(TrainingParams instance) {
        Param<String> one = textParam(instance, "labelCol");
        if (!areGiven(instance)) {
            return List.of(instance.getOrDefault(one));
        }
        List<String> names = List.of(instance.getLabelCols());
        if (instance.isSet(one)) {
            throw new UserError("labelCol=" + instance.getOrDefault(one) + " and labelCols: expected only one of them");
        }
        if (names.size() < 2) {
            throw new UserError("labelCols=" + NameList.join(names)
                    + ": expected the names of several columns (labelCol takes one)");
        }
        return names;
    }

    @SuppressWarnings("unchecked") // Spark declares it so
    private static Param<String> textParam(TrainingParams instance, String name) {
        return (Param<String>) (Param<?>) instance.getParam(name);
    }

    /**
     * Makes sure that a DataFrame has what an estimator with several labels is to be fitted to.
     *
     * @throws UserError when it lacks a column, or a label is of a type that is no number
     */
    static void expectIn(TrainingParams estimator, StructType schema) {
        if (!areGiven(estimator)) {
            return; // Spark's own classes look for the label
        }
        try {
            InputColumns.of(estimator).forEach(name -> InputColumns.expect(schema, Setting.FEATURES.key(), name));
            for (String name : of(estimator)) {
                InputColumns.expect(schema, Setting.LABEL.key(), name);
                DataType type = schema.apply(name).dataType();
                SettingError.expect(
                        type instanceof NumericType || type.equals(DataTypes.BooleanType),
                        Setting.LABEL.key(),
                        name,
                        "a column of numbers, not of type " + type.catalogString());
            }
        } catch (UserError e) {
            throw new ParamNames(estimator).rendered(e);
        }
    }

    /**
     * Returns the schema that a fit or a transformation makes of another.
     *
     * @param ofSpark does the same for an instance with one label
     */
    static StructType schema(TrainingParams instance, StructType schema, UnaryOperator<StructType> ofSpark) {
        if (!areGiven(instance)) {
            return ofSpark.apply(schema);
        }
        String label = instance.getOrDefault(textParam(instance, "labelCol"));
        String prediction = instance.getOrDefault(textParam(instance, "predictionCol"));
        StructType with = new StructType(Arrays.stream(schema.fields())
                        .filter(field -> !field.name().equals(label))
                        .toArray(StructField[]::new))
                .add(label, DataTypes.DoubleType);
        Stream<StructField> added = Arrays.stream(ofSpark.apply(with).fields())
                .skip(with.size())
                .map(field -> field.name().equals(prediction)
                        ? DataTypes.createStructField(prediction, SQLDataTypes.VectorType(), true)
                        : field);
        return new StructType(
                Stream.concat(Arrays.stream(schema.fields()), added).toArray(StructField[]::new));
    }

    /** Returns a DataFrame with its labels as numbers, as Spark ML makes them for a fit. */
    static Dataset<Row> asNumbers(Dataset<Row> frame, List<String> labels) {
        Dataset<Row> cast = frame;
        for (String label : labels) {
            cast = cast.withColumn(label, Table.column(label).cast(DataTypes.DoubleType));
        }
        return cast;
    }
}
