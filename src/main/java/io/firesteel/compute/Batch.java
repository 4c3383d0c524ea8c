package io.firesteel.compute;

/** The rows of one batch: positions from .. to - 1 of an epoch's sequence of rows, which are parts of some blocks. */
public final class Batch implements Pass {
    private final BatchSchedule batches;
    private final int epoch;
    private final long from;
    private final long to;
    private final int shortPlace; // of the last block, which may lack rows
    private final int first; // place of its first block
    private final int last; // place of its last block

    Batch(BatchSchedule batches, int epoch, long from, long to) {
        this.batches = batches;
        this.epoch = epoch;
        this.from = from;
        this.to = to;
        this.shortPlace = batches.place(epoch, batches.blocks() - 1);
        this.first = placeOf(from);
        this.last = placeOf(to - 1);
    }

    /**
     * The rows of a batch in one block: {@link #row}(from) .. {@link #row}(to - 1).
     *
     * @param index 0 .. {@link Batch#leaves} - 1 among the batch's blocks
     * @param whole whether these are all rows of the block
     */
    public record Part(int index, int from, int to, boolean whole, Permutation order) {
        /** Returns the row of the block that is at a place of its order. */
        public int row(int place) {
            return (int) order.at(place);
        }

        /** Returns the number of rows. */
        public int rows() {
            return to - from;
        }
    }

    /** Returns the number of blocks that it has rows of. */
    @Override
    public int leaves() {
        return last - first + 1;
    }

    @Override
    public int block(int leaf) {
        return batches.block(epoch, first + leaf);
    }

    /** Returns the batch's rows of a block; null when it has none. */
    public Part part(int block) {
        int place = batches.place(epoch, block);
        if (place < first || place > last) {
            return null;
        }
        long start = startOf(place);
        int size = place == shortPlace ? batches.lastRows() : batches.blockRows();
        int begin = (int) Math.max(0, from - start);
        int end = (int) Math.min(size, to - start);
        return new Part(place - first, begin, end, end - begin == size, batches.rowOrder(epoch, block));
    }

    /** Returns the position at which the block at a place begins. */
    private long startOf(int place) {
        return (long) place * batches.blockRows() - (place > shortPlace ? missing() : 0);
    }

    /** Returns the place of the block that has a position. */
    private int placeOf(long position) {
        long place = position / batches.blockRows();
        if (place < shortPlace) {
            return (int) place;
        }
        return position < startOf(shortPlace) + batches.lastRows()
                ? shortPlace
                : (int) ((position + missing()) / batches.blockRows());
    }

    /** Returns how many rows fewer the last block has than the others. */
    private int missing() {
        return batches.blockRows() - batches.lastRows();
    }
}
