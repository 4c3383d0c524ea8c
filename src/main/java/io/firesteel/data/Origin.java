package io.firesteel.data;

import java.io.Serializable;
import java.util.Comparator;

/**
 * Where a run of rows comes from: the piece of a file that starts at a byte position. Pieces in this order, and the
 * rows of each in theirs, are the canonical order of a data set, however Spark cuts and packs the files.
 */
public record Origin(String file, long start) implements Comparable<Origin>, Serializable {
    private static final Comparator<Origin> ORDER =
            Comparator.comparing(Origin::file).thenComparingLong(Origin::start);

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
