package io.firesteel.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firesteel.base.SettingNames;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A line of a CSV file, in UTF-8: the bytes from..to of an array. Where runs of blanks stand between cells, one blank stands for
 * each run, and none at the ends.
 */
final class CsvLine {
    private final byte separator;
    private final byte quote;
    private final byte escape;
    private final String encoding;
    private final CharsetDecoder decoder; // null for UTF-8
    private final boolean hasRuns;
    private byte[] joined = new byte[0]; // the line with one blank for each run
    private byte[] bytes;
    private int from;
    private int to;
    private boolean isDecoded; // from another character set, whose bytes had a meaning

    CsvLine(CsvDialect dialect) {
        separator = (byte) dialect.between().charAt(0);
        quote = (byte) dialect.quote();
        escape = (byte) dialect.escape();
        encoding = dialect.encoding();
        hasRuns = dialect.hasRuns();
        decoder = dialect.isUtf8() ? null : dialect.charset().newDecoder();
    }

    /** Takes a line as it stands in the file; it is valid until Spark reads the next one. */
    void set(UTF8String line) {
        int length = line.numBytes();
        if (line.getBaseObject() instanceof byte[] array) {
            bytes = array;
            from = (int) (line.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
        } else {
            bytes = line.getBytes();
            from = 0;
        }
        to = from + length;
        if (decoder != null) {
            ByteBuffer written = ByteBuffer.wrap(bytes, from, length);
            try {
                bytes = decoder.decode(written).toString().getBytes(UTF_8);
                isDecoded = true;
            } catch (CharacterCodingException e) {
                bytes = UTF_8.decode(written).toString().getBytes(UTF_8);
                isDecoded = false;
            }
            from = 0;
            to = bytes.length;
        }
        if (hasRuns) {
            joinBlanks();
        }
    }

    /** Leaves one blank of each run outside quotes, and none at the ends of the line. */
    private void joinBlanks() {
        if (joined.length < to - from) {
            joined = new byte[2 * (to - from)];
        }
        int length = 0;
        State state = State.START;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (state != State.QUOTED && (b == ' ' || b == '\t')) {
                state = State.START;
                continue;
            }
            switch (state) {
                case START -> {
                    if (length > 0) {
                        joined[length++] = ' ';
                    }
                    state = b == quote ? State.QUOTED : State.UNQUOTED;
                }
                case QUOTED -> {
                    if (b == escape && escape != quote && i + 1 < to) {
                        joined[length++] = b;
                        i++; // and what it escapes
                        b = bytes[i];
                    } else if (b == quote) {
                        state = State.AFTER_QUOTE;
                    }
                }
                case AFTER_QUOTE -> state = b == quote && escape == quote ? State.QUOTED : State.UNQUOTED;
                case UNQUOTED, CLOSED -> {}
            }
            joined[length++] = b;
        }
        bytes = joined;
        from = 0;
        to = length;
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Returns the line's text. */
    String text() {
        return new String(bytes, from, to - from, UTF_8);
    }

    /** Returns whether the line has nothing but blanks and control characters. */
    boolean isBlank() {
        for (int i = from; i < to; i++) {
            if (bytes[i] > ' ' || bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether all bytes are ASCII. */
    private boolean isAscii() {
        for (int i = from; i < to; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the bytes are text in the files' encoding. */
    boolean isOfEncoding() {
        return decoder == null ? isAscii() || badByte() < 0 : isDecoded;
    }

    /** Returns the place of the first byte that is not of UTF-8, -1 if all are. */
    private int badByte() {
        ByteBuffer in = ByteBuffer.wrap(bytes, from, to - from);
        CharBuffer out = CharBuffer.allocate(to - from);
        return UTF_8.newDecoder().decode(in, out, true).isError() ? in.position() : -1;
    }

    /** Returns the fault of a line that is not of the files' encoding; it quotes the first bad cell of UTF-8, else the line. */
    RowFault encodingFault() {
        int start = from;
        int end = to;
        if (decoder == null) {
            int bad = badByte();
            for (start = bad; start > from && bytes[start - 1] != separator; start--) {}
            for (end = bad; end < to && bytes[end] != separator; end++) {}
        }
        String other = decoder == null ? "windows-1252" : "UTF-8";
        return RowFault.of(
                null,
                new String(bytes, start, end - start, UTF_8).trim(),
                "is not text in " + encoding,
                SettingNames.mention("option", "encoding=" + other) + " reads it "
                        + (decoder == null ? "as Western European text" : "as Unicode"));
    }

    private boolean hasQuote() {
        for (int i = from; i < to; i++) {
            if (bytes[i] == quote) {
                return true;
            }
        }
        return false;
    }

    private enum State {
        /** Only blanks of the cell were seen. */
        START,
        UNQUOTED,
        QUOTED,
        /** After a quote in a quoted cell: a second one makes it a character of the cell. */
        AFTER_QUOTE,
        /** Only blanks followed the closing quote. */
        CLOSED
    }

    /** Returns whether a line that begins outside quotes ends within them, so that its last cell goes on in the next line. */
    boolean endsInQuotes() {
        if (!hasQuote()) {
            return false;
        }
        State state = State.START;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            switch (state) {
                case START -> {
                    if (b == quote) {
                        state = State.QUOTED;
                    } else if (b != separator && (b < 0 || b > ' ')) {
                        state = State.UNQUOTED;
                    }
                }
                case UNQUOTED -> {
                    if (b == separator) {
                        state = State.START;
                    }
                }
                case QUOTED -> {
                    if (b == escape && escape != quote) {
                        i++; // and what it escapes
                    } else if (b == quote) {
                        state = State.AFTER_QUOTE;
                    }
                }
                case AFTER_QUOTE, CLOSED -> {
                    if (b == separator) {
                        state = State.START;
                    } else if (b == quote && escape == quote && state == State.AFTER_QUOTE) {
                        state = State.QUOTED;
                    } else {
                        // a quoted cell with more after it is taken as it stands
                        state = b < 0 || b > ' ' ? State.UNQUOTED : State.CLOSED;
                    }
                }
            }
        }
        return state == State.QUOTED;
    }
}
