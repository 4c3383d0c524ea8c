package io.firesteel.data;

import io.firesteel.base.OneLine;
import io.firesteel.base.SettingNames;
import io.firesteel.base.UserError;
import io.firesteel.model.CellRules;
import io.firesteel.model.Compared;
import io.firesteel.model.Decimals;
import io.firesteel.model.Encoding;
import io.firesteel.model.Labeling;
import io.firesteel.table.Columns;
import io.firesteel.table.FeatureKinds;
import io.firesteel.table.NumberedRows;
import io.firesteel.table.NumberedRows.Found;
import io.firesteel.table.RowChunk.Head;
import io.firesteel.table.RowFault;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Learns the classes and categories of a table from all its rows. */
final class Vocabulary {
    private Vocabulary() {}

    /** So many classes whose names are numbers may have few rows each. */
    private static final int USUAL_CLASSES = 30;

    /** More classes than {@link #USUAL_CLASSES} that are numbers have at least so many rows on average, or are 0, 1, 2, ... */
    private static final int ROWS_OF_A_CLASS = 30;

    /** A guessed column of fewer categories may have one for each row. */
    private static final int USUAL_CATEGORIES = 50;

    /**
     * Returns the classes of the labels.
     *
     * @param insisted whether a classification was asked for, so that labels may be any numbers
     * @throws UserError when there are too many or too few, or when they look like the targets of a regression
     */
    static List<String> classes(NumberedRows rows, boolean insisted) {
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
        if (!insisted && areTargets(classes, rows.count())) {
            throw new UserError(
                    column + " has " + classes.size() + " distinct numbers in " + rows.count() + " rows, such as "
                            + classes.get(classes.size() / 2) + ": too many for classes",
                    SettingNames.mention("task", "regression") + " predicts numbers, "
                            + SettingNames.mention("task", "classification") + " insists on classes",
                    null);
        }
        return classes;
    }

    /**
     * Returns whether labels look like numbers that a regression should predict: fractions of which there are more than usual
     * classes, or more than ten with less than five rows each; or more whole numbers than usual classes with few rows each,
     * unless they are 0, 1, 2, ... or 1, 2, 3, ...
     */
    static boolean areTargets(List<String> classes, long rows) {
        if (!classes.stream().allMatch(Labeling::isNumber)) {
            return false;
        }
        int count = classes.size();
        if (!classes.stream().mapToDouble(Decimals::parse).allMatch(value -> value == Math.rint(value))) {
            return count > USUAL_CLASSES || (count > 10 && rows < 5L * count);
        }
        double first = Decimals.parse(classes.get(0));
        double last = Decimals.parse(classes.get(count - 1));
        boolean areCodes = (first == 0 || first == 1) && last - first == count - 1;
        return count > USUAL_CLASSES && !areCodes && rows < (long) ROWS_OF_A_CLASS * count;
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
                    throw new UserError(column + " has no values", Columns.excludeHint(name), null);
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

    /** Fails when a column that holds some text looks like numbers, or like names. */
    private static void expectCategories(NumberedRows rows, int i, Found found) {
        String name = rows.columns().features().get(i);
        String waysOut = SettingNames.mention("categorical", FeatureKinds.AUTO + "," + name)
                + " makes categories of the column, " + Columns.excludeHint(name);
        if (2 * found.numbers() > found.cells()) {
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
        if (found.values().size() > USUAL_CATEGORIES && 2L * found.values().size() > found.cells()) {
            throw new UserError(
                    rows.table() + ", column " + name + " has " + found.values().size() + " distinct texts in "
                            + found.cells() + " cells, such as \""
                            + OneLine.of(Collections.min(found.values()), 60)
                            + "\": names or ids, from which nothing can be learnt",
                    waysOut,
                    null);
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
