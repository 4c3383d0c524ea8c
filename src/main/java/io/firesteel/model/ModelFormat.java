package io.firesteel.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.model.ModelDescription.Inputs;
import io.firesteel.model.ModelDescription.Targets;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The model directory: {@code model.json}, everything but the numbers, and {@code weights.safetensors}, the numbers.
 *
 * <p>model.json holds the SHA-256 of the weights and its own, so that an altered or half-written file is told from a
 * good one.
 */
public final class ModelFormat {
    /**
     * The newest version that this code reads. It writes the oldest one that has what a model has, but none before version 4.
     *
     * <pre>
     *   9   may have indicators of missing numbers and a threshold
     *   8   may have pieces of numbers
     *   7   may predict quantiles
     *   6   may embed categories and have columns of dates
     *   5   may have several members
     *   4   may limit scaled features and embed numbers
     *   3   lists the layers and scales features
     *   2   is a {@link FlatDescription}
     *   1   has no {@link #OWN_SHA256}
     * </pre>
     */
    public static final int VERSION = 9;

    private static final int VERSION_OF_PIECES = 8;
    private static final int VERSION_OF_QUANTILES = 7;
    private static final int VERSION_OF_EMBEDDED_CATEGORIES = 6;
    private static final int VERSION_OF_MEMBERS = 5;
    private static final int VERSION_OF_ONE_MEMBER = 4;

    /** The file that makes a directory a model. */
    public static final String DESCRIPTION = "model.json";

    static final String WEIGHTS = "weights.safetensors";

    /** The key of the SHA-256 of {@link #DESCRIPTION}'s bytes without the digits of this digest. */
    static final String OWN_SHA256 = "descriptionSha256";

    private static final String WEIGHTS_SHA256 = "weightsSha256";

    /** The keys of {@link #DESCRIPTION} without which a model cannot be used. */
    private static final List<String> NEEDED = List.of(
            "/task",
            "/network/layers",
            "/network/loss",
            "/inputs/features",
            "/inputs/ignored",
            "/inputs/scaling",
            "/targets/labels",
            "/targets/classes",
            "/targets/scaling",
            "/provenance/settings",
            "/provenance/history",
            "/" + WEIGHTS_SHA256);

    /** Far above any real description, far below what would exhaust memory. */
    private static final int LONGEST_DESCRIPTION = 256 << 20;

    /** Far above the rows of any real block: memory is made for them. */
    private static final int MOST_BLOCK_ROWS = 1 << 16;

    private static final JsonMapper json = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ModelFormat() {}

    /** A directory of some file system, as far as a model needs it. */
    public interface Directory {
        /** Opens a file of the directory; a {@link FileNotFoundException} or {@link NoSuchFileException} if absent. */
        InputStream open(String name) throws IOException;

        /** Returns the length in bytes of a file of the directory; fails as {@link #open}. */
        long length(String name) throws IOException;

        /** Makes a file of the directory. */
        OutputStream create(String name) throws IOException;
    }

    /** Writes a model into an empty directory. */
    public static void write(TrainedModel model, Directory directory) throws IOException {
        ObjectNode description = json.createObjectNode().put("formatVersion", version(model));
        description.setAll(toJson(model.description()));
        try (OutputStream out = new BufferedOutputStream(directory.create(WEIGHTS), 1 << 16)) {
            description.put(WEIGHTS_SHA256, writeWeights(model, out));
        }
        String own = ownSha256(json.writeValueAsBytes(description.put(OWN_SHA256, "")), "");
        try (OutputStream out = directory.create(DESCRIPTION)) {
            out.write(json.writeValueAsBytes(description.put(OWN_SHA256, own)));
        }
    }

    private static int version(TrainedModel model) {
        if (!model.description().inputs().encoding().indicators().isEmpty()
                || model.description().targets().threshold() != null) {
            return VERSION;
        }
        if (!model.network().pieces().isEmpty()) {
            return VERSION_OF_PIECES;
        }
        if (!model.network().quantiles().isNone()) {
            return VERSION_OF_QUANTILES;
        }
        if (!model.network().embeddedCategories().isEmpty()
                || !model.description().inputs().encoding().dates().isEmpty()) {
            return VERSION_OF_EMBEDDED_CATEGORIES;
        }
        return model.network().members() == 1 ? VERSION_OF_ONE_MEMBER : VERSION_OF_MEMBERS;
    }

