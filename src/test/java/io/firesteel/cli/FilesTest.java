package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.TestSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files are read, in which order, and what is said of those that are not. */
@Tag("spark")
class FilesTest {
    @TempDir
    private Path dir;

    private int models;

    /** Lines of numbers a,b and a label y. */
    private static List<String> rows(int from, int to) {
        Random random = new Random(7);
        List<String> rows = IntStream.range(0, to)
                .mapToObj(i -> random.nextGaussian() + "," + i + "," + (random.nextBoolean() ? "no" : "yes"))
                .toList();
        return rows.subList(from, to);
    }

    private Path csv(String name, int from, int to) {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        lines.addAll(rows(from, to));
        return Cli.write(dir.resolve(name), lines);
    }

    private Object[] train(Object data, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", dir.resolve("model" + models++)};
        return Cli.plus(Cli.plus(args, "--hidden", "2", "--iterations", "2"), more);
    }

    /** The weights that come of a table. */
    private String weights(Object data, Object... more) {
        Cli.succeed(train(data, more));
        return Cli.weights(dir.resolve("model" + (models - 1)));
    }

    // Directories.

    @Test
    void directory_inDirectories() {
        String expected = weights(csv("all.csv", 0, 40));
        Path tree = dir.resolve("tree");
        csv("tree/2.csv", 30, 40);
        csv("tree/1/b/x.csv", 10, 20);
        csv("tree/1/c.csv", 20, 30);
        csv("tree/1/a.csv", 0, 10);
        csv("tree/_temporary/0.csv", 0, 40);
        csv("tree/1/.hidden.csv", 0, 40);
        Cli.write(dir.resolve("tree/_SUCCESS"));
        assertEquals(expected, weights(tree));
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "orc", "json"})
    void directory_inDirectoriesOfOtherFormats(String format) {
        String expected = weights(csv("all.csv", 0, 40));
        for (int i = 0; i < 4; i++) {
            TestSpark.session()
                    .read()
                    .option("header", "true")
                    .schema("a double, b int, y string")
                    .csv(csv("part.csv", 10 * i, 10 * i + 10).toString())
                    .coalesce(1)
                    .write()
                    .format(format)
                    .save(dir.resolve("tree." + format + "/" + i / 2 + "/" + i % 2)
                            .toString());
        }
        assertEquals(expected, weights(dir.resolve("tree." + format)));
    }

    @Test
    void directory_ofPartitions() {
        csv("tree/k=1/x.csv", 0, 10);
        csv("tree/k=2/x.csv", 10, 20);
        List<String> lines = new ArrayList<>(List.of("a,b,y,k"));
        rows(0, 20).forEach(row -> lines.add(row + "," + (lines.size() <= 10 ? 1 : 2)));
        assertEquals(weights(Cli.write(dir.resolve("all.csv"), lines)), weights(dir.resolve("tree")));
        assertEquals(
                weights(csv("plain.csv", 0, 20)), weights(dir.resolve("tree"), "--option", "recursiveFileLookup=true"));
        assertEquals(weights(csv("plain.csv", 0, 20)), weights(dir.resolve("tree/k=*")));
        csv("tree/top.csv", 20, 30);
        Cli.refuse(dir, train(dir.resolve("tree")), "tree/top.csv", "/x.csv", "partitions", "recursiveFileLookup=true");
        csv("other/k=1/x.csv", 0, 10);
        csv("other/k=1/l=2/x.csv", 10, 20);
        Cli.refuse(dir, train(dir.resolve("other")), "k=1/x.csv", "k=1/l=2/x.csv", "partitions");
        csv("bases/s/k=1/x.csv", 0, 10);
        csv("bases/t/k=1/x.csv", 10, 20);
        Cli.refuse(dir, train(dir.resolve("bases")), "s/k=1/x.csv", "t/k=1/x.csv", "partitions");
    }

    @Test
    void directory_filesChosenByOptions() {
        csv("tree/s/a1.csv", 0, 10);
        csv("tree/s/b1.csv", 10, 20);
        csv("tree/a2.csv", 20, 30);
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        lines.addAll(rows(20, 30));
        lines.addAll(rows(0, 10));
        Path some = Cli.write(dir.resolve("some.csv"), lines);
        assertEquals(weights(some), weights(dir.resolve("tree"), "--option", "pathGlobFilter=a*.csv"));
        Cli.refuse(dir, train(dir.resolve("tree"), "--option", "pathGlobFilter=c*.csv"), "tree", "no files");
    }

    // Names.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data[1].csv",
                "{}.csv",
                "a{b,c}.csv",
                "what?.csv",
                "s*r.csv",
                "_train.csv",
                ".train.csv",
                "100%.csv",
                "a b+c.csv",
                "größe.csv",
                "back\\slash.csv"
            })
    void name_ofAFile(String name) {
        String expected = weights(csv("all.csv", 0, 20));
        assertEquals(expected, weights(csv(name, 0, 20)));
        assertEquals(
                expected,
                weights(csv("in/" + name.replace(".csv", "").replaceFirst("^[_.]", "") + "/t.csv", 0, 20)
                        .getParent()));
    }

    /** Hadoop looks for a checksum beside a file by a name that is none if it has a colon; directories have no such file. */
    @Test
    void name_withAColon() {
        String expected = weights(csv("all.csv", 0, 20));
        csv("run-10:30/t.csv", 0, 20);
        assertEquals(expected, weights(dir.resolve("run-10:30")));
        Path file = csv("t-10:30.csv", 0, 20);
        Cli.refuse(dir, train(file), "t-10:30.csv cannot be read", "a colon in its name", "rename it");
    }

    @Test
    void name_isAPattern() {
        csv("p1.csv", 0, 10);
        csv("p2.csv", 10, 20);
        assertEquals(weights(csv("all.csv", 0, 20)), weights(dir.resolve("p?.csv")));
        Cli.refuse(dir, train(dir.resolve("q?.csv")), "q?.csv", "no such file");
    }

    @Test
    void name_ofAPipe() throws IOException, InterruptedException {
        Path pipe = dir.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Object[] args = train(pipe);
        Cli.Outcome outcome = Cli.run(args);
        assertEquals(2, outcome.code(), outcome.err());
        assertTrue(outcome.err().matches("error: .*pipe is a pipe or a device: expected a file.*\\R"), outcome.err());
        Files.delete(pipe);
    }
}
