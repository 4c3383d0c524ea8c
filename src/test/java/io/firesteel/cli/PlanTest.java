package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plan: its sizes are those of the training, its times those of steps that were taken, and it leaves nothing behind. */
@Tag("spark")
class PlanTest {
    private static final Object[] DIGITS = {
        "plan", "--data", "data/digits.csv", "--label", "digit", "--hidden", "32", "--optimizer", "adam"
    };

    @TempDir
    private Path dir;

    private static String line(String out, String name) {
        return out.lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no line " + name + ":\n" + out));
    }

    /** 1,797 rows of 64 features and a class, 8 bytes each: 520 bytes a row. */
    @Test
    void plan_ofTheDigits() {
        String out = Cli.succeed(Cli.plus(DIGITS, "--batch-size", "200", "--epochs", "1000", "--folds", "5"));
        assertEquals(
                List.of("task", "data", "network", "reading", "memory", "step", "training"),
                out.lines().map(line -> line.split(" ")[0]).toList());
        assertTrue(line(out, "network").contains("64-32-10, tanh, softmax-cross-entropy, 2,410 parameters"), out);
        assertTrue(line(out, "memory").contains("912.5 KiB of blocks"), out);
        assertTrue(line(out, "memory").contains("520 bytes a row"), out);
        Matcher step = Pattern.compile("step +(\\S+) ms, measured over (\\d+) steps, (on the driver|a Spark job each)")
                .matcher(line(out, "step"));
        assertTrue(step.matches(), out);
        double milliseconds = Double.parseDouble(step.group(1));
        int measured = Integer.parseInt(step.group(2));
        assertTrue(milliseconds > 0 && measured > 10, out);
        double most = measured < 30 ? 6000 : 2500; // on a machine that is busy
        assertTrue(milliseconds * measured < most, "the half of two seconds was measured, or of eight: " + out);
        // 9 batches to a pass over the rows
        assertTrue(line(out, "training").startsWith("training    at most 9,000 steps, about "), out);
        assertTrue(line(out, "training").contains("; 5 folds before it, about "), out);
    }

    /** In half the bytes, with rows held out; two steps, each of which is taken. */
    @Test
    void plan_inSinglePrecision() {
        String out = Cli.succeed(
                Cli.plus(DIGITS, "--precision", "single", "--validation-fraction", "0.5", "--iterations", "2"));
        assertTrue(line(out, "memory").contains("456.3 KiB of blocks"), out);
        assertTrue(line(out, "memory").contains("260 bytes a row, 228.8 KiB of them held out"), out);
        assertTrue(line(out, "step").contains("measured over 1 steps"), out);
        assertTrue(line(out, "training").startsWith("training    at most 2 steps, about "), out);
        assertFalse(out.contains("folds"), out);
    }

    /** The command that it ends with is the plan's own, without what is of plans alone; the curve is an SVG file that a browser reads. */
    @Test
    void plan_forACluster() throws Exception {
        Path curve = dir.resolve("curve.svg");
        Object[] cluster = {"--executors=4", "--cores", "2", "--memory", "2g", "--bandwidth", "1g", "--round-trip=1ms"};
        Object[] all = Cli.plus(Cli.plus(DIGITS, "--iterations", "100"), cluster);
        String out = Cli.succeed(Cli.plus(all, "--curve", curve, "--overwrite"));
        assertEquals(
                "cluster     4 executors of 2 cores like the ones here, 2.0 GiB of memory each; links of 1 Gbit/s, round trips of 1.0 ms",
                line(out, "cluster"));
        assertTrue(
                line(out, "forecast")
                        .matches("forecast +\\S+ ms a step by .* computing, .* network and Spark, .* driver"),
                out);
        assertEquals(
                "submit      submit-scripts/standalone.sh spark://HOST:7077 --total-executor-cores 8 --executor-cores 2"
                        + " --executor-memory 2g --driver-memory 1024m train --preset notes --data data/digits.csv --label digit"
                        + " --hidden 32 --optimizer adam --iterations 100 --model out/model",
                line(out, "submit"));
        assertTrue(
                line(out, "executors").matches("executors +each needs \\S+ MiB of memory, \\S+ KiB of it blocks"), out);
        assertTrue(
                line(out, "growth")
                        .matches(
                                "growth +pays up to \\d+ executors?: \\d+ would (not be faster|take only \\d% less time)"),
                out);
        DocumentBuilderFactory xml = DocumentBuilderFactory.newInstance();
        assertEquals(
                3,
                xml.newDocumentBuilder()
                                .parse(curve.toFile())
                                .getElementsByTagName("g")
                                .getLength()
                        - 1,
                "entries of the legend beside the chart itself");
        Cli.refuse(dir, Cli.plus(all, "--curve", curve), "--curve " + curve + " exists: --overwrite replaces it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--cores 4; --cores 4: expected --executors with it",
                "--curve out.svg; --curve out.svg: expected --executors with it",
                "--executors 0; --executors 0: expected 1 to 100000",
                "--executors some; --executors",
                "--executors 2 --cores 0; --cores 0: expected 1 to 1024",
                "--executors 2 --memory 8; --memory 8: expected a size such as 8g or 512m",
                "--executors 2 --memory 0g; --memory 0g: expected a size",
                "--executors 2 --bandwidth fast; --bandwidth fast: expected bits a second such as 10g or 500m",
                "--executors 2 --round-trip 1h; --round-trip 1h: expected a time such as 0.5ms or 200us"
            })
    void cluster_thatCannotBe(String options, String expected) {
        Cli.refuse(dir, Cli.plus(DIGITS, (Object[]) options.split(" ")), expected);
    }

    @Test
    void plan_thatCannotBe() {
        Cli.refuse(dir, Cli.plus(DIGITS, "--model", dir.resolve("m")), "unknown option --model");
        Cli.refuse(dir, Cli.plus(DIGITS, "--batch-size", "0"), "--batch-size 0: expected 1 or more");
        Cli.Outcome outcome = Cli.run(Cli.plus(DIGITS, "--activation", "relu", "--learning-rate", "1e200"));
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("diverged"), outcome.err());
    }
}
