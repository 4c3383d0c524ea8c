package io.firesteel.spark;

import io.firesteel.linalg.SummationTree;
import io.firesteel.linalg.SummationTree.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The sums of a task on their way to the driver, as bytes: Java serialisation copies a byte array whole, and a double
 * array number by number.
 */
final class PackedNodes implements Route.Parcel {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    private PackedNodes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Packs a task's nodes. */
    static PackedNodes of(List<Node> nodes) {
        int size = Integer.BYTES;
        for (Node node : nodes) {
            size = Math.addExact(size, 2 * Integer.BYTES + Long.BYTES + node.sum().length * Double.BYTES);
        }
        byte[] bytes = new byte[size];
        ByteBuffer buffer = order(bytes).putInt(nodes.size());
        for (Node node : nodes) {
            buffer.putInt(node.depth()).putLong(node.index()).putInt(node.sum().length);
            buffer.asDoubleBuffer().put(node.sum());
            buffer.position(buffer.position() + node.sum().length * Double.BYTES);
        }
        return new PackedNodes(bytes);
    }

    @Override
    public void offerTo(SummationTree tree) {
        ByteBuffer buffer = order(bytes);
        for (int i = buffer.getInt(); i > 0; i--) {
            int depth = buffer.getInt();
            long index = buffer.getLong();
            double[] sum = new double[buffer.getInt()];
            buffer.asDoubleBuffer().get(sum);
            buffer.position(buffer.position() + sum.length * Double.BYTES);
            tree.offer(new Node(depth, index, sum));
        }
    }

    private static ByteBuffer order(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
