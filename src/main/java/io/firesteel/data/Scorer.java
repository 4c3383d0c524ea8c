package io.firesteel.data;

import io.firesteel.base.UserError;
import io.firesteel.model.Contributions;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.CellSelection;
import io.firesteel.table.Columns;
import io.firesteel.table.RowParser;
import io.firesteel.table.Table;
import io.firesteel.table.TableWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.util.LongAccumulator;

/**
 * Adds a model's predictions to a table: a column {@code prediction}, and {@code probability_CLASS} for each class; for
 * several targets, {@code prediction_TARGET} for each; for quantiles {@code prediction}, the median, and {@code prediction_0.1}
 * and the like for each; for several labels, {@code prediction_LABEL}, 0 or 1, for each, and
 * {@code probability_LABEL} for each. Where contributions are wanted, a column {@code contribution_COLUMN} for each column that the
 * model has, and {@code contribution_base}.
 */
public final class Scorer {
    private static final int BATCH = 256;

    private static final String CONTRIBUTION = "contribution_";

    private Scorer() {}

    /**
     * Returns the table's columns with the predictions, in the order of the table's rows.
     *
     * @param inOnePartition whether all rows are to be in one partition
     * @param badRows counts, when the result is written, the partitions that end at a bad row
     * @param inexactRows counts, likewise, the rows whose contributions do not add up as they should; null where no contributions
     *     are wanted
     * @throws UserError when the table has a column of the result's names already
     */
    public static TableWriter.Rows predictions(
            Table table,
            Columns columns,
            TrainedModel model,
            boolean inOnePartition,
            LongAccumulator badRows,
            LongAccumulator inexactRows) {
        List<String> own = table.schema().ofData();
        Map<Column, Integer> selected = new LinkedHashMap<>();
        List<StructField> fields = new ArrayList<>();
        for (String name : own) {
            selected.put(Table.column(name), selected.size());
            fields.add(table.field(name));
        }
        for (StructField field : added(model.description(), inexactRows != null)) {
            if (own.contains(field.name())) {
                throw new UserError(table.path() + " has a column " + field.name()
                        + " already, which the predictions would be: rename it");
            }
            fields.add(field);
        }
        CellSelection cells = CellSelection.of(table, columns);
        int[] places = new int[cells.cells().size()];
        for (int i = 0; i < places.length; i++) {
            selected.putIfAbsent(cells.cells().get(i), selected.size());
            places[i] = selected.get(cells.cells().get(i));
        }
        CellScoring scoring = CellScoring.of(model, cells, columns, places);
        Score score = new Score(model.description(), scoring, own.size(), badRows, inexactRows);
        return new TableWriter.Rows(
                table.ordered(List.copyOf(selected.keySet()), inOnePartition).mapPartitions(score),
                DataTypes.createStructType(fields));
    }

    private static List<StructField> added(ModelDescription model, boolean explained) {
        List<StructField> fields = new ArrayList<>();
        switch (model.task()) {
            case CLASSIFICATION -> {
                fields.add(DataTypes.createStructField("prediction", DataTypes.StringType, false));
                model.targets().classes().forEach(name -> fields.add(number("probability_" + name)));
            }
            case REGRESSION -> {
                if (model.targets().labels().size() == 1) {
                    fields.add(number("prediction"));
                    model.network().quantiles().names().forEach(name -> fields.add(number("prediction_" + name)));
                } else {
                    model.targets().labels().forEach(name -> fields.add(number("prediction_" + name)));
                }
            }
            case MULTILABEL -> {
                model.targets()
                        .labels()
                        .forEach(name -> fields.add(
                                DataTypes.createStructField("prediction_" + name, DataTypes.IntegerType, false)));
                model.targets().labels().forEach(name -> fields.add(number("probability_" + name)));
            }
        }
        if (explained) {
            model.inputs().columns().forEach(name -> fields.add(number(CONTRIBUTION + name)));
            fields.add(number(CONTRIBUTION + "base"));
        }
        return fields;
    }

    private static StructField number(String name) {
        return DataTypes.createStructField(name, DataTypes.DoubleType, false);
    }

    /**
     * Scores a partition up to its first bad row. A task does not know the number of that row, nor whether it is the
     * first: it stops there and counts it.
     */
    private record Score(
            ModelDescription model, CellScoring scoring, int own, LongAccumulator badRows, LongAccumulator inexactRows)
            implements FlatMapFunction<Iterator<Row>, Row> {
        @Override
        public Iterator<Row> call(Iterator<Row> rows) {
            int size = inexactRows == null ? BATCH : Contributions.batch(model, BATCH);
            CellScoring.Batch scorer = scoring.batch(size);
            Contributions contributions = inexactRows == null ? null : new Contributions(scoring.model());
            return new BatchedRows(rows, size, batch -> scored(batch, scorer, contributions));
        }

        /** Returns the scored rows before the first bad one. */
        private List<Row> scored(List<Row> batch, CellScoring.Batch scorer, Contributions contributions) {
            try {
                for (Row row : batch) {
                    scorer.add(row);
                }
            } catch (RowParser.BadRow e) {
                badRows.add(1);
            }
            CellScoring.Scored scores = scorer.scored();
            if (scores.unusable() != null) {
                badRows.add(1);
            }
            List<Contributions.OfRow> explained =
                    contributions == null ? null : contributions.of(scores.inputs(), scores.scores());
            List<Row> scored = new ArrayList<>(scores.scores().length);
            for (int j = 0; j < scores.scores().length; j++) {
                scored.add(withScores(batch.get(j), scores.scores()[j], explained == null ? null : explained.get(j)));
            }
            return scored;
        }

        private Row withScores(Row row, double[] scores, Contributions.OfRow explained) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < own; i++) {
                values.add(row.get(i));
            }
            switch (model.task()) {
                case CLASSIFICATION ->
                    values.add(model.targets().classes().get(model.targets().predicted(scores)));
                case REGRESSION -> {
                    if (!model.network().quantiles().isNone()) {
                        values.add(scoring.model().predictions(scores)[0]);
                    }
                }
                case MULTILABEL -> Arrays.stream(scores).forEach(p -> values.add(p > 0.5 ? 1 : 0));
            }
            Arrays.stream(scores).forEach(values::add);
            if (explained != null) {
                Arrays.stream(explained.ofColumns()).forEach(values::add);
                values.add(explained.base());
                inexactRows.add(explained.isExact() ? 0 : 1);
            }
            return RowFactory.create(values.toArray());
        }
    }
}
