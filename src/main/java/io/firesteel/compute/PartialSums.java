package io.firesteel.compute;

import io.firesteel.linalg.Blas;
import io.firesteel.linalg.SummationTree;
import java.util.Iterator;
import java.util.List;

/**
 * Adds a kernel's vectors over a part of the blocks: what one task or thread does in a pass. It owns the memory that this
 * takes and uses it again for the next pass.
 *
 * @param <B> the type of the blocks
 */
public final class PartialSums<B extends Numbered> {
    private final Kernel<B> kernel;
    private final int blocks;
    private final Kernel.Worker<B> worker;
    private final SummationTree tree;
    private List<SummationTree.Node> nodes = List.of();
    private long nanos;
    private long productNanos;

    /**
     * Makes the memory.
     *
     * @param blocks the number of blocks of the whole data set
     * @param blockRows the largest number of rows of a block
     */
    public PartialSums(Kernel<B> kernel, int blocks, int blockRows) {
        this.kernel = kernel;
        this.blocks = blocks;
        this.worker = kernel.worker(blockRows);
        this.tree = new SummationTree(blocks, kernel.length());
    }

    /** Adds up the vectors of all leaves that some blocks have, which come in any order. */
    public void add(Point point, Iterator<B> some) {
        Pass pass = kernel.pass(point.step(), blocks);
        add(point, pass, () -> {
            while (some.hasNext()) {
                B block = some.next();
                int number = block.number();
                int first = pass.firstLeaf(number);
                for (int leaf = first; leaf < first + pass.leavesOf(number); leaf++) {
                    worker.offerTo(tree, leaf, block);
                }
            }
        });
    }

    /** Adds up the vectors of leaves[from] .. leaves[to - 1]; the blocks are in the order of their numbers. */
    void add(Point point, Pass pass, List<B> byNumber, int[] leaves, int from, int to) {
        add(point, pass, () -> {
            for (int i = from; i < to; i++) {
                worker.offerTo(tree, leaves[i], byNumber.get(pass.block(leaves[i])));
            }
        });
    }

    private void add(Point point, Pass pass, Runnable offers) {
        long start = System.nanoTime();
        long productsBefore = Blas.productNanos();
        tree.clear(pass.leaves());
        worker.moveTo(point, pass);
        offers.run();
        nodes = tree.nodes();
        productNanos = Blas.productNanos() - productsBefore;
        nanos = System.nanoTime() - start;
    }

    /** Returns the sums of the last pass as the fewest nodes of the tree: valid until the next pass. */
    public List<SummationTree.Node> nodes() {
        return nodes;
    }

    /** Returns the nanoseconds that the last pass took. */
    public long nanos() {
        return nanos;
    }

    /** Returns the nanoseconds of the last pass in matrix products. */
    public long productNanos() {
        return productNanos;
    }
}
