package io.firesteel.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestFiles;
import io.firesteel.TestSpark;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every cell that was written to a table is read from it, by each way to read one. */
@Tag("spark")
class RowSourceTest {
    private static final int ROWS = 700;
    private static final List<String> FEATURES = List.of("id", "real", "flag", "amount", "color");
    private static final int COLOR = FEATURES.indexOf("color");

    /** Texts as they are found in real tables; in CSV the first ones need quotes. */
    private static final List<String> COLORS = List.of(
            "light, green",
            "a \"quoted\" one",
            "line\nbreak",
            "red",
            "blau-grün",
            "#7",
            "nil",
            "O'Neill",
            "a;b|c",
            "紅");

    private static final List<Double> NUMBERS = List.of(
            0.0, -0.0, 1e-300, -1e300, 0.1, 1 / 3.0, 9007199254740991.0, Double.MIN_VALUE, Double.MAX_VALUE, -7.0);

    @TempDir
    private Path dir;

    /** One row: what its cells mean, and null for what is missing. */
    private record Cells(
            int id, Double real, boolean flag, Double amount, String color, String label, double weight, int held) {
        /** The row for Spark to write: the amount is a text. */
        Row row() {
            return RowFactory.create(
                    id, real, flag, amount == null ? null : amount.toString(), color, label, weight, held);
        }
    }

    private static final StructType TYPES = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("real", DataTypes.DoubleType)
            .add("flag", DataTypes.BooleanType)
            .add("amount", DataTypes.StringType)
            .add("color", DataTypes.StringType)
            .add("label", DataTypes.StringType)
            .add("weight", DataTypes.DoubleType)
            .add("held", DataTypes.IntegerType);

