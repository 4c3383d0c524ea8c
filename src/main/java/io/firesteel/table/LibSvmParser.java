package io.firesteel.table;

import io.firesteel.model.CellRules;
import io.firesteel.model.CellRules.BadCell;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;

/**
 * Parses lines {@code label index:value index:value ...}: indices start from 1 and ascend, and an absent feature is 0.
 *
 * @param features the number of features
 * @param isLabeled whether the label is read
 * @param hasClasses whether labels are classes
 * @param isNonNegative whether a label below 0 is refused
 * @param allowsMissing whether a value may be NaN
 */
record LibSvmParser(int features, boolean isLabeled, boolean hasClasses, boolean isNonNegative, boolean allowsMissing)
        implements RowParser {
    /** The greatest index that is not taken for a mistake. */
    static final int MOST_FEATURES = 1_000_000;

    static LibSvmParser of(Columns columns) {
        return new LibSvmParser(
                columns.features().size(),
                !columns.labels().isEmpty(),
                columns.task() == Task.CLASSIFICATION,
                columns.nonNegative(),
                columns.rules().allowsMissing());
    }

    @Override
    public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
        String line = row.text(0).trim();
        String[] parts = line.split("\\s+");
        double label = label(parts[0]);
        if (isLabeled) {
            into.set(features, hasClasses ? dictionary.index(features, Labeling.name(label)) : label);
        }
        int previous = 0;
        for (int i = 1; i < parts.length && !parts[i].startsWith("#"); i++) {
            int colon = parts[i].indexOf(':');
            int index = colon < 0 ? -1 : index(parts[i].substring(0, colon));
            if (index <= previous) {
                throw bad(parts[i], "is not an index:value pair with an index above " + previous);
            }
            if (index > MOST_FEATURES) {
                throw bad(parts[i], "is of feature " + index + ": expected an index of at most " + MOST_FEATURES);
            }
            if (index > features) {
                throw bad(parts[i], "is of feature " + index + ": the model has only the features 1 to " + features);
            }
            into.set(index - 1, value(parts[i], index, parts[i].substring(colon + 1)));
            previous = index;
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
