package io.firesteel.compute;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Examples;
import java.util.stream.IntStream;

/**
 * Copies a batch's examples of a block side by side, into memory that is used again for the next block; inputs that are not
 * dense get new memory.
 */
final class BatchBuffer {
    private final int rows;
    private Matrix x;
    private Matrix y;
    private Matrix weights;

    /** Creates a buffer for at most so many examples; its memory is made when it is first needed. */
    BatchBuffer(int rows) {
        this.rows = rows;
    }

    /** Returns the examples of a part: a view that the next call overwrites. */
    Examples of(Examples block, Batch.Part part) {
        if (y == null) {
            y = room(block.y());
            weights = block.weights() == null ? null : room(block.weights());
        }
        for (int j = 0; j < part.rows(); j++) {
            int row = part.row(part.from() + j);
            y.setColumn(j, block.y(), row);
            if (weights != null) {
                weights.setColumn(j, block.weights(), row);
            }
        }
        return new Examples(
                inputs(block.x(), part),
                y.firstColumns(part.rows()),
                weights == null ? null : weights.firstColumns(part.rows()));
    }

    private AnyMatrix inputs(AnyMatrix from, Batch.Part part) {
        if (!(from instanceof Matrix dense)) {
            return from.columns(
                    IntStream.range(part.from(), part.to()).map(part::row).toArray()); // new memory, but little
        }
        if (x == null) {
            x = room(dense);
        }
        for (int j = 0; j < part.rows(); j++) {
            x.setColumn(j, dense, part.row(part.from() + j));
        }
        return x.firstColumns(part.rows());
    }

    private Matrix room(Matrix like) {
        return like.precision().zeros(like.rows(), rows);
    }
}
