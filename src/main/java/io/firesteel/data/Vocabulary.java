package io.firesteel.data;

import io.firesteel.base.ColumnError;
import io.firesteel.base.OneLine;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.CellRules;
import io.firesteel.model.Compared;
import io.firesteel.model.DatePart;
import io.firesteel.model.Encoding;
import io.firesteel.model.Labeling;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.NumberedRows.Found;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowFault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Learns the classes, the categories and the indicators of missing numbers of a table from all its rows. */
final class Vocabulary {
    /** From fewer rows no weight is learnt that tells more than the mean. */
    private static final int FEWEST_MISSING = 20;

    private Vocabulary() {}

    /**
     * Returns the classes of the labels.
     *
     * @throws UserError when there are too many or too few
     */
    static List<String> classes(NumberedRows rows) {
        String column =
                rows.table() + ": label column " + rows.columns().labels().get(0);
        Set<String> labels = new TreeSet<>();
        for (Head head : rows.heads()) {
            labels.addAll(head.labels());
            if (labels.size() > Labeling.MOST_CLASSES) {
                boolean areNumbers = labels.stream().allMatch(Labeling::isNumber);
                throw new UserError(
                        column + " has more than " + Labeling.MOST_CLASSES + " distinct values: too many for classes",
                        areNumbers
                                ? SettingNames.mention("task", "regression") + " predicts numbers"
                                : "a column of names or ids is no label: choose another with "
                                        + SettingNames.mention("label"),
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
     * @throws UserError when a column of categories has too many, or none, or was taken for categories and looks like numbers
     *     or like names
     */
    static Columns withCategories(NumberedRows rows) {
        Columns columns = rows.columns();
        Encoding encoding = columns.encoding();
        if (encoding.categories().isEmpty()) {
            return columns;
        }
        Map<Integer, Found> found = rows.categories(Encoding.MOST_CATEGORIES);
        Map<String, List<String>> categories = new LinkedHashMap<>();
        for (int i = 0; i < columns.features().size(); i++) {
            String name = columns.features().get(i);
            if (encoding.isCategory(name)) {
                Set<String> values = found.containsKey(i) ? found.get(i).values() : Set.of();
                String column = rows.table() + ", column " + name;
                if (values.isEmpty()) {
                    throw new ColumnError(column + " has no values", Columns.excludeHint(name));
                }
                if (values.size() > Encoding.MOST_CATEGORIES) {
                    throw new UserError(
                            column + " has more than " + Encoding.MOST_CATEGORIES
                                    + " distinct values: too many for categories",
                            Columns.excludeHint(name),
                            null);
                }
                if (rows.guessed().contains(name)) {
                    expectCategories(rows, i, found.get(i));
                }
                categories.put(name, Labeling.classes(values));
            }
        }
        return columns.encodedAs(encoding.withCategories(categories));
    }

    /**
     * Returns the columns with indicators for those numbers that are missing in many rows. Of a column of dates, whose parts are
     * missing together, the first part has one.
     */
    static Columns withIndicators(NumberedRows rows, Columns columns) {
        Encoding encoding = columns.encoding();
        Set<String> mayHave = new HashSet<>(columns.features());
        mayHave.removeAll(encoding.categories().keySet());
        encoding.dates().forEach((column, parts) -> {
            List<String> features = DatePart.features(column, parts);
            features.subList(1, features.size()).forEach(mayHave::remove);
        });
        List<String> indicators = new ArrayList<>();
        rows.missing().forEach((i, missing) -> {
            String name = columns.features().get(i);
            if (missing >= FEWEST_MISSING && mayHave.contains(name)) {
                indicators.add(name);
            }
        });
        return columns.encodedAs(encoding.withIndicators(indicators));
    }

    /** Fails when a column that holds some text looks like numbers, or like names. */
    private static void expectCategories(NumberedRows rows, int i, Found found) {
        String name = rows.columns().features().get(i);
        String waysOut = SettingNames.mention("categorical", FeatureKinds.AUTO + "," + name)
                + " makes categories of the column, " + Columns.excludeHint(name);
        if (FeatureKinds.areNumbers(found.numbers(), found.cells())) {
            throw rows.firstText(
                    i,
                    text -> RowFault.of(
                            name,
                            text,
                            CellRules.isForeignNumber(text)
                                    ? "is not a number"
                                    : "is no number, in a column in which " + found.numbers() + " of " + found.cells()
                                            + " cells are",
                            (CellRules.isForeignNumber(text)
                                            ? "write numbers as 1234.5: with a decimal point, without thousands "
                                                    + "separators, currency or percent signs; "
                                            : "where it stands for a missing value, leave the cell empty and use "
                                                    + SettingNames.mention("missing", "mean") + "; ")
                                    + waysOut));
        }
        if (FeatureKinds.areNames(found.values().size(), found.cells())) {
            String first = Collections.min(found.values());
            boolean isDate = CellRules.isDate(first);
            throw new ColumnError(
                    rows.table() + ", column " + name + " has " + found.values().size() + " distinct texts in "
                            + found.cells() + " cells, such as \"" + OneLine.of(first, 60) + "\": "
                            + (isDate
                                    ? "dates, which are no categories"
                                    : "names or ids, from which nothing can be learnt"),
                    (isDate ? Columns.datesHint("makes numbers of dates") : "") + waysOut);
        }
    }

    /**
     * Returns the index into these classes; it is empty where labels are numbers.
     *
     * @param compared how labels are compared with the classes
     * @throws UserError on the first label, in canonical order, that is none of the classes
     */
    static LabelIndex index(NumberedRows rows, Columns columns, List<String> classes, Compared compared) {
        Map<String, Integer> indices = classes.isEmpty() ? Map.of() : classIndices(rows, columns, classes, compared);
        return new LabelIndex(columns.features().size(), indices, columns.categories());
    }

    private static Map<String, Integer> classIndices(
            NumberedRows rows, Columns columns, List<String> classes, Compared compared) {
        Set<String> labels = new TreeSet<>();
        rows.heads().forEach(head -> labels.addAll(head.labels()));
        Map<String, Integer> indices =
                Labeling.indices(labels, new Labeling.Lookup(classes, compared), rows.labelKind());
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
