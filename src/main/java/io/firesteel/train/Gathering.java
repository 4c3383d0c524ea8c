package io.firesteel.train;

import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Examples;

/** Some examples of a block side by side, in memory that is used again for the next block. */
final class Gathering {
    private final int rows;
    private Matrix x;
    private Matrix y;
    private Matrix weights;

    /** Room for so many examples, which is made when it is first needed. */
    Gathering(int rows) {
        this.rows = rows;
    }

    /** The examples of a part: a view that the next call overwrites. */
    Examples of(Examples block, Batch.Part part) {
        if (x == null) {
            x = room(block.x());
            y = room(block.y());
            weights = block.weights() == null ? null : room(block.weights());
        }
        for (int j = 0; j < part.rows(); j++) {
            int row = part.row(part.from() + j);
            x.setColumn(j, block.x(), row);
            y.setColumn(j, block.y(), row);
            if (weights != null) {
                weights.setColumn(j, block.weights(), row);
            }
        }
        return new Examples(
                x.firstColumns(part.rows()),
                y.firstColumns(part.rows()),
                weights == null ? null : weights.firstColumns(part.rows()));
    }

    private Matrix room(Matrix like) {
        return like.precision().zeros(like.rows(), rows);
    }
}
