package io.firesteel.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.FileMutations;
import io.firesteel.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Model directories that are there already, or not, or not whole. */
@Tag("spark")
class BadModelTest {
    private static Path trained;

    @TempDir
    private Path dir;

    private Path data;
    private Path model;

    @BeforeAll
    static void trainOnce(@TempDir Path shared) {
        Path data = data(shared);
        trained = shared.resolve("model");
        Cli.succeed(train(data, trained));
    }

    @BeforeEach
    void model() throws IOException {
        data = data(dir);
        model = Files.createDirectory(dir.resolve("model"));
        for (String file : new String[] {"model.json", "weights.safetensors"}) {
            Files.copy(trained.resolve(file), model.resolve(file));
        }
    }

    private static Path data(Path directory) {
        return Cli.write(directory.resolve("t.csv"), "a,b,y", "1,2,no", "2,1,yes", "3,3,no");
    }

    private Object[] train(Path where, Object... more) {
        return train(data, where, more);
    }

    private static Object[] train(Path data, Path where, Object... more) {
        Object[] args = {"train", "--data", data, "--label", "y", "--model", where, "--hidden", "2"};
        return Cli.plus(Cli.plus(args, "--iterations", "1"), more);
    }

    /** All that read a model refuse this one. */
    private void refuse(Path bad, String... parts) {
        Object[] predict = {"predict", "--model", bad, "--data", data, "--output", dir.resolve("new/out.csv")};
        Cli.refuse(dir, predict, parts);
        Cli.refuse(dir, new Object[] {"evaluate", "--model", bad, "--data", data}, parts);
        Cli.refuse(dir, new Object[] {"inspect", "--model", bad}, parts);
        Cli.refuse(dir, new Object[] {"export", "--model", bad, "--onnx", dir.resolve("new/m.onnx")}, parts);
    }

    @Test
    void train_modelExists() {
        Cli.refuse(dir, train(model), "model", "exists", "--overwrite");
    }

    @Test
    void train_overwrite() {
        String before = Cli.weights(model);
        Cli.succeed(train(model, "--overwrite", "--seed", "7"));
        assertNotEquals(before, Cli.weights(model));
        assertEquals(
                "[, model, model/model.json, model/weights.safetensors, t.csv]",
                Cli.content(dir).keySet().toString());
    }

