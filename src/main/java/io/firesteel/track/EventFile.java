package io.firesteel.track;

import io.firesteel.base.Protobuf;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file of TensorBoard's events: records of TensorFlow, each an Event as a protocol buffer, with checksums.
 *
 * @see <a href="https://www.tensorflow.org/tutorials/load_data/tfrecord">TFRecord</a>
 * @see <a href="https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto">event.proto</a>
 */
final class EventFile implements Closeable {
    /** The names of these files. TensorBoard reads those of a directory in the order of their names. */
    static final String NAME = "events\\.out\\.tfevents\\.\\d{10,}\\.\\d+\\.firesteel";

    // Fields of Event:
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int SESSION_LOG = 7;

    /** The bytes of a record's length and its checksum. */
    private static final int BEFORE_DATA = Long.BYTES + Integer.BYTES;

    private final OutputStream out;

    /**
     * Creates a file that comes after the others of the directory.
     *
     * @param seconds since 1970
     */
    EventFile(Path directory, double seconds) throws IOException {
        Files.createDirectories(directory);
        long stamp = (long) seconds;
        for (Path earlier : earlier(directory)) {
            stamp = Math.max(
                    stamp, Long.parseLong(earlier.getFileName().toString().split("\\.")[3]) + 1);
        }
        Path file = path(directory, stamp);
        out = new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), 1 << 16);
        write(new Protobuf().addDouble(WALL_TIME, seconds).add(FILE_VERSION, "brain.Event:2"));
    }

    /** Returns the files of a directory. */
    static List<Path> earlier(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.getFileName().toString().matches(NAME))
                    .toList();
        }
    }

    /** Returns the last step that the files of a directory have a curve's point of; 0 also for none. */
    static long lastStep(Path directory) throws IOException {
        long last = 0;
        for (Path file : earlier(directory)) {
            ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            while (in.remaining() >= BEFORE_DATA) {
                long length = in.getLong();
                in.getInt();
                if (length < 0 || length > in.remaining() - Integer.BYTES) {
                    break; // the last record of a process that was killed
                }
                int end = in.position() + (int) length + Integer.BYTES;
                last = Math.max(last, step(in));
                in.position(end);
            }
        }
        return last;
    }

    /** Returns the step of an event that has one, after the time as in all of ours. */
    private static long step(ByteBuffer event) {
        event.position(event.position() + 1 + Double.BYTES);
        if (event.get() != STEP << 3) {
            return 0;
        }
        long step = 0;
        int shift = 0;
        byte next;
        do {
            next = event.get();
            step |= (next & 0x7FL) << shift;
            shift += 7;
        } while (next < 0);
        return event.get() == (byte) (SUMMARY << 3 | 2) ? step : 0;
    }

    private static Path path(Path directory, long stamp) {
        return directory.resolve(String.format(
                Locale.ROOT,
                "events.out.tfevents.%010d.%d.firesteel",
                stamp,
                ProcessHandle.current().pid()));
    }

    /** Says that what earlier files have of this step and later ones does not count. */
    void restart(double seconds, long step) throws IOException {
        Protobuf start = new Protobuf().add(1, 1); // status: START
        write(new Protobuf().addDouble(WALL_TIME, seconds).add(STEP, step).add(SESSION_LOG, start));
    }

    /** Adds a point of a curve. */
    void scalar(double seconds, long step, String tag, double value) throws IOException {
        summary(seconds, step, new Protobuf().add(1, tag).addFloat(2, (float) value));
    }

    /** Adds what a plugin of TensorBoard keeps for itself. */
    void plugin(double seconds, String tag, String plugin, Protobuf content) throws IOException {
        Protobuf metadata = new Protobuf().add(1, new Protobuf().add(1, plugin).add(2, content));
        Protobuf none = new Protobuf() // a tensor of one float, 0
                .add(1, 1)
                .add(2, new Protobuf().add(2, new Protobuf().add(1, 1)))
                .addFloat(5, 0);
        summary(seconds, 0, new Protobuf().add(1, tag).add(8, none).add(9, metadata));
    }

    private void summary(double seconds, long step, Protobuf value) throws IOException {
        write(new Protobuf().addDouble(WALL_TIME, seconds).add(STEP, step).add(SUMMARY, new Protobuf().add(1, value)));
    }

    private void write(Protobuf event) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        event.writeTo(bytes);
        byte[] data = bytes.toByteArray();
        byte[] length = littleEndian(Long.BYTES).putLong(data.length).array();
        out.write(length);
        out.write(littleEndian(Integer.BYTES).putInt(checksum(length)).array());
        out.write(data);
        out.write(littleEndian(Integer.BYTES).putInt(checksum(data)).array());
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the masked CRC-32C: rotated by 15 bits, plus a constant, so that a checksum of checksums is not trivial. */
    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
