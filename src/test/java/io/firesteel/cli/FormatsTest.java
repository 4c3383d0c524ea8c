package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The format of files is told by their bytes, and files of a directory that differ are widened where that is exact, or refused. */
@Tag("spark")
class FormatsTest {
    private static final int ROWS = 12;

    @TempDir
    private Path dir;

    private int models;

    private Object[] train(Object data, Object... more) {
        Object[] args = {"train", "--data", data, "--model", dir.resolve("model" + models++), "--hidden", "2"};
        return Cli.plus(Cli.plus(args, "--iterations", "2"), more);
    }

    private String weights(Object data, Object... more) {
        Cli.succeed(train(data, more));
        return Cli.weights(dir.resolve("model" + (models - 1)));
    }

    private String weightsY(Object data, Object... more) {
        return weights(data, Cli.plus(new Object[] {"--label", "y"}, more));
    }

    private Object[] trainY(Object data, Object... more) {
        return train(data, Cli.plus(new Object[] {"--label", "y"}, more));
    }

    // Files that differ.

    /** A directory of a file for each SQL expression of column a, whose other columns are b and y; ids go on. */
    private Path parts(String format, String... columns) {
        Path directory = dir.resolve("parts" + models++ + "." + format);
        for (int i = 0; i < columns.length; i++) {
            Path part = dir.resolve("part" + models++);
            TestSpark.session()
                    .range((long) ROWS * i, (long) ROWS * (i + 1), 1, 1)
                    .selectExpr((columns[i] + "|cast(id % 5 as double) b|if(id % 2 = 0, 'no', 'yes') y").split("\\|"))
                    .write()
                    .format(format)
                    .save(part.toString());
            try (var files = Files.list(part)) {
                Path file = files.filter(path -> path.getFileName().toString().startsWith("part-"))
                        .findFirst()
                        .orElseThrow();
                Files.createDirectories(directory);
                Files.move(file, directory.resolve(String.format("f%02d.", i) + format));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return directory;
    }

    /** The numbers of {@link #parts} as CSV: a is the id, with this text after it, in each part. */
    private Path csv(String... suffixes) {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < ROWS * suffixes.length; i++) {
            lines.add(i + suffixes[i / ROWS] + "," + i % 5 + "," + (i % 2 == 0 ? "no" : "yes"));
        }
        return Cli.write(dir.resolve("numbers.csv"), lines);
    }

    /** Vectors and arrays beside other columns: each element is a feature as a column of its own would be, to the bits. */
    @ParameterizedTest
    @CsvSource({"parquet, array_to_vector", "orc, to_array", "json, to_array"})
    void vectorsAndArrays_areTheirElements(String format, String function) {
        List<String> shared =
                List.of("id * 0.5D a", "if(id % 3 = 0, 'red', 'blue') c", "if(id % 4 > 1, 'no', 'yes') y");
        Dataset<Row> rows = TestSpark.session()
                .range(0, 40, 1, 1)
                .withColumn("numbers", functions.expr("array(double(id % 7), 0.25D * (id % 5))"));
        boolean areVectors = function.equals("array_to_vector");
        Dataset<Row> packed = rows.withColumn(
                        "v",
                        areVectors
                                ? org.apache.spark.ml.functions.array_to_vector(functions.col("numbers"))
                                : functions.col("numbers"))
                .selectExpr(
                        "v",
                        "if(id = 7, null, array(int(id % 3), if(id % 5 = 0, null, 1))) list",
                        shared.get(0),
                        shared.get(1),
                        shared.get(2));
        Dataset<Row> flat = rows.selectExpr(
                "numbers[0] v_0",
                "numbers[1] v_1",
                "if(id = 7, null, int(id % 3)) list_0",
                "if(id % 5 = 0 or id = 7, null, 1) list_1",
                shared.get(0),
                shared.get(1),
                shared.get(2));
        Path one = dir.resolve("packed." + format);
        Path other = dir.resolve("flat.parquet");
        packed.write().format(format).save(one.toString());
        flat.write().parquet(other.toString());
        Object[] columns = {"--features", "v,list,a,c", "--missing", "mean", "--categorical", "auto"};
        Object[] elements = {"--features", "v_0,v_1,list_0,list_1,a,c", "--missing", "mean", "--categorical", "auto"};
        assertEquals(weightsY(other, elements), weightsY(one, columns));
        Path model = dir.resolve("model" + (models - 1));
        List<List<Row>> predicted = new ArrayList<>();
        for (Path data : List.of(one, other)) {
            Path output = dir.resolve("p" + models++ + ".parquet");
            Cli.succeed("predict", "--model", model, "--data", data, "--output", output);
            predicted.add(TestSpark.session()
                    .read()
                    .parquet(output.toString())
                    .selectExpr("prediction", "probability_yes")
                    .collectAsList());
        }
        assertEquals(predicted.get(1), predicted.get(0));
        assertEquals(
                Cli.succeed("evaluate", "--model", model, "--data", other, "--json")
                        .replace("flat.parquet", ""),
                Cli.succeed("evaluate", "--model", model, "--data", one, "--json")
                        .replace("packed." + format, ""));
        Object[] csv = {"predict", "--model", model, "--data", one, "--output", dir.resolve("p.csv")};
        Cli.refuse(dir, csv, "p.csv: column ", areVectors ? "v holds vectors" : " holds arrays", "--output-format");
    }

    /** A Parquet file of 12 rows: SQL expressions of id, and the label y. */
    private Path parquet(String... columns) {
        List<String> all = new ArrayList<>(List.of(columns));
        all.add("if(id % 2 = 0, 'no', 'yes') y");
        Path file = dir.resolve("t" + models++ + ".parquet");
        TestSpark.session()
                .range(0, ROWS, 1, 1)
                .selectExpr(all.toArray(String[]::new))
                .write()
                .parquet(file.toString());
        return file;
    }

    @Test
    void vectors_besideColumnsWithNamesOfElements() {
        Path embedded = parquet("array(id, id * id) emb", "id % 5 emb_2");
        weightsY(embedded);
        Path model = dir.resolve("model" + (models - 1));
        Cli.succeed("evaluate", "--model", model, "--data", embedded);
        Path both = parquet("id x_0", "id * id x_1", "array(1D) x");
        weightsY(both, "--features", "x_0,x_1");
        Path ofColumns = parquet("id x_0", "id * id x_1");
        weightsY(ofColumns);
        Path plain = dir.resolve("model" + (models - 1));
        String expected = Cli.succeed("evaluate", "--model", plain, "--data", ofColumns, "--json");
        assertEquals(
                expected.replace(ofColumns.toString(), both.toString()),
                Cli.succeed("evaluate", "--model", plain, "--data", both, "--exclude", "x", "--json"));
        Cli.refuse(dir, new Object[] {"evaluate", "--model", plain, "--data", both}, "not known to the model x");
        Path longer = parquet("array(id, id, id) x", "id x_2", "id % 3 b");
        weightsY(longer, "--exclude", "x_2");
        Cli.succeed("evaluate", "--model", dir.resolve("model" + (models - 1)), "--data", longer);
    }

    @Test
    void arrays_ofOtherSizesOrNone_canBeExcluded() {
        Path other = parquet("id a", "if(id = 3, array(1, 2, 3), array(1, 2)) list");
        Cli.refuse(dir, trainY(other), "row 4, column list: an array of 3 numbers, expected 2", "--exclude list");
        Path none = parquet("id a", "cast(null as array<double>) list");
        Cli.refuse(dir, trainY(none), "column list: expected an array of features", "--exclude list");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc"})
    void types_areWidenedWhereExact(String format) {
        if (format.equals("parquet")) {
            TestSpark.expectSpark4("Parquet columns are read as a wider type");
        }
        assertEquals(
                weightsY(csv("", ".25")), weightsY(parts(format, "cast(id as int) a", "cast(id + 0.25 as double) a")));
        assertEquals(
                weightsY(csv(".25", "")), weightsY(parts(format, "cast(id + 0.25 as double) a", "cast(id as int) a")));
        assertEquals(
                weightsY(csv("", "", "")), weightsY(parts(format, "cast(id as int) a", "id a", "cast(id as int) a")));
        assertEquals(
                weightsY(csv(".5", "")), weightsY(parts(format, "cast(id + 0.5 as float) a", "cast(id as double) a")));
        // Also when other columns than a are read row by row, and in a job.
        String[] many = new String[20];
        java.util.Arrays.fill(many, "cast(id as int) a");
        many[19] = "cast(id + 0.25 as double) a";
        String[] suffixes = new String[20];
        java.util.Arrays.fill(suffixes, "");
        suffixes[19] = ".25";
        assertEquals(weightsY(csv(suffixes)), weightsY(parts(format, many)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id a; cast(id + 0.25 as double) a; bigint; double",
                "cast(id as int) a; cast(id as string) a; int; string",
                "cast(id as decimal(9,2)) a; cast(id as double) a; decimal(9,2); double",
                "id % 2 = 0 as a; cast(id as int) a; boolean; int"
            })
    void types_thatDiffer(String one, String other, String type, String otherType) {
        for (String format : List.of("parquet", "orc")) {
            Path parts = parts(format, one, other);
            String[] message = {
                "column a is " + type + " in ", "f00." + format + ", but " + otherType + " in ", "f01." + format
            };
            Cli.refuse(dir, trainY(parts), message);
            Cli.refuse(dir, trainY(parts, "--missing", "mean"), message);
            assertEquals(weightsY(csv("", ""), "--exclude", "a"), weightsY(parts, "--exclude", "a"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void columns_thatAFileLacks(String format) {
        Path parts = parts(format, "cast(id as double) a", "1 c", "cast(id as double) a");
        Cli.refuse(
                dir,
                trainY(parts, "--exclude", "c", "--missing", "mean"),
                "column a is in ",
                "f00." + format + ", but not in ",
                "f01." + format,
                "mergeSchema=true");
        Cli.refuse(dir, trainY(parts, "--features", "c,b"), "column c is in ", "f01." + format);
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 3 * ROWS; i++) {
            lines.add((i / ROWS == 1 ? "" : i) + "," + i % 5 + "," + (i % 2 == 0 ? "no" : "yes"));
        }
        String expected = weightsY(Cli.write(dir.resolve("holes.csv"), lines), "--missing", "mean");
        Object[] asked = {"--exclude", "c", "--missing", "mean", "--option", "mergeSchema=true"};
        assertEquals(expected, weightsY(parts, asked));
        assertEquals(weightsY(csv("", "", ""), "--features", "b"), weightsY(parts, "--features", "b"));
    }

    @Test
    void predict_leavesOutWhatItCannotRead() throws IOException {
        Path parts = parts("parquet", "cast(id as int) a", "cast(id as string) a");
        Cli.succeed(trainY(parts, "--exclude", "a"));
        Path out = dir.resolve("out.csv");
        Object[] args = {"predict", "--model", dir.resolve("model" + (models - 1)), "--data", parts, "--output", out};
        Cli.Outcome outcome = Cli.run(args);
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.err().startsWith("warning: the predictions lack column a, which is int in "), outcome.err());
        assertEquals(
                "b,y,prediction,probability_no,probability_yes",
                Files.readAllLines(out).get(0));
    }

    @Test
    void parquet_typeThatSparkDoesNotRead() throws IOException {
        TestSpark.expectSpark4("Parquet has FLOAT16");
        MessageType type = MessageTypeParser.parseMessageType("message m { required double b; "
                + "required fixed_len_byte_array(2) h (FLOAT16); required binary y (STRING); }");
        Path file = dir.resolve("half.parquet");
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
                .withConf(new Configuration())
                .withType(type)
                .build()) {
            for (int i = 0; i < ROWS; i++) {
                writer.write(new SimpleGroupFactory(type)
                        .newGroup()
                        .append("b", (double) (i % 5))
                        .append("h", Binary.fromConstantByteArray(new byte[] {0, 60}))
                        .append("y", i % 2 == 0 ? "no" : "yes"));
            }
        }
        Cli.refuse(
                dir, trainY(file), "half.parquet, column h is of type FIXED_LEN_BYTE_ARRAY (FLOAT16)", "--exclude h");
        String expected = weightsY(csv(""), "--features", "b");
        assertEquals(expected, weightsY(file, "--exclude", "h"));
        assertEquals(expected, weightsY(file, "--features", "b"));
    }

    // Formats by bytes.

    @ParameterizedTest
    @CsvSource({
        "parquet, pq",
        "parquet, csv",
        "parquet, ''",
        "orc, dat",
        "orc, parquet",
        "json, ''",
        "json, ndjson",
        "json, txt"
    })
    void bytes_tellTheFormat(String format, String extension) throws IOException {
        Path parts = parts(format, "cast(id as double) a");
        Path file = dir.resolve(extension.isEmpty() ? "table" : "table." + extension);
        Files.move(parts.resolve("f00." + format), file);
        assertEquals(weightsY(csv("")), weightsY(file));
        Cli.refuse(
                dir, trainY(file, "--format", format.equals("orc") ? "parquet" : "orc"), "cannot be read", "--format");
    }

    @Test
    void bytes_tellLibSvm() {
        String[] lines = {"+1 1:0.5 2:1e3", "-1 2:-4", "# note", "1 1:3 # more"};
        String expected = weights(Cli.write(dir.resolve("t.libsvm"), lines));
        for (String name : List.of("t.svmlight", "t", "t.txt", "t.dat")) {
            assertEquals(expected, weights(Cli.write(dir.resolve(name), lines)), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PAR1,PAR2,y", "ORCID,b,y", "RDX,FEA1,y", "BZh,Obj,y", "{a,[b,y"})
    void bytes_ofAHeaderThatLooksLikeAFormat(String header) {
        String[] lines = {header, "0,0,no", "1,1,yes", "2,2,no"};
        assertEquals(
                weightsY(Cli.write(dir.resolve("plain.csv"), "a,b,y", lines[1], lines[2], lines[3])),
                weightsY(Cli.write(dir.resolve("odd"), lines)));
    }

    private Path bytes(String name, int... bytes) throws IOException {
        byte[] all = new byte[5000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i < bytes.length ? bytes[i] : 37 * i + i / 256);
        }
        return Files.write(dir.resolve(name), all);
    }

    @Test
    void bytes_ofNoTable() throws IOException {
        Path zip = dir.resolve("t.csv.zip");
        Path excel = dir.resolve("t.xlsx");
        for (Path file : List.of(zip, excel)) {
            try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
                out.putNextEntry(new ZipEntry(file == zip ? "t.csv" : "[Content_Types].xml"));
                out.write("a,y\n1,2\n".getBytes(UTF_8));
            }
        }
        Path gzip = dir.resolve("t.data");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write("a,y\n1,2\n".getBytes(UTF_8));
        }
        Path page = Cli.write(dir.resolve("p.csv"), "<!DOCTYPE html>", "<html><body>Not found</body></html>");
        Cli.refuse(dir, trainY(page), "p.csv cannot be read: it is a web page", "download");
        Path pointer = Cli.write(dir.resolve("l.csv"), "version https://git-lfs.github.com/spec/v1", "size 12345");
        Cli.refuse(dir, trainY(pointer), "l.csv cannot be read: it is a pointer of Git LFS", "git lfs pull");
        Cli.refuse(dir, trainY(zip), "t.csv.zip cannot be read: it is a zip archive", "unzip");
        Cli.refuse(dir, trainY(excel), "t.xlsx cannot be read: it is an Excel file", "CSV");
        Cli.refuse(dir, trainY(gzip), "t.data cannot be read: it is compressed with gzip", "rename it to t.data.gz");
        Cli.refuse(dir, trainY(Cli.write(dir.resolve("t.csv.gz"), "a,y", "1,2")), "t.csv.gz cannot be read", "t.csv)");
        Cli.refuse(dir, trainY(bytes("a.xls", 0xd0, 0xcf, 0x11, 0xe0)), "a.xls cannot be read: it is an Excel file");
        Cli.refuse(dir, trainY(bytes("a.csv.xz", 0xfd, '7', 'z', 'X', 'Z', 0)), "compressed with xz", "xz -d");
        Cli.refuse(dir, trainY(bytes("a.csv.zst", 0x28, 0xb5, 0x2f, 0xfd)), "compressed with zstd", "zstd -d");
        Cli.refuse(dir, trainY(bytes("a.npy", 0x93, 'N', 'U', 'M', 'P', 'Y')), "a NumPy array");
        Cli.refuse(dir, trainY(bytes("a.csv", 1, 2, 3, 0, 5)), "a.csv cannot be read: it is not a table");
        Cli.refuse(dir, trainY(bytes("a.parquet", 'P', 'A', 'R', '1')), "a.parquet", "cannot be read");
        Object[] csv = trainY(bytes("b.parquet", 'P', 'A', 'R', '1'), "--format", "csv");
        Cli.refuse(dir, csv, "b.parquet", "cannot be read");
    }

    @Test
    void directory_notesAndOtherFormats() throws IOException {
        Path parts = parts("parquet", "cast(id as double) a", "cast(id as double) a");
        String expected = weightsY(csv("", ""));
        Cli.write(parts.resolve("README.md"), "# A table");
        Cli.write(parts.resolve("LICENSE"), "free");
        Cli.Outcome outcome = Cli.run(trainY(parts));
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("note: " + parts + "/README.md is not read"), outcome.err());
        assertEquals(expected, Cli.weights(dir.resolve("model" + (models - 1))));
        Cli.write(parts.resolve("more.csv"), "a,b,y", "1,2,no");
        Cli.refuse(dir, trainY(parts), "several formats", "f00.parquet is a Parquet file", "more.csv is CSV text");
        Path partitions = dir.resolve("tree");
        Files.createDirectories(partitions.resolve("k=1"));
        Files.createDirectories(partitions.resolve("k=2"));
        Files.copy(parts.resolve("f00.parquet"), partitions.resolve("k=1/f"));
        Files.copy(parts.resolve("f01.parquet"), partitions.resolve("k=2/f"));
        Cli.write(partitions.resolve("k=2/readme.txt"), "the second");
        assertEquals(expected, weightsY(partitions, "--exclude", "k"));
    }

    @Test
    void json_overSeveralLines() {
        List<String> objects = IntStream.range(0, ROWS)
                .mapToObj(i -> "{\n  \"a\": " + i + ",\n  \"b\": " + i % 5 + ",\n  \"y\": \""
                        + (i % 2 == 0 ? "no" : "yes") + "\"\n}")
                .toList();
        String expected = weightsY(csv(""));
        Path pretty = Cli.write(dir.resolve("pretty.json"), "[" + String.join(",\n", objects) + "]");
        assertEquals(expected, weightsY(pretty));
        assertEquals(expected, weightsY(pretty, "--option", "multiLine=false"));
        String lines = String.join("\n", objects).replaceAll("\\n *([\"}])", "$1");
        Path oneEach = Cli.write(dir.resolve("lines.json"), lines);
        assertEquals(expected, weightsY(oneEach));
        assertEquals(expected, weightsY(oneEach, "--option", "multiLine=true"));
        assertEquals(expected, weightsY(Cli.write(dir.resolve("one"), "[" + lines.replace("\n", ",") + "]")));
        Path several = Cli.write(dir.resolve("several.json"), String.join("\n", objects));
        Cli.refuse(dir, trainY(several), "several.json has several values of JSON", "jq -c .");
        Cli.write(dir.resolve("mixed/a.json"), "[" + String.join(",\n", objects) + "]");
        Cli.write(dir.resolve("mixed/b.json"), lines);
        Cli.refuse(dir, trainY(dir.resolve("mixed")), "b.json has several values of JSON", "jq -c .");
    }

    @Test
    void json_inOtherEncodings() throws IOException {
        String text = IntStream.range(0, ROWS)
                .mapToObj(i -> "{\"a\": " + i + ", \"b\": " + i % 5 + ", \"y\": \"" + (i % 2 == 0 ? "n\u00f6" : "jo")
                        + "\"}\n")
                .collect(java.util.stream.Collectors.joining());
        String expected = weightsY(Files.writeString(dir.resolve("t.json"), text));
        Path latin =
                Files.write(dir.resolve("latin.json"), text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Cli.refuse(dir, trainY(latin), "latin.json, row 1", "not text in UTF-8", "--option encoding=ISO-8859-1");
        assertEquals(expected, weightsY(latin, "--option", "encoding=ISO-8859-1"));
        Path twice = Cli.write(dir.resolve("twice.json"), "{\"a\":1,\"y\":\"n\"}", "{\"a\":1,\"y\":\"n\",\"a\":2}");
        Cli.refuse(dir, trainY(twice), "twice.json: an object has the key a twice");
    }

    private Path avro(String name, String type, int from, int to) throws IOException {
        Schema schema = new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"a\",\"type\":\"" + type + "\"},"
                        + "{\"name\":\"b\",\"type\":[\"null\",\"double\"]},{\"name\":\"y\",\"type\":\"string\"}]}");
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, file.toFile());
            for (int i = from; i < to; i++) {
                GenericRecord record = new GenericData.Record(schema);
                record.put("a", type.equals("int") ? (Object) i : (Object) (double) i);
                record.put("b", (double) (i % 5));
                record.put("y", i % 2 == 0 ? "no" : "yes");
                writer.append(record);
            }
        }
        return file;
    }

    @Test
    void avro_isRead() throws IOException {
        TestSpark.expectSpark4("Avro is a part of Spark SQL");
        assertEquals(weightsY(csv("")), weightsY(avro("t.bin", "int", 0, ROWS)));
        avro("parts/1.avro", "int", 0, ROWS);
        avro("parts/2.avro", "int", ROWS, 2 * ROWS);
        assertEquals(weightsY(csv("", "")), weightsY(dir.resolve("parts")));
        avro("parts/3.avro", "double", 0, ROWS);
        Cli.refuse(dir, trainY(dir.resolve("parts")), "1.avro", "3.avro", "different Avro schemas");
    }

    @Test
    void lakes_andDatabases() throws IOException {
        Path parts = parts("parquet", "cast(id as double) a");
        Files.createDirectories(parts.resolve("_delta_log"));
        Cli.refuse(dir, trainY(parts), "is a table of Delta", "--packages io.delta:delta-spark");
        assertEquals(weightsY(csv("")), weightsY(parts, "--format", "parquet"));
        Files.move(parts.resolve("_delta_log"), parts.resolve(".hoodie"));
        Cli.refuse(dir, trainY(parts), "is a table of Hudi");
        Cli.refuse(dir, trainY("t", "--format", "jdbc", "--option", "url=jdbc:nothing:x"), "--jars DRIVER.jar");
    }

    @Test
    void option_unknown() {
        Object[] args = trainY(csv(""), "--option", "seperator=;secret");
        Cli.refuse(dir, args, "--option seperator", "csv", "no such option");
        assertTrue(!Cli.run(args).err().contains("secret"));
        Cli.refuse(dir, trainY(csv(""), "--option", "Delimeter=;"), "--option Delimeter", "did you mean delimiter?");
        Object[] twice = trainY(csv(""), "--option", "sep=,", "--option", "Delimiter=;");
        Cli.refuse(dir, twice, "--option sep and --option delimiter are the same option");
        Path parts = parts("orc", "cast(id as double) a");
        Cli.refuse(dir, trainY(parts, "--option", "mergeShema=true"), "did you mean mergeSchema?");
    }
}
