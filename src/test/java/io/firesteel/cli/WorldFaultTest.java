package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import io.firesteel.table.WorldFault;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkException;
import org.apache.spark.sql.execution.datasources.SchemaColumnConvertNotSupportedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults of the world are one line with the first cause, never a stack trace. */
@Tag("spark")
class WorldFaultTest {
    @TempDir
    private Path dir;

    private Object[] train(Object data, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("model"), "--iterations", "1"};
        return Cli.plus(args, more);
    }

    @Test
    void gzip_cutOff() throws IOException {
        String rows = "a,y\n"
                + IntStream.range(0, 20000)
                        .mapToObj(i -> i * 7919 % 10007 + "," + i % 2)
                        .collect(Collectors.joining("\n"));
        Path whole = dir.resolve("whole.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(whole))) {
            out.write(rows.getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(dir.resolve("cut.csv.gz"), Arrays.copyOf(bytes, bytes.length / 2));
        Cli.refuse(dir, train(cut), "cut.csv.gz: the compressed file ends in the middle", "copy it again");
    }

    @ParameterizedTest
    @CsvSource({
        "s3a://bucket/t.csv, --packages org.apache.hadoop:hadoop-aws:3",
        "abfss://c@account.dfs.core.windows.net/t.csv, --packages org.apache.hadoop:hadoop-azure:3",
        "gs://bucket/t.csv, gcs-connector",
        "s3://bucket/t.csv, write s3a://",
        "foo://bucket/t.csv, no file system for foo://",
        "https://example.org/t.csv, download the file first",
        "hdfs://no-such-host.invalid:8020/t.csv, the host no-such-host.invalid is not known",
        "hdfs://127.0.0.1:1/t.csv, no connection"
    })
    void path_ofAnotherWorld(String path, String expected) {
        TestSpark.session().sparkContext().hadoopConfiguration().set("ipc.client.connect.max.retries", "0");
        Cli.refuse(dir, train(path), path, expected);
        if (!path.startsWith("http") && !path.startsWith("hdfs")) {
            Path data = Cli.write(dir.resolve("t.csv"), "a,y", "1,no", "2,yes");
            Object[] args = {"train", "--data", data, "--label", "y", "--model", path, "--iterations", "1"};
            Cli.refuse(dir, args, expected);
        }
    }

    private static String line(Throwable failure) {
        Optional<io.firesteel.base.UserError> fault = WorldFault.of("t.csv", failure);
        return fault.map(error -> error.render(io.firesteel.base.SettingNames.OPTIONS))
                .orElse("");
    }

    @Test
    void of_exceptionsAsSparkThrowsThem() {
        assertTrue(
                line(new SparkException(
                                "Job aborted due to stage failure: ... java.lang.OutOfMemoryError: Java heap space"))
                        .matches(
                                "t.csv: the driver ran out of memory, of which it has \\d+[gm] \\(--driver-memory \\d+[gm] .*"));
        assertTrue(line(new OutOfMemoryError("Java heap space")).contains("--driver-memory"));
        assertTrue(line(new IllegalStateException(new IOException("No space left on device")))
                .contains("a disk is full"));
        assertTrue(line(new UnsupportedOperationException("getSubject is not supported"))
                .contains("JDK 17 or 21"));
        assertTrue(line(new FileNotFoundException("/data/t.csv (Permission denied)"))
                .contains("permission denied"));
        assertTrue(line(new RuntimeException(new ConnectException("Connection refused")))
                .contains("Connection refused"));
        assertTrue(line(new FileNotFoundException("File file:/data/t.csv does not exist"))
                .startsWith("/data/t.csv is not there any more"));
        assertEquals("", line(new IllegalStateException("a mistake of ours")));
    }

    /** The messages are Spark's; what an executor's own error says of memory is not the driver's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Lost task 0.3 in stage 2.0 (TID 9) (10.0.0.2 executor 4): java.lang.OutOfMemoryError: Java heap space"
                        + " | executor 4 on 10.0.0.2 ran out of memory, of which it has 1g (--executor-memory 2g before",
                "Lost task 1.0 in stage 2.0 (TID 8) (h.example executor 0): ExecutorLostFailure (executor 0 exited caused by "
                        + "one of the running tasks) Reason: Command exited with code 52"
                        + " | executor 0 on h.example ran out of memory",
                "Lost task 0.0 in stage 1.0 (TID 1) (127.0.0.1 executor driver): java.lang.OutOfMemoryError | the driver ran"
            })
    void of_processWithoutMemory(String message, String expected) {
        SparkException aborted = new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 2.0 failed 4 times, most recent failure: " + message,
                message.contains("heap") ? new OutOfMemoryError("Java heap space") : null);
        assertTrue(line(aborted).startsWith("t.csv: " + expected), line(aborted));
    }

    @Test
    void of_parquetColumnOfAnotherType() {
        Exception cause = new SchemaColumnConvertNotSupportedException("[a]", "INT32", "double");
        String line = line(new SparkException(
                "Parquet column cannot be converted in file file:///d/part-1.parquet. Column: [a], Expected: double, "
                        + "Found: INT32.",
                cause));
        assertTrue(line.startsWith("/d/part-1.parquet: column a is of type INT32, which Spark "), line);
        assertTrue(line.endsWith(" does not read as double (write all files with one type)"), line);
    }
}
