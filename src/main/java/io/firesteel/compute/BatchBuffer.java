package io.firesteel.compute;

import io.firesteel.linalg.AnyMatrix;
import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Examples;
import java.util.Arrays;

/**
 * Brings the examples of a batch's tile side by side. Those that are stored so are not copied; others are, into memory that is
 * used again for the next tile; inputs that are not dense get new memory.
 */
final class BatchBuffer {
    private final int rows;
    private Matrix x;
    private Matrix y;
    private Matrix weights;
    private int[] order; // of the rows of this block in this epoch, which many tiles in a row ask for
    private int orderedEpoch = -1;
    private int orderedBlock = -1;

    /** Creates a buffer for at most this many examples; its memory is made when it is first needed. */
    BatchBuffer(int rows) {
        this.rows = rows;
    }

    /** Returns the examples of a tile: a view that the next call overwrites. */
    Examples of(Examples block, Batch batch, Batch.Tile tile) {
        if (tile.inOrder()) {
            return tile.rows() == block.size() ? block : block.part(tile.from(), tile.to());
        }
        int[] some = Arrays.copyOfRange(order(batch, tile.block()), tile.from(), tile.to());
        if (y == null) {
            y = room(block.y());
            weights = block.weights() == null ? null : room(block.weights());
        }
        return new Examples(
                inputs(block.x(), some),
                gathered(y, block.y(), some),
                weights == null ? null : gathered(weights, block.weights(), some));
    }

    private int[] order(Batch batch, int block) {
        if (batch.epoch() != orderedEpoch || block != orderedBlock) {
            order = batch.order(block);
            orderedEpoch = batch.epoch();
            orderedBlock = block;
        }
        return order;
    }

    private AnyMatrix inputs(AnyMatrix from, int[] some) {
        if (!(from instanceof Matrix dense)) {
            return from.columns(some); // new memory, but little
        }
        if (x == null) {
            x = room(dense);
        }
        return gathered(x, dense, some);
    }

    private static Matrix gathered(Matrix into, Matrix from, int[] some) {
        for (int j = 0; j < some.length; j++) {
            into.setColumn(j, from, some[j]);
        }
        return into.firstColumns(some.length);
    }

    private Matrix room(Matrix like) {
        return like.precision().zeros(like.rows(), rows);
    }
}
