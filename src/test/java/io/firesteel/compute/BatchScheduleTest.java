package io.firesteel.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchScheduleTest {
    /** The numbers of a step's rows: block times block rows plus row. */
    private static List<Long> rows(BatchSchedule batches, int step) {
        Batch batch = batches.ofStep(step);
        List<Long> rows = new ArrayList<>();
        for (int leaf = 0; leaf < batch.leaves(); leaf++) {
            Batch.Tile tile = batch.tile(leaf);
            int[] order = batch.order(tile.block());
            for (int i = tile.from(); i < tile.to(); i++) {
                rows.add((long) tile.block() * batches.blockRows() + (tile.inOrder() ? i : order[i]));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "10, 10, 3",
        "10, 10, 10",
        "10, 3, 1",
        "10, 3, 3",
        "10, 3, 4",
        "10, 3, 9",
        "10, 1, 4",
        "100, 7, 20",
        "100, 7, 21",
        "100, 7, 28",
        "101, 10, 30",
        "1000, 16, 100",
        "1000, 16, 999",
        "1003, 16, 48"
    })
    void ofStep_everyRowIsInOneBatchOfAnEpoch_andBatchesHaveTheirSize(int rows, int blockRows, int batchRows) {
        BatchSchedule batches = new BatchSchedule(3, batchRows, rows, blockRows);
        int K = batches.perEpoch();
        assertEquals((rows + batchRows - 1) / batchRows, K);
        for (int epoch = 0; epoch < 4; epoch++) {
            Set<Long> seen = new HashSet<>();
            for (int k = 0; k < K; k++) {
                List<Long> ofStep = rows(batches, epoch * K + k);
                assertEquals(k < K - 1 ? batchRows : rows - (K - 1) * batchRows, ofStep.size());
                seen.addAll(ofStep);
            }
            assertEquals(rows, seen.size());
            assertTrue(seen.stream().allMatch(row -> row >= 0 && row < rows));
        }
    }

    @ParameterizedTest
    @CsvSource({"100, 7, 20", "101, 10, 30", "1000, 16, 100", "1000, 16, 5", "1003, 16, 48", "10, 10, 3"})
    void ofStep_takesWholeBlocksAndPartsOfTwo_numberedWithoutGaps(int rows, int blockRows, int batchRows) {
        BatchSchedule batches = new BatchSchedule(4, batchRows, rows, blockRows);
        for (int step = 0; step < 3 * batches.perEpoch(); step++) {
            Batch batch = batches.ofStep(step);
            List<Integer> blocks = new ArrayList<>();
            int parts = 0;
            for (int leaf = 0; leaf < batch.leaves(); leaf++) {
                Batch.Tile tile = batch.tile(leaf);
                assertTrue(tile.rows() > 0 && tile.rows() <= batches.tileRows());
                assertEquals(tile.block(), batch.block(leaf));
                if (tile.block() == (blocks.isEmpty() ? -1 : blocks.get(blocks.size() - 1))) {
                    continue;
                }
                assertEquals(leaf, batch.firstLeaf(tile.block()));
                parts += tile.inOrder() ? 0 : 1;
                blocks.add(tile.block());
            }
            assertTrue(parts <= 2, parts + " parts");
            assertEquals(blocks.size(), new HashSet<>(blocks).size());
            int leaves = 0;
            for (int block = 0; block < batches.blocks(); block++) {
                assertEquals(blocks.contains(block), batch.leavesOf(block) > 0);
                leaves += batch.leavesOf(block);
            }
            assertEquals(batch.leaves(), leaves);
        }
    }

    /** Of 512 rows in a block: 200 are two tiles of 100; 1,024 in whole blocks are tiles of 256, which is a quarter. */
    @ParameterizedTest
    @CsvSource({"200, 100", "128, 128", "129, 64", "512, 128", "1024, 256", "2048, 512", "16384, 512"})
    void ofStep_cutsABatchIntoTilesThatThreadsCanShare(int batchRows, int leastRows) {
        BatchSchedule batches = new BatchSchedule(1, batchRows, 1 << 20, 512);
        Batch first = batches.ofStep(0); // begins with a block
        int rows = 0;
        for (int leaf = 0; leaf < first.leaves(); leaf++) {
            assertTrue(
                    first.tile(leaf).rows() - leastRows <= 1 && first.tile(leaf).rows() >= leastRows);
            rows += first.tile(leaf).rows();
        }
        assertEquals(batchRows, rows);
    }

    /** 60 blocks in batches of 5: each batch has one of the blocks 0 .. 11, one of 12 .. 23, and so on. */
    @Test
    void ofStep_takesBlocksThatAreFarApart() {
        BatchSchedule batches = new BatchSchedule(1, 50, 600, 10);
        for (int step = 0; step < 36; step++) {
            Batch batch = batches.ofStep(step);
            assertEquals(5, batch.leaves());
            for (int index = 0; index < 5; index++) {
                assertEquals(index, batch.block(index) / 12);
            }
        }
    }

    @Test
    void ofStep_isAnotherOrderInEveryEpochAndForEverySeed_andAlwaysTheSame() {
        BatchSchedule batches = new BatchSchedule(1, 10, 40, 8);
        assertEquals(rows(batches, 2), rows(new BatchSchedule(1, 10, 40, 8), 2));
        assertNotEquals(new HashSet<>(rows(batches, 2)), new HashSet<>(rows(batches, 6)));
        assertNotEquals(new HashSet<>(rows(batches, 2)), new HashSet<>(rows(new BatchSchedule(2, 10, 40, 8), 2)));
    }

    /** In the long run any two rows of a block meet in a batch, and are parted. */
    @Test
    void ofStep_mixesTheRowsOfABlock() {
        BatchSchedule batches = new BatchSchedule(1, 4, 8, 8);
        int together = 0;
        for (int epoch = 0; epoch < 2000; epoch++) {
            List<Long> first = rows(batches, 2 * epoch);
            together += first.contains(0L) == first.contains(1L) ? 1 : 0;
        }
        assertEquals(2000 * 3.0 / 7, together, 110, "five deviations");
    }

    @Test
    void batches_thatCannotBe_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BatchSchedule(1, 0, 10, 5));
        assertThrows(IllegalArgumentException.class, () -> new BatchSchedule(1, 11, 10, 5));
        assertThrows(IllegalArgumentException.class, () -> new BatchSchedule(1, 1, 10, 0));
    }
}
