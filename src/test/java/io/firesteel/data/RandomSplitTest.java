package io.firesteel.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestFiles;
import io.firesteel.TestSpark;
import io.firesteel.engine.Blocks;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Compared;
import io.firesteel.model.Encoding;
import io.firesteel.model.Scaling;
import io.firesteel.model.Task;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows dealt into parts, against the same by sorting them all; the feature of a row is its number. */
@Tag("spark")
class RandomSplitTest {
    private static final int ROWS = 7000;
    private static final List<String> CLASSES = List.of("a", "b", "c", "d", "e");
    private static final long SEED = 12;

    @TempDir
    private Path dir;

    /** Rows of a class: most are a, two c, one d, three e. */
    private static String label(int row) {
        return switch (row) {
            case 3, 6000 -> "c";
            case 77 -> "d";
            case 0, 4000, 6999 -> "e";
            default -> row % 3 == 0 ? "b" : "a";
        };
    }

    /** Two files, in one order. */
    @BeforeEach
    void write() {
        for (int[] file : new int[][] {{0, 2500}, {2500, ROWS}}) {
            List<String> lines = new ArrayList<>(List.of("x,y"));
            IntStream.range(file[0], file[1]).forEach(row -> lines.add(row + "," + label(row)));
            TestFiles.write(dir.resolve("data/from-" + file[0] + ".csv"), lines);
        }
    }

    /** The rows of a class, or all, in the order of their draws: the outputs of SplitMix64, which Java has, too. */
    private static List<Integer> drawn(String label) {
        SplittableRandom random = new SplittableRandom(SEED);
        long[] draws =
                IntStream.range(0, ROWS).mapToLong(i -> random.nextLong()).toArray();
        return IntStream.range(0, ROWS)
                .boxed()
                .filter(row -> label == null || label(row).equals(label))
                .sorted(Comparator.comparingLong(row -> draws[row]))
                .toList();
    }

    private interface Use {
        void of(NumberedRows rows, Columns columns, LabelIndex index);
    }

    private void read(Use use) {
        Table table = Table.open(TestSpark.session(), dir.resolve("data").toString(), null, Map.of());
        Columns columns =
                Columns.forTraining(table.measured(), Task.CLASSIFICATION, List.of(), List.of("y"), null, List.of());
        try (NumberedRows rows = NumberedRows.read(table, columns)) {
            use.of(rows, columns, Vocabulary.index(rows, columns, CLASSES, Compared.TEXT));
        }
    }

    private static Set<Integer> rows(NumberedRows rows, Columns columns, LabelIndex index, RowFilter selection) {
        RowBlocks raw =
                RowBlocks.of(rows, selection, index, new RowBlocks.Shape(columns, false, 512, TestSpark.CORES), null);
        ExampleEncoder encoder = new ExampleEncoder(
                1,
                false,
                Encoding.NONE.layout(List.of("x")),
                Scaling.none(1),
                Scaling.none(CLASSES.size()),
                Precision.DOUBLE);
        Set<Integer> found = new TreeSet<>();
        try (Blocks blocks = raw.cached(encoder)) {
            blocks.rdd().collect().forEach(block -> {
                for (int j = 0; j < block.examples().size(); j++) {
                    found.add((int) block.examples().x().get(0, j));
                }
            });
        }
        assertEquals(raw.rows(), found.size());
        return found;
    }

    @Test
    void fraction_ofEachClass_isExact_onAnyPieces() {
        Set<Integer> expected = new TreeSet<>();
        long b = IntStream.range(0, ROWS).filter(row -> label(row).equals("b")).count();
        expected.addAll(drawn("a").subList(0, (int) Math.round(0.2 * (ROWS - b - 6))));
        expected.addAll(drawn("b").subList(0, (int) Math.round(0.2 * b)));
        expected.addAll(drawn("c").subList(0, 1)); // one of two; none of the one d
        expected.addAll(drawn("e").subList(0, 1)); // 0.6 of three
        for (String bytes : List.of("128m", "1500b")) {
            TestSpark.with(
                    "spark.sql.files.maxPartitionBytes",
                    bytes,
                    () -> read((rows, columns, index) -> {
                        RandomSplit split = RandomSplit.fraction(rows, index, SEED, 0.2);
                        assertEquals(expected, rows(rows, columns, index, new RowFilter.Part(split, 0, false)));
                        Set<Integer> others = rows(rows, columns, index, new RowFilter.Part(split, 0, true));
                        assertEquals(ROWS - expected.size(), others.size());
                        assertTrue(others.stream().noneMatch(expected::contains));
                    }));
        }
    }

    @Test
    void fraction_ofAll_leavesRowsOnEitherSide() {
        read((rows, columns, index) -> {
            for (double fraction : new double[] {1e-9, 0.5, 1 - 1e-9}) {
                int size = (int) Math.min(ROWS - 1, Math.max(1, Math.round(fraction * ROWS)));
                RandomSplit split = RandomSplit.fraction(rows, null, SEED, fraction);
                assertEquals(
                        new TreeSet<>(drawn(null).subList(0, size)),
                        rows(rows, columns, index, new RowFilter.Part(split, 0, false)));
            }
        });
    }

    /** Five parts of each class; a class of fewer rows is in some of them. */
    @Test
    void parts_areRunsOfTheDraws() {
        read((rows, columns, index) -> {
            long[] sizes =
                    CLASSES.stream().mapToLong(label -> drawn(label).size()).toArray();
            assertArrayEquals(sizes, RandomSplit.classSizes(rows, index));
            RandomSplit split = RandomSplit.parts(rows, index, SEED, 5);
            for (int part = 0; part < 5; part++) {
                Set<Integer> expected = new TreeSet<>();
                for (String label : CLASSES) {
                    List<Integer> all = drawn(label);
                    expected.addAll(all.subList(part * all.size() / 5, (part + 1) * all.size() / 5));
                }
                assertEquals(expected, rows(rows, columns, index, new RowFilter.Part(split, part, false)));
            }
        });
    }
}
