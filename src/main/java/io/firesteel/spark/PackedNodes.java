package io.firesteel.spark;

import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Vectors on their way between driver and tasks, as bytes: Java serialisation copies a byte array whole, and a double
 * array number by number.
 */
final class PackedNodes implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int HEADER = Integer.BYTES + Long.BYTES;

    private final byte[][] nodes; // each its own array: one of all might have more bytes than an array can

    private PackedNodes(byte[][] nodes) {
        this.nodes = nodes;
    }

    /** Packs a task's nodes. */
    static PackedNodes of(List<Node> nodes) {
        byte[][] packed = new byte[nodes.size()][];
        for (int i = 0; i < packed.length; i++) {
            Node node = nodes.get(i);
            packed[i] = new byte[Math.addExact(HEADER, Math.multiplyExact(node.sum().length, Double.BYTES))];
            order(packed[i])
                    .putInt(node.depth())
                    .putLong(node.index())
                    .asDoubleBuffer()
                    .put(node.sum());
        }
        return new PackedNodes(packed);
    }

    /** Offers the nodes to the driver's tree. */
    void offerTo(SummationTree tree) {
        for (byte[] node : nodes) {
            ByteBuffer buffer = order(node);
            int depth = buffer.getInt();
            long index = buffer.getLong();
            double[] sum = new double[buffer.remaining() / Double.BYTES];
            buffer.asDoubleBuffer().get(sum);
            tree.offer(new Node(depth, index, sum));
        }
    }

    /** The bytes of a vector. */
    static byte[] bytes(double[] vector) {
        byte[] bytes = new byte[Math.multiplyExact(vector.length, Double.BYTES)];
        order(bytes).asDoubleBuffer().put(vector);
        return bytes;
    }

    /** The vector of these bytes. */
    static double[] vector(byte[] bytes) {
        double[] vector = new double[bytes.length / Double.BYTES];
        order(bytes).asDoubleBuffer().get(vector);
        return vector;
    }

    private static ByteBuffer order(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
