package io.firesteel.data;

import io.firesteel.base.UserError;
import io.firesteel.linalg.Precision;
import io.firesteel.model.TrainedModel;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;

/** Scores vectors of features one by one, sparse ones without their zeros. Any number of threads may use one. */
public final class VectorScorer implements Serializable {
    private static final long serialVersionUID = 1;

    private final TrainedModel model;
    private final Columns columns;
    private final RowParser parser;

    /**
     * A scorer by a model that was trained on vectors.
     *
     * @param column the name of the column that they are in
     */
    public VectorScorer(TrainedModel model, String column) {
        this.model = model;
        columns = Columns.ofVectors(model.description(), column);
        parser = RowParser.Cells.of(List.of(column), List.of(SQLDataTypes.VectorType()), columns, null, null);
    }

    /**
     * The scores, as {@link TrainedModel#score}.
     *
     * @throws UserError when the vector is not of the model's size, or has a number that the model cannot take
     */
    public double[] score(Vector features) {
        Rows.Builder row =
                Rows.builder(columns.sparse().reads(), columns.features().size(), 0, 1);
        row.begin();
        try {
            parser.parse(new Cell(features), (column, text) -> 0, row);
        } catch (RowParser.BadRow e) {
            throw new UserError(Table.FRAME + e.getMessage(), e);
        }
        row.end();
        return model.scorer(1)
                .scoreScaled(Packing.inputs(
                        row.take(),
                        model.description().layout(),
                        model.description().inputs(),
                        Precision.DOUBLE))[0];
    }

    /** A row that has a vector and nothing else. */
    private record Cell(Vector features) implements RowParser.RowView {
        @Override
        public boolean isNull(int i) {
            return features == null;
        }

        @Override
        public String text(int i) {
            throw new UnsupportedOperationException("a row of a vector");
        }

        @Override
        public Vector vector(int i) {
            return features;
        }
    }
}
