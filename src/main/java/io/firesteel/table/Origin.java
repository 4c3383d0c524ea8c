package io.firesteel.table;

import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Where a run of rows comes from: the piece of a file that starts at a byte position. Pieces in this order, and the
 * rows of each in theirs, are the canonical order of a data set, however Spark cuts and packs the files.
 */
public record Origin(String file, long start) implements Comparable<Origin>, Serializable {
    private static final Comparator<Origin> ORDER =
            Comparator.comparing(Origin::file).thenComparingLong(Origin::start);

    /** Spark's hidden columns for these two: the file, and the first byte of the piece of it. */
    static final List<String> COLUMNS = List.of("_metadata.file_path", "_metadata.file_block_start");

    /** Whether the rows are a DataFrame's: such rows have no number, and {@link #file} is empty. */
    public boolean isFrame() {
        return file.isEmpty();
    }

    /** A file's URI as a person would write it. */
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
