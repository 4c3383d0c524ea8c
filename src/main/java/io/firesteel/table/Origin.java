package io.firesteel.table;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * The origin of a run of rows: the piece of a file that starts at a byte position. The order of pieces, and of the rows
 * in each, is the canonical order of a data set, however Spark divides the files.
 */
public record Origin(String file, long start) implements Comparable<Origin>, Serializable {
    private static final Comparator<Origin> ORDER =
            Comparator.comparing(Origin::file).thenComparingLong(Origin::start);

    /** Spark's hidden columns for the file and for the first byte of the piece. */
    static final List<String> COLUMNS = List.of("_metadata.file_path", "_metadata.file_block_start");

    /** Returns whether the rows are a DataFrame's: such rows have no number, and {@link #file} is empty. */
    public boolean isFrame() {
        return file.isEmpty();
    }

    /** Returns a file's URI in readable form. */
    public static String readable(String file) {
        URI uri = URI.create(file);
        if (!"file".equals(uri.getScheme())) {
            return file;
        }
        Path path = Path.of(uri.getPath());
        Path here = Path.of("").toAbsolutePath();
        return (path.startsWith(here) ? here.relativize(path) : path).toString();
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
