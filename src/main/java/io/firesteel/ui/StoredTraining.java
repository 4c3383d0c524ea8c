package io.firesteel.ui;

import io.firesteel.report.WatchedTraining;
import org.apache.spark.util.kvstore.KVIndex;

/** A training in the store of Spark's own pages, by its number. */
record StoredTraining(WatchedTraining training) {
    /** Returns the key. */
    @KVIndex
    long number() {
        return training.number();
    }
}
