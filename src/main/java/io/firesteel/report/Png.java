package io.firesteel.report;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Small images in the format PNG (RFC 2083), 8 bits for each of red, green, blue and opacity. */
final class Png {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private Png() {}

    /**
     * Returns an image as a URL that holds it.
     *
     * @param rgba the pixels row after row from the top, each 0xRRGGBBAA
     */
    static String url(int width, int height, int[] rgba) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes(width, height, rgba));
    }

    static byte[] bytes(int width, int height, int[] rgba) {
        try {
            ByteArrayOutputStream header = new ByteArrayOutputStream();
            DataOutputStream fields = new DataOutputStream(header);
            fields.writeInt(width);
            fields.writeInt(height);
            fields.write(
                    new byte[] {8, 6, 0, 0, 0}); // bits, red-green-blue-opacity, and the only methods that there are

            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (DataOutputStream pixels = new DataOutputStream(new DeflaterOutputStream(compressed))) {
                for (int y = 0; y < height; y++) {
                    pixels.writeByte(0); // the row is not filtered
                    for (int x = 0; x < width; x++) {
                        pixels.writeInt(rgba[y * width + x]);
                    }
                }
            }
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(file);
            out.write(SIGNATURE);
            writeChunk(out, "IHDR", header.toByteArray());
            writeChunk(out, "IDAT", compressed.toByteArray());
            writeChunk(out, "IEND", new byte[0]);
            return file.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }

    private static void writeChunk(DataOutputStream out, String type, byte[] content) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(content);
        out.writeInt(content.length);
        out.write(name);
        out.write(content);
        out.writeInt((int) checksum.getValue());
    }
}
