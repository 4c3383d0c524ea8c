package io.firesteel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestFiles;
import io.firesteel.TestSpark;
import io.firesteel.engine.CachedPartitions;
import io.firesteel.model.Compared;
import io.firesteel.model.Task;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks made in memory and those made by a shuffle are the same, and hold the rows that they should. */
@Tag("spark")
class BlockGatherTest {
    private static final int ROWS = 3001;
    private static final int BLOCK_ROWS = 128;

    @TempDir
    private Path dir;

    private static String label(int row) {
        return "class " + row * 7919L % 5;
    }

    /** Three files of unlike sizes, so that Spark does not read them in their order. */
    @BeforeEach
    void write() {
        int[] bounds = {0, 300, 1900, ROWS};
        for (int f = 0; f < 3; f++) {
            List<String> lines = new ArrayList<>(List.of("x,half,y"));
            IntStream.range(bounds[f], bounds[f + 1])
                    .forEach(row -> lines.add(row + "," + (row % 2 == 0 ? row : 0) + "," + label(row)));
            TestFiles.write(dir.resolve("data/part-" + f + ".csv"), lines);
        }
    }

    private static List<RowBlock> sorted(JavaRDD<RowBlock> blocks, BlockPartitioner runs) {
        assertEquals(runs.numPartitions(), blocks.getNumPartitions());
        List<List<RowBlock>> partitions = blocks.glom().collect();
        for (int run = 0; run < runs.numPartitions(); run++) {
            assertEquals(
                    IntStream.range(runs.start(run), runs.end(run)).boxed().toList(),
                    partitions.get(run).stream().map(RowBlock::number).toList());
        }
        return partitions.stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(RowBlock::number))
                .toList();
    }

    @Test
    void blocks_areThoseOfAShuffle_forAnySelectionAndOrder() {
        for (String sparse : List.of("false", "true")) {
            for (String bytes : List.of("128m", "3000b")) {
                TestSpark.with("spark.sql.files.maxPartitionBytes", bytes, () -> compare(Boolean.parseBoolean(sparse)));
            }
        }
    }

    private void compare(boolean sparse) {
        Table table = Table.open(TestSpark.session(), dir.resolve("data").toString(), null, Map.of());
        Columns columns =
                Columns.forTraining(table.measured(), Task.CLASSIFICATION, List.of(), List.of("y"), null, List.of());
        try (NumberedRows rows = NumberedRows.read(table, columns)) {
            assertTrue(CachedPartitions.of(rows.chunks()).areHereWithRoom());
            List<String> classes = Vocabulary.classes(rows);
            LabelIndex index = Vocabulary.index(rows, columns, classes, Compared.TEXT);
            RandomSplit split = RandomSplit.fraction(rows, index, 4, 0.3);
            for (RowFilter selection : List.of(RowFilter.ALL, new RowFilter.Part(split, 0, false))) {
                for (Long seed : new Long[] {null, 11L}) {
                    for (int partitions : new int[] {1, 3, 40}) {
                        BlockAssignment assignment = BlockAssignment.of(rows, selection, BLOCK_ROWS, seed);
                        BlockPartitioner runs = new BlockPartitioner(partitions, assignment.blocks());
                        List<RowBlock> gathered = sorted(BlockGather.of(rows, assignment, index, runs, sparse), runs);
                        expectRows(gathered, classes, selection, seed);
                        List<RowBlock> shuffled = sorted(BlockShuffle.of(rows, assignment, index, runs, sparse), runs);
                        for (int b = 0; b < gathered.size(); b++) {
                            assertArrayEquals(
                                    shuffled.get(b).rows().dense().values(),
                                    gathered.get(b).rows().dense().values());
                        }
                    }
                }
            }
        }
    }

    /** Each row has its class; in their own order rows ascend, and all are there. */
    private static void expectRows(List<RowBlock> blocks, List<String> classes, RowFilter selection, Long seed) {
        List<Integer> found = new ArrayList<>();
        for (RowBlock block : blocks) {
            double[] values = block.rows().dense().values();
            for (int at = 0; at < values.length; at += 3) {
                int row = (int) values[at];
                found.add(row);
                assertEquals(row % 2 == 0 ? row : 0, values[at + 1]);
                assertEquals(label(row), classes.get((int) values[at + 2]));
            }
        }
        List<Integer> ascending = found.stream().sorted().distinct().toList();
        assertEquals(found.size(), ascending.size());
        assertEquals(seed == null, found.equals(ascending));
        if (selection.equals(RowFilter.ALL)) {
            assertEquals(ROWS, found.size());
        } else {
            assertEquals(ROWS * 0.3, found.size(), 5);
        }
    }

    @Test
    void runs_areEqualAndConsecutive() {
        for (int blocks : new int[] {1, 2, 7, 24, 1000}) {
            for (int count : new int[] {1, 2, 3, 8, 30}) {
                BlockPartitioner runs = new BlockPartitioner(count, blocks);
                assertEquals(0, runs.start(0));
                assertEquals(blocks, runs.end(count - 1));
                for (int run = 0; run < count; run++) {
                    int length = runs.end(run) - runs.start(run);
                    assertTrue(length == blocks / count || length == blocks / count + 1);
                    for (int block = runs.start(run); block < runs.end(run); block++) {
                        assertEquals(run, runs.getPartition(block));
                    }
                }
            }
        }
    }

    /** Rows whose RDD is no longer kept are not there. */
    @Test
    void forgottenRows_areNotInMemory() {
        Table table = Table.open(TestSpark.session(), dir.resolve("data").toString(), null, Map.of());
        Columns columns =
                Columns.forTraining(table.measured(), Task.CLASSIFICATION, List.of(), List.of("y"), null, List.of());
        NumberedRows rows = NumberedRows.read(table, columns);
        rows.close();
        assertFalse(CachedPartitions.of(rows.chunks()).areHereWithRoom());
    }
}
