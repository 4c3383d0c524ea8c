package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.NaiveNetwork;
import io.firesteel.nn.Network;
import io.firesteel.nn.Networks;
import io.firesteel.nn.Piecewise;
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
import java.util.stream.Collectors;
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
                Models.threeMembers(),
                Models.threeQuantiles(),
                Models.regression(new Scaling(new double[] {5, 0.1}, new double[] {1e-3, 7})));
    }

    /** Every activation and every loss that a regression can have, by the names in model.json. */
    @Test
    void read_ofAnyLossAndActivation_givesTheNetwork() throws IOException {
        for (Loss loss : Loss.OF_REGRESSION) {
            for (Activation activation : Activation.values()) {
                Network network = Networks.of(List.of(2, 3, 3, 1), List.of(activation, Activation.TANH), loss);
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
        edit(directory, root -> ((ObjectNode) root.get("network")).put("loss", "sigmoid-cross-entropy"));
        assertRefused(
                directory,
                "the loss of a regression with 1 outputs is sigmoid-cross-entropy",
                "squared-error or absolute-error or huber or poisson or quantile");
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
        double[] mean = json.treeToValue(description.at("/inputs/scaling/mean"), double[].class);
        double[] deviation = json.treeToValue(description.at("/inputs/scaling/deviation"), double[].class);
        assertEquals("sigmoid-cross-entropy", description.at("/network/loss").asText());
        assertEquals(
                json.readTree(("[{'type': 'affine', 'tensors': {'W1': [3, 2], 'b1': [3]}}, {'type': 'tanh'},"
                                + "{'type': 'affine', 'tensors': {'W2': [1, 3], 'b2': [1]}}]")
                        .replace('\'', '"')),
                description.at("/network/layers"));
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

    /** The members are the first dimension of each tensor; only then is the format's version the newest. */
    @Test
    void write_ofAnEnsemble() throws IOException {
        TrainedModel model = Models.threeMembers();
        Models.Memory directory = written(model);
        JsonNode description = json.readTree(directory.files.get("model.json"));
        assertEquals(5, description.get("formatVersion").asInt());
        assertEquals(3, description.at("/network/members").asInt());
        assertEquals(
                json.readTree("[4, 2]"), description.at("/network/layers/0/tensors/W1"), "the shape in one member");
        Map<String, Tensor> tensors = safetensors(directory.files.get("weights.safetensors"));
        assertEquals(List.of(3, 4, 2), tensors.get("W1").shape);
        assertEquals(List.of(3, 4), tensors.get("b1").shape);
        int parameters = model.theta().length / 3;
        for (int member = 0; member < 3; member++) { // b1 lies behind the 8 weights of W1
            assertArrayEquals(
                    Arrays.copyOfRange(model.theta(), member * parameters + 8, member * parameters + 12),
                    Arrays.copyOfRange(tensors.get("b1").values, 4 * member, 4 * member + 4));
        }
        JsonNode one = json.readTree(written(Models.twoClasses()).files.get("model.json"));
        assertEquals(4, one.get("formatVersion").asInt());
        assertFalse(one.get("network").has("members"));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 members: expected at least one",
        "-2, -2 members",
        "2147483647, 2147483647 members have too many parameters",
        "1000000, weights.safetensors is truncated",
        "2, weights.safetensors is truncated or altered: tensor W1"
    })
    void read_ofAnotherNumberOfMembers_isRefused(int members, String part) throws IOException {
        Models.Memory directory = written(Models.threeMembers());
        edit(directory, root -> ((ObjectNode) root.get("network")).put("members", members));
        directory.sign();
        assertRefused(directory, part);
    }

    // What is read again.

    @ParameterizedTest
    @MethodSource("models")
    void read_ofWhatWasWritten_isTheSameModel(TrainedModel model) throws IOException {
        Models.Memory directory = written(model);
        TrainedModel read = ModelFormat.read(directory, "memory");
        assertArrayEquals(model.theta(), read.theta(), "bit for bit");
        assertEquals(model.network(), read.network());
        assertEquals(ModelFormat.toJson(model.description()), ModelFormat.toJson(read.description()));
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
        assertArrayEquals(two.mean(), read.description().targets().scaling().mean());
        assertArrayEquals(
                two.deviation(), read.description().targets().scaling().deviation());
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
        assertEquals(
                42,
                ModelFormat.read(directory, "memory").description().provenance().seed());
    }

    /** Writes a model with numbers only as format 2 did: all keys on one level, and the network as units and activations. */
    private static Models.Memory inFormat2(TrainedModel model) throws IOException {
        Models.Memory directory = written(model);
        edit(directory, root -> {
            ObjectNode network = (ObjectNode) root.remove("network");
            ObjectNode inputs = (ObjectNode) root.remove("inputs");
            ObjectNode targets = (ObjectNode) root.remove("targets");
            ObjectNode provenance = (ObjectNode) root.remove("provenance");
            ObjectNode software = (ObjectNode) provenance.remove("software");
            root.put("formatVersion", 2);
            model.network().units().forEach(root.putArray("layers")::add);
            root.put(
                    "activation",
                    network.get("layers").findValuesAsText("type").stream()
                            .filter(type -> !type.equals("affine"))
                            .collect(Collectors.joining(",")));
            root.set("loss", network.get("loss"));
            root.set("inputs", inputs.remove("scaling"));
            root.set("targets", targets.remove("scaling"));
            root.setAll(inputs);
            root.setAll(targets);
            root.setAll(provenance);
            software.properties()
                    .forEach(version -> root.set(
                            version.getKey() + (version.getKey().equals("blas") ? "" : "Version"), version.getValue()));
        });
        directory.sign();
        return directory;
    }

    /** Version 1 had no digest of the description. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void read_ofFormats1And2(int version) throws IOException {
        for (TrainedModel model : List.of(Models.twoClasses(), Models.threeClasses(), Models.threeLabels())) {
            Models.Memory directory = inFormat2(model);
            if (version == 1) {
                edit(directory, root -> root.put("formatVersion", 1).remove("descriptionSha256"));
            }
            TrainedModel read = ModelFormat.read(directory, "memory");
            assertArrayEquals(model.theta(), read.theta());
            assertEquals(ModelFormat.toJson(model.description()), ModelFormat.toJson(read.description()));
        }
    }

    /** What early stopping wrote: no step where it kept the last one, and no folds where there were none. */
    @Test
    void read_ofFormat2_withoutAKeptStep_keptTheLastOne() throws IOException {
        Models.Memory directory = inFormat2(Models.twoClasses());
        edit(directory, root -> root.putObject("validation").put("metric", "loss"));
        directory.sign();
        ModelDescription read = ModelFormat.read(directory, "memory").description();
        assertEquals(
                new ModelDescription.Validation(Metric.LOSS, 1, List.of()),
                read.provenance().validation());
    }

    /** A directory in format 2 of a regression of counts, 11 numbers and a category. */
    static Models.Memory wine() throws IOException {
        Models.Memory directory = new Models.Memory();
        for (String file : List.of("model.json", "weights.safetensors")) {
            try (InputStream in = ModelFormatTest.class.getResourceAsStream("/format2/wine/" + file)) {
                directory.files.put(file, in.readAllBytes());
            }
        }
        return directory;
    }

    /** Its score is computed from both files, with exp over elu. */
    @Test
    void read_ofAFileInFormat2_scores() throws IOException {
        Models.Memory directory = wine();
        JsonNode old = json.readTree(directory.files.get("model.json"));
        Map<String, Tensor> tensors = safetensors(directory.files.get("weights.safetensors"));
        double[] row = {7.4, 0.7, 0, 1.9, 0.076, 11, 34, 0.9978, 3.51, 0.56, 9.4, 1};
        double[] x = new double[13];
        for (int i = 0; i < 11; i++) {
            x[i] = (row[i] - old.at("/inputs/mean/" + i).asDouble())
                    / old.at("/inputs/deviation/" + i).asDouble();
        }
        x[12] = 1; // the second category
        double z2 = tensors.get("b2").values[0];
        for (int i = 0; i < 64; i++) {
            double z1 = tensors.get("b1").values[i];
            for (int j = 0; j < 13; j++) {
                z1 += tensors.get("W1").values[13 * i + j] * x[j];
            }
            z2 += tensors.get("W2").values[i] * (z1 > 0 ? z1 : Math.expm1(z1));
        }
        TrainedModel read = ModelFormat.read(directory, "memory");
        assertEquals(Math.exp(z2) * old.at("/targets/deviation/0").asDouble(), read.score(row)[0], 1e-12);
        assertEquals(12, read.description().inputs().scaling().mean().length, "one for each feature");
        assertArrayEquals(
                directory.files.get("weights.safetensors"), written(read).files.get("weights.safetensors"));
        TrainedModel again = ModelFormat.read(written(read), "memory");
        assertEquals(ModelFormat.toJson(read.description()), ModelFormat.toJson(again.description()));
    }

    /** The flat keys are what they were, but for one scaling a feature, not one an input. */
    @Test
    void toFlatJson_hasTheKeysOfFormat2() throws IOException {
        ObjectNode old = (ObjectNode) json.readTree(wine().files.get("model.json"));
        old.put("formatVersion", 4).remove("descriptionSha256");
        ((ArrayNode) old.at("/inputs/mean")).remove(12);
        ((ArrayNode) old.at("/inputs/deviation")).remove(12);
        ObjectNode flat = ModelFormat.toFlatJson(ModelFormat.read(wine(), "memory"));
        assertEquals(old, json.readTree(flat.toString()));
    }

    /** Models that were written before features were encoded have numbers only. */
    @Test
    void read_withoutAnEncoding_isOfNumbers() throws IOException {
        for (boolean isNull : new boolean[] {true, false}) {
            Models.Memory directory = inFormat2(Models.twoClasses());
            edit(directory, root -> {
                root.remove("encoding");
                if (isNull) {
                    root.putNull("encoding");
                }
            });
            directory.sign();
            TrainedModel read = ModelFormat.read(directory, "memory");
            assertEquals(Encoding.NONE, read.description().inputs().encoding());
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
        edit(directory, root -> ((ObjectNode) root.at("/inputs/encoding")).set(key, lie));
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
        edit(directory, root -> root.put("formatVersion", 10).put("network", "in words, from version 10 on"));
        assertRefused(directory, "version 10 is newer than 9", "use a newer Firesteel");
    }

    /** Numbers in pieces are a layer of their own, in a version that older programs refuse. */
    @Test
    void pieces_areOfVersion8() throws IOException {
        Network network = Network.of(List.of(3, 2, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY)
                .withInputs(List.of(0, 1, 2), List.of(), true)
                .withPieces(List.of(new Piecewise.Pieces(1, List.of(-0.5, 0.1 + 0.2, 2.0))));
        TrainedModel model =
                Models.model(Task.CLASSIFICATION, network, Scaling.none(3), List.of("no", "yes"), Scaling.none(1));
        Models.Memory directory = written(model);
        JsonNode root = json.readTree(directory.files.get("model.json"));
        assertEquals(8, root.get("formatVersion").asInt());
        assertEquals(
                "{\"type\":\"piecewise\",\"inputs\":3,\"pieces\":[{\"input\":1,\"knots\":[-0.5,0.30000000000000004,2.0]}]}",
                root.at("/network/layers/0").toString());
        assertEquals(network, ModelFormat.read(directory, "memory").network());
        for (String wrong : List.of("[]", "[2.0]", "[1.0, 0.5]", "[1.0, null]", "[\"x\", 1.0]")) {
            Models.Memory altered = written(model);
            edit(altered, changed -> {
                ObjectNode pieces = (ObjectNode) changed.at("/network/layers/0/pieces/0");
                try {
                    pieces.set("knots", json.readTree(wrong));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertRefused(altered, "model.json does not describe a model");
        }
    }

    private static TrainedModel dated(String... features) {
        Network network = Network.of(List.of(3, 2, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel model =
                Models.model(Task.CLASSIFICATION, network, Scaling.none(3), List.of("no", "yes"), Scaling.none(1));
        Encoding encoding = Encoding.NONE.withDates(Map.of("t", List.of(DatePart.YEAR, DatePart.DAYS)));
        return new TrainedModel(
                Models.encoded(model.description(), List.of(features), encoding, Scaling.none(3)), model.theta());
    }

    /** Columns of dates are noted with their parts, in a version that older programs refuse; their features stand together. */
    @Test
    void dates_areOfVersion6() throws IOException {
        Models.Memory directory = written(dated("a", "t.year", "t.days"));
        JsonNode root = json.readTree(directory.files.get("model.json"));
        assertEquals(6, root.get("formatVersion").asInt());
        assertEquals(
                "{\"t\":[\"year\",\"days\"]}", root.at("/inputs/encoding/dates").toString());
        TrainedModel read = ModelFormat.read(directory, "memory");
        assertEquals(
                dated("a", "t.year", "t.days").description().inputs().encoding(),
                read.description().inputs().encoding());
        assertEquals(List.of("a", "t"), read.description().inputs().columns());
        for (String[] wrong :
                new String[][] {{"t.year", "a", "t.days"}, {"a", "t.days", "t.year"}, {"a", "t", "t.year"}}) {
            assertRefused(written(dated(wrong)), "column t of dates has other features than [t.year, t.days]");
        }
        edit(directory, altered -> altered.withObject("/inputs/encoding/dates").putArray("t"));
        assertRefused(directory, "column t has no parts, or one twice");
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

    /** Sets, or without a value removes, what is at a place, {@code /network/layers/0}. */
    private static void set(ObjectNode root, String place, JsonNode value) {
        int name = place.lastIndexOf('/');
        JsonNode parent = root.at(place.substring(0, name));
        String key = place.substring(name + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), value);
        } else if (value == null) {
            ((ObjectNode) parent).remove(key);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
    }

    private static void refuseWithout(Models.Memory directory, String place) throws IOException {
        byte[] whole = directory.files.get("model.json");
        edit(directory, root -> set(root, place, null));
        InvalidModelException e = assertRefused(directory);
        assertFalse(e.getMessage().contains("Cannot invoke"), "in a user's words: " + e.getMessage());
        directory.files.put("model.json", whole);
        edit(directory, root -> set(root, place, NullNode.instance));
        assertRefused(directory);
    }

    /** Without a key that reading or scoring needs the description is not whole. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/formatVersion",
                "/task",
                "/network",
                "/network/layers",
                "/network/loss",
                "/inputs",
                "/inputs/features",
                "/inputs/ignored",
                "/inputs/scaling",
                "/targets",
                "/targets/labels",
                "/targets/classes",
                "/targets/scaling",
                "/provenance",
                "/provenance/settings",
                "/provenance/seed",
                "/provenance/history",
                "/weightsSha256"
            })
    void read_ofADescriptionWithoutAKey_isRefused(String place) throws IOException {
        refuseWithout(written(Models.twoClasses()), place);
    }

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
    void read_ofFormat2WithoutAKey_isRefused(String key) throws IOException {
        refuseWithout(inFormat2(Models.twoClasses()), "/" + key);
    }

    /** The layers of a network of tanh units as model.json lists them. */
    private static String layers(int... units) {
        StringBuilder layers = new StringBuilder("/network/layers = [");
        for (int l = 1; l < units.length; l++) {
            layers.append(l > 1 ? ", {'type': 'tanh'}, " : "")
                    .append(String.format(
                            "{'type': 'affine', 'tensors': {'W%d': [%d, %d], 'b%d': [%d]}}",
                            l, units[l], units[l - 1], l, units[l]));
        }
        return layers + "]";
    }

    static List<String> lyingDescriptions() {
        int huge = Integer.MAX_VALUE;
        return List.of(
                layers(2, 50_000_000, 1),
                layers(2, 2_000_000_000, 2_000_000_000, 1),
                layers(2, huge, huge, huge, 1),
                layers(2, -3, 1),
                layers(2, 0, 1),
                layers(2),
                layers(2, 4, 1),
                layers(2, 2, 1),
                layers(3, 3, 1),
                layers(2, 3, 2),
                "/network/layers = {}",
                "/network/layers = [{'type': 'tanh'}]",
                "/network/layers/0 = null",
                "/network/layers/0/tensors = {}",
                "/network/layers/0/tensors = {'W1': [3, 2]}",
                "/network/layers/0/tensors/W1 = [99999999999, 2]",
                "/network/layers/0/tensors/W1 = [3, 2.0]",
                "/network/layers/0/tensors/W1 = [3, null]",
                "/network/layers/0/tensors/W1 = [2, 3]",
                "/network/layers/0/tensors/W1 = [3]",
                "/network/layers/0/tensors/W1 = null",
                "/network/layers/0/tensors/b1 = [3, 1]",
                "/network/layers/0/tensors/b2 = [1]",
                "/network/layers/1/type = 'magic'",
                "/network/layers/1/type = 'affine'",
                "/network/layers/1/type = null",
                "/network/layers/1/tensors = {'W': [1, 1]}",
                "/network/layers/2 = {'type': 'tanh'}",
                "/network/loss = 'hope'",
                "/network/loss = 'squared-error'",
                "/network/loss = 'softmax-cross-entropy'",
                "/task = 'regression'",
                "/task = 0",
                "/targets/classes = ['no']",
                "/targets/classes = ['no', 'yes', 'maybe']",
                "/targets/classes = ['no', 'no']",
                "/targets/labels = ['y', 'z']",
                "/targets/labels = []",
                "/inputs/features = ['x0']",
                "/inputs/features = ['x0', 'x0']",
                "/inputs/scaling = {'mean': [0, 0, 0], 'deviation': [1, 1, 1]}",
                "/inputs/scaling = {'mean': [0, 0], 'deviation': [1]}",
                "/inputs/scaling = {'mean': [0, 0], 'deviation': [1, 0]}",
                "/inputs/scaling = {'mean': [0, 'NaN'], 'deviation': [1, 1]}",
                "/inputs/scaling = {'mean': [0, 0]}",
                "/provenance/blockRows = 0",
                "/provenance/blockRows = 2000000000",
                "/formatVersion = 0",
                "/formatVersion = 1",
                "/formatVersion = 2",
                "/formatVersion = 4294967297",
                "/formatVersion = 1.5",
                "/formatVersion = -1");
    }

    @ParameterizedTest
    @MethodSource("lyingDescriptions")
    void read_ofADescriptionThatLies_isRefused_withoutMakingRoomForIt(String lie) throws IOException {
        refuseLie(written(Models.twoClasses()), lie);
    }

    static List<String> lyingDescriptionsInFormat2() {
        return List.of(
                "/layers = [2, 50000000, 1]",
                "/layers = [2, 2000000000, 2000000000, 1]",
                "/layers = [2, 2147483647, 2147483647, 2147483647, 1]",
                "/layers = [2, 99999999999, 1]",
                "/layers = [2, -3, 1]",
                "/layers = [2, 0, 1]",
                "/layers = [2]",
                "/layers = []",
                "/layers = [2, null, 1]",
                "/layers = [2, 4, 1]",
                "/layers = [2, 2, 1]",
                "/layers = [3, 3, 1]",
                "/layers = [2, 3, 2]",
                "/layers = [2.5, 3, 1]",
                "/layers = 'in words'",
                "/activation = 'magic'",
                "/activation = 'tanh,tanh'",
                "/loss = 'hope'",
                "/loss = 'squared-error'",
                "/loss = 'softmax-cross-entropy'",
                "/task = 'regression'",
                "/task = 0",
                "/classes = ['no']",
                "/classes = ['no', 'yes', 'maybe']",
                "/classes = ['no', 'no']",
                "/features = ['x0']",
                "/features = ['x0', 'x0']",
                "/inputs = {'mean': [0, 0, 0], 'deviation': [1, 1, 1]}",
                "/inputs = {'mean': [0, 0], 'deviation': [1]}",
                "/inputs = {'mean': [0, 0], 'deviation': [1, 0]}",
                "/inputs = {'mean': [0, 'NaN'], 'deviation': [1, 1]}",
                "/inputs = {'mean': [0, 0]}",
                "/labels = ['y', 'z']",
                "/labels = []",
                "/blockRows = 0",
                "/blockRows = 2000000000",
                "/validation = {'metric': 'magic'}",
                "/formatVersion = 3");
    }

    @ParameterizedTest
    @MethodSource("lyingDescriptionsInFormat2")
    void read_ofFormat2ThatLies_isRefused_withoutMakingRoomForIt(String lie) throws IOException {
        refuseLie(inFormat2(Models.twoClasses()), lie);
    }

    @Test
    void read_ofTooManyParameters_saysSo() throws IOException {
        Models.Memory directory = written(Models.twoClasses());
        String[] many = layers(2, 30_000, 30_000, 1).replace('\'', '"').split(" = ", 2);
        JsonNode layers = json.readTree(many[1]);
        edit(directory, root -> set(root, many[0], layers));
        assertRefused(directory, "layers [2, 30000, 30000, 1] have too many parameters");
    }

    private static void refuseLie(Models.Memory directory, String lie) throws IOException {
        String[] parts = lie.split(" = ", 2);
        JsonNode value = json.readTree(parts[1].replace('\'', '"'));
        edit(directory, root -> set(root, parts[0], value));
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
