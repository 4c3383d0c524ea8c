package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFormatTest {
    private static final ObjectMapper json = new ObjectMapper();

    private static Models.Memory written(TrainedModel model) throws IOException {
        Models.Memory directory = new Models.Memory();
        ModelFormat.write(model, directory);
        return directory;
    }

    static Stream<TrainedModel> models() {
        return Stream.of(
                Models.twoClasses(),
                Models.threeClasses(),
                Models.threeLabels(),
                Models.mixed(),
                Models.regression(new Scaling(new double[] {5, 0.1}, new double[] {1e-3, 7})));
    }

    /** Every activation and every loss that a regression can have, by the names in model.json. */
    @Test
    void read_ofAnyLossAndActivation_givesTheNetwork() throws IOException {
        for (Loss loss : Loss.OF_REGRESSION) {
            for (Activation activation : Activation.values()) {
                Network network = new Network(List.of(2, 3, 3, 1), List.of(activation, Activation.TANH), loss);
                TrainedModel model =
                        Models.model(Task.REGRESSION, network, Scaling.none(2), List.of(), Scaling.none(1));
                TrainedModel read = ModelFormat.read(written(model), "memory");
                assertEquals(network, read.network());
                double[] x = {0.3, -0.7};
                assertArrayEquals(NaiveNetwork.like(network).set(model.theta()).predict(x), read.score(x), 1e-13);
            }
        }
    }

    @Test
    void read_ofARegressionWithAClassificationsLoss_isRefused() throws IOException {
        Models.Memory directory = written(Models.regression(Scaling.none(1)));
        edit(directory, root -> root.put("loss", "sigmoid-cross-entropy"));
        assertRefused(
                directory,
                "the loss of a regression with 1 outputs is sigmoid-cross-entropy",
                "squared-error or absolute-error or huber or poisson");
    }

    // What is written.

    /**
     * A reader that knows the public layout alone: 8 bytes header length, a JSON header, then the tensors, all
     * little-endian, row after row. It returns each tensor by its name, W1 as shape and rows.
     */
    private static Map<String, Tensor> safetensors(byte[] file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int headerLength = Math.toIntExact(buffer.getLong(0));
        JsonNode header = json.readTree(new String(file, 8, headerLength, StandardCharsets.UTF_8));
        int dataStart = 8 + headerLength;
        Map<String, Tensor> tensors = new TreeMap<>();
        int end = 0;
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (entry.getKey().equals("__metadata__")) {
                entry.getValue().forEach(value -> assertTrue(value.isTextual(), "metadata are strings"));
                continue;
            }
            JsonNode tensor = entry.getValue();
            assertEquals(Set.of("dtype", "shape", "data_offsets"), Set.copyOf(names(tensor)));
            assertEquals("F64", tensor.get("dtype").asText());
            List<Integer> shape = new ArrayList<>();
            tensor.get("shape").forEach(n -> shape.add(n.asInt()));
            int from = tensor.get("data_offsets").get(0).asInt();
            int to = tensor.get("data_offsets").get(1).asInt();
            assertEquals(end, from, "tensors follow each other without holes");
            end = to;
            double[] values = new double[(to - from) / 8];
            Arrays.setAll(values, i -> buffer.getDouble(dataStart + from + 8 * i));
            assertEquals(shape.stream().reduce(1, (a, b) -> a * b), values.length);
            tensors.put(entry.getKey(), new Tensor(shape, values));
        }
        assertEquals(file.length, dataStart + end);
        return tensors;
    }

    private record Tensor(List<Integer> shape, double[] values) {}

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** theta of layers 2, 3, 1, column after column: W1 = (1 4; 2 5; 3 6), b1 = (7 8 9), W2 = (10 11 12), b2 = 13. */
    @Test
    void write_givesPublicSafetensors() throws IOException {
        TrainedModel model = Models.with(Models.twoClasses(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
        byte[] file = written(model).files.get("weights.safetensors");
        Map<String, Tensor> tensors = safetensors(file);

        assertEquals(Set.of("W1", "b1", "W2", "b2"), tensors.keySet());
        assertEquals(List.of(3, 2), tensors.get("W1").shape);
        assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, tensors.get("W1").values, "row after row");
        assertEquals(List.of(3), tensors.get("b1").shape);
        assertArrayEquals(new double[] {7, 8, 9}, tensors.get("b1").values);
        assertEquals(List.of(1, 3), tensors.get("W2").shape);
        assertArrayEquals(new double[] {10, 11, 12}, tensors.get("W2").values);
        assertEquals(List.of(1), tensors.get("b2").shape);
        assertArrayEquals(new double[] {13}, tensors.get("b2").values);
        assertEquals(0, ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8, "the tensors are aligned");
    }

    /** What a reader of both files computes, without Firesteel, is what Firesteel's model says. */
    @Test
    void write_givesAllThatScoringNeeds() throws IOException {
        TrainedModel model = Models.twoClasses();
        Models.Memory directory = written(model);
        JsonNode description = json.readTree(directory.files.get("model.json"));
        Map<String, Tensor> tensors = safetensors(directory.files.get("weights.safetensors"));
        double[] mean = json.treeToValue(description.at("/inputs/mean"), double[].class);
        double[] deviation = json.treeToValue(description.at("/inputs/deviation"), double[].class);
        assertEquals("sigmoid-cross-entropy", description.get("loss").asText());
        assertEquals("tanh", description.get("activation").asText());
        assertEquals("classification", description.get("task").asText());

        double[] x = {0.25, -3};
        double z2 = tensors.get("b2").values[0];
        for (int i = 0; i < 3; i++) {
            double z1 = tensors.get("b1").values[i];
            for (int j = 0; j < 2; j++) {
                z1 += tensors.get("W1").values[2 * i + j] * (x[j] - mean[j]) / deviation[j];
            }
            z2 += tensors.get("W2").values[i] * Math.tanh(z1);
        }
        assertEquals(1 / (1 + Math.exp(-z2)), model.score(x)[1], 1e-14);
    }

    @Test
    void write_recordsTheWeightsSha256() throws IOException, NoSuchAlgorithmException {
        Models.Memory directory = written(Models.twoClasses());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(directory.files.get("weights.safetensors"));
        assertEquals(
                HexFormat.of().formatHex(digest),
                json.readTree(directory.files.get("model.json"))
                        .get("weightsSha256")
                        .asText());
    }

    // What is read again.

    @ParameterizedTest
    @MethodSource("models")
    void read_ofWhatWasWritten_isTheSameModel(TrainedModel model) throws IOException {
        Models.Memory directory = written(model);
        TrainedModel read = ModelFormat.read(directory, "memory");
        assertArrayEquals(model.theta(), read.theta(), "bit for bit");
        assertEquals(model.network(), read.network());
        String sha256 = read.description().weightsSha256();
        assertEquals(
                ModelFormat.toJson(model.description().withWeightsSha256(sha256)),
                ModelFormat.toJson(read.description()));
        double[] x = Models.row(model.description());
        assertArrayEquals(model.score(x), read.score(x));
        assertEquals(directory.files.keySet(), written(read).files.keySet());
        directory.files.forEach((name, content) -> {
            try {
                assertArrayEquals(content, written(read).files.get(name), name + " again");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void read_keepsUnusualNumbers() throws IOException {
        double[] theta = {-0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Math.PI, 1 / 3.0, Math.nextUp(1.0)};
        Scaling two = new Scaling(new double[] {0.1, -0.0}, new double[] {Double.MIN_NORMAL, 1e300});
        TrainedModel read = ModelFormat.read(written(Models.with(Models.regression(two), theta)), "memory");
        assertArrayEquals(theta, read.theta());
        assertArrayEquals(two.mean(), read.description().targets().mean());
        assertArrayEquals(two.deviation(), read.description().targets().deviation());
    }

    @Test
    void load_readsALocalDirectory(@TempDir Path path) throws IOException {
        TrainedModel model = Models.threeClasses();
        for (var file : written(model).files.entrySet()) {
            Files.write(path.resolve(file.getKey()), file.getValue());
        }
        assertArrayEquals(model.theta(), TrainedModel.load(path).theta());
        Files.delete(path.resolve("weights.safetensors"));
        assertMessage(
                path + ": weights.safetensors is missing",
                assertThrows(InvalidModelException.class, () -> TrainedModel.load(path)));
        assertMessage(
                "has no model.json",
                assertThrows(InvalidModelException.class, () -> TrainedModel.load(path.resolve("nowhere"))));
    }

    /** A later writer may put more into model.json and space into the header. */
    @Test
    void read_ofUnknownKeys_leavesThemOut() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        edit(directory, root -> root.put("colour", "red"));
        assertRefused(directory, "model.json is altered", "SHA-256");
        directory.sign();
        assertEquals(42, ModelFormat.read(directory, "memory").description().seed());
    }

    /** Version 1 had no digest of the description. */
    @Test
    void read_ofVersion1() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        edit(directory, root -> root.put("formatVersion", 1).remove("descriptionSha256"));
        assertArrayEquals(
                Models.twoClasses().theta(),
                ModelFormat.read(directory, "memory").theta());
    }

    /** Models that were written before features were encoded have numbers only. */
    @Test
    void read_withoutAnEncoding_isOfNumbers() throws IOException {
        for (boolean isNull : new boolean[] {true, false}) {
            Models.Memory directory = written(Models.twoClasses());
            edit(directory, root -> {
                root.remove("encoding");
                if (isNull) {
                    root.putNull("encoding");
                }
            });
            directory.sign();
            TrainedModel read = ModelFormat.read(directory, "memory");
            assertEquals(Encoding.NONE, read.description().encoding());
            double[] x = {0.3, -0.7};
            assertArrayEquals(Models.twoClasses().score(x), read.score(x));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "missing | \"mode\" | mode",
                "missing | null | not whole",
                "means | null | not whole",
                "means | {} | missing values are mean, and 0 columns",
                "means | {\"x1\": 1, \"x0\": 1} | column x0 has a mean",
                "means | {\"x1\": 1e999} | encoding",
                "means | {\"x1\": null} | not whole",
                "categories | {\"x9\": [\"a\"]} | column x9 is no feature",
                "categories | {\"x0\": []} | column x0 has no categories",
                "categories | {\"x0\": null} | not whole",
                "categories | {\"x0\": [\"a\", \"b\", \"a\"]} | column x0 has the same category twice",
                "categories | {\"x0\": [\"a\", \"b\"]} | 3 features, expected 4"
            })
    void read_ofAnEncodingThatIsNone_isRefused(String key, String value, String problem) throws IOException {
        Models.Memory directory = written(Models.mixed());
        JsonNode lie = json.readTree(value);
        edit(directory, root -> ((ObjectNode) root.get("encoding")).set(key, lie));
        directory.sign();
        assertRefused(directory, problem);
    }

    // What is refused.

    private static InvalidModelException assertRefused(Models.Memory directory, String... parts) {
        InvalidModelException e =
                assertThrows(InvalidModelException.class, () -> ModelFormat.read(directory, "some/model"));
        assertMessage("some/model", e);
        for (String part : parts) {
            assertMessage(part, e);
        }
        return e;
    }

    private static void assertMessage(String part, InvalidModelException e) {
        assertTrue(e.getMessage().contains(part), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    private static void edit(Models.Memory directory, Consumer<ObjectNode> change) throws IOException {
        ObjectNode root = (ObjectNode) json.readTree(directory.files.get("model.json"));
        change.accept(root);
        directory.files.put("model.json", json.writeValueAsBytes(root));
    }

    @Test
    void read_ofAMissingFile_saysWhich() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        directory.files.remove("weights.safetensors");
        assertRefused(directory, "weights.safetensors is missing");
        directory.files.remove("model.json");
        assertRefused(directory, "is not a model directory", "no model.json");
    }

    @Test
    void read_ofANewerFormat_saysSo() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        edit(directory, root -> root.put("formatVersion", 3).put("layers", "in words, from version 3 on"));
        assertRefused(directory, "version 3 is newer than 2", "use a newer Firesteel");
    }

    @Test
    void read_ofWeightsCutAnywhere_isRefused() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        byte[] weights = directory.files.get("weights.safetensors");
        for (int length = 0; length < weights.length; length++) {
            directory.files.put("weights.safetensors", Arrays.copyOf(weights, length));
            assertRefused(directory, "weights.safetensors is truncated or altered");
        }
        directory.files.put("weights.safetensors", Arrays.copyOf(weights, weights.length + 1));
        assertRefused(directory, "bytes after the last tensor");
    }

    @Test
    void read_ofWeightsWithAnyByteFlipped_isRefused() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        byte[] weights = directory.files.get("weights.safetensors");
        for (int at = 0; at < weights.length; at++) {
            for (int bits : new int[] {0x01, 0x80}) {
                byte[] altered = weights.clone();
                altered[at] ^= (byte) bits;
                directory.files.put("weights.safetensors", altered);
                assertRefused(directory, "weights.safetensors is ");
            }
        }
    }

    /** Also where a flip leaves a description that makes sense: another mean, another class. */
    @Test
    void read_ofADescriptionWithAnyBitFlipped_isRefused() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        byte[] description = directory.files.get("model.json");
        for (int bit = 0; bit < 8 * description.length; bit++) {
            byte[] altered = description.clone();
            altered[bit / 8] ^= (byte) (1 << bit % 8);
            directory.files.put("model.json", altered);
            assertRefused(directory, "some/model");
        }
    }

    @Test
    void write_recordsTheDescriptionsOwnSha256() throws IOException, NoSuchAlgorithmException {
        String text = new String(written(Models.twoClasses()).files.get("model.json"), StandardCharsets.UTF_8);
        String digest = json.readTree(text).get("descriptionSha256").asText();
        byte[] rest = text.replace(digest, "").getBytes(StandardCharsets.UTF_8);
        assertEquals(
                digest,
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(rest)));
    }

    /** A file system that fails is not a model that is altered. */
    @Test
    void read_ofWeightsThatCannotBeRead_saysWhatTheFileSystemSays() throws IOException {
        Models.Memory written = written(Models.twoClasses());
        InputStream broken = InputStream.nullInputStream();
        broken.close();
        ModelFormat.Directory failing = new ModelFormat.Directory() {
            @Override
            public InputStream open(String name) throws IOException {
                InputStream start = new ByteArrayInputStream(written.files.get(name), 0, 100);
                return name.equals("model.json") ? written.open(name) : new SequenceInputStream(start, broken);
            }

            @Override
            public long length(String name) throws IOException {
                return written.length(name);
            }

            @Override
            public OutputStream create(String name) {
                throw new UnsupportedOperationException();
            }
        };
        IOException e = assertThrows(IOException.class, () -> ModelFormat.read(failing, "memory"));
        assertEquals("Stream closed", e.getMessage());
        assertEquals(IOException.class, e.getClass());
    }

    @Test
    void read_ofADescriptionCutAnywhere_isRefused() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        byte[] description = directory.files.get("model.json");
        for (int length = 0; length < description.length; length++) {
            directory.files.put("model.json", Arrays.copyOf(description, length));
            assertRefused(directory, "model.json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "hello", "{", "[]", "null", "7", "\"text\"", "{}", "{\"formatVersion\": 1}", "\0\1\2"})
    void read_ofADescriptionThatIsNone_isRefused(String text) throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        directory.files.put("model.json", text.getBytes(StandardCharsets.UTF_8));
        InvalidModelException e = assertRefused(directory, "model.json ");
        assertFalse(e.getMessage().contains("Cannot invoke"), "in a user's words: " + e.getMessage());
    }

    /** Without a key that reading or scoring needs the description is not whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "formatVersion",
                "task",
                "layers",
                "activation",
                "loss",
                "features",
                "inputs",
                "labels",
                "classes",
                "targets",
                "settings",
                "seed",
                "history",
                "weightsSha256"
            })
    void read_ofADescriptionWithoutAKey_isRefused(String key) throws IOException {
        Models.Memory absent = written(Models.twoClasses());
        edit(absent, root -> root.remove(key));
        InvalidModelException e = assertRefused(absent);
        assertFalse(e.getMessage().contains("Cannot invoke"), "in a user's words: " + e.getMessage());
        Models.Memory empty = written(Models.twoClasses());
        edit(empty, root -> root.putNull(key));
        assertRefused(empty);
    }

    static List<String> lyingDescriptions() {
        return List.of(
                "{'layers': [2, 50000000, 1]}",
                "{'layers': [2, 2000000000, 2000000000, 1]}",
                "{'layers': [2, 2147483647, 2147483647, 2147483647, 1]}",
                "{'layers': [2, 99999999999, 1]}",
                "{'layers': [2, -3, 1]}",
                "{'layers': [2, 0, 1]}",
                "{'layers': [2]}",
                "{'layers': []}",
                "{'layers': [2, null, 1]}",
                "{'layers': [2, 4, 1]}",
                "{'layers': [2, 2, 1]}",
                "{'layers': [3, 3, 1]}",
                "{'layers': [2, 3, 2]}",
                "{'activation': 'magic'}",
                "{'activation': 'tanh,tanh'}",
                "{'loss': 'hope'}",
                "{'loss': 'squared-error'}",
                "{'loss': 'softmax-cross-entropy'}",
                "{'task': 'regression'}",
                "{'classes': ['no']}",
                "{'classes': ['no', 'yes', 'maybe']}",
                "{'features': ['x0']}",
                "{'inputs': {'mean': [0, 0, 0], 'deviation': [1, 1, 1]}}",
                "{'inputs': {'mean': [0, 0], 'deviation': [1]}}",
                "{'inputs': {'mean': [0, 0], 'deviation': [1, 0]}}",
                "{'inputs': {'mean': [0, 'NaN'], 'deviation': [1, 1]}}",
                "{'inputs': {'mean': [0, 0]}}",
                "{'features': ['x0', 'x0']}",
                "{'classes': ['no', 'no']}",
                "{'labels': ['y', 'z']}",
                "{'labels': []}",
                "{'layers': [2.5, 3, 1]}",
                "{'task': 0}",
                "{'blockRows': 0}",
                "{'blockRows': 2000000000}",
                "{'formatVersion': 0}",
                "{'formatVersion': 4294967297}",
                "{'formatVersion': 1.5}",
                "{'formatVersion': -1}");
    }

    @ParameterizedTest
    @MethodSource("lyingDescriptions")
    void read_ofADescriptionThatLies_isRefused_withoutMakingRoomForIt(String lie) throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        JsonNode changes = json.readTree(lie.replace('\'', '"'));
        edit(directory, root -> root.setAll((ObjectNode) changes));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        directory.sign();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertRefused(directory);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 20_000_000, allocated + " bytes allocated");
    }

    @Test
    void naiveNetwork_readsTheSameLayout() {
        TrainedModel model = Models.threeClasses();
        double[] x = {0.3, -0.7};
        assertArrayEquals(NaiveNetwork.like(model.network()).set(model.theta()).predict(x), model.score(x), 1e-14);
    }
}
