package io.firesteel.engine;

import io.firesteel.linalg.Precision;
import io.firesteel.linalg.SummationTree.Node;
import io.firesteel.linalg.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** The messages of resident steps as bytes: little-endian, a kind and then its fields. */
final class Frame {
    /** Task to driver, first: who and where it is, and which blocks it has. */
    static final byte HELLO = 1;

    /** Driver to tasks, when all are there: where each of them listens. */
    static final byte PEERS = 2;

    /** Task to task, first: nothing but the secret. */
    static final byte PEER = 3;

    /** Driver to task: a pass that it takes part in, and theta or the task's slice of it. */
    static final byte PASS = 4;

    /** Task to task: a slice of theta. */
    static final byte THETA = 5;

    /** Task to task: its sums' slice that the other one adds up. Task to driver: its sums, or the slice that it has added up. */
    static final byte SUMS = 6;

    /** Task to driver: that it has waited long for other tasks, in a pass. */
    static final byte WAITING = 7;

    /** The bytes of the secret that a connection begins with. */
    static final int SECRET_BYTES = 16;

    private static final int CHUNK = 1 << 12; // numbers that are rounded at a time

    private Frame() {}

    /** Returns the message's fields, of which the first is its kind. */
    static ByteBuffer order(ByteBuffer message) {
        return message.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void putText(ByteBuffer message, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        message.putInt(bytes.length).put(bytes);
    }

    private static String text(ByteBuffer message) {
        byte[] bytes = new byte[message.getInt()];
        message.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int textBytes(String text) {
        return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void putInts(ByteBuffer message, int[] ints) {
        message.putInt(ints.length);
        for (int number : ints) {
            message.putInt(number);
        }
    }

    static int[] ints(ByteBuffer message) {
        int[] ints = new int[message.getInt()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = message.getInt();
        }
        return ints;
    }

    /** Writes the numbers from .. to - 1 of theta in the precision in which tasks compute: they would round it anyway. */
    static void putTheta(ByteBuffer message, double[] theta, int from, int to, Precision precision) {
        if (precision == Precision.DOUBLE) {
            message.asDoubleBuffer().put(theta, from, to - from);
        } else {
            FloatBuffer floats = message.asFloatBuffer();
            float[] chunk = new float[CHUNK];
            for (int start = from; start < to; start += CHUNK) {
                int n = Math.min(CHUNK, to - start);
                Vectors.narrow(chunk, 0, theta, start, n);
                floats.put(chunk, 0, n);
            }
        }
        message.position(message.position() + (to - from) * precision.bytes());
    }

    /** Reads what {@link #putTheta} wrote. */
    static void theta(ByteBuffer message, double[] theta, int from, int to, Precision precision) {
        if (precision == Precision.DOUBLE) {
            message.asDoubleBuffer().get(theta, from, to - from);
        } else {
            FloatBuffer floats = message.asFloatBuffer();
            float[] chunk = new float[CHUNK];
            for (int start = from; start < to; start += CHUNK) {
                int n = Math.min(CHUNK, to - start);
                floats.get(chunk, 0, n);
                Vectors.widen(theta, start, chunk, 0, n);
            }
        }
        message.position(message.position() + (to - from) * precision.bytes());
    }

    /** Reads what should be the secret, and returns whether it is. */
    static boolean isSecret(ByteBuffer message, byte[] secret) {
        byte[] word = new byte[Math.min(message.remaining(), secret.length)];
        message.get(word);
        return MessageDigest.isEqual(word, secret);
    }

    /** Returns the first message of a task to another one. */
    static ByteBuffer peer(byte[] secret) {
        return order(ByteBuffer.allocate(1 + secret.length))
                .put(PEER)
                .put(secret)
                .flip();
    }

    /** Returns the message that a task waits for others in a pass. */
    static ByteBuffer waiting(int pass) {
        return order(ByteBuffer.allocate(1 + Integer.BYTES))
                .put(WAITING)
                .putInt(pass)
                .flip();
    }

    /** Where a task listens. */
    record Address(String host, int port) {
        private int bytes() {
            return textBytes(host) + Integer.BYTES;
        }

        private void put(ByteBuffer message) {
            putText(message, host);
            message.putInt(port);
        }

        private static Address of(ByteBuffer message) {
            return new Address(text(message), message.getInt());
        }
    }

    /** Returns the message that tells tasks the addresses of all, by rank. */
    static ByteBuffer peers(List<Address> addresses) {
        int bytes = addresses.stream().mapToInt(Address::bytes).sum();
        ByteBuffer message = order(ByteBuffer.allocate(1 + Integer.BYTES + bytes));
        message.put(PEERS).putInt(addresses.size());
        addresses.forEach(address -> address.put(message));
        return message.flip();
    }

    /** Reads a {@link #peers} message whose kind is read already. */
    static List<Address> addresses(ByteBuffer message) {
        List<Address> addresses = new ArrayList<>();
        for (int missing = message.getInt(); missing > 0; missing--) {
            addresses.add(Address.of(message));
        }
        return addresses;
    }

    /**
     * The first message of a task to the driver.
     *
     * @param blas its BLAS kernels
     * @param blocks the numbers of its blocks, by data set
     */
    record Hello(int rank, Address address, String blas, List<int[]> blocks) {
        /** Returns the message. */
        ByteBuffer message(byte[] secret) {
            long bytes = 1 + secret.length + 2L * Integer.BYTES + address.bytes() + textBytes(blas);
            for (int[] ofSet : blocks) {
                bytes += Integer.BYTES * (1L + ofSet.length);
            }
            ByteBuffer message = order(ByteBuffer.allocate(Math.toIntExact(bytes)));
            message.put(HELLO).put(secret).putInt(rank);
            address.put(message);
            putText(message, blas);
            message.putInt(blocks.size());
            blocks.forEach(ofSet -> putInts(message, ofSet));
            return message.flip();
        }

        /** Reads a message whose kind and secret are read already. */
        static Hello of(ByteBuffer message) {
            int rank = message.getInt();
            Address address = Address.of(message);
            String blas = text(message);
            List<int[]> blocks = new ArrayList<>();
            for (int missing = message.getInt(); missing > 0; missing--) {
                blocks.add(ints(message));
            }
            return new Hello(rank, address, blas, blocks);
        }
    }

    /** The numbers from .. to - 1 of a vector of this many numbers. */
    record Slice(int from, int to, int of) {
        /** Returns slice number i of n of a vector. */
        static Slice number(int i, int n, int length) {
            return new Slice((int) ((long) length * i / n), (int) ((long) length * (i + 1) / n), length);
        }

        int size() {
            return to - from;
        }

        /** Returns the bytes of the slice's fields and numbers. */
        long bytes(Precision precision) {
            return 3 * Integer.BYTES + (long) size() * precision.bytes();
        }

        void put(ByteBuffer message) {
            message.putInt(from).putInt(to).putInt(of);
        }

        static Slice of(ByteBuffer message) {
            return new Slice(message.getInt(), message.getInt(), message.getInt());
        }
    }

    /**
     * The sums of a task, or a slice of them.
     *
     * @param pass the pass's number
     * @param rank the task's number
     * @param nanos that the task took, and {@code productNanos} of them in products
     * @param from the first number of the slice
     * @param nodes the nodes' slices
     */
    record Sums(int pass, int rank, long nanos, long productNanos, int from, List<Node> nodes) {
        private static final int HEADER = 1 + 2 * Integer.BYTES + 2 * Long.BYTES + 3 * Integer.BYTES;

        /** Returns the bytes of a message of this many nodes with n numbers each. */
        static long bytes(int nodes, int n) {
            return HEADER + (long) nodes * (Integer.BYTES + Long.BYTES + (long) n * Double.BYTES);
        }

        /** Writes the numbers at .. at + n - 1 of the nodes' arrays, which are those from {@code from} on of the sums. */
        void put(ByteBuffer message, int at, int n) {
            message.put(SUMS).putInt(pass).putInt(rank).putLong(nanos).putLong(productNanos);
            message.putInt(from).putInt(n).putInt(nodes.size());
            for (Node node : nodes) {
                message.putInt(node.depth()).putLong(node.index());
                message.asDoubleBuffer().put(node.sum(), at, n);
                message.position(message.position() + n * Double.BYTES);
            }
        }

        /** Reads a message whose kind is read already. */
        static Sums of(ByteBuffer message, SpareArrays memory) {
            int pass = message.getInt();
            int rank = message.getInt();
            long nanos = message.getLong();
            long productNanos = message.getLong();
            int from = message.getInt();
            int n = message.getInt();
            int count = message.getInt();
            List<Node> nodes = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int depth = message.getInt();
                long index = message.getLong();
                double[] sum = memory.take(n);
                DoubleBuffer numbers = message.asDoubleBuffer();
                numbers.get(sum, 0, n);
                message.position(message.position() + n * Double.BYTES);
                nodes.add(new Node(depth, index, sum));
            }
            return new Sums(pass, rank, nanos, productNanos, from, nodes);
        }
    }
}
