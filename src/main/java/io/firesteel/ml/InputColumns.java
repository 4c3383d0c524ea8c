package io.firesteel.ml;

import io.firesteel.base.SettingError;
import io.firesteel.base.Suggestion;
import io.firesteel.base.UserError;
import io.firesteel.data.CellScoring;
import io.firesteel.data.ScoredRow;
import io.firesteel.fit.Setting;
import io.firesteel.model.Contributions;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.CellSelection;
import io.firesteel.table.Columns;
import io.firesteel.table.RowParser;
import io.firesteel.table.Table;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The feature columns that {@code inputCols} names, in place of one column of vectors. They are read as the columns of any other
 * table are, for training and for scoring.
 */
final class InputColumns {
    private InputColumns() {}

    /** Returns whether an estimator or a model has such columns. */
    static boolean areGiven(TrainingParams instance) {
        return instance.isSet(instance.inputCols());
    }

    /**
     * Returns the columns of the features: those that are named, or the one of vectors.
     *
     * @throws UserError when both are set, or none is named
     */
    static List<String> of(TrainingParams instance) {
        Param<String> vectors = featuresCol(instance);
        if (!areGiven(instance)) {
            return List.of(instance.getOrDefault(vectors));
        }
        List<String> names = List.of(instance.getInputCols());
        SettingError.expect(!names.isEmpty(), Setting.FEATURES.key(), names, "the name of a column at least");
        if (instance.isSet(vectors)) {
            throw new UserError(
                    "featuresCol=" + instance.getOrDefault(vectors) + " and inputCols: expected only one of them");
        }
        return names;
    }

    @SuppressWarnings("unchecked") // Spark declares it so
    private static Param<String> featuresCol(TrainingParams instance) {
        return (Param<String>) (Param<?>) instance.getParam("featuresCol");
    }

    /**
     * Returns the schema that a fit or a transformation makes of another.
     *
     * @param ofSpark does the same for an instance with a column of vectors and one label
     * @throws UserError when a column is missing
     */
    static StructType schema(TrainingParams instance, StructType schema, UnaryOperator<StructType> ofSpark) {
        if (!areGiven(instance)) {
            return LabelColumns.schema(instance, schema, ofSpark);
        }
        try {
            of(instance).forEach(name -> expect(schema, Setting.FEATURES.key(), name));
        } catch (UserError e) {
            throw new ParamNames(instance).rendered(e);
        }
        String vectors = instance.getOrDefault(featuresCol(instance));
        StructField[] others = Arrays.stream(schema.fields())
                .filter(field -> !field.name().equals(vectors))
                .toArray(StructField[]::new);
        StructType with = new StructType(others).add(vectors, SQLDataTypes.VectorType());
        StructField[] added = LabelColumns.schema(instance, with, ofSpark).fields();
        return new StructType(
                Stream.concat(Arrays.stream(schema.fields()), Arrays.stream(added, with.size(), added.length))
                        .toArray(StructField[]::new));
    }

    /** Refuses a column that a DataFrame lacks. */
    static void expect(StructType schema, String setting, String name) {
        List<String> columns = List.of(schema.fieldNames());
        SettingError.expect(
                columns.contains(name),
                setting,
                name,
                "a column of the DataFrame: " + String.join(", ", columns) + Suggestion.of(name, columns));
    }

    /** Returns columns of a DataFrame by their exact names. */
    static Dataset<Row> select(Dataset<?> frame, Stream<String> names) {
        return frame.select(names.distinct().map(Table::column).toArray(Column[]::new));
    }

    /**
     * Returns the columns of a table for a model, which takes unseen categories as its Param says.
     *
     * @param weight the column of row weights; null for none
     */
    static Columns columns(
            TrainingParams instance, TrainedModel model, Table table, boolean withLabels, String weight) {
        Columns known = Columns.forModel(table.schema(), model.description(), withLabels, weight, List.of());
        return instance.isSet(instance.unseen())
                ? known.encodedAs(known.encoding().withUnseen(Setting.UNSEEN.parse(instance.getUnseen())))
                : known;
    }

    /**
     * Adds to a DataFrame what a model with such columns predicts.
     *
     * @param scored the columns of the result
     * @throws UserError when a column is of a type that cannot be read
     */
    static Dataset<Row> transform(
            TrainingParams instance,
            TrainedModel model,
            Dataset<?> frame,
            StructType scored,
            BatchTransform.Output output) {
        try {
            Table cells = Table.of(select(frame, of(instance).stream()));
            Columns columns = columns(instance, model, cells, false, null);
            CellSelection selection = CellSelection.of(cells, columns);
            int own = frame.schema().size();
            int[] places = new int[selection.cells().size()];
            Arrays.setAll(places, i -> own + i);
            CellScoring scoring = CellScoring.of(model, selection, columns, places);
            boolean explains = !instance.getContributionsCol().isEmpty();
            return BatchTransform.of(
                    frame.toDF(), selection.cells(), scored, rows -> CellBatch.of(scoring, rows, explains), output);
        } catch (UserError e) {
            throw new ParamNames(instance).rendered(e);
        }
    }

    /**
     * Rows that are scored together by their cells.
     *
     * @param contributions null where they are not computed
     */
    private record CellBatch(CellScoring.Batch batch, int capacity, Contributions contributions)
            implements BatchTransform.Batch {
        static CellBatch of(CellScoring scoring, int rows, boolean explains) {
            TrainedModel model = scoring.model();
            int capacity = explains ? Contributions.batch(model.description(), rows) : rows;
            return new CellBatch(scoring.batch(capacity), capacity, explains ? new Contributions(model) : null);
        }

        @Override
        public void add(Row row) {
            try {
                batch.add(row);
            } catch (RowParser.BadRow e) {
                throw e.fault().error(Table.FRAME, 0);
            }
        }

        @Override
        public List<ScoredRow> scored() {
            CellScoring.Scored scored = batch.scored();
            if (scored.unusable() != null) {
                throw scored.unusable();
            }
            double[][] scores = scored.scores();
            return ScoredRow.of(scores, contributions == null ? null : contributions.of(scored.inputs(), scores));
        }
    }
}
