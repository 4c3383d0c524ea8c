package io.firesteel.engine;

import io.firesteel.compute.Kernel;
import io.firesteel.compute.Numbered;
import io.firesteel.compute.PartialSums;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A kernel and, in each executor, the memory of the tasks that compute it, which is kept from step to step: to allocate
 * and clear it for every task is a large part of a step's time beyond its products. It is broadcast, so that an
 * executor has one, and loses it with the broadcast.
 */
final class WorkerPool<B extends Numbered> implements Serializable {
    private static final long serialVersionUID = 1;

    private final Kernel<B> kernel;
    private final int blocks;
    private final int blockRows;
    private transient Deque<PartialSums<B>> free; // null until something is given back

    WorkerPool(Kernel<B> kernel, int blocks, int blockRows) {
        this.kernel = kernel;
        this.blocks = blocks;
        this.blockRows = blockRows;
    }

    /** Returns memory that no other task uses. */
    synchronized PartialSums<B> take() {
        return free == null || free.isEmpty() ? new PartialSums<>(kernel, blocks, blockRows) : free.pop();
    }

    /** Takes memory back, to be used again; the memory of a failed task is lost. */
    synchronized void giveBack(PartialSums<B> memory) {
        if (free == null) {
            free = new ArrayDeque<>();
        }
        free.push(memory);
    }
}
