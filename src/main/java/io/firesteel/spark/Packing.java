package io.firesteel.spark;

import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Scaling;
import io.firesteel.nn.Examples;
import io.firesteel.spark.RawBlocks.RawBlock;
import java.io.Serializable;
import java.util.Map;

/**
 * How a row's values become an example.
 *
 * @param features the number of features, the first values of a row
 * @param targets the number of targets, the next values
 * @param weighted whether a weight follows
 * @param classes the index of each label; empty when targets are numbers
 * @param blockRows the examples of a block
 * @param precision of the packed blocks
 */
public record Packing(
        int features, int targets, boolean weighted, Map<String, Integer> classes, int blockRows, Precision precision)
        implements Serializable {
    /** The number of values of a row. */
    public int width() {
        return features + targets + (weighted ? 1 : 0);
    }

    Examples pack(RawBlock block, Scaling inputs, Scaling outputs) {
        Matrix x = precision.zeros(features, block.rows());
        Matrix y = precision.zeros(targets, block.rows());
        Matrix weights = weighted ? precision.zeros(1, block.rows()) : null;
        double[] values = block.values();
        for (int j = 0; j < block.rows(); j++) {
            int at = j * width();
            for (int i = 0; i < features; i++) {
                x.set(i, j, inputs.scale(i, values[at + i]));
            }
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