    /** Writes the weights; returns their SHA-256. */
    private static String writeWeights(TrainedModel model, OutputStream out) throws IOException {
        DigestOutputStream digested = new DigestOutputStream(out, sha256());
        Safetensors.write(model.network(), model.theta(), digested);
        return hex(digested.getMessageDigest());
    }

    /** Returns the SHA-256 of the file that a model's weights make. */
    public static String weightsSha256(TrainedModel model) {
        try {
            return writeWeights(model, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException("nothing is written", e);
        }
    }

    /** Reads a model directory of the local file system. */
    static TrainedModel read(Path directory) throws IOException {
        return read(
                new Directory() {
                    @Override
                    public InputStream open(String name) throws IOException {
                        return Files.newInputStream(directory.resolve(name));
                    }

                    @Override
                    public long length(String name) throws IOException {
                        return Files.size(directory.resolve(name));
                    }

                    @Override
                    public OutputStream create(String name) {
                        throw new UnsupportedOperationException();
                    }
                },
                directory.toString());
    }

    /**
     * Reads a model.
     *
     * @param name of the directory, for errors
     * @throws InvalidModelException when it is not a whole model of a version that can be read; the message says why
     * @throws IOException when the file system fails
     */
    public static TrainedModel read(Directory directory, String name) throws IOException {
        Description read = readDescription(directory, name);
        ModelDescription description = read.description;
        MessageDigest digest = sha256();
        double[] theta;
        long bytes = (long) description.network().parameterCount() * Double.BYTES;
        try (InputStream in =
                new DigestInputStream(new BufferedInputStream(directory.open(WEIGHTS), 1 << 16), digest)) {
            // Before room is made for them, so that a description that lies cannot exhaust memory.
            if (directory.length(WEIGHTS) < bytes) {
                throw new Safetensors.Malformed(directory.length(WEIGHTS) + " bytes, expected more than " + bytes);
            }
            theta = Safetensors.read(description.network(), in);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new InvalidModelException(name + ": " + WEIGHTS + " is missing", e);
        } catch (Safetensors.Malformed e) {
            throw new InvalidModelException(name + ": " + WEIGHTS + " is truncated or altered: " + firstLine(e), e);
        }
        if (!hex(digest).equals(read.weightsSha256)) {
            throw new InvalidModelException(name + ": " + WEIGHTS + " is altered: its SHA-256 is " + hex(digest)
                    + ", expected " + read.weightsSha256);
        }
        return new TrainedModel(description, theta);
    }

    private record Description(ModelDescription description, String weightsSha256) {}

    private static Description readDescription(Directory directory, String name) throws IOException {
        byte[] bytes;
        try (InputStream in = directory.open(DESCRIPTION)) {
            bytes = in.readNBytes(LONGEST_DESCRIPTION);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new InvalidModelException(name + " is not a model directory: it has no " + DESCRIPTION, e);
        }
        if (bytes.length == LONGEST_DESCRIPTION) {
            throw new InvalidModelException(name + ": " + DESCRIPTION + " is too long to be a model's");
        }
        JsonNode root;
        try {
            root = json.readTree(bytes);
        } catch (IOException e) { // of bytes in memory: a JsonProcessingException, or they are no characters
            throw new InvalidModelException(name + ": " + DESCRIPTION + " is not JSON: " + firstLine(e), e);
        }
        if (!root.isObject()) {
            throw new InvalidModelException(name + ": " + DESCRIPTION + " does not describe a model: no JSON object");
        }
        int version =
                root.path("formatVersion").isInt() ? root.get("formatVersion").asInt() : 0;
        if (version < 1) {
            throw new InvalidModelException(
                    name + ": " + DESCRIPTION + " does not describe a model: its formatVersion is "
                            + root.get("formatVersion") + ", expected 1 or more");
        }
        if (version > VERSION) {
            throw new InvalidModelException(name + ": model format version " + version + " is newer than " + VERSION
                    + ", the newest that this Firesteel reads: use a newer Firesteel");
        }
        ModelDescription description;
        try {
            JsonNode today = version < 3 ? FlatDescription.upgraded((ObjectNode) root, json) : root;
            for (String key : NEEDED) {
                if (today.at(key).isMissingNode() || today.at(key).isNull()) {
                    throw new IllegalArgumentException("no " + key.substring(1));
                }
            }
            description = json.treeToValue(today, ModelDescription.class);
            check(description);
        } catch (JsonProcessingException | IllegalArgumentException | NullPointerException e) {
            throw new InvalidModelException(
                    name + ": " + DESCRIPTION + " does not describe a model: " + firstLine(e), e);
        }
        // Last, because what is above can say what is wrong.
        String own = root.path(OWN_SHA256).asText();
        if ((version > 1 || root.has(OWN_SHA256)) && !own.equals(ownSha256(bytes, own))) {
            throw new InvalidModelException(
                    name + ": " + DESCRIPTION + " is altered: its SHA-256 without the digits of " + OWN_SHA256 + " is "
                            + ownSha256(bytes, own) + ", expected " + own);
        }
        return new Description(description, root.path(WEIGHTS_SHA256).asText());
    }

    /** Returns the SHA-256 of a file that holds its own: of its bytes without the digits of that digest, wherever these are. */
    public static String ownSha256(byte[] description, String own) {
        String rest = new String(description, StandardCharsets.ISO_8859_1).replace(own, "");
        MessageDigest digest = sha256();
        digest.update(rest.getBytes(StandardCharsets.ISO_8859_1));
        return hex(digest);
    }

    private static void check(ModelDescription description) {
        Network network = description.network();
        Inputs inputs = description.inputs();
        Targets targets = description.targets();
        distinct("features", inputs.features());
        inputs.encoding().check(inputs.features());
        expect("features", inputs.layout().inputs(), network.inputs());
        check("feature", inputs.features().size(), inputs.scaling());
        check("target", network.targets(), targets.scaling());
        List<Loss> losses = description.task().losses(network.outputs());
        if (!losses.contains(network.loss())) {
            throw new IllegalArgumentException("the loss of a " + description.task() + " with " + network.outputs()
                    + " outputs is " + network.loss() + ", expected "
                    + losses.stream().map(Loss::toString).collect(Collectors.joining(" or ")));
        }
        boolean classification = description.task() == Task.CLASSIFICATION;
        expect("labels", distinct("labels", targets.labels()), classification ? 1 : network.targets());
        expect("classes", distinct("classes", targets.classes()), classification ? Math.max(2, network.outputs()) : 0);
        Double threshold = targets.threshold();
        if (threshold != null
                && !(threshold > 0 && threshold < 1 && targets.classes().size() == 2)) {
            throw new IllegalArgumentException("a threshold of " + threshold + " for "
                    + targets.classes().size() + " classes, expected one above 0 and below 1 for two");
        }
        int blockRows = description.provenance().blockRows();
        if (blockRows < 1 || blockRows > MOST_BLOCK_ROWS) {
            throw new IllegalArgumentException("blocks of " + blockRows + " rows, expected 1 to " + MOST_BLOCK_ROWS);
        }
    }

    private static int distinct(String what, List<String> names) {
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("two of the " + what + " are the same");
        }
        return names.size();
    }

