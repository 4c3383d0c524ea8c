package io.firesteel.table;

import io.firesteel.base.SettingNames;
import io.firesteel.model.CellRules;
import io.firesteel.model.CellRules.BadCell;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parses lines {@code label index:value index:value ...}: an absent feature is 0, and indices may come in any order. A pair
 * {@code qid:value} is that of a query, and is not read.
 *
 * @param features the number of features
 * @param firstIndex the index of the first feature, 0 or 1
 * @param isLabeled whether the label is read
 * @param hasClasses whether labels are classes
 * @param isNonNegative whether a label below 0 is refused
 * @param allowsMissing whether a value may be NaN
 */
record LibSvmParser(
        int features,
        int firstIndex,
        boolean isLabeled,
        boolean hasClasses,
        boolean isNonNegative,
        boolean allowsMissing)
        implements RowParser {
    /** The greatest index that is not taken for a mistake. */
    static final int MOST_FEATURES = 1_000_000;

    private static final String QUERY = "qid:";

    static LibSvmParser of(Schema schema, Columns columns) {
        return new LibSvmParser(
                columns.features().size(),
                columns.firstIndex(schema),
                !columns.labels().isEmpty(),
                columns.task() == Task.CLASSIFICATION,
                columns.nonNegative(),
                columns.rules(false).allowsMissing());
    }

    @Override
    public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
        String line = row.text(0).trim();
        String[] parts = line.split("\\s+");
        double label = label(parts[0]);
        if (isLabeled) {
            into.set(features, hasClasses ? dictionary.index(features, Labeling.name(label)) : label);
        }
        int[] indices = new int[parts.length];
        double[] values = new double[parts.length];
        int pairs = 0;
        boolean areSorted = true;
        for (int i = 1; i < parts.length && !parts[i].startsWith("#"); i++) {
            if (parts[i].startsWith(QUERY)) {
                continue;
            }
            int colon = parts[i].indexOf(':');
            int index = colon < 0 ? -1 : index(parts[i].substring(0, colon));
            expectIndex(parts[i], index);
            areSorted = areSorted && (pairs == 0 || index > indices[pairs - 1]);
            indices[pairs] = index;
            values[pairs++] = value(parts[i], index, parts[i].substring(colon + 1));
        }
        if (!areSorted) {
            sort(indices, values, pairs);
        }
        for (int i = 0; i < pairs; i++) {
            into.set(indices[i] - firstIndex, values[i]);
        }
    }

    private void expectIndex(String pair, int index) throws BadRow {
        if (index < firstIndex) {
            String problem = "is not an index:value pair with an index above " + (firstIndex - 1);
            String hint = index == 0
                    ? SettingNames.mention("option", Format.ZERO_BASED + "=true") + " takes 0 for the first index"
                    : "";
            throw new BadRow(RowFault.of(null, pair, problem, hint));
        }
        if (index > MOST_FEATURES) {
            throw bad(pair, "is of feature " + index + ": expected an index of at most " + MOST_FEATURES);
        }
        int last = firstIndex + features - 1;
        if (index > last) {
            throw bad(
                    pair, "is of feature " + index + ": the model has only the features " + firstIndex + " to " + last);
        }
    }

    /** Sorts pairs by their indices; one that is there twice is refused. */
    private static void sort(int[] indices, double[] values, int pairs) throws BadRow {
        TreeMap<Integer, Double> sorted = new TreeMap<>();
        for (int i = 0; i < pairs; i++) {
            if (sorted.put(indices[i], values[i]) != null) {
                throw bad(indices[i] + ":" + Labeling.name(values[i]), "has an index that the line has twice");
            }
        }
        int i = 0;
        for (Map.Entry<Integer, Double> pair : sorted.entrySet()) {
            indices[i] = pair.getKey();
            values[i++] = pair.getValue();
        }
    }

    private double label(String text) throws BadRow {
        try {
            double label = CellRules.parsed(text, 0);
            if (isLabeled && isNonNegative && label < 0) {
                throw new BadRow(RowFault.of(Columns.LIBSVM_LABEL, text, CellParser.NEGATIVE, ""));
            }
            return label;
        } catch (BadCell e) {
            throw new BadRow(RowFault.of(Columns.LIBSVM_LABEL, text, problem(e), ""));
        }
    }

    private double value(String pair, int index, String text) throws BadRow {
        if (allowsMissing && CellRules.isNan(text)) {
            return Double.NaN;
        }
        try {
            return CellRules.parsed(text, index);
        } catch (BadCell e) {
            throw bad(pair, "gives feature " + index + " a value that " + problem(e));
        }
    }

    private static String problem(BadCell cell) {
        return cell.problem() == CellRules.Problem.NOT_FINITE ? "is not a finite number" : "is not a number";
    }

    private static BadRow bad(String part, String problem) {
        return new BadRow(RowFault.ofRow(part, problem));
    }

    /** Returns the greatest index of a line; 0 if it has none. */
    static int greatestIndex(String line) {
        int greatest = 0;
        for (String part : line.trim().split("\\s+")) {
            if (part.startsWith("#")) {
                break; // a comment
            }
            int colon = part.indexOf(':');
            if (colon > 0) {
                greatest = Math.max(greatest, index(part.substring(0, colon)));
            }
        }
        return greatest;
    }

    private static int index(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
