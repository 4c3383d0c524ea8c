package io.firesteel.data;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.ModelDescription.Inputs;
import io.firesteel.model.TrainedModel;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.RowChunk;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowChunk.Position;
import io.firesteel.table.RowFault;
import io.firesteel.table.Rows;
import java.io.Serializable;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Finds the row of a table for which a model has no finite scores. */
public final class FiniteScores {
    private FiniteScores() {}

    /**
     * Makes sure that a model has finite scores for all rows, and finite inputs.
     *
     * @param rows read for the model
     * @throws UserError that names the first row, in canonical order, for which it has not, and its largest value
     */
    public static void expect(NumberedRows rows, TrainedModel model) {
        Map<Position, Bad> first = rows.chunks().mapPartitions(new Find(model)).collect().stream()
                .collect(Collectors.toMap(Bad::chunk, bad -> bad));
        for (Head head : rows.heads()) {
            Bad bad = first.get(head.position());
            if (bad != null) {
                Inputs inputs = model.description().inputs();
                String hint = inputs.encoding().missing() != Missing.ERROR
                        ? "leave a cell empty that has no value"
                        : "for a cell that has no value, leave it empty and train with "
                                + SettingNames.mention("missing", Missing.MEAN);
                RowFault fault = RowFault.of(
                        inputs.features().get(bad.feature), Double.toString(bad.value), TrainedModel.TOO_FAR, hint);
                throw rows.error(head, bad.row, fault);
            }
        }
    }

    /** The first bad row of a chunk, with its largest value. */
    private record Bad(Position chunk, int row, int feature, double value) implements Serializable {}

    private record Find(TrainedModel model) implements FlatMapFunction<Iterator<RowChunk>, Bad> {
        private static final int BATCH = 256;

        @Override
        public Iterator<Bad> call(Iterator<RowChunk> chunks) {
            TrainedModel.Scorer scorer = model.scorer(BATCH);
            Stream.Builder<Bad> found = Stream.builder();
            chunks.forEachRemaining(chunk -> {
                for (int from = 0; from < chunk.rows().count(); from += BATCH) {
                    Bad bad = first(chunk, from, scorer);
                    if (bad != null) {
                        found.add(bad);
                        return;
                    }
                }
            });
            return found.build().iterator();
        }

        private Bad first(RowChunk chunk, int from, TrainedModel.Scorer scorer) {
            Inputs inputs = model.description().inputs();
            Rows.Builder some = chunk.rows().builder(BATCH);
            some.add(chunk.rows(), from, Math.min(from + BATCH, chunk.rows().count()));
            Rows batch = some.take();
            AnyMatrix x = ExampleEncoder.inputs(batch, inputs.layout(), inputs.scaling(), Precision.DOUBLE);
            int bad = TrainedModel.firstUnusable(x, scorer.scoreScaled(x));
            if (bad < 0) {
                return null;
            }
            double[] row = row(batch, bad);
            int feature = model.farthest(i -> row[i]);
            return new Bad(chunk.head().position(), from + bad, feature, row[feature]);
        }
    }

    /** Returns all numbers of a row. */
    static double[] row(Rows rows, int j) {
        Rows.Builder one = rows.builder(1);
        one.add(rows, j, j + 1);
        return one.take().dense().values();
    }
}