    private static void check(String what, int count, Scaling scaling) {
        expect(what + " scalings", scaling.mean().length, count);
        for (int i = 0; i < scaling.mean().length; i++) {
            double deviation = scaling.deviation()[i];
            if (!Double.isFinite(scaling.mean()[i]) || !(deviation > 0) || Double.isInfinite(deviation)) {
                throw new IllegalArgumentException("the scaling of " + what + " " + i + " has mean " + scaling.mean()[i]
                        + " and deviation " + deviation);
            }
        }
    }

    private static void expect(String what, int found, int expected) {
        if (found != expected) {
            throw new IllegalArgumentException(found + " " + what + ", expected " + expected);
        }
    }

    /** Returns the description as a JSON tree, with the keys of {@code model.json}. */
    public static ObjectNode toJson(ModelDescription description) {
        return json.valueToTree(description);
    }

    /** Returns a model as a JSON tree with all keys on one level, as {@code inspect --json} shows it. */
    public static ObjectNode toFlatJson(TrainedModel model) {
        ObjectNode flat = FlatDescription.of(toJson(model.description()), model.network());
        return flat.put("formatVersion", version(model)).put(WEIGHTS_SHA256, weightsSha256(model));
    }

    private static String firstLine(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }

    private static String hex(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** Creates a SHA-256. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
