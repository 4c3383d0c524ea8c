package io.firesteel.data;

import io.firesteel.base.CellError;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.ModelDescription.Inputs;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.CellSelection;
import io.firesteel.table.Columns;
import io.firesteel.table.RowFault;
import io.firesteel.table.RowParser;
import io.firesteel.table.Rows;
import io.firesteel.table.Table;
import java.io.Serializable;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;

/**
 * The scoring of rows by the cells of a table's columns, which a task does in batches.
 *
 * @param parser of the cells
 * @param sparse whether features that are 0 are left out
 * @param places where a row has the cells
 */
public record CellScoring(TrainedModel model, RowParser parser, boolean sparse, int[] places) implements Serializable {
    /**
     * Creates the scoring of the cells of a table.
     *
     * @param places where a row has these cells
     */
    public static CellScoring of(TrainedModel model, CellSelection cells, Columns columns, int[] places) {
        return new CellScoring(model, cells.parser(), columns.sparse().reads(), places);
    }

    /** Creates a batch for about this many rows. */
    public Batch batch(int rows) {
        return new Batch(rows);
    }

    /**
     * The scores of a batch.
     *
     * @param scores of the rows before the first whose scores are not finite, as {@link TrainedModel#score}
     * @param inputs X (inputs, rows) of these rows, scaled
     * @param unusable what is wrong with that row; null where there is none
     */
    public record Scored(double[][] scores, AnyMatrix inputs, CellError unusable) {}

    /** Rows that are scored together. It is used by one thread. */
    public final class Batch {
        private final TrainedModel.Scorer scorer;
        private final Rows.Builder features;

        private Batch(int rows) {
            scorer = model.scorer(rows);
            features = Rows.builder(sparse, inputs().features().size(), 0, rows);
        }

        private Inputs inputs() {
            return model.description().inputs();
        }

        /**
         * Adds a row.
         *
         * @throws RowParser.BadRow when it cannot be used; it is not added then
         */
        public void add(Row row) throws RowParser.BadRow {
            features.begin();
            parser.parse(new View(row, places), (column, text) -> 0, features);
            features.end();
        }

        /** Scores the rows in the order in which they were added, up to the first bad one, and empties the batch. */
        public Scored scored() {
            Rows rows = features.take();
            AnyMatrix x = ExampleEncoder.inputs(rows, inputs().layout(), inputs().scaling(), Precision.DOUBLE);
            double[][] scores = scorer.scoreScaled(x);
            int bad = TrainedModel.firstUnusable(x, scores);
            return bad < 0
                    ? new Scored(scores, x, null)
                    : new Scored(
                            Arrays.copyOf(scores, bad),
                            x.columns(IntStream.range(0, bad).toArray()),
                            tooFar(FiniteScores.row(rows, bad)));
        }

        private CellError tooFar(double[] row) {
            int feature = model.farthest(i -> row[i]);
            return RowFault.of(
                            inputs().features().get(feature), Double.toString(row[feature]), TrainedModel.TOO_FAR, "")
                    .error(Table.FRAME, 0);
        }
    }

    /** The cells of a row that are at these places. */
    private record View(Row row, int[] places) implements RowParser.RowView {
        @Override
        public boolean isNull(int i) {
            return row.isNullAt(places[i]);
        }

        @Override
        public double number(int i) {
            return row.getDouble(places[i]);
        }

        @Override
        public long whole(int i) {
            Object value = row.get(places[i]);
            return value instanceof LocalDateTime time
                    ? DateTimeUtils.localDateTimeToMicros(time)
                    : value instanceof Long whole ? whole : DateTimeUtils.anyToMicros(value);
        }

        @Override
        public int days(int i) {
            return DateTimeUtils.anyToDays(row.get(places[i]));
        }

        @Override
        public boolean isTrue(int i) {
            return row.getBoolean(places[i]);
        }

        @Override
        public String text(int i) {
            return row.getString(places[i]);
        }

        @Override
        public Vector vector(int i) {
            return row.getAs(places[i]);
        }

        @Override
        public double[] array(int i) {
            List<Double> cells = row.getList(places[i]);
            double[] numbers = new double[cells.size()];
            Arrays.setAll(numbers, k -> cells.get(k) == null ? Double.NaN : cells.get(k));
            return numbers;
        }
    }
}
