package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written: rows in the order of the input, in the format that the name says, whole or refused. */
@Tag("spark")
class OutputTest {
    @TempDir
    private Path dir;

    private static Path model;

    @BeforeAll
    static void model(@TempDir Path shared) {
        Path data = Cli.write(shared.resolve("t.csv"), "i,y", "1,no", "20000,yes", "3,no");
        model = shared.resolve("model");
        Cli.succeed("train", "--data", data, "--label", "y", "--model", model, "--hidden", "2", "--iterations", "1");
    }

    private Object[] predict(Object data, Object output, Object... more) {
        return Cli.plus(new Object[] {"predict", "--model", model, "--data", data, "--output", output}, more);
    }

    /** Files of rows that are numbered through, of very different sizes. */
    private List<String> files(String directory) {
        List<String> numbers = new ArrayList<>();
        int[] counts = {10, 4000, 1, 700, 2500};
        for (int file = 0; file < counts.length; file++) {
            List<String> lines = new ArrayList<>(List.of("i"));
            for (int i = 0; i < counts[file]; i++) {
                numbers.add(Integer.toString(numbers.size()));
                lines.add(numbers.get(numbers.size() - 1));
            }
            Cli.write(dir.resolve(directory + "/" + file + ".csv"), lines);
        }
        return numbers;
    }

    private static List<String> firstCells(Path csv) throws IOException {
        return Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
    }

    // The order of rows.

    @ParameterizedTest
    @ValueSource(strings = {"128mb", "3000b"})
    void order_isThatOfTheInput(String pieces) {
        List<String> expected = files("in");
        TestSpark.with("spark.sql.files.maxPartitionBytes", pieces, () -> {
            try {
                Path file = dir.resolve("out.csv");
                Cli.succeed(predict(dir.resolve("in"), file));
                assertEquals(expected, firstCells(file));
                Path directory = dir.resolve("out");
                Cli.succeed(predict(dir.resolve("in"), directory, "--output-format", "csv"));
                List<String> found = new ArrayList<>();
                List<Path> parts;
                try (Stream<Path> paths = Files.list(directory)) {
                    parts = paths.filter(path -> path.getFileName().toString().startsWith("part-"))
                            .sorted()
                            .toList();
                }
                assertTrue(parts.size() > 1, parts.toString());
                for (Path part : parts) {
                    found.addAll(firstCells(part));
                }
                assertEquals(expected, found);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    // Formats by names.

    /** Blanks in quotes are part of a class, and stay so in CSV, where blanks are part of a cell (RFC 4180). */
    @Test
    void texts_keepTheirBlanks() throws IOException {
        Path data = Cli.write(dir.resolve("blanks.csv"), "i,y", "1,\" no\"", "20000,\"yes, \"", "3,\" no\"");
        Path blanks = dir.resolve("blanks");
        Object[] train = {"train", "--data", data, "--label", "y", "--model", blanks, "--hidden", "none"};
        Cli.succeed(Cli.plus(train, "--optimizer", "lbfgs", "--iterations", "20"));
        Path out = dir.resolve("out.csv");
        Cli.succeed("predict", "--model", blanks, "--data", data, "--output", out);
        List<String> lines = Files.readAllLines(out);
        assertEquals("i,y,prediction,probability_ no,\"probability_yes, \"", lines.get(0));
        assertTrue(lines.get(1).startsWith("1, no, no,"), lines.get(1));
        assertTrue(lines.get(2).startsWith("20000,\"yes, \",\"yes, \","), lines.get(2));
    }

    @Test
    void name_gzipAndTabs() throws IOException {
        Path data = Cli.write(dir.resolve("t.csv"), "i", "1", "2");
        Cli.succeed(predict(data, dir.resolve("plain.csv")));
        byte[] expected = Files.readAllBytes(dir.resolve("plain.csv"));
        Cli.succeed(predict(data, dir.resolve("p.csv.gz")));
        byte[] zipped = Files.readAllBytes(dir.resolve("p.csv.gz"));
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            assertEquals(
                    new String(expected, StandardCharsets.UTF_8),
                    new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        Cli.succeed(predict(data, dir.resolve("p.tsv")));
        assertEquals(
                new String(expected, StandardCharsets.UTF_8).replace(',', '\t'),
                Files.readString(dir.resolve("p.tsv")));
        Cli.succeed(predict(data, dir.resolve("p.ndjson")));
        assertTrue(Files.readString(dir.resolve("p.ndjson")).startsWith("{\"i\":\"1\","));
        Cli.succeed(predict(data, dir.resolve("p.pq")));
        assertEquals("PAR1", new String(Files.readAllBytes(dir.resolve("p.pq")), 0, 4, StandardCharsets.US_ASCII));
        Cli.succeed("generate", "flower", "--rows", "10", "--output", dir.resolve("g.csv.gz"));
        assertEquals(0x1f, Files.readAllBytes(dir.resolve("g.csv.gz"))[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run-10:30.csv", "p[1].csv", "{}.parquet", "a: b.json"})
    void name_withSpecialCharacters(String name) throws IOException {
        Path data = Cli.write(dir.resolve("t.csv"), "i", "1", "2");
        Cli.succeed(predict(data, dir.resolve(name)));
        assertTrue(Files.size(dir.resolve(name)) > 0);
        byte[] first = Files.readAllBytes(dir.resolve(name));
        Cli.succeed(predict(data, dir.resolve(name), "--overwrite"));
        assertArrayEquals(first, Files.readAllBytes(dir.resolve(name)));
        Path onnx = dir.resolve(name + ".onnx");
        Cli.succeed("export", "--model", model, "--onnx", onnx);
        assertTrue(Files.size(onnx) > 100);
    }

    @ParameterizedTest
    @CsvSource({
        "p.csv.bz2, .gz",
        "p.csv.zip, .gz",
        "p.parquet.gz, without .gz",
        "p.xlsx, .parquet",
        "p.avro, .parquet",
        "p.pkl, --output-format csv"
    })
    void name_ofSomethingElse(String name, String expected) {
        Path data = Cli.write(dir.resolve("t.csv"), "i", "1", "2");
        Cli.refuse(dir, predict(data, dir.resolve(name)), "--output", name, expected);
        Cli.refuse(dir, new Object[] {"generate", "flower", "--output", dir.resolve(name)}, "--output", name, expected);
    }

    // Disks that are not shared.

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out", "out.parquet"})
    void output_onDisksOfTheWorkers(String name) {
        files("in");
        Configuration hadoop = TestSpark.session().sparkContext().hadoopConfiguration();
        hadoop.set("fs.lonely.impl", OddDisk.Lonely.class.getName());
        String output = "lonely://" + dir.resolve(name);
        for (Object[] args : new Object[][] {
            predict(dir.resolve("in"), output), {"generate", "flower", "--rows", "2000000", "--output", output}
        }) {
            Cli.refuse(dir, args, output, "are not there after they were written", "disks of their own", "hdfs://");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out.parquet"})
    void output_onAFullDisk(String name) {
        Path data = Cli.write(dir.resolve("t.csv"), "i", "1", "2");
        TestSpark.session().sparkContext().hadoopConfiguration().set("fs.full.impl", OddDisk.Full.class.getName());
        OddDisk.Full.filesUntilFull = 0;
        Cli.refuse(dir, predict(data, "full://" + dir.resolve(name)), "a disk is full: No space left on device");
    }

    @Test
    void output_withoutRows() {
        Path data = Cli.write(dir.resolve("t.csv"), "i");
        Cli.succeed(predict(data, dir.resolve("out")));
        assertTrue(Files.exists(dir.resolve("out/_SUCCESS")));
    }
}
