package io.firesteel.track;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads TensorBoard's event files by a reader of its own, which checks every checksum bit by bit. */
public final class Events {
    private Events() {}

    /** Returns the curves of the event files in a directory, by tag: the value of each step. */
    public static Map<String, Map<Long, Float>> scalars(Path directory) throws IOException {
        Map<String, Map<Long, Float>> scalars = new TreeMap<>();
        for (byte[] event : all(directory)) {
            Map<Integer, List<Object>> fields = fields(event);
            long step = (Long) fields.getOrDefault(2, List.of(0L)).get(0);
            if (fields.containsKey(7)) { // what follows replaces what was there
                scalars.values().forEach(curve -> curve.keySet().removeIf(at -> at >= step));
            }
            for (Object summary : fields.getOrDefault(5, List.of())) {
                Map<Integer, List<Object>> value =
                        fields((byte[]) fields((byte[]) summary).get(1).get(0));
                if (value.containsKey(2)) {
                    Float old = scalars.computeIfAbsent(text(value.get(1)), tag -> new TreeMap<>())
                            .put(step, Float.intBitsToFloat((Integer)
                                    value.get(2).get(0)));
                    assertEquals(null, old, () -> text(value.get(1)) + " twice at " + step);
                }
            }
        }
        return scalars;
    }

    private static String text(List<Object> field) {
        return new String((byte[]) field.get(0), StandardCharsets.UTF_8);
    }

    private static List<byte[]> all(Path directory) throws IOException {
        List<byte[]> events = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                events.addAll(records(Files.readAllBytes(file)));
            }
        }
        return events;
    }

    /** Returns the records of a file. */
    static List<byte[]> records(byte[] file) {
        List<byte[]> records = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertEquals(masked(length), in.getInt(), "checksum of a length");
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertEquals(masked(data), in.getInt(), "checksum of a record");
            records.add(data);
        }
        return records;
    }

    /** The CRC of Castagnoli's polynomial, by its definition, and TensorFlow's mask. */
    private static int masked(byte[] bytes) {
        int crc = -1;
        for (byte one : bytes) {
            crc ^= one & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) == 0 ? 0 : 0x82F63B78);
            }
        }
        crc = ~crc;
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }

    /** Returns the fields of a message by number: Long for varints and 64 bits, Integer for 32 bits, byte[] for the rest. */
    static Map<Integer, List<Object>> fields(byte[] message) {
        Map<Integer, List<Object>> fields = new TreeMap<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            Object value =
                    switch ((int) (tag & 7)) {
                        case 0 -> varint(in);
                        case 1 -> in.getLong();
                        case 5 -> in.getInt();
                        case 2 -> {
                            byte[] bytes = new byte[(int) varint(in)];
                            in.get(bytes);
                            yield bytes;
                        }
                        default -> throw new AssertionError("wire type of " + tag);
                    };
            fields.computeIfAbsent((int) (tag >>> 3), field -> new ArrayList<>())
                    .add(value);
        }
        return fields;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
