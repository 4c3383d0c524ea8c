package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.firesteel.export.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command {@code export}: what it writes gives what {@code predict} writes, and what it refuses. */
@Tag("spark")
class ExportTest {
    /** A row of the table with y after it is what it was trained on. */
    private static final List<String> ROWS =
            List.of("1,red,2,7", "2,blue,1,7", ",red,2,8", "3,,1,9", "0.5,green,,7", "-1,blue,2,8");

    private static Path data;
    private static Path model;

    @TempDir
    private Path dir;

    @BeforeAll
    static void trainOnce(@TempDir Path shared) {
        List<String> lines = new java.util.ArrayList<>(List.of("a,color,size,b,y"));
        for (int i = 0; i < ROWS.size(); i++) {
            lines.add(ROWS.get(i) + (i % 2 == 0 ? ",no" : ",yes"));
        }
        data = Cli.write(shared.resolve("t.csv"), lines);
        model = shared.resolve("model");
        Object[] args = {"train", "--data", data, "--label", "y", "--model", model, "--hidden", "4,3"};
        Object[] columns = {"--categorical", "color,size", "--missing", "mean", "--init", "glorot", "--iterations", "9"
        };
        Cli.succeed(Cli.plus(args, columns));
    }

    private static Object[] export(Object to, Object... more) {
        return Cli.plus(new Object[] {"export", "--model", model, "--onnx", to}, more);
    }

    @Test
    void export_givesWhatPredictWrites() throws IOException, OrtException {
        Path file = dir.resolve("new/m.onnx");
        String out = Cli.succeed(export(file));
        assertEquals(
                List.of(
                        "input   features double [N, 2]",
                        "input   color string [N, 1]",
                        "input   size string [N, 1]",
                        "output  probabilities double [N, 2]",
                        "output  prediction string [N]",
                        "onnx    " + file),
                out.lines().toList());
        assertEquals("[, new, new/m.onnx]", Cli.content(dir).keySet().toString());

        Path predictions = dir.resolve("p.csv");
        Cli.succeed("predict", "--model", model, "--data", data, "--output", predictions);
        List<String[]> rows = Files.readAllLines(predictions).stream()
                .skip(1)
                .map(line -> line.split(","))
                .toList();
        try (Onnx onnx = new Onnx(Files.readAllBytes(file))) {
            Onnx.Result result = onnx.run(Map.of(
                    "features", numbers(rows, 0, 3),
                    "size", rows.stream().map(row -> row[2]).toArray(String[]::new),
                    "color", rows.stream().map(row -> row[1].replace("\"", "")).toArray(String[]::new)));
            assertArrayEquals(rows.stream().map(row -> row[5]).toArray(), (String[]) result.predictions());
            double[][] probabilities = numbers(rows, 6, 7);
            for (int i = 0; i < rows.size(); i++) {
                assertArrayEquals(probabilities[i], result.scores()[i], 1e-12);
            }
        }
    }

    private static double[][] numbers(List<String[]> rows, int... columns) {
        return rows.stream()
                .map(row -> java.util.Arrays.stream(columns)
                        .mapToDouble(i -> row[i].replace("\"", "").isEmpty() ? Double.NaN : Double.parseDouble(row[i]))
                        .toArray())
                .toArray(double[][]::new);
    }

    @Test
    void export_fileExists() throws IOException {
        Path file = Cli.write(dir.resolve("m.onnx"), "here before");
        Cli.refuse(dir, export(file), "--onnx", "m.onnx exists: --overwrite replaces it");
        Cli.succeed(export(file, "--overwrite"));
        assertTrue(Files.size(file) > 1000);
        assertEquals("[, m.onnx]", Cli.content(dir).keySet().toString());
    }

    @Test
    void export_ontoADirectory() {
        Cli.write(dir.resolve("home/thesis.txt"), "years of work");
        Cli.refuse(dir, export(dir.resolve("home")), "home exists");
        Cli.refuse(dir, export(dir.resolve("home"), "--overwrite"), "home is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t.csv/m.onnx", "nowhere://host/m.onnx"})
    void export_fileCannotBe(String name) {
        Cli.write(dir.resolve("t.csv"), "a file");
        Object to = name.startsWith("t") ? dir.resolve(name) : name;
        Cli.refuse(dir, export(to), "--onnx " + to, "cannot be written");
    }

    @Test
    void export_diskFull_leavesNothing() {
        String setting = "spark.hadoop.fs.full.impl";
        System.setProperty(setting, OddDisk.Full.class.getName());
        try {
            OddDisk.Full.filesUntilFull = 0;
            Cli.refuse(dir, export("full://" + dir + "/new/m.onnx"), "cannot be written", "No space left on device");
        } finally {
            System.clearProperty(setting);
        }
    }

    @Test
    void export_optionsMissing() {
        Cli.refuse(dir, new Object[] {"export"}, "--model", "--onnx", "firesteel export --help");
        Cli.refuse(dir, new Object[] {"export", "--model", model}, "--onnx");
        Cli.refuse(dir, export(dir.resolve("m.onnx"), "--json"), "unknown option --json");
    }
}
