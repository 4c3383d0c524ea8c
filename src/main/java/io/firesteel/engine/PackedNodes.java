package io.firesteel.engine;

import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.List;

/**
 * The sums of a task on their way to the driver, as bytes: Java serialisation copies a byte array as a whole, but a double
 * array number by number.
 */
final class PackedNodes implements StepTransport.Parcel {
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

    @Override
    public void offerTo(SummationTree tree) {
        for (byte[] node : nodes) {
            ByteBuffer buffer = order(node);
            int depth = buffer.getInt();
            long index = buffer.getLong();
            DoubleBuffer sum = buffer.asDoubleBuffer();
            tree.offer(depth, index, (start, n, into) -> sum.get(start, into, 0, n));
        }
    }

    private static ByteBuffer order(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
