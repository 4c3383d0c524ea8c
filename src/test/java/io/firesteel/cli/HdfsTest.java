package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data, models and predictions on a Hadoop file system that is not this machine's: a real HDFS in this process. */
@Tag("spark")
class HdfsTest {
    private static final java.nio.file.Path DIGITS = java.nio.file.Path.of("data/digits.csv");

    /** So small that the file has several blocks. */
    private static final long BLOCK_BYTES = 64 << 10;

    @TempDir
    private static java.nio.file.Path temp;

    @TempDir
    private java.nio.file.Path local;

    private static MiniDFSCluster cluster;
    private static FileSystem hdfs;
    private static String root;

    @BeforeAll
    static void start() throws IOException {
        TestSpark.session();
        Configuration settings = new Configuration();
        settings.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, temp.resolve("hdfs").toString());
        settings.setLong("dfs.namenode.fs-limits.min-block-size", BLOCK_BYTES);
        cluster = new MiniDFSCluster.Builder(settings).numDataNodes(1).build();
        hdfs = cluster.getFileSystem();
        root = hdfs.getUri().toString();
        byte[] digits = Files.readAllBytes(DIGITS);
        try (OutputStream out = hdfs.create(new Path("/data/digits.csv"), true, 4096, (short) 1, BLOCK_BYTES)) {
            out.write(digits);
        }
        assertEquals(
                (digits.length - 1) / BLOCK_BYTES + 1,
                hdfs.getFileBlockLocations(new Path("/data/digits.csv"), 0, digits.length).length);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.shutdown();
        }
    }

    private static Object[] train(Object data, Object model, Object... more) {
        return steps(3, data, model, more);
    }

    private static Object[] steps(int steps, Object data, Object model, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "digit", "--hidden", 8, "--model", model};
        return Cli.plus(Cli.plus(args, "--iterations", steps), more);
    }

    private static byte[] read(String path) throws IOException {
        try (InputStream in = hdfs.open(new Path(path))) {
            return in.readAllBytes();
        }
    }

    /** The names in a directory, hidden ones too. */
    private static List<String> names(String directory) throws IOException {
        return Arrays.stream(hdfs.listStatus(new Path(directory)))
                .map(FileStatus::getPath)
                .map(Path::getName)
                .sorted()
                .toList();
    }

    @Test
    void allCommands_asOnLocalFiles() throws IOException {
        Cli.succeed(train(DIGITS, local.resolve("model")));
        Cli.succeed(train(root + "/data/digits.csv", root + "/models/digits"));
        assertArrayEquals(
                Files.readAllBytes(local.resolve("model/weights.safetensors")),
                read("/models/digits/weights.safetensors"));
        assertEquals(List.of("digits"), names("/models"), "what is temporary is gone");

        String metrics = Cli.succeed("evaluate", "--model", local.resolve("model"), "--data", DIGITS, "--json");
        String model = root + "/models/digits";
        assertEquals(metrics, Cli.succeed("evaluate", "--model", model, "--data", root + "/data/digits.csv", "--json"));

        assertEquals(
                Cli.succeed("inspect", "--model", local.resolve("model"), "--json")
                        .lines()
                        .count(),
                Cli.succeed("inspect", "--model", model, "--json").lines().count());

        Cli.succeed("export", "--model", local.resolve("model"), "--onnx", local.resolve("m.onnx"));
        Cli.succeed("export", "--model", model, "--onnx", root + "/exported/m.onnx");
        assertEquals(Files.size(local.resolve("m.onnx")), read("/exported/m.onnx").length);
        assertEquals(List.of("m.onnx"), names("/exported"));

        Cli.succeed("predict", "--model", local.resolve("model"), "--data", DIGITS, "--output", local.resolve("p.csv"));
        Cli.succeed("predict", "--model", model, "--data", root + "/data", "--output", root + "/out/p.csv");
        assertArrayEquals(Files.readAllBytes(local.resolve("p.csv")), read("/out/p.csv"));
        assertEquals(List.of("p.csv"), names("/out"));

        Cli.succeed("predict", "--model", model, "--data", root + "/data", "--output", root + "/out/p.parquet");
        Cli.succeed("predict", "--model", model, "--data", root + "/data", "--output", root + "/out/directory");
        assertEquals(List.of("directory", "p.csv", "p.parquet"), names("/out"));
        assertEquals("_SUCCESS", names("/out/directory").get(0));
    }

    @Test
    void train_ontoAModel_replacesItOnlyWhenAsked() throws IOException {
        String data = root + "/data/digits.csv";
        String model = root + "/replaced/model";
        Cli.succeed(train(data, model));
        byte[] first = read("/replaced/model/weights.safetensors");
        Cli.refuse(local, train(data, model, "--seed", 2), "--model " + model + " exists: --overwrite");
        assertArrayEquals(first, read("/replaced/model/weights.safetensors"));
        Cli.succeed(train(data, model, "--seed", 2, "--overwrite"));
        assertFalse(Arrays.equals(first, read("/replaced/model/weights.safetensors")));
        assertEquals(List.of("model"), names("/replaced"));
    }

    @Test
    void checkpoints_goOnWithTheSameBits_alsoWithADamagedNewest() throws IOException {
        String data = root + "/data/digits.csv";
        String there = root + "/checkpoints";
        Cli.succeed(steps(6, data, root + "/whole"));
        Cli.succeed(steps(4, data, root + "/begun", "--checkpoint", there, "--checkpoint-every", 2));
        assertEquals(List.of("step-00000002", "step-00000004"), names("/checkpoints"));

        String newest = "/checkpoints/step-00000004/weights.safetensors";
        byte[] weights = read(newest);
        try (OutputStream out = hdfs.create(new Path(newest))) {
            out.write(weights, 0, weights.length - 9);
        }
        Object[] goOn = steps(6, data, root + "/resumed", "--checkpoint", there, "--resume", there);
        Cli.Outcome outcome = Cli.run(Cli.plus(goOn, "--checkpoint-every", 2, "--checkpoint-keep", 2));
        assertEquals(0, outcome.code(), outcome.err());
        assertTrue(outcome.err().contains("warning: " + there + "/step-00000004"), outcome.err());
        assertTrue(outcome.err().contains("an older checkpoint is tried"), outcome.err());
        assertArrayEquals(read("/whole/weights.safetensors"), read("/resumed/weights.safetensors"));
        assertEquals(List.of("step-00000004", "step-00000006"), names("/checkpoints"));
        assertArrayEquals(weights, read(newest), "it was written again, whole");
    }

    /** It has no session, and is to know the settings of one. */
    @Test
    void inspect_knowsHadoopSettings() {
        Cli.succeed(train(root + "/data/digits.csv", root + "/inspected"));
        System.setProperty("spark.hadoop.fs.defaultFS", root);
        try {
            Cli.succeed("inspect", "--model", "/inspected");
        } finally {
            System.clearProperty("spark.hadoop.fs.defaultFS");
        }
    }

    @Test
    void wrongPaths_areOneClearLine() throws IOException {
        Cli.refuse(local, train(root + "/missing.csv", root + "/m"), root + "/missing.csv: no such file or directory");
        Cli.refuse(local, new Object[] {"inspect", "--model", root + "/data"}, "it has no model.json");
        assertFalse(hdfs.exists(new Path("/m")));
    }
}
