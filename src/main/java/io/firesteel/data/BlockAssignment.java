package io.firesteel.data;

import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.Permutation;
import io.firesteel.engine.BlockJob;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.RowChunk;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowChunk.Position;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Assigns the selected rows to blocks: row r of their order goes to place r % blockRows of block r / blockRows.
 *
 * @param starts where each chunk begins
 * @param selection the rows that are selected
 * @param order the order of the selected rows; null for the canonical one
 * @param blockRows the number of rows of a block; the last may have fewer
 * @param rows the number of selected rows
 */
record BlockAssignment(Map<Position, Start> starts, RowFilter selection, Permutation order, int blockRows, long rows)
        implements Serializable {
    /**
     * The beginning of a chunk.
     *
     * @param row its first row's number among all rows
     * @param rank the number of selected rows before it
     * @param selected the number of its own rows that are selected
     */
    record Start(long row, long rank, int selected) implements Serializable {}

    /** Receives selected rows. */
    @FunctionalInterface
    interface Use {
        void move(int row, int block, int place);
    }

    /**
     * Creates an assignment.
     *
     * @param shuffleSeed the seed of a random order, so that each block is a sample of all rows; null for the canonical
     *     order
     */
    static BlockAssignment of(NumberedRows source, RowFilter selection, int blockRows, Long shuffleSeed) {
        Map<Position, Long> firstRows = source.firstRows();
        Map<Position, Integer> selected = new HashMap<>();
        if (selection.equals(RowFilter.ALL)) {
            source.heads().forEach(head -> selected.put(head.position(), head.rows()));
        } else {
            BlockJob.run("count rows", source.chunks(), new Count(firstRows, selection), selected::putAll);
        }
        Map<Position, Start> starts = new HashMap<>();
        long rank = 0;
        for (Head head : source.heads()) {
            Position position = head.position();
            starts.put(position, new Start(firstRows.get(position), rank, selected.get(position)));
            rank += selected.get(position);
        }
        Permutation order = shuffleSeed == null || rank == 0 ? null : BatchSchedule.shuffle(shuffleSeed, rank);
        return new BlockAssignment(starts, selection, order, blockRows, rank);
    }

    /** Counts the selected rows of each chunk. */
    private record Count(Map<Position, Long> firstRows, RowFilter selection)
            implements BlockJob.Work<RowChunk, HashMap<Position, Integer>> {
        @Override
        public HashMap<Position, Integer> on(Iterator<RowChunk> chunks) {
            HashMap<Position, Integer> counts = new HashMap<>();
            chunks.forEachRemaining(chunk -> {
                long first = firstRows.get(chunk.head().position());
                counts.put(chunk.head().position(), (int)
                        IntStream.range(0, chunk.head().rows())
                                .filter(i -> selection.includes(first + i, chunk, i))
                                .count());
            });
            return counts;
        }
    }

    /** Returns the number of blocks. */
    int blocks() {
        return Math.toIntExact((rows + blockRows - 1) / blockRows);
    }

    /** Returns the number of rows of a block. */
    int size(int block) {
        return (int) Math.min(blockRows, rows - (long) block * blockRows);
    }

    /** Returns whether a chunk can have rows for any of some consecutive blocks. */
    boolean reaches(Head chunk, int firstBlock, int endBlock) {
        Start start = starts.get(chunk.position());
        return start.selected > 0
                && (order != null
                        || (start.rank < (long) endBlock * blockRows
                                && start.rank + start.selected > (long) firstBlock * blockRows));
    }

    /** Passes on each selected row of a chunk, in their order, with its block and its place there. */
    void each(RowChunk chunk, Use use) {
        Start start = starts.get(chunk.head().position());
        long rank = start.rank;
        for (int i = 0; i < chunk.head().rows(); i++) {
            if (selection.includes(start.row + i, chunk, i)) {
                long to = order == null ? rank : order.at(rank);
                use.move(i, (int) (to / blockRows), (int) (to % blockRows));
                rank++;
            }
        }
    }
}
