package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Theta on its way to the tasks, as bytes in the precision in which they compute: they would round it anyway.
 */
record PackedPoint(Precision precision, byte[] bytes) implements Serializable {
    static PackedPoint of(double[] theta, Precision precision) {
        byte[] bytes = new byte[Math.multiplyExact(theta.length, precision.bytes())];
        Frame.putTheta(Frame.order(ByteBuffer.wrap(bytes)), theta, 0, theta.length, precision);
        return new PackedPoint(precision, bytes);
    }

    double[] theta() {
        double[] theta = new double[bytes.length / precision.bytes()];
        Frame.theta(Frame.order(ByteBuffer.wrap(bytes)), theta, 0, theta.length, precision);
        return theta;
    }
}
