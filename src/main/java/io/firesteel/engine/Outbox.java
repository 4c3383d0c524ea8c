package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import java.nio.ByteBuffer;

/**
 * The memory of messages by their receivers. It is used again for the next message to the same one, which is safe because no
 * pass begins before all messages of the one before have arrived.
 */
final class Outbox {
    private final ByteBuffer[] messages;

    /** Creates the memory for this many receivers. */
    Outbox(int receivers) {
        messages = new ByteBuffer[receivers];
    }

    /** Returns the number of the last receiver. */
    int last() {
        return messages.length - 1;
    }

    /** Returns an empty message of at least this many bytes. */
    ByteBuffer empty(int receiver, long bytes) {
        if (messages[receiver] == null || messages[receiver].capacity() < bytes) {
            messages[receiver] = Frame.order(ByteBuffer.allocateDirect(Math.toIntExact(bytes)));
        }
        messages[receiver].clear();
        return messages[receiver];
    }

    /** Returns the last message to a receiver. */
    ByteBuffer message(int receiver) {
        return messages[receiver];
    }

    /** Returns the numbers at .. at + n - 1 of the sums' nodes. */
    ByteBuffer sums(int receiver, Frame.Sums sums, int at, int n) {
        ByteBuffer message = empty(receiver, Frame.Sums.bytes(sums.nodes().size(), n));
        sums.put(message, at, n);
        return message.flip();
    }

    /** Returns a task's slice of theta. */
    ByteBuffer theta(int receiver, int program, double[] theta, Frame.Slice slice, Precision precision) {
        ByteBuffer message = empty(receiver, 1 + Integer.BYTES + slice.bytes(precision));
        message.put(Frame.THETA).putInt(program);
        slice.put(message);
        Frame.putTheta(message, theta, slice.from(), slice.to(), precision);
        return message.flip();
    }
}
