package io.firesteel;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The files of a directory as a bad disk, a broken copy or an enemy might leave them: one to three seeded mutations of
 * their bytes, of what their JSON says, of safetensors headers, or of which files there are.
 */
public final class FileMutations {
    private static final JsonMapper json = new JsonMapper();

    /** JSON values that lie, overflow, nest or reach out of the directory; longer ones are made where they are used. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "{}",
            "[]",
            "[[]]",
            "[null]",
            "0",
            "1",
            "2",
            "3",
            "-1",
            "0.5",
            "-0.0",
            "1e-320",
            "1e308",
            "1e999",
            "-1e999",
            "2147483647",
            "2147483648",
            "-2147483648",
            "4294967297",
            "268435455",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "18446744073709551615",
            "\"\"",
            "\" \"",
            "\"1\"",
            "\"NaN\"",
            "\"Infinity\"",
            "\"F32\"",
            "\"I64\"",
            "\"BF16\"",
            "\"../../../../etc/passwd\"",
            "\"/etc/passwd\"",
            "\"file:///etc/passwd\"",
            "\"C:\\\\x\"",
            "\"a\\u0000b\"",
            "\"line\\nline\\u2028line\"",
            "\"\\u001b[31mred\"",
            "\"\\ud800\"",
            "\"tanh,tanh\"",
            "\"regression\"",
            "\"squared-error\"",
            "[0,0]",
            "[8,0]",
            "[-8,8]",
            "[0,9223372036854775807]",
            "[9223372036854775800,8]",
            "[2147483647,2147483647]",
            "[1,1]",
            "[1,1,1,1,1,1]");

    private final Map<String, byte[]> original;
    private final Random random;

    /**
     * A mutated directory.
     *
     * @param how what was done, for the message of a test that fails
     */
    public record Mutant(String how, Map<String, byte[]> files) {}

    public FileMutations(Map<String, byte[]> files, long seed) {
        this.original = new TreeMap<>(files);
        this.random = new Random(seed);
    }

    /** The next mutated directory; the original is not changed. */
    public Mutant next() {
        Map<String, byte[]> files = new TreeMap<>(original);
        List<String> how = new ArrayList<>();
        for (int n = random.nextInt(3); n >= 0 && !files.isEmpty(); n--) {
            String name = pick(List.copyOf(files.keySet()));
            how.add(name + ": " + mutate(files, name));
        }
        return new Mutant(String.join("; ", how), files);
    }

    private String mutate(Map<String, byte[]> files, String name) {
        byte[] content = files.get(name);
        int kind = random.nextInt(20);
        if (kind == 0) {
            return mutatePresence(files, name);
        }
        StringBuilder how = new StringBuilder();
        byte[] mutated = kind < 8 || content.length == 0
                ? bytes(content, random, how)
                : name.endsWith(".json") ? json(content, how) : safetensors(content, how);
        files.put(name, mutated);
        return how.toString();
    }

