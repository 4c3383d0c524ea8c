package io.firesteel.table;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.firesteel.base.SettingNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * What the first bytes of a file say about it.
 *
 * @param format the file's format; null if it is none that is read, or not the one of its name
 * @param isText whether the bytes are text
 * @param what the file in words, to be read after "is", such as "a zip archive"
 * @param hint the way out where the file cannot be read
 * @param hasQueries whether lines of LibSVM name queries ({@code qid:})
 */
record FileKind(Format format, boolean isText, String what, String hint, boolean hasQueries) implements Serializable {
    private static final int HEAD = 4096;

    /** The number of lines that are looked at to tell LibSVM from CSV. */
    private static final int LINES = 5;

    private static final Pattern LIBSVM = Pattern.compile(
            "[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?(\\s+qid:\\d+)?" + "(\\s+\\d+:[+-]?[\\w.+-]+)*\\s*(#.*)?");

    private static final Pattern WEB_PAGE = Pattern.compile("(?i)<(!doctype\\s+html|html)\\b");

    /** What begins with these bytes, as ISO 8859-1 text, and cannot be read, with the way out. */
    private static final Map<String, List<String>> OTHERS = new LinkedHashMap<>();

    static {
        other("PARE", "an encrypted Parquet file", "decrypt it first");
        other("PK\3\4", "a zip archive", "unzip it first");
        other("\u00d0\u00cf\u0011\u00e0", "an Excel file", "save it as CSV");
        other("\u00fd7zXZ\0", "compressed with xz", "decompress it with xz -d");
        other("(\u00b5/\u00fd", "compressed with zstd", "decompress it with zstd -d");
        other("\u0004\"M\u0018", "compressed with lz4", "decompress it with lz4 -d");
        other("\u00ff\6\0\0sNaPpY", "compressed with snappy", "decompress it first");
        other("7z\u00bc\u00af", "a 7z archive", "unpack it first");
        other("Rar!", "a rar archive", "unpack it first");
        other("\u0093NUMPY", "a NumPy array", "save it as CSV or Parquet");
        other("\u0089HDF", "an HDF5 file", "save it as CSV or Parquet");
        other("SQLite format 3", "an SQLite database", "save the table as CSV or Parquet");
        other("ARROW1", "an Arrow (Feather) file", "save it as Parquet");
        other("FEA1", "a Feather file", "save it as Parquet");
        other("RDX", "an R data file", "save it as CSV or Parquet");
        other("\u0080\2", "a Python pickle", "save it as CSV or Parquet");
        other("\u0080\3", "a Python pickle", "save it as CSV or Parquet");
        other("\u0080\4", "a Python pickle", "save it as CSV or Parquet");
        other("\u0080\5", "a Python pickle", "save it as CSV or Parquet");
    }

    private static void other(String start, String what, String hint) {
        OTHERS.put(start, List.of(what, hint));
    }

    private static FileKind of(Format format, String what) {
        return new FileKind(format, !format.isBinary(), what, "", false);
    }

    private static FileKind unreadable(String what, String hint) {
        return new FileKind(null, false, what, hint, false);
    }

