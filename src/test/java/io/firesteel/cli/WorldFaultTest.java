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
        assertTrue(line(new SparkException(
                        "Job aborted due to stage failure: ... java.lang.OutOfMemoryError: Java heap space"))
                .matches("t.csv: the driver ran out of memory \\(--driver-memory 8g .*"));
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
}
