package io.firesteel.table;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The way in which CSV files write cells, rows and numbers.
 *
 * @param separator stands between cells
 * @param quote encloses a cell that holds separators, quotes or line breaks
 * @param escape precedes a quote within such a cell: the quote itself by default (RFC 4180)
 * @param decimal stands before the fraction of a number
 * @param hasHeader whether the first row of each file holds the names of the columns
 * @param encoding the name of the character set
 * @param rowEnd ends a row; before a line feed there may be a carriage return
 * @param hasLineBreaks whether cells hold line breaks, so that a file has to be read whole
 */
record CsvDialect(
        String separator,
        char quote,
        char escape,
        char decimal,
        boolean hasHeader,
        String encoding,
        char rowEnd,
        boolean hasLineBreaks)
        implements Serializable {

    /** Returns whether a byte of ASCII is that character wherever it stands: lines are found without decoding. */
    static boolean isByBytes(Charset charset) {
        String ascii = "\n\r,;\t|\"'0";
        return new String(ascii.getBytes(charset), StandardCharsets.US_ASCII).equals(ascii);
    }

    /** Returns whether lines can be found, and their quotes counted, without decoding the files. */
    boolean isByBytes() {
        return isByBytes(charset()) && separator.length() == 1 && separator.charAt(0) < 128 && quote < 128;
    }

    /** Returns the same dialect for files whose cells hold line breaks. */
    CsvDialect withLineBreaks() {
        return new CsvDialect(separator, quote, escape, decimal, hasHeader, encoding, rowEnd, true);
    }

    boolean isUtf8() {
        return charset().equals(StandardCharsets.UTF_8);
    }

    Charset charset() {
        return Charset.forName(encoding);
    }

    /** Returns what is not as most files have it, in words. */
    List<String> peculiarities() {
        List<String> found = new ArrayList<>();
        if (!separator.equals(",")) {
            found.add("separator " + (separator.equals("\t") ? "tab" : separator.equals(" ") ? "blank" : separator));
        }
        if (quote != '"') {
            found.add("quote " + quote);
        }
        if (decimal != '.') {
            found.add("decimal comma");
        }
        if (!isUtf8()) {
            found.add("encoding " + encoding);
        }
        if (!hasHeader) {
            found.add("no header");
        }
        return found;
    }
}
