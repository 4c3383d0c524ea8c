package io.firesteel.train;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.firesteel.model.InvalidModelException;
import io.firesteel.model.ModelFormat;
import io.firesteel.model.Safetensors;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Network;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checkpoint directory: a model directory, which every command that takes a model can read, with three kinds of
 * files more: {@code slot-NAME.safetensors} for each vector of the optimiser's state, in the layout of the weights;
 * {@code best.safetensors} where the best weights so far are kept; and {@code checkpoint.json}, which identifies the
 * data and holds the SHA-256 of every other file.
 */
public final class CheckpointFormat {
    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    private static final String MANIFEST = "checkpoint.json";
    private static final String BEST = "best.safetensors";
    private static final int LONGEST_MANIFEST = 1 << 20;

    private static final JsonMapper json = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** The content of {@link #MANIFEST}, key for key; its own digest is as that of a model's description. */
    private record Manifest(
            int formatVersion,
            Checkpoint.Fingerprint data,
            Map<String, Double> numbers,
            Map<String, String> sha256,
            String ownSha256) {}

    private CheckpointFormat() {}

    private static String file(String vector) {
        return "slot-" + vector + ".safetensors";
    }

    /** Writes a checkpoint into an empty directory. */
    public static void write(Checkpoint checkpoint, ModelFormat.Directory directory) throws IOException {
        Digests files = new Digests(directory);
        ModelFormat.write(checkpoint.model(), files);
        Network network = checkpoint.model().network();
        for (Map.Entry<String, double[]> vector : checkpoint.vectors().entrySet()) {
            writeVector(files, network, file(vector.getKey()), vector.getValue());
        }
        if (checkpoint.best() != null) {
            writeVector(files, network, BEST, checkpoint.best());
        }
        try (OutputStream out = directory.create(MANIFEST)) {
            Map<String, Double> numbers = new TreeMap<>(checkpoint.numbers());
            Manifest blank = new Manifest(VERSION, checkpoint.data(), numbers, files.sha256, "");
            String own = ModelFormat.ownSha256(json.writeValueAsBytes(blank), "");
            out.write(json.writeValueAsBytes(new Manifest(VERSION, blank.data, numbers, files.sha256, own)));
        }
    }

    private static void writeVector(ModelFormat.Directory files, Network network, String file, double[] vector)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(files.create(file), 1 << 16)) {
            Safetensors.write(network, vector, out);
        }
    }

    /**
     * Reads a checkpoint.
     *
     * @param name of the directory, for errors
     * @throws InvalidModelException when it is not a whole checkpoint of a version that can be read; the message says why
     */
    public static Checkpoint read(ModelFormat.Directory directory, String name) throws IOException {
        Manifest manifest = readManifest(directory, name);
        Digests files = new Digests(directory);
        TrainedModel model = ModelFormat.read(files, name);
        Map<String, double[]> vectors = new TreeMap<>();
        for (String file : manifest.sha256.keySet()) {
            if (file.matches("slot-\\w+\\.safetensors")) {
                String vector = file.substring("slot-".length(), file.indexOf('.'));
                vectors.put(vector, readVector(files, model.network(), file, name));
            }
        }
        double[] best = manifest.sha256.containsKey(BEST) ? readVector(files, model.network(), BEST, name) : null;
        if (!files.sha256.equals(manifest.sha256)) {
            throw new InvalidModelException(name + ": it is altered: its files' SHA-256 are not those of " + MANIFEST);
        }
        return new Checkpoint(model, vectors, manifest.numbers, best, manifest.data);
    }

    private static double[] readVector(ModelFormat.Directory files, Network network, String file, String name)
            throws IOException {
        try (InputStream in = new BufferedInputStream(files.open(file), 1 << 16)) {
            return Safetensors.read(network, in);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new InvalidModelException(name + ": " + file + " is missing", e);
        } catch (Safetensors.Malformed e) {
            throw new InvalidModelException(name + ": " + file + " is truncated or altered: " + e.getMessage(), e);
        }
    }

    private static Manifest readManifest(ModelFormat.Directory directory, String name) throws IOException {
        byte[] bytes;
        try (InputStream in = directory.open(MANIFEST)) {
            bytes = in.readNBytes(LONGEST_MANIFEST);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new InvalidModelException(name + " is not a checkpoint: it has no " + MANIFEST, e);
        }
        Manifest manifest;
        try {
            manifest = json.readValue(bytes, Manifest.class);
        } catch (IOException e) { // of bytes in memory: a JsonProcessingException, or they are no characters
            throw new InvalidModelException(name + ": " + MANIFEST + " does not describe a checkpoint", e);
        }
        if (manifest == null
                || manifest.formatVersion < 1
                || manifest.data == null
                || manifest.numbers == null
                || manifest.numbers.containsValue(null)
                || manifest.sha256 == null
                || manifest.ownSha256 == null) {
            throw new InvalidModelException(name + ": " + MANIFEST + " does not describe a checkpoint");
        }
        if (manifest.formatVersion > VERSION) {
            throw new InvalidModelException(name + ": checkpoint format version " + manifest.formatVersion
                    + " is newer than " + VERSION + ", the newest that this Firesteel reads");
        }
        if (!manifest.ownSha256.equals(ModelFormat.ownSha256(bytes, manifest.ownSha256))) {
            throw new InvalidModelException(
                    name + ": " + MANIFEST + " is altered: its SHA-256 is not that of the rest");
        }
        return manifest;
    }

    /**
     * A directory that computes the SHA-256 of every file that is read or written; it is known when the file is closed.
     */
    private static final class Digests implements ModelFormat.Directory {
        private final ModelFormat.Directory directory;
        private final Map<String, String> sha256 = new TreeMap<>();

        Digests(ModelFormat.Directory directory) {
            this.directory = directory;
        }

        @Override
        public InputStream open(String name) throws IOException {
            MessageDigest digest = ModelFormat.sha256();
            return new FilterInputStream(new DigestInputStream(directory.open(name), digest)) {
                @Override
                public void close() throws IOException {
                    in.close();
                    sha256.put(name, HexFormat.of().formatHex(digest.digest()));
                }
            };
        }

        @Override
        public OutputStream create(String name) throws IOException {
            MessageDigest digest = ModelFormat.sha256();
            OutputStream digested = new DigestOutputStream(directory.create(name), digest);
            return new FilterOutputStream(digested) {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    out.write(bytes, offset, length);
                }

                @Override
                public void close() throws IOException {
                    out.close();
                    sha256.put(name, HexFormat.of().formatHex(digest.digest()));
                }
            };
        }

        @Override
        public long length(String name) throws IOException {
            return directory.length(name);
        }
    }
}