    @Test
    void train_overwriteSparesWhatIsNoModel() {
        Path home = dir.resolve("home");
        Cli.write(home.resolve("thesis.txt"), "years of work");
        Cli.refuse(dir, train(home, "--overwrite"), "home", "is not a model", "--overwrite");
        Cli.refuse(dir, train(data, "--overwrite"), "t.csv", "is not a model", "--overwrite");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "t.csv/model"})
    void train_modelCannotBe(String name) {
        Object[] args = train(dir);
        args[Arrays.asList(args).indexOf(dir)] = name.startsWith("t") ? dir.resolve(name) : name;
        Cli.refuse(dir, args, "--model", "cannot be written");
    }

    @Test
    void model_onAFileSystemThatIsNone() {
        String name = "nowhere://host/model";
        Object[] args = train(dir);
        args[Arrays.asList(args).indexOf(dir)] = name;
        String[] parts = {name, "nowhere://"};
        Cli.refuse(dir, args, parts);
        Cli.refuse(dir, new Object[] {"inspect", "--model", name}, parts);
        Cli.refuse(dir, new Object[] {"evaluate", "--model", name, "--data", data}, parts);
        Cli.refuse(dir, new Object[] {"evaluate", "--model", model, "--data", name}, parts);
        Cli.refuse(dir, new Object[] {"predict", "--model", model, "--data", data, "--output", name}, parts);
    }

    @Test
    void model_mayHaveAColonInItsName() {
        Path named = dir.resolve("run-10:30");
        Object[] args = train(named);
        Cli.succeed(args);
        Cli.succeed("evaluate", "--model", named, "--data", data);
    }

    @Test
    void model_missing() {
        refuse(dir.resolve("absent"), "absent", "no such model directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {""})
    void model_cannotBe(String name) {
        Cli.refuse(dir, new Object[] {"inspect", "--model", name}, "--model " + name, "cannot be read");
        Cli.refuse(dir, new Object[] {"evaluate", "--model", name, "--data", data}, "--model " + name);
        Cli.refuse(dir, new Object[] {"evaluate", "--model", model, "--data", name}, name, "cannot be read");
        Object[] predict = {"predict", "--model", model, "--data", data, "--output", name};
        Cli.refuse(dir, predict, name, "cannot be written");
    }

    @Test
    void model_isSomethingElse() throws IOException {
        refuse(Files.createDirectory(dir.resolve("empty")), "empty", "not a model directory", "model.json");
        refuse(data, "t.csv", "not a model directory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"formatVersion\" : 4 | \"formatVersion\" : 10 | format version 10 is newer than 9",
                "\"task\" : \"classification\" | \"task\" : \"divination\" | does not describe a model",
                "\"type\" : \"tanh\" | \"type\" : \"relu\" | model.json is altered",
                "\"type\" : \"tanh\" | \"type\" : \"magic\" | unknown activation magic",
                "\"W1\" : [ 2, 2 ] | \"W1\" : [ 2, 3 ] | 2 features, expected 3",
                "\"W1\" : [ 2, 2 ] | \"W1\" : [ -2, 2 ] | the tensors of a layer of type affine are",
                "\"W1\" : [ 2, 2 ] | \"W1\" : [ ] | the tensors of a layer of type affine are",
                "\"W2\" : [ 1, 2 ] | \"W2\" : [ 1, 3 ] | expected affine layers of matching sizes",
                "\"features\" : [ \"a\", \"b\" ] | \"features\" : null | does not describe a model",
                "\"mean\" : [ 2.0 | \"mean\" : [ 3.0 | model.json is altered",
                "\"weightsSha256\" : \" | \"weightsSha256\" : \"0 | SHA-256",
                "{ | [ | is not JSON"
            })
    void model_otherDescription(String from, String to, String problem) throws IOException {
        Path file = model.resolve("model.json");
        String text = Files.readString(file);
        int at = text.indexOf(from);
        assertNotEquals(-1, at, text);
        Files.writeString(file, text.substring(0, at) + to + text.substring(at + from.length()), UTF_8);
        refuse(model, "model", problem);
    }

    @Test
    void model_descriptionCutShort() throws IOException {
        Path file = model.resolve("model.json");
        Files.writeString(file, Files.readString(file).substring(0, 200), UTF_8);
        refuse(model, "model.json is not JSON");
    }

    @Test
    void weights_missing() throws IOException {
        Files.delete(model.resolve("weights.safetensors"));
        refuse(model, "weights.safetensors is missing");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 100, -9, -1, 1})
    void weights_truncatedOrLonger(int length) throws IOException {
        Path file = model.resolve("weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, length == 1 || length < 0 ? bytes.length + length : length));
        refuse(model, "weights.safetensors is truncated or altered");
    }

    @Test
    void weights_oneBitFlipped() throws IOException {
        Path file = model.resolve("weights.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        for (int at : new int[] {0, 30, bytes.length - 3}) {
            byte[] altered = bytes.clone();
            altered[at] ^= 1;
            Files.write(file, altered);
            refuse(model, "weights.safetensors is", "altered");
        }
    }

    /** Whatever is in a model directory, digests that fit included, it is shown or refused in a line. */
    @Test
    void model_mutated() throws IOException {
        Map<String, byte[]> original = new TreeMap<>();
        for (String file : new String[] {"model.json", "weights.safetensors"}) {
            original.put(file, Files.readAllBytes(trained.resolve(file)));
        }
        FileMutations mutations = new FileMutations(original, 4);
        int shown = 0;
        for (int i = 0; i < 300; i++) {
            FileMutations.Mutant mutant = mutations.next();
            Models.Memory directory = new Models.Memory();
            directory.files.putAll(mutant.files());
            directory.sign();
            Path bad = Files.createDirectory(dir.resolve("bad" + i));
            for (var file : directory.files.entrySet()) {
                Files.write(bad.resolve(file.getKey()), file.getValue());
            }
            Cli.Outcome outcome = Cli.run("inspect", "--model", bad);
            shown += outcome.code() == 0 ? 1 : 0;
            String message = mutant.how() + "\n" + outcome.err();
            assertTrue(outcome.code() == 0 || outcome.code() == 2, message);
            assertTrue(outcome.err().matches(outcome.code() == 0 ? "" : "error: [^\n]*\n"), message);
        }
        assertTrue(shown > 3 && shown < 100, shown + " shown");
    }
}
