package io.firesteel.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firesteel.model.Decimals;
import java.io.Serializable;

/**
 * A line in cells, of which it shows those that are asked for. A line with another number of cells than the header has
 * one more cell, which holds the whole line.
 */
final class CsvRow implements RowParser.RowView, Serializable {
    private static final long serialVersionUID = 1;

    private final int[] places; // of each cell that is asked for among those of the line
    private final int whole; // the number of the whole line among them
    private final int width;
    private final byte separator;
    private final byte quote;
    private final int[] starts;
    private final int[] ends;

    private byte[] line; // in UTF-8, from..to
    private int from;
    private int to;
    private String[] tokens; // null when starts and ends tell the cells
    private boolean isRagged;
    private boolean isAscii;

    CsvRow(int[] places, int whole, int width, CsvDialect dialect) {
        this.places = places;
        this.whole = whole;
        this.width = width;
        this.separator = (byte) dialect.between().charAt(0);
        this.quote = (byte) dialect.quote();
        this.starts = new int[width];
        this.ends = new int[width];
    }

    /** Cuts a line at its separators; returns false for one that this cannot cut, such as one with quotes. */
    boolean plain(CsvLine of) {
        byte[] bytes = of.bytes();
        line = bytes;
        from = of.from();
        to = of.to();
        isAscii = true;
        int count = 0;
        int start = from;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == separator) {
                if (count < width) {
                    trim(count, start, i);
                }
                count++;
                start = i + 1;
            } else if (b < ' ') {
                if (b >= 0 && b != '\t') {
                    return false;
                }
                isAscii &= b >= 0;
            } else if (b == quote) {
                return false;
            }
        }
        if (count < width) {
            trim(count, start, to);
        }
        count++;
        tokens = null;
        isRagged = count != width;
        return true;
    }

    private void trim(int cell, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && line[start] <= ' ' && line[start] >= 0) {
            start++;
        }
        while (start < end && line[end - 1] <= ' ' && line[end - 1] >= 0) {
            end--;
        }
        starts[cell] = start;
        ends[cell] = end;
    }

    /** Takes the cells into which Spark's library has cut the line that {@link #plain} could not, or null where it could not either. */
    void set(String[] cells) {
        tokens = cells;
        isRagged = cells == null || cells.length != width;
    }

    /** Returns whether the line, which is plain, has no characters but those of ASCII. */
    boolean isAscii() {
        return isAscii;
    }

    /** Returns the whole line. */
    String line() {
        return new String(line, from, to - from, UTF_8);
    }

    @Override
    public boolean isNull(int i) {
        if (i == whole) {
            return !isRagged;
        }
        int place = places[i];
        return tokens == null ? starts[place] == ends[place] : tokens[place] == null || tokens[place].isEmpty();
    }

    @Override
    public String text(int i) {
        if (i == whole) {
            return line();
        }
        int place = places[i];
        return tokens == null ? new String(line, starts[place], ends[place] - starts[place], UTF_8) : tokens[place];
    }

    @Override
    public double decimal(int i) {
        int place = places[i];
        return tokens == null ? Decimals.parse(line, starts[place], ends[place]) : Decimals.parse(tokens[place]);
    }
}
