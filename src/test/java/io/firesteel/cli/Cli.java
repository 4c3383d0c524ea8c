package io.firesteel.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.TestFiles;
import io.firesteel.TestSpark;
import io.firesteel.model.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs commands in this process, on the tests' Spark session. */
public final class Cli {
    private static final Set<String> TRAINING = Set.of("train", "search", "plan", "check");

    private Cli() {}

    /** How a command ended and what it printed. */
    public record Outcome(int code, String out, String err) {}

    /** Runs a command. */
    public static Outcome run(Object... args) {
        TestSpark.session();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Firesteel.run(new PrintWriter(out, true), new PrintWriter(err, true), strings(args));
        return new Outcome(code, out.toString(), err.toString());
    }

    /** Runs a command that is to succeed; returns what it printed on stdout. */
    public static String succeed(Object... args) {
        Outcome outcome = run(args);
        assertEquals(0, outcome.code, () -> String.join(" ", strings(args)) + "\n" + outcome.err);
        return outcome.out;
    }

    /** Runs a command that is to succeed with --json; returns the one object that it prints. */
    public static JsonNode json(Object... args) {
        String text = succeed(plus(args, "--json"));
        try {
            JsonNode node = JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build()
                    .readTree(text);
            assertTrue(node.isObject(), text);
            return node;
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /**
     * Runs a command that is to end with a user's mistake: exit code 2, one line of error that has all the parts,
     * nothing else printed, nothing below the directory changed.
     */
    static void refuse(Path directory, Object[] args, String... parts) {
        Map<String, String> before = content(directory);
        Outcome outcome = run(args);
        String command = String.join(" ", strings(args)) + "\n";
        assertEquals(2, outcome.code, command + outcome.out + outcome.err);
        assertEquals(1, outcome.err.lines().count(), command + outcome.err);
        assertTrue(outcome.err.startsWith("error: "), command + outcome.err);
        assertFalse(outcome.err.contains("(SparkContext.scala") || outcome.err.contains(" at org."), outcome.err);
        assertEquals("", outcome.out, command);
        for (String part : parts) {
            assertTrue(outcome.err.contains(part), () -> command + outcome.err + "lacks: " + part);
        }
        assertEquals(before, content(directory), command);
    }

    /** Arguments after others. */
    public static Object[] plus(Object[] args, Object... more) {
        List<Object> all = new ArrayList<>(List.of(args));
        all.addAll(List.of(more));
        return all.toArray();
    }

    /**
     * Returns arguments as text. A training has the settings of the course's notes, unless it names a preset: most tests are
     * about something else, and compare with what these give.
     */
    private static String[] strings(Object... args) {
        List<String> words = new ArrayList<>();
        Arrays.stream(args).map(Object::toString).forEach(words::add);
        if (!words.isEmpty() && TRAINING.contains(words.get(0)) && !words.contains("--preset")) {
            words.addAll(1, List.of("--preset", "notes"));
        }
        return words.toArray(String[]::new);
    }

    /** Writes lines to a file, with the directories above it. */
    public static Path write(Path file, String... lines) {
        return TestFiles.write(file, lines);
    }

    /** Writes lines to a file, with the directories above it. */
    public static Path write(Path file, List<String> lines) {
        return TestFiles.write(file, lines);
    }

    /** Loads a model that is to be there. */
    static TrainedModel load(Path model) {
        try {
            return TrainedModel.load(model);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The SHA-256 of a model's weights. */
    public static String weights(Path model) {
        return sha256(model.resolve("weights.safetensors"));
    }

    /** Everything below a directory: directories, and files with the SHA-256 of what they hold. */
    static Map<String, String> content(Path directory) {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.forEach(path -> content.put(
                    directory.relativize(path).toString(), Files.isDirectory(path) ? "directory" : sha256(path)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return content;
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
