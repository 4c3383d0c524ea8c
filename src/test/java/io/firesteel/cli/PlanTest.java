package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        assertTrue(milliseconds * measured < 2500, "the half of two seconds was measured: " + out);
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

    @Test
    void plan_thatCannotBe() {
        Cli.refuse(dir, Cli.plus(DIGITS, "--model", dir.resolve("m")), "unknown option --model");
        Cli.refuse(dir, Cli.plus(DIGITS, "--batch-size", "0"), "--batch-size 0: expected 1 or more");
        Cli.Outcome outcome = Cli.run(Cli.plus(DIGITS, "--activation", "relu", "--learning-rate", "1e200"));
        assertEquals(2, outcome.code());
        assertTrue(outcome.err().contains("diverged"), outcome.err());
    }
}