    private String mutatePresence(Map<String, byte[]> files, String name) {
        switch (random.nextInt(3)) {
            case 0 -> {
                files.remove(name);
                return "removed";
            }
            case 1 -> {
                files.put(name, new byte[0]);
                return "emptied";
            }
            default -> {
                String other = pick(List.copyOf(original.keySet()));
                files.put(name, original.get(other));
                return "replaced by " + other;
            }
        }
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** One mutation of a file of any kind; what it is, is appended to {@code how}. */
    public static byte[] bytes(byte[] content, Random random, StringBuilder how) {
        int at = random.nextInt(content.length + 1);
        int end = Math.min(content.length, at + 1 + random.nextInt(24));
        byte[] some = new byte[1 + random.nextInt(24)];
        random.nextBytes(some);
        byte[] changed = content.clone();
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                int bit = random.nextInt(8);
                how.append("bit ")
                        .append(bit)
                        .append(" of byte ")
                        .append(Math.min(at, content.length - 1))
                        .append(" flipped");
                if (content.length > 0) {
                    changed[Math.min(at, content.length - 1)] ^= (byte) (1 << bit);
                }
                return changed;
            }
            case 3 -> {
                how.append("cut at ").append(at);
                return Arrays.copyOf(content, at);
            }
            case 4 -> {
                how.append(some.length).append(" bytes inserted at ").append(at);
                return join(content, at, some, at);
            }
            case 5 -> {
                how.append("bytes ").append(at).append(" to ").append(end).append(" removed");
                return join(content, at, new byte[0], end);
            }
            case 6 -> {
                how.append("bytes ").append(at).append(" to ").append(end).append(" twice");
                return join(content, at, Arrays.copyOfRange(content, at, end), at);
            }
            case 7 -> {
                byte value = (byte) (random.nextBoolean() ? 0 : 0xff);
                how.append("bytes ")
                        .append(at)
                        .append(" to ")
                        .append(end)
                        .append(" set to ")
                        .append(value);
                Arrays.fill(changed, at, end, value);
                return changed;
            }
            default -> {
                how.append(some.length).append(" bytes after the end");
                return join(content, content.length, some, content.length);
            }
        }
    }

    /** content[0, to), middle, content[from, end). */
    private static byte[] join(byte[] content, int to, byte[] middle, int from) {
        return ByteBuffer.allocate(to + middle.length + content.length - from)
                .put(content, 0, to)
                .put(middle)
                .put(content, from, content.length - from)
                .array();
    }

    /** A place in a JSON tree: a member of an object, or an element of an array. */
    private record Place(ContainerNode<?> container, String key, int index) {
        JsonNode get() {
            return container instanceof ObjectNode object ? object.get(key) : container.get(index);
        }

        void set(JsonNode value) {
            if (container instanceof ObjectNode object) {
                object.set(key, value);
            } else {
                ((ArrayNode) container).set(index, value);
            }
        }

        void remove() {
            if (container instanceof ObjectNode object) {
                object.remove(key);
            } else {
                ((ArrayNode) container).remove(index);
            }
        }

        @Override
        public String toString() {
            return key == null ? "[" + index + "]" : key;
        }
    }

    private static void collect(JsonNode node, List<Place> into) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(key -> into.add(new Place(object, key, -1)));
        } else if (node instanceof ArrayNode array) {
            IntStream.range(0, array.size()).forEach(i -> into.add(new Place(array, null, i)));
        }
        node.forEach(child -> collect(child, into));
    }

    private byte[] json(byte[] content, StringBuilder how) {
        try {
            JsonNode root = json.readTree(content);
            List<Place> places = new ArrayList<>();
            collect(root, places);
            if (places.isEmpty()) {
                return bytes(content, random, how);
            }
            mutate(pick(places), places, how);
            return json.writeValueAsBytes(root);
        } catch (java.io.IOException e) { // it was mutated before
            return bytes(content, random, how);
        }
    }

    private void mutate(Place place, List<Place> places, StringBuilder how) throws JsonProcessingException {
        how.append(place).append(' ');
        JsonNode value = place.get();
        switch (random.nextInt(8)) {
            case 0 -> {
                how.append("removed");
                place.remove();
            }
            case 1 -> {
                how.append("twice"); // a second one, of another value, before or after the first
                if (place.container instanceof ObjectNode object) {
                    JsonNode first = random.nextBoolean() ? value : raw(pick(VALUES));
                    JsonNode second = random.nextBoolean() ? value : raw(pick(VALUES));
                    String name = json.writeValueAsString(place.key);
                    object.remove(place.key);
                    // One member whose raw value goes on with the other member.
                    object.set(
                            place.key,
                            raw(json.writeValueAsString(first) + "," + name + ":" + json.writeValueAsString(second)));
                } else {
                    ((ArrayNode) place.container).insert(place.index, value);
                }
            }
            case 2 -> {
                Place other = pick(places);
                how.append("has the value of ").append(other);
                place.set(other.get().deepCopy());
            }
            case 3 -> {
                how.append("moved to another name");
                place.remove();
                if (place.container instanceof ObjectNode object) {
                    object.set(
                            pick(List.of("", "../" + place.key, place.key.toUpperCase(java.util.Locale.ROOT), "x")),
                            value);
                }
            }
            case 4 -> {
                how.append("nudged");
                double number = value.asDouble();
                place.set(raw(pick(List.of(
                        Double.toString(Math.nextUp(number)),
                        Double.toString(-number),
                        Double.toString(number * 1e6),
                        Long.toString((long) number + 1),
                        Long.toString((long) number - 1),
                        value + " "))));
            }
            case 5 -> {
                int times = 1 << random.nextInt(14);
                how.append("nested or repeated ").append(times).append(" times");
                place.set(raw(pick(List.of(
                        "[".repeat(times) + "]".repeat(times),
                        "{\"a\":".repeat(times) + "1" + "}".repeat(times),
                        "[" + "1,".repeat(times) + "1]",
                        "[" + "\"tanh\",".repeat(times) + "\"tanh\"]",
                        "\"" + "long ".repeat(times) + "\"",
                        "9".repeat(times),
                        "-0." + "0".repeat(times) + "1"))));
            }
            default -> {
                String lie = pick(VALUES);
                how.append("set to ").append(lie);
                place.set(raw(lie));
            }
        }
    }

    private static JsonNode raw(String text) {
        return new POJONode(new RawValue(text));
    }

    /** Lies in the header: its length, or what its JSON says, with the length that belongs to it. */
    private byte[] safetensors(byte[] content, StringBuilder how) {
        ByteBuffer buffer = ByteBuffer.wrap(content.clone()).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length < Long.BYTES) {
            return bytes(content, random, how);
        }
        long length = buffer.getLong(0);
        if (random.nextInt(4) == 0 || length < 0 || length > content.length - Long.BYTES) {
            long lie = pick(List.of(
                    0L,
                    1L,
                    2L,
                    -1L,
                    length - 1,
                    length + 1,
                    length + 8,
                    length * 2,
                    4096L,
                    1L << 31,
                    1L << 32,
                    1L << 40,
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    content.length - 8L,
                    content.length + 0L,
                    length | 1L << 32));
            how.append("header length ").append(lie);
            return buffer.putLong(0, lie).array();
        }
        int end = Long.BYTES + (int) length;
        byte[] header = json(Arrays.copyOfRange(content, Long.BYTES, end), how.append("header: "));
        if (random.nextBoolean()) {
            header = (new String(header, UTF_8) + " ".repeat(-header.length & 7)).getBytes(UTF_8);
        }
        return ByteBuffer.allocate(Long.BYTES + header.length + content.length - end)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(content, end, content.length - end)
                .array();
    }
}
