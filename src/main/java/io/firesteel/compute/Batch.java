package io.firesteel.compute;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The rows of one batch: positions from .. to - 1 of an epoch's sequence of rows, which are parts of some blocks. Each part is cut
 * into tiles of equal size, so that several threads can share a batch that lies in a single block; where the cuts are depends on
 * the schedule and the step alone.
 */
public final class Batch implements Pass {
    private final BatchSchedule batches;
    private final int epoch;
    private final int[] blocks; // in the epoch's order
    private final int[] begins; // the first position of the batch's rows in each block's own order,
    private final int[] ends; // and the one after the last
    private final int[] leaves; // the first leaf of each block, and the number of all leaves
    private final Map<Integer, Integer> index = new HashMap<>(); // of a block in these arrays, by its number

    Batch(BatchSchedule batches, int epoch, long from, long to) {
        this.batches = batches;
        this.epoch = epoch;
        int shortPlace = batches.place(epoch, batches.blocks() - 1); // of the last block, which may lack rows
        int first = placeOf(from, shortPlace);
        int count = placeOf(to - 1, shortPlace) - first + 1;
        blocks = new int[count];
        begins = new int[count];
        ends = new int[count];
        leaves = new int[count + 1];
        for (int i = 0; i < count; i++) {
            int place = first + i;
            long start = startOf(place, shortPlace);
            blocks[i] = batches.block(epoch, place);
            begins[i] = (int) Math.max(0, from - start);
            ends[i] = (int) Math.min(batches.rowsOf(blocks[i]), to - start);
            leaves[i + 1] = leaves[i] + batches.tiles(ends[i] - begins[i]);
            index.put(blocks[i], i);
        }
    }

    /**
     * The rows of a leaf: those at the positions from .. to - 1 of an order of the block's rows.
     *
     * @param inOrder whether this is the order in which they are stored, which is so where the batch has all rows of the block;
     *     else it is {@link Batch#order}
     */
    public record Tile(int block, int from, int to, boolean inOrder) {
        /** Returns the number of rows. */
        public int rows() {
            return to - from;
        }
    }

    @Override
    public int leaves() {
        return leaves[blocks.length];
    }

    @Override
    public int block(int leaf) {
        return blocks[indexOf(leaf)];
    }

    @Override
    public int firstLeaf(int block) {
        Integer i = index.get(block);
        return i == null ? 0 : leaves[i];
    }

    @Override
    public int leavesOf(int block) {
        Integer i = index.get(block);
        return i == null ? 0 : leaves[i + 1] - leaves[i];
    }

    /** Returns the rows of a leaf. */
    public Tile tile(int leaf) {
        int i = indexOf(leaf);
        int tiles = leaves[i + 1] - leaves[i];
        int number = leaf - leaves[i];
        int rows = ends[i] - begins[i];
        return new Tile(
                blocks[i],
                begins[i] + (int) ((long) rows * number / tiles),
                begins[i] + (int) ((long) rows * (number + 1) / tiles),
                rows == batches.rowsOf(blocks[i]));
    }

    /** Returns the order of a block's rows in the batch's epoch: position to row. */
    public int[] order(int block) {
        return batches.rowOrder(epoch, block);
    }

    /** Returns the epoch, counted from 0. */
    int epoch() {
        return epoch;
    }

    private int indexOf(int leaf) {
        int found = Arrays.binarySearch(leaves, leaf);
        return found >= 0 ? found : -found - 2;
    }

    /** Returns the position at which the block at a place begins. */
    private long startOf(int place, int shortPlace) {
        return (long) place * batches.blockRows() - (place > shortPlace ? missing() : 0);
    }

    /** Returns the place of the block that has a position. */
    private int placeOf(long position, int shortPlace) {
        long place = position / batches.blockRows();
        if (place < shortPlace) {
            return (int) place;
        }
        return position < startOf(shortPlace, shortPlace) + batches.lastRows()
                ? shortPlace
                : (int) ((position + missing()) / batches.blockRows());
    }

    /** Returns how many rows fewer the last block has than the others. */
    private int missing() {
        return batches.blockRows() - batches.lastRows();
    }
}
