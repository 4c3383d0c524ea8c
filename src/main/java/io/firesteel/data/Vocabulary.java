package io.firesteel.data;

import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.Encoding;
import io.firesteel.model.Labeling;
import io.firesteel.table.Columns;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Learns the classes and categories of a table from all its rows. */
final class Vocabulary {
    private Vocabulary() {}

    /**
     * Returns the classes of the labels.
     *
     * @throws UserError when there are too many, or too few
     */
    static List<String> classes(NumberedRows rows) {
        String column =
                rows.table() + ": label column " + rows.columns().labels().get(0);
        Set<String> labels = new TreeSet<>();
        for (Head head : rows.heads()) {
            labels.addAll(head.labels());
            if (labels.size() > Labeling.MOST_CLASSES) {
                throw new UserError(
                        column + " has more than " + Labeling.MOST_CLASSES + " distinct values: too many for classes",
                        SettingNames.mention("task", "regression") + " predicts numbers",
                        null);
            }
        }
        List<String> classes = Labeling.classes(labels);
        if (classes.size() < 2) {
            throw new UserError(column + " has only one value, " + String.join("", classes)
                    + ": a classification needs two classes at least");
        }
        return classes;
    }

    /**
     * Returns the columns with the categories that the rows have.
     *
     * @throws UserError when a column of categories has too many, or none
     */
    static Columns withCategories(NumberedRows rows) {
        Columns columns = rows.columns();
        Encoding encoding = columns.encoding();
        if (encoding.categories().isEmpty()) {
            return columns;
        }
        Map<Integer, Set<String>> found = rows.categories(Encoding.MOST_CATEGORIES);
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (int i = 0; i < columns.features().size(); i++) {
            String name = columns.features().get(i);
            if (encoding.isCategory(name)) {
                Set<String> values = found.getOrDefault(i, Set.of());
                String column = rows.table() + ", column " + name;
                if (values.isEmpty()) {
                    throw new UserError(column + " has no values", Columns.excludeHint(name), null);
                }
                if (values.size() > Encoding.MOST_CATEGORIES) {
                    throw new UserError(
                            column + " has more than " + Encoding.MOST_CATEGORIES
                                    + " distinct values: too many for categories",
                            Columns.excludeHint(name),
                            null);
                }
                categories.put(name, Labeling.classes(values));
            }
        }
        return columns.encodedAs(encoding.withCategories(categories));
    }

    /**
     * Returns the index into these classes; it is empty where labels are numbers.
     *
     * @throws UserError on the first label, in canonical order, that is none of the classes
     */
    static LabelIndex index(NumberedRows rows, Columns columns, List<String> classes) {
        Map<String, Integer> indices = classes.isEmpty() ? Map.of() : classIndices(rows, columns, classes);
        return new LabelIndex(columns.features().size(), indices, columns.categories());
    }

    private static Map<String, Integer> classIndices(NumberedRows rows, Columns columns, List<String> classes) {
        Set<String> labels = new TreeSet<>();
        rows.heads().forEach(head -> labels.addAll(head.labels()));
        Map<String, Integer> indices = Labeling.indices(labels, classes);
        for (Head head : rows.heads()) {
            for (int i = 0; i < head.labels().size(); i++) {
                String label = head.labels().get(i);
                if (!indices.containsKey(label)) {
                    String problem = "is not a class of the model: expected " + String.join(", ", classes);
                    RowFault fault = new RowFault(columns.labels().get(0), label, problem, "", RowFault.Kind.OTHER);
                    throw rows.error(head, head.labelRows().get(i), fault);
                }
            }
        }
        return indices;
    }
}
