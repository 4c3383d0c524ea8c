package io.firesteel.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The beginning of a text file, decompressed.
 *
 * @param text the characters, without a mark of the byte order
 * @param encoding the name of the character set
 * @param isCut whether the file goes on after the text, which then ends anywhere
 */
record CsvHead(String text, String encoding, boolean isCut) {
    /** Enough bytes for some hundred rows of most tables. */
    private static final int ENOUGH = 1 << 18;

    /** A header of the most columns that Spark's reader takes is shorter. */
    private static final int MOST = 1 << 26;

    /** The bytes by which a text in UTF-16 is told. */
    private static final int FEW = 256;

    /**
     * Reads the beginning of a file: at least a line.
     *
     * @param encoding the name of the character set; null to tell it by the bytes
     */
    static CsvHead read(Path file, String encoding, Configuration hadoop) throws IOException {
        try (InputStream in = TableFiles.open(file, hadoop)) {
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            byte[] part = in.readNBytes(ENOUGH);
            boolean hasLine = false;
            while (part.length > 0) {
                read.write(part);
                hasLine |= hasLineEnd(part);
                if (hasLine || read.size() >= MOST) {
                    break;
                }
                part = in.readNBytes(ENOUGH);
            }
            byte[] bytes = read.toByteArray();
            String name = encoding == null ? encoding(bytes) : encoding;
            return new CsvHead(text(bytes, name), name, in.read() >= 0);
        }
    }

    Charset charset() {
        return Charset.forName(encoding);
    }

    private static boolean hasLineEnd(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }

    /** Returns text without a mark of the byte order. */
    static String text(byte[] bytes, String encoding) {
        String text = new String(bytes, Charset.forName(encoding));
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** Returns the name of the encoding, UTF-8 or UTF-16: the latter is told by the mark of its byte order, or by the zeros that ASCII has in it. */
    static String encoding(byte[] bytes) {
        if (startsWith(bytes, 0xFF, 0xFE) || isZeroAtEvery(1, bytes)) {
            return StandardCharsets.UTF_16LE.name();
        } else if (startsWith(bytes, 0xFE, 0xFF) || isZeroAtEvery(0, bytes)) {
            return StandardCharsets.UTF_16BE.name();
        }
        return StandardCharsets.UTF_8.name();
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return bytes.length > 1 && (bytes[0] & 0xFF) == first && (bytes[1] & 0xFF) == second;
    }

    /** Returns whether most bytes at odd or at even places are 0, and none of the others. */
    private static boolean isZeroAtEvery(int place, byte[] bytes) {
        int zeros = 0;
        int length = Math.min(bytes.length, FEW);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                if (i % 2 != place) {
                    return false;
                }
                zeros++;
            }
        }
        return length > 2 && zeros > length / 4;
    }
}
