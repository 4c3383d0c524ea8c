package io.firesteel.engine;

import io.firesteel.compute.BlockSums;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The scratch matrices of an executor's tasks, kept from step to step: making and clearing them anew for every task is
 * a good part of what a step costs beyond its products.
 *
 * <p>Only those of the training that runs are kept, and memory that runs short takes them.
 */
final class Workspaces {
    private static SoftReference<Pool> current = new SoftReference<>(null);

    private record Pool(BlockSums.Shape shape, Deque<BlockSums> free) {}

    private Workspaces() {}

    /** A workspace that no other task uses. */
    static synchronized BlockSums take(BlockSums.Shape shape) {
        Pool pool = current.get();
        if (pool == null || !pool.shape.equals(shape)) {
            pool = new Pool(shape, new ArrayDeque<>());
            current = new SoftReference<>(pool);
        }
        return pool.free.isEmpty() ? new BlockSums(shape) : pool.free.pop();
    }

    /** Returns a workspace to be taken again; one that a failed task keeps is simply lost. */
    static synchronized void giveBack(BlockSums workspace) {
        Pool pool = current.get();
        if (pool != null && pool.shape.equals(workspace.shape())) {
            pool.free.push(workspace);
        }
    }
}
