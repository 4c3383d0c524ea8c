package io.firesteel.spark;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.InputLayout;
import io.firesteel.model.Labeling;
import io.firesteel.model.Scaling;
import io.firesteel.nn.Examples;
import io.firesteel.spark.RawBlocks.RawBlock;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * How a row's values become an example.
 *
 * @param features the number of features, the first values of a row
 * @param targets the number of targets, the next values
 * @param weighted whether a weight follows
 * @param classes the index of each label; empty when targets are numbers
 * @param categories those of each feature that is a category, by its place in the row
 * @param blockRows the examples of a block
 * @param precision of the packed blocks
 */
public record Packing(
        int features,
        int targets,
        boolean weighted,
        Map<String, Integer> classes,
        Map<Integer, Labeling.Lookup> categories,
        int blockRows,
        Precision precision)
        implements Serializable {
    /** The number of values of a row. */
    public int width() {
        return features + targets + (weighted ? 1 : 0);
    }

    /** For each feature whose values are indices into the batch's categories, by its place, the indices they become. */
    Map<Integer, double[]> indices(RowBatch batch) {
        Map<Integer, double[]> indices = new HashMap<>();
        batch.categories().forEach((column, values) -> {
            Labeling.Lookup known = categories.get(column);
            indices.put(column, values.stream().mapToDouble(known::index).toArray());
        });
        return indices;
    }

    Examples pack(RawBlock block, InputLayout layout, Scaling inputs, Scaling outputs) {
        Matrix x = precision.zeros(layout.inputs(), block.rows());
        Matrix y = precision.zeros(targets, block.rows());
        Matrix weights = weighted ? precision.zeros(1, block.rows()) : null;
        double[] values = block.values();
        for (int j = 0; j < block.rows(); j++) {
            int at = j * width();
            layout.encode(values, at, inputs, x, j);
            for (int i = 0; i < targets; i++) {
                y.set(i, j, outputs.scale(i, values[at + features + i]));
            }
            if (weighted) {
                weights.set(0, j, values[at + features + targets]);
            }
        }
        return new Examples(x, y, weights);
    }
}
