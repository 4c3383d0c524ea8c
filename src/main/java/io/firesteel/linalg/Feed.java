package io.firesteel.linalg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.zip.Checksum;

/** Feeds the bits of numbers to a checksum, little end first. */
final class Feed {
    /** Numbers at a time. */
    private static final int MOST = 1 << 12;

    private Feed() {}

    static void doubles(Checksum checksum, double[] from, int start, int count) {
        byte[] bytes = new byte[MOST * Double.BYTES];
        DoubleBuffer numbers = little(bytes).asDoubleBuffer();
        for (int done = 0; done < count; done += MOST) {
            int n = Math.min(MOST, count - done);
            numbers.put(0, from, start + done, n);
            checksum.update(bytes, 0, n * Double.BYTES);
        }
    }

    static void floats(Checksum checksum, float[] from, int start, int count) {
        byte[] bytes = new byte[MOST * Float.BYTES];
        FloatBuffer numbers = little(bytes).asFloatBuffer();
        for (int done = 0; done < count; done += MOST) {
            int n = Math.min(MOST, count - done);
            numbers.put(0, from, start + done, n);
            checksum.update(bytes, 0, n * Float.BYTES);
        }
    }

    static void ints(Checksum checksum, int[] from) {
        byte[] bytes = new byte[MOST * Integer.BYTES];
        IntBuffer numbers = little(bytes).asIntBuffer();
        for (int done = 0; done < from.length; done += MOST) {
            int n = Math.min(MOST, from.length - done);
            numbers.put(0, from, done, n);
            checksum.update(bytes, 0, n * Integer.BYTES);
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