    /** Looks at a file; what its name says counts where the bytes of several formats are text. */
    static FileKind of(Path file, Configuration hadoop) throws IOException {
        String name = file.getName();
        byte[] head;
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            head = in.readNBytes(HEAD);
        }
        String start = new String(head, StandardCharsets.ISO_8859_1);
        CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(file);
        boolean isGzip = start.startsWith("\u001f\u008b");
        boolean isBzip2 = start.matches("(?s)BZh[1-9]1AY&SY.*");
        if (isGzip || isBzip2) {
            String extension = isGzip ? "gz" : "bz2";
            if (codec == null || !codec.getDefaultExtension().equals("." + extension)) {
                String by = "compressed with " + (isGzip ? "gzip" : "bzip2");
                return unreadable(by + ", which its name does not say", "rename it to " + name + "." + extension);
            }
        } else if (codec != null && codec.getDefaultExtension().matches("\\.(gz|bz2)")) {
            String extension = codec.getDefaultExtension();
            return unreadable(
                    "not compressed, though its name ends in " + extension,
                    "rename it to " + name.substring(0, name.length() - extension.length()));
        }
        if (isGzip || isBzip2) {
            try (InputStream in = TableFiles.open(file, hadoop)) {
                head = in.readNBytes(HEAD);
            }
            start = new String(head, StandardCharsets.ISO_8859_1);
        } else if (codec != null && !start.startsWith("(\u00b5/\u00fd")) {
            return of(Format.ofFile(name), "compressed text"); // as the reader takes it
        }
        return of(name, head, start, isGzip || isBzip2);
    }

    private static FileKind of(String name, byte[] head, String start, boolean isCompressed) {
        if (start.chars().anyMatch(FileKind::isNoText)) { // else PAR1 is the name of a column
            if (!isCompressed && start.startsWith("PAR1")) {
                return of(Format.PARQUET, "a Parquet file");
            } else if (!isCompressed && start.startsWith("ORC")) {
                return of(Format.ORC, "an ORC file");
            } else if (!isCompressed && start.startsWith("Obj\1")) {
                return of(Format.AVRO, "an Avro file");
            } else if (start.startsWith("PK\3\4") && start.matches("(?s).*(\\[Content_Types]|xl/).*")) {
                return unreadable("an Excel file", "save it as CSV");
            }
            for (Map.Entry<String, List<String>> other : OTHERS.entrySet()) {
                if (start.startsWith(other.getKey())) {
                    return unreadable(other.getValue().get(0), other.getValue().get(1));
                }
            }
        }
        if (start.startsWith("ustar", 257)) {
            return unreadable("a tar archive", "unpack it first");
        }
        if (isBinary(head, start)) {
            return unreadable("not a table: it holds binary data", "give CSV, JSON, LibSVM, Parquet, ORC or Avro");
        }
        Format named = Format.byName(name).orElse(Format.CSV);
        String text = CsvHead.text(head, CsvHead.encoding(head)).strip();
        if (text.startsWith("version https://git-lfs.")) {
            return unreadable("a pointer of Git LFS to the file", "get the file itself with git lfs pull");
        } else if (WEB_PAGE.matcher(text).lookingAt()) {
            return unreadable("a web page", "download the table itself");
        }
        if (named.isBinary()) {
            return new FileKind(
                    null,
                    true,
                    "text, though its name says " + named,
                    "rename it, or give " + SettingNames.mention("format", Format.CSV),
                    false);
        }
        Format format =
                named != Format.CSV ? named : isJson(text) ? Format.JSON : isLibSvm(text) ? Format.LIBSVM : named;
        String what =
                switch (format) {
                    case JSON -> "JSON text";
                    case LIBSVM -> "LibSVM text";
                    default -> "CSV text";
                };
        return new FileKind(format, true, what, "", format == Format.LIBSVM && text.contains(" qid:"));
    }

    /** Returns whether a character is no part of text, nor of an escape sequence in it. */
    private static boolean isNoText(int c) {
        return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b;
    }

    /** Returns whether bytes are not text in any encoding: UTF-16 has a zero in every other byte of plain text. */
    private static boolean isBinary(byte[] head, String start) {
        long zeros = start.chars().filter(c -> c == 0).count();
        long controls = start.chars().filter(FileKind::isNoText).count();
        boolean isWide = !CsvHead.encoding(head).equals(StandardCharsets.UTF_8.name());
        return !isWide && (zeros > 0 || controls > start.length() / 10);
    }

    /** Returns whether a text begins as an object of JSON does, or as a list of objects. */
    private static boolean isJson(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return false;
        }
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            JsonToken first = parser.nextToken();
            JsonToken second = parser.nextToken();
            return first == JsonToken.START_ARRAY
                    ? second == JsonToken.START_OBJECT
                    : second == JsonToken.FIELD_NAME || second == JsonToken.END_OBJECT;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether the first lines are those of LibSVM; a text as long as the head may end in the middle of a pair. */
    private static boolean isLibSvm(String text) {
        String whole = text.length() < HEAD / 2 ? text : text.substring(0, text.lastIndexOf(' ') + 1);
        List<String> lines = whole.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .limit(LINES)
                .toList();
        return lines.stream().allMatch(line -> LIBSVM.matcher(line).matches())
                && lines.stream().anyMatch(line -> line.contains(":"));
    }
}
