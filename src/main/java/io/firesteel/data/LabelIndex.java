package io.firesteel.data;

import io.firesteel.data.RecodedRows.Codes;
import io.firesteel.model.Labeling;
import io.firesteel.table.RowChunk;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Numbers labels and categories alike in all chunks, each of which numbers them as it meets them.
 *
 * @param features the number of features, after which the label follows
 * @param classes the class of each label; empty where targets are numbers
 * @param categories those of each feature that is a category, by its place in the row
 */
record LabelIndex(int features, Map<String, Integer> classes, Map<Integer, Labeling.Lookup> categories)
        implements Serializable {

    /** The rows of a chunk, with indices into all categories and classes. */
    RecodedRows recoded(RowChunk chunk) {
        List<Codes> codes = new ArrayList<>();
        chunk.categories().forEach((column, ofChunk) -> {
            Labeling.Lookup known = categories.get(column);
            codes.add(
                    new Codes(column, ofChunk.stream().mapToDouble(known::index).toArray()));
        });
        if (!classes.isEmpty()) {
            List<String> labels = chunk.head().labels();
            codes.add(new Codes(
                    features, labels.stream().mapToDouble(classes::get).toArray()));
        }
        return new RecodedRows(chunk.rows(), codes);
    }

    /** The number of classes. */
    int classCount() {
        return classes.values().stream().mapToInt(index -> index + 1).max().orElse(0);
    }

    /** The class of a row of a chunk, in a classification. */
    int classOf(RowChunk chunk, int i) {
        return classes.get(chunk.head().labels().get((int) chunk.rows().other(i, 0)));
    }
}
