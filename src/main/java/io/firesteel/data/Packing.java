package io.firesteel.data;

import io.firesteel.data.RawBlocks.RawBlock;
import io.firesteel.data.RecodedRows.Codes;
import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Labeling;
import io.firesteel.model.Scaling;
import io.firesteel.nn.Examples;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How rows become examples.
 *
 * @param features the number of features, the first numbers of a row
 * @param targets the number of targets, the next numbers
 * @param weighted whether a weight follows
 * @param classes the index of each label; empty when targets are numbers
 * @param categories those of each feature that is a category, by its place in the row
 * @param sparse whether the inputs are sparse; then the rows must be, too, and no feature's mean is subtracted
 * @param blockRows the examples of a block
 * @param precision of the packed blocks
 */
public record Packing(
        int features,
        int targets,
        boolean weighted,
        Map<String, Integer> classes,
        Map<Integer, Labeling.Lookup> categories,
        boolean sparse,
        int blockRows,
        Precision precision)
        implements Serializable {

    /** The rows of a batch, whose categories and classes are to be indices into all, not into the batch's. */
    RecodedRows recoded(RowBatch batch) {
        List<Codes> codes = new ArrayList<>();
        batch.categories().forEach((column, ofBatch) -> {
            Labeling.Lookup known = categories.get(column);
            codes.add(
                    new Codes(column, ofBatch.stream().mapToDouble(known::index).toArray()));
        });
        if (!classes.isEmpty()) {
            List<String> labels = batch.head().labels();
            codes.add(new Codes(
                    features, labels.stream().mapToDouble(classes::get).toArray()));
        }
        return new RecodedRows(batch.rows(), codes);
    }

    /** The number of classes. */
    int classCount() {
        return classes.values().stream().mapToInt(index -> index + 1).max().orElse(0);
    }

    /** The class of a row of a batch, of a classification. */
    int classOf(RowBatch batch, int i) {
        return classes.get(batch.head().labels().get((int) batch.rows().other(i, 0)));
    }

    Examples pack(RawBlock block, InputLayout layout, Scaling inputs, Scaling outputs) {
        Rows rows = block.rows();
        Matrix y = precision.zeros(targets, rows.count());
        Matrix weights = weighted ? precision.zeros(1, rows.count()) : null;
        for (int j = 0; j < rows.count(); j++) {
            for (int i = 0; i < targets; i++) {
                y.set(i, j, outputs.scale(i, rows.other(j, i)));
            }
            if (weighted) {
                weights.set(0, j, rows.other(j, targets));
            }
        }
        return new Examples(inputs(rows, layout, inputs, precision), y, weights);
    }

    /** The inputs X (inputs, rows) of rows, encoded and scaled: sparse where the rows are, which have no categories then. */
    public static AnyMatrix inputs(Rows rows, InputLayout layout, Scaling scaling, Precision precision) {
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
