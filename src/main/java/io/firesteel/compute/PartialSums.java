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

    /**
     * The sums of a pass, and its time.
     *
     * @param nodes the fewest nodes of the tree that have the sums: valid until the next pass
     * @param nanos that the pass took
     * @param productNanos of them, in matrix products
     */
    public record Result(List<SummationTree.Node> nodes, long nanos, long productNanos) {}

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
    public Result add(Point point, Iterator<B> some) {
        Pass pass = kernel.pass(point.step(), blocks);
        return add(point, pass, () -> {
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
    Result add(Point point, Pass pass, List<B> byNumber, int[] leaves, int from, int to) {
        return add(point, pass, () -> {
            for (int i = from; i < to; i++) {
                worker.offerTo(tree, leaves[i], byNumber.get(pass.block(leaves[i])));
            }
        });
    }

    private Result add(Point point, Pass pass, Runnable offers) {
        long start = System.nanoTime();
        long productsBefore = Blas.productNanos();
        tree.clear(pass.leaves());
        worker.moveTo(point, pass);
        offers.run();
        List<SummationTree.Node> nodes = tree.nodes();
        long productNanos = Blas.productNanos() - productsBefore;
        return new Result(nodes, System.nanoTime() - start, productNanos);
    }
}
