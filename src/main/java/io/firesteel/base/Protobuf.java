package io.firesteel.base;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message of protocol buffers: fields that are written one after another, each with its number. Of their wire format it
 * has what ONNX and TensorBoard need, and so the jar needs no library for them.
 *
 * <p>A message knows its length before it is written, which is how one can be a field of another. Numbers become bytes when
 * they are written, piece by piece.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">Encoding</a>
 */
public final class Protobuf {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;
    private static final int PIECE = 1 << 13;

    /** What writes a part of a message. */
    private interface Part {
        void writeTo(OutputStream out) throws IOException;
    }

    private final List<Part> parts = new ArrayList<>();
    private long length;

    /** Returns the length in bytes. */
    public long length() {
        return length;
    }

    /** Adds an integer, a truth value or an enum's number. */
    public Protobuf add(int field, long value) {
        return add(header(field, VARINT, value));
    }

    /** Adds a text, in UTF-8. */
    public Protobuf add(int field, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return add(header(field, LENGTH_DELIMITED, bytes.length)).add(bytes);
    }

    /** Adds a message, which is complete. */
    public Protobuf add(int field, Protobuf message) {
        add(header(field, LENGTH_DELIMITED, message.length));
        return add(message.length, message::writeTo);
    }

    /** Adds a number of 64 bits. */
    public Protobuf addDouble(int field, double value) {
        return add(tag(field, FIXED64))
                .add(littleEndian(Double.BYTES).putDouble(value).array());
    }

    /** Adds a number of 32 bits. */
    public Protobuf addFloat(int field, float value) {
        return add(tag(field, FIXED32))
                .add(littleEndian(Float.BYTES).putFloat(value).array());
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Adds numbers as little-endian bytes. */
    public Protobuf add(int field, double[] values) {
        long bytes = (long) values.length * Double.BYTES;
        add(header(field, LENGTH_DELIMITED, bytes));
        return add(bytes, out -> {
            ByteBuffer piece = ByteBuffer.allocate(PIECE * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int start = 0; start < values.length; start += PIECE) {
                int count = Math.min(PIECE, values.length - start);
                piece.asDoubleBuffer().put(values, start, count);
                out.write(piece.array(), 0, count * Double.BYTES);
            }
        });
    }

    /** Writes the message's fields, without a length in front. */
    public void writeTo(OutputStream out) throws IOException {
        for (Part part : parts) {
            part.writeTo(out);
        }
    }

    private Protobuf add(byte[] bytes) {
        return add(bytes.length, out -> out.write(bytes));
    }

    private Protobuf add(long bytes, Part part) {
        parts.add(part);
        length += bytes;
        return this;
    }

    /** Returns a field's number and wire type, and the varint behind them: its value, or the length of what follows. */
    private static byte[] header(int field, int wireType, long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(12);
        bytes.writeBytes(tag(field, wireType));
        varint(value, bytes);
        return bytes.toByteArray();
    }

    private static byte[] tag(int field, int wireType) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(2);
        varint(((long) field << 3) | wireType, bytes);
        return bytes.toByteArray();
    }

    /** Writes seven bits a byte, the lowest first; the eighth says that more follow. A negative number takes ten bytes. */
    private static void varint(long value, ByteArrayOutputStream bytes) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
