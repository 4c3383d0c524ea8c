package io.firesteel.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.firesteel.linalg.Matrix;
import io.firesteel.linalg.Precision;
import io.firesteel.nn.Layer;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The parameters of a network in the public safetensors layout: 8 bytes header length (little-endian), a JSON header
 * that gives each tensor's type, shape and place, then the tensors, row after row, little-endian.
 *
 * <p>The tensors are {@code W1} (n_1, n_0), {@code b1} (n_1), {@code W2} ..., in float64. Those of an ensemble have the members
 * as their first dimension, {@code W1} (members, n_1, n_0).
 */
public final class Safetensors {
    private static final ObjectMapper json = new ObjectMapper();

    /** A tensor and where its numbers are, in each member. */
    private record Stored(Layer.Tensor tensor, List<Matrix> members) {
        String name() {
            return tensor.name();
        }

        long bytes() {
            return (long) members.size() * tensor.size() * Double.BYTES;
        }

        List<Integer> shape() {
            List<Integer> shape = new ArrayList<>(tensor.shape());
            if (members.size() > 1) {
                shape.add(0, members.size());
            }
            return shape;
        }
    }

    /** Content that is not the tensors of the network, as opposed to a file that cannot be read. */
    public static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }

        Malformed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private Safetensors() {}

    private static List<Stored> tensors(Network network, Parameters parameters) {
        List<Stored> stored = new ArrayList<>();
        for (int layer = 0; layer < network.layers().size(); layer++) {
            List<Layer.Tensor> tensors = network.layers().get(layer).tensors();
            for (int tensor = 0; tensor < tensors.size(); tensor++) {
                List<Matrix> members = new ArrayList<>();
                for (int member = 0; member < network.members(); member++) {
                    members.add(parameters.of(member, layer).get(tensor));
                }
                stored.add(new Stored(tensors.get(tensor), members));
            }
        }
        return stored;
    }

    private static byte[] header(List<Stored> tensors) throws IOException {
        ObjectNode header = json.createObjectNode();
        header.putObject("__metadata__").put("format", "firesteel");
        long start = 0;
        for (Stored tensor : tensors) {
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", "F64");
            tensor.shape().forEach(entry.putArray("shape")::add);
            entry.putArray("data_offsets").add(start).add(start + tensor.bytes());
            start += tensor.bytes();
        }
        String text = json.writeValueAsString(header);
        // Spaces up to a multiple of 8, so that the tensors are aligned.
        return (text + " ".repeat(-text.length() & 7)).getBytes(StandardCharsets.US_ASCII);
    }

    /** Writes the parameters of a network, or as many numbers of another meaning. */
    public static void write(Network network, double[] theta, OutputStream out) throws IOException {
        List<Stored> tensors = tensors(network, Parameters.of(network, theta));
        byte[] header = header(tensors);
        byte[] length = new byte[Long.BYTES];
        littleEndian(length).putLong(header.length);
        out.write(length);
        out.write(header);
        for (Stored tensor : tensors) {
            byte[] row = new byte[tensor.tensor.cols() * Double.BYTES];
            for (Matrix matrix : tensor.members) {
                for (int i = 0; i < matrix.rows(); i++) {
                    for (int j = 0; j < matrix.cols(); j++) {
                        littleEndian(row).putDouble(j * Double.BYTES, matrix.get(i, j));
                    }
                    out.write(row);
                }
            }
        }
    }

    /**
     * Reads what {@link #write} wrote for a network of this shape.
     *
     * @throws Malformed when the content is anything else, with what was expected
     * @throws IOException when the stream fails
     */
    public static double[] read(Network network, InputStream input) throws IOException {
        Parameters parameters = new Parameters(network, Precision.DOUBLE);
        List<Stored> tensors = tensors(network, parameters);
        byte[] expected = header(tensors);
        DataInputStream in = new DataInputStream(input);
        try {
            long length = littleEndian(in.readNBytes(Long.BYTES)).getLong();
            // A header of ours differs from the expected one in white space at most.
            if (length < 2 || length > expected.length + 4096L) {
                throw new Malformed("a header of " + length + " bytes: expected " + expected.length);
            }
            byte[] header = new byte[(int) length];
            in.readFully(header);
            JsonNode found = tree(header);
            JsonNode wanted = json.readTree(expected);
            for (Stored tensor : tensors) {
                if (!wanted.get(tensor.name()).equals(found.get(tensor.name()))) {
                    throw new Malformed("tensor " + tensor.name() + " is " + found.get(tensor.name()) + ": expected "
                            + wanted.get(tensor.name()));
                }
            }
            for (Stored tensor : tensors) {
                for (Matrix matrix : tensor.members) {
                    read(in, tensor.name(), matrix);
                }
            }
        } catch (EOFException | BufferUnderflowException e) {
            throw new Malformed("it ends too early", e);
        }
        if (in.read() >= 0) {
            throw new Malformed("there are bytes after the last tensor");
        }
        return parameters.toArray();
    }

    private static void read(DataInputStream in, String name, Matrix matrix) throws IOException {
        byte[] row = new byte[matrix.cols() * Double.BYTES];
        for (int i = 0; i < matrix.rows(); i++) {
            in.readFully(row);
            for (int j = 0; j < matrix.cols(); j++) {
                double value = littleEndian(row).getDouble(j * Double.BYTES);
                if (!Double.isFinite(value)) {
                    throw new Malformed(name + " holds " + value + ": expected finite numbers");
                }
                matrix.set(i, j, value);
            }
        }
    }

    private static JsonNode tree(byte[] header) throws IOException {
        try {
            return json.readTree(header);
        } catch (IOException e) { // bytes in memory cannot fail but by what they say
            throw new Malformed("its header is not JSON", e);
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
