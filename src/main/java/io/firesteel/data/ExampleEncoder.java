package io.firesteel.data;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Scaling;
import io.firesteel.nn.Examples;
import io.firesteel.table.DenseRows;
import io.firesteel.table.Rows;
import io.firesteel.table.SparseRows;
import java.io.Serializable;

/**
 * Makes examples from the rows of a block.
 *
 * @param targets the number of targets, which follow the features of a row
 * @param weighted whether a weight follows the targets
 * @param layout the inputs of each feature
 * @param inputScaling the scaling of the inputs; where rows are sparse it has no mean
 * @param targetScaling the scaling of the targets
 * @param precision of the examples
 */
record ExampleEncoder(
        int targets,
        boolean weighted,
        InputLayout layout,
        Scaling inputScaling,
        Scaling targetScaling,
        Precision precision)
        implements Serializable {

    /** Returns the examples of some rows. */
    Examples encode(Rows rows) {
        Matrix y = precision.zeros(targets, rows.count());
        Matrix weights = weighted ? precision.zeros(1, rows.count()) : null;
        for (int j = 0; j < rows.count(); j++) {
            for (int i = 0; i < targets; i++) {
                y.set(i, j, targetScaling.scale(i, rows.other(j, i)));
            }
            if (weighted) {
                weights.set(0, j, rows.other(j, targets));
            }
        }
        return new Examples(inputs(rows, layout, inputScaling, precision), y, weights);
    }

    /**
     * Returns the inputs X (inputs, rows) of rows, encoded and scaled: sparse where the rows are, which have no
     * categories then.
     */
    static AnyMatrix inputs(Rows rows, InputLayout layout, Scaling scaling, Precision precision) {
        if (rows instanceof SparseRows sparse) {
            double[] scaled = new double[sparse.values().length];
            for (int p = 0; p < scaled.length; p++) {
                int i = sparse.indices()[p];
                scaled[p] = scaling.scale(i, layout.number(i, sparse.values()[p]));
            }
            return precision.sparse(sparse.features(), sparse.starts(), sparse.indices(), scaled);
        }
        DenseRows dense = rows.dense();
        return layout.encode(dense.values(), dense.width(), dense.count(), scaling, precision);
    }
}
