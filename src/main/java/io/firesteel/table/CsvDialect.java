package io.firesteel.table;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The way in which CSV files write cells, rows and numbers.
 *
 * @param separator stands between cells; {@link #BLANKS} where runs of blanks do
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
    /** The separator of files in which runs of blanks and tabs stand between cells, and perhaps at the ends of lines. */
    static final String BLANKS = "blanks";

    /** Returns whether a byte of ASCII is that character wherever it stands: lines are found without decoding. */
    static boolean isByBytes(Charset charset) {
        String ascii = "\n\r,;\t|\"'0";
        return new String(ascii.getBytes(charset), StandardCharsets.US_ASCII).equals(ascii);
    }

    /** Returns the text between the cells of a line that {@link CsvLine} gives: one blank for a run of them. */
    static String between(String separator) {
        return separator.equals(BLANKS) ? " " : separator;
    }

    /** Returns the text between the cells of a line that {@link CsvLine} gives. */
    String between() {
        return between(separator);
    }

    /** Returns whether runs of blanks stand between cells, which Spark's reader cannot cut. */
    boolean hasRuns() {
        return separator.equals(BLANKS);
    }

    /** Returns whether lines can be found, and their quotes counted, without decoding the files. */
    boolean isByBytes() {
        return isByBytes(charset()) && between().length() == 1 && between().charAt(0) < 128 && quote < 128;
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
            found.add("separator "
                    + switch (separator) {
                        case "\t" -> "tab";
                        case " " -> "blank";
                        case BLANKS -> "runs of blanks";
                        default -> separator;
                    });
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
