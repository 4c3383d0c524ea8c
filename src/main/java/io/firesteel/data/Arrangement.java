package io.firesteel.data;

import io.firesteel.compute.BatchSchedule;
import io.firesteel.compute.Permutation;
import io.firesteel.data.NumberedRows.Place;
import io.firesteel.data.RowBatch.Head;
import io.firesteel.engine.BlockJob;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where each of the selected rows goes: row r of their order to place r % blockRows of block r / blockRows.
 *
 * @param starts where each batch begins
 * @param selection which rows are meant
 * @param order where the rows go in their order; null for their own
 * @param blockRows the rows of a block; the last may have fewer
 * @param rows how many rows are selected
 */
record Arrangement(Map<Place, Start> starts, RowSelection selection, Permutation order, int blockRows, long rows)
        implements Serializable {
    /**
     * Where a batch begins.
     *
     * @param row its first row's number among all rows
     * @param rank how many selected rows come before
     * @param selected how many of its own are selected
     */
    record Start(long row, long rank, int selected) implements Serializable {}

    /** What is done with a selected row. */
    @FunctionalInterface
    interface Use {
        void move(int row, int block, int place);
    }

    /**
     * Arranges rows.
     *
     * @param shuffleSeed of a random order, so that each block is a sample of all rows; null for their own
     */
    static Arrangement of(NumberedRows source, RowSelection selection, int blockRows, Long shuffleSeed) {
        Map<Place, Long> firstRows = source.firstRows();
        Map<Place, Integer> selected = new HashMap<>();
        if (selection.equals(RowSelection.ALL)) {
            source.heads().forEach(head -> selected.put(Place.of(head), head.rows()));
        } else {
            BlockJob.run(source.batches(), new Count(firstRows, selection), selected::putAll);
        }
        Map<Place, Start> starts = new HashMap<>();
        long rank = 0;
        for (Head head : source.heads()) {
            Place place = Place.of(head);
            starts.put(place, new Start(firstRows.get(place), rank, selected.get(place)));
            rank += selected.get(place);
        }
        Permutation order = shuffleSeed == null || rank == 0 ? null : BatchSchedule.shuffle(shuffleSeed, rank);
        return new Arrangement(starts, selection, order, blockRows, rank);
    }

    /** Counts the selected rows of each batch. */
    private record Count(Map<Place, Long> firstRows, RowSelection selection)
            implements BlockJob.Work<RowBatch, HashMap<Place, Integer>> {
        @Override
        public HashMap<Place, Integer> on(Iterator<RowBatch> batches) {
            HashMap<Place, Integer> counts = new HashMap<>();
            batches.forEachRemaining(batch -> {
                long first = firstRows.get(Place.of(batch.head()));
                counts.put(Place.of(batch.head()), (int)
                        IntStream.range(0, batch.head().rows())
                                .filter(i -> selection.includes(first + i, batch, i))
                                .count());
            });
            return counts;
        }
    }

    /** How many blocks there are. */
    int blocks() {
        return Math.toIntExact((rows + blockRows - 1) / blockRows);
    }

    /** How many rows a block gets. */
    int size(int block) {
        return (int) Math.min(blockRows, rows - (long) block * blockRows);
    }

    /** Whether a batch can have rows for any of some consecutive blocks. */
    boolean reaches(Head batch, int firstBlock, int endBlock) {
        Start start = starts.get(Place.of(batch));
        return start.selected > 0
                && (order != null
                        || (start.rank < (long) endBlock * blockRows
                                && start.rank + start.selected > (long) firstBlock * blockRows));
    }

    /** Says of each selected row of a batch, in its order, where it goes. */
    void each(RowBatch batch, Use use) {
        Start start = starts.get(Place.of(batch.head()));
        long rank = start.rank;
        for (int i = 0; i < batch.head().rows(); i++) {
            if (selection.includes(start.row + i, batch, i)) {
                long to = order == null ? rank : order.at(rank);
                use.move(i, (int) (to / blockRows), (int) (to % blockRows));
                rank++;
            }
        }
    }
}
