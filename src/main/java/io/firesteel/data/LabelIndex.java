package io.firesteel.data;

import io.firesteel.data.RecodedRows.Codes;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.Labeling;
import io.firesteel.table.RowChunk;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Gives labels and categories the same indices in all chunks, each of which has indices of its own.
 *
 * @param features the number of features, after which the label follows
 * @param classes the class of each label; empty where targets are numbers
 * @param categories the categories of each feature that has them
 */
record LabelIndex(int features, Map<String, Integer> classes, Map<Integer, Labeling.Lookup> categories)
        implements Serializable {

    /** Returns the rows of a chunk, with the common indices of categories and classes. */
    RecodedRows recoded(RowChunk chunk) {
        List<Codes> codes = new ArrayList<>();
        chunk.categories().forEach((column, ofChunk) -> {
            Labeling.Lookup known = categories.get(column);
            // They are the names that were learnt of this table.
            codes.add(new Codes(
                    column,
                    ofChunk.stream()
                            .mapToDouble(name -> known.index(name, Kind.TEXT))
                            .toArray()));
        });
        if (!classes.isEmpty()) {
            List<String> labels = chunk.head().labels();
            codes.add(new Codes(
                    features, labels.stream().mapToDouble(classes::get).toArray()));
        }
        return new RecodedRows(chunk.rows(), codes);
    }

    /** Returns the number of classes. */
    int classCount() {
        return classes.values().stream().mapToInt(index -> index + 1).max().orElse(0);
    }

    /** Returns the class of a row of a chunk, in a classification. */
    int classOf(RowChunk chunk, int i) {
        return classes.get(chunk.head().labels().get((int) chunk.rows().other(i, 0)));
    }
}
