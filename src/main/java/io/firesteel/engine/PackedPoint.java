package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * Theta on its way to the tasks, as bytes in the precision in which they compute: they would round it anyway.
 */
record PackedPoint(Precision precision, byte[] bytes) implements Serializable {
    static PackedPoint of(double[] theta, Precision precision) {
        byte[] bytes = new byte[Math.multiplyExact(theta.length, precision.bytes())];
        if (precision == Precision.DOUBLE) {
            doubles(bytes).put(theta);
        } else {
            FloatBuffer floats = floats(bytes);
            for (int i = 0; i < theta.length; i++) {
                floats.put(i, (float) theta[i]);
            }
        }
        return new PackedPoint(precision, bytes);
    }

    double[] theta() {
        double[] theta = new double[bytes.length / precision.bytes()];
        if (precision == Precision.DOUBLE) {
            doubles(bytes).get(theta);
        } else {
            FloatBuffer floats = floats(bytes);
            for (int i = 0; i < theta.length; i++) {
                theta[i] = floats.get(i);
            }
        }
        return theta;
    }

    private static DoubleBuffer doubles(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
    }

    private static FloatBuffer floats(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    }
}