    private static List<Cells> cells(boolean quotes) {
        Random random = new Random(11);
        List<String> colors = quotes ? COLORS : COLORS.subList(3, COLORS.size());
        List<Cells> cells = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            cells.add(new Cells(
                    i,
                    random.nextInt(9) == 0 ? null : some(random),
                    random.nextBoolean(),
                    random.nextInt(9) == 0 ? null : some(random),
                    random.nextInt(9) == 0 ? null : colors.get(random.nextInt(colors.size())),
                    List.of("no", "yes", "perhaps").get(random.nextInt(3)),
                    random.nextInt(5) / 4.0,
                    random.nextInt(2)));
        }
        return cells;
    }

    private static double some(Random random) {
        return random.nextInt(4) == 0 ? NUMBERS.get(random.nextInt(NUMBERS.size())) : random.nextGaussian();
    }

    /** The ways to read a table, and the source that is to take each. */
    enum Way {
        PLAIN_CSV(CsvSource.class, "csv"),
        QUOTED_CSV(FrameSource.class, "csv"),
        PARQUET(ColumnarSource.class, "parquet"),
        ORC(ColumnarSource.class, "orc"),
        JSON(FrameSource.class, "json"),
        FRAME(FrameSource.class, null);

        private final Class<? extends RowSource> source;
        private final String format;

        Way(Class<? extends RowSource> source, String format) {
            this.source = source;
            this.format = format;
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyCell_isRead(Way way) {
        List<Cells> written = cells(way != Way.PLAIN_CSV);
        Table table = table(way, written);
        Columns columns = Columns.forTraining(
                        table.measured(), Task.CLASSIFICATION, FEATURES, List.of("label"), "weight", "held", List.of())
                .with(
                        table.schema(),
                        new FeatureKinds(List.of("color"), Unseen.ERROR, Missing.MEAN, FeatureKinds.Dates.NONE));
        RowSource source = RowSource.of(table, columns);
        assertInstanceOf(way.source, source);

        boolean[] seen = new boolean[ROWS];
        int before = -1;
        for (RowChunk chunk : chunks(source)) {
            assertNull(chunk.head().fault());
            double[] values = chunk.rows().dense().values();
            int width = FEATURES.size() + 2;
            assertEquals(chunk.head().rows() * width, values.length);
            for (int i = 0; i < chunk.head().rows(); i++) {
                int at = i * width;
                int id = (int) values[at];
                Cells cells = written.get(id);
                assertTrue(!seen[id] && (way == Way.FRAME || id == before + 1), "row " + id + " after row " + before);
                seen[id] = true;
                before = id;
                assertNumber(cells.real, values[at + 1], id, "real");
                assertEquals(cells.flag ? 1 : 0, values[at + 2], "row " + id + ", column flag");
                assertNumber(cells.amount, values[at + 3], id, "amount");
                String color = Double.isNaN(values[at + COLOR])
                        ? null
                        : chunk.categories().get(COLOR).get((int) values[at + COLOR]);
                assertEquals(cells.color, color, "row " + id + ", column color");
                assertEquals(cells.label, chunk.head().labels().get((int) values[at + 5]), "row " + id + ", label");
                assertEquals(cells.weight, values[at + 6], "row " + id + ", weight");
                assertEquals(cells.held == 1, chunk.marked().get(i), "row " + id + ", held");
            }
        }
        assertTrue(IntStream.range(0, ROWS).allMatch(id -> seen[id]));
    }

    private static void assertNumber(Double written, double read, int row, String column) {
        assertEquals(
                written == null ? Double.NaN : written,
                read,
                () -> "row " + row + ", column " + column); // -0.0 is not 0.0
    }

    private Table table(Way way, List<Cells> cells) {
        String path = dir.resolve(way.name()).toString();
        if (way == Way.PLAIN_CSV) {
            List<String> lines = new ArrayList<>(List.of(String.join(",", TYPES.fieldNames())));
            cells.forEach(each -> lines.add(String.join(
                    ",",
                    Integer.toString(each.id),
                    text(each.real),
                    Boolean.toString(each.flag).replace("true", "1").replace("false", "0"),
                    text(each.amount),
                    text(each.color),
                    each.label,
                    Double.toString(each.weight),
                    Integer.toString(each.held))));
            return open(TestFiles.write(dir.resolve("plain.csv"), lines).toString(), "csv", Map.of());
        }
        Dataset<Row> frame = TestSpark.session()
                .createDataFrame(cells.stream().map(Cells::row).toList(), TYPES)
                .coalesce(1);
        if (way == Way.FRAME) {
            return Table.of(frame.repartition(3));
        }
        Dataset<Row> written = way == Way.QUOTED_CSV
                ? frame.withColumn("flag", Table.column("flag").cast(DataTypes.IntegerType))
                : frame;
        written.write()
                .format(way.format)
                .option("header", true)
                .option("escape", "\"")
                .save(path);
        return open(path, way.format, way == Way.QUOTED_CSV ? Map.of("multiLine", "true") : Map.of());
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    private static Table open(String path, String format, Map<String, String> options) {
        return Table.open(TestSpark.session(), path, format, options);
    }

    private static List<RowChunk> chunks(RowSource source) {
        List<RowChunk> chunks = new ArrayList<>(source.chunks().collect());
        chunks.sort(Comparator.comparing(chunk -> chunk.head().position()));
        return chunks;
    }

    /** A bad cell ends the chunk before its row, and is named with its value. */
    @ParameterizedTest
    @EnumSource(Way.class)
    void badCell_isNamedAfterTheRowsBeforeIt(Way way) {
        List<Cells> written = cells(way != Way.PLAIN_CSV);
        Cells good = written.get(137);
        written.set(137, new Cells(137, good.real, good.flag, good.amount, good.color, good.label, -3, good.held));
        Table table = table(way, written);
        Columns columns = Columns.forTraining(
                        table.measured(), Task.CLASSIFICATION, FEATURES, List.of("label"), "weight", List.of("held"))
                .with(
                        table.schema(),
                        new FeatureKinds(List.of("color"), Unseen.ERROR, Missing.MEAN, FeatureKinds.Dates.NONE));
        List<RowChunk.Head> faulty = chunks(RowSource.of(table, columns)).stream()
                .map(RowChunk::head)
                .filter(head -> head.fault() != null)
                .toList();
        assertEquals(1, faulty.size());
        RowFault fault = faulty.get(0).fault();
        assertEquals("weight", fault.column());
        assertEquals("-3.0", fault.value());
        if (way != Way.FRAME) {
            assertEquals(137, faulty.get(0).rows());
        }
    }

    @Test
    void everyPairOfLibSvm_isRead() {
        Random random = new Random(5);
        double[][] x = new double[ROWS][40];
        List<String> lines = new ArrayList<>(List.of("# a comment"));
        for (int i = 0; i < ROWS; i++) {
            StringBuilder line = new StringBuilder(i % 3 == 0 ? "-1" : "+1");
            for (int k = random.nextInt(9); k < 40; k += 1 + random.nextInt(9)) {
                x[i][k] = i == 4 ? 0 : some(random);
                line.append(' ').append(k + 1).append(':').append(x[i][k]);
            }
            x[i][39] = 1;
            lines.add(line + (line.toString().contains(" 40:") ? "" : " 40:1") + (i % 5 == 0 ? " # said " + i : ""));
            if (line.toString().contains(" 40:")) {
                x[i][39] = Double.parseDouble(line.substring(line.indexOf(" 40:") + 4));
            }
        }
        Table table = open(TestFiles.write(dir.resolve("pairs.libsvm"), lines).toString(), "libsvm", Map.of());
        Columns columns =
                Columns.forTraining(table.measured(), Task.CLASSIFICATION, List.of(), List.of(), null, List.of());
        assertEquals(40, columns.features().size());
        int row = 0;
        for (RowChunk chunk : chunks(RowSource.of(table, columns))) {
            assertInstanceOf(SparseRows.class, chunk.rows());
            double[] values = chunk.rows().dense().values();
            for (int i = 0; i < chunk.head().rows(); i++, row++) {
                for (int k = 0; k < 40; k++) {
                    assertEquals(x[row][k] + 0.0, values[i * 41 + k] + 0.0, "row " + row + ", index " + (k + 1));
                }
                String label = chunk.head().labels().get((int) chunk.rows().other(i, 0));
                assertEquals(Labeling.name(row % 3 == 0 ? -1 : 1), label);
            }
        }
        assertEquals(ROWS, row);
    }

    @Test
    void everyElementOfVectors_isRead() {
        Random random = new Random(3);
        List<Row> rows = new ArrayList<>();
        List<Vector> vectors = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            double[] values = new double[9];
            for (int k = random.nextInt(3); k < 9; k += 1 + random.nextInt(3)) {
                values[k] = some(random);
            }
            values[8] = i; // tells the row
            Vector vector =
                    i % 2 == 0 ? Vectors.dense(values) : Vectors.dense(values).toSparse();
            vectors.add(vector);
            rows.add(RowFactory.create(vector, i / 7.0));
        }
        StructType types = new StructType().add("v", SQLDataTypes.VectorType()).add("target", DataTypes.DoubleType);
        Table table = Table.of(TestSpark.session().createDataFrame(rows, types).repartition(3));
        Columns columns =
                Columns.forTraining(table.measured(), Task.REGRESSION, List.of(), List.of("target"), null, List.of());
        assertEquals("v_8", columns.features().get(8));
        boolean[] seen = new boolean[ROWS];
        for (RowChunk chunk : chunks(RowSource.of(table, columns))) {
            double[] values = chunk.rows().dense().values();
            for (int i = 0; i < chunk.head().rows(); i++) {
                int id = (int) values[i * 10 + 8];
                seen[id] = true;
                for (int k = 0; k < 9; k++) {
                    assertEquals(
                            vectors.get(id).apply(k) + 0.0, values[i * 10 + k] + 0.0, "row " + id + ", element " + k);
                }
                assertEquals(id / 7.0, values[i * 10 + 9]);
            }
        }
        assertTrue(IntStream.range(0, ROWS).allMatch(id -> seen[id]));
    }
}
