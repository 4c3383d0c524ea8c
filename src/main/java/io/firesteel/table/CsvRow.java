package io.firesteel.table;

import java.io.Serializable;

/**
 * A line in cells, of which it shows those that are asked for. A line with another number of cells than the header has
 * one more cell, which holds the whole line.
 */
final class CsvRow implements RowParser.RowView, Serializable {
    static final char QUOTE = '"';

    private static final long serialVersionUID = 1;

    private final int[] places; // of each cell that is asked for among those of the line
    private final int whole; // the number of the whole line among them
    private final char delimiter;
    private final int[] starts;
    private final int[] ends;
    private final int width;

    private String line;
    private String[] tokens; // null when starts and ends tell the cells
    private boolean isRagged;

    CsvRow(int[] places, int whole, int width, char delimiter) {
        this.places = places;
        this.whole = whole;
        this.width = width;
        this.delimiter = delimiter;
        this.starts = new int[width];
        this.ends = new int[width];
    }

    /** Cuts a line at its delimiters; returns false for a line that this cannot do, such as one with quotes. */
    boolean plain(String row) {
        int count = 0;
        int start = 0;
        int length = row.length();
        for (int i = 0; i <= length; i++) {
            char c = i < length ? row.charAt(i) : delimiter;
            if (c == delimiter) {
                if (count < width) {
                    trim(row, count, start, i);
                }
                count++;
                start = i + 1;
            } else if (c == QUOTE || (c < ' ' && c != '\t')) {
                return false;
            }
        }
        line = row;
        tokens = null;
        isRagged = count != width;
        return true;
    }

    private void trim(String row, int cell, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && row.charAt(start) <= ' ') {
            start++;
        }
        while (start < end && row.charAt(end - 1) <= ' ') {
            end--;
        }
        starts[cell] = start;
        ends[cell] = end;
    }

    /** Takes the cells into which Spark's library has cut the line, or null where it could not. */
    void set(String row, String[] cells) {
        line = row;
        tokens = cells;
        isRagged = cells == null || cells.length != width;
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
            return line;
        }
        int place = places[i];
        return tokens == null ? line.substring(starts[place], ends[place]) : tokens[place];
    }
}
