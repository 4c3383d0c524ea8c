package io.firesteel.table;

import io.firesteel.base.SettingNames;
import io.firesteel.model.CellRules;
import io.firesteel.model.CellRules.BadCell;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;

/**
 * Parses the cells of a table in the order of {@link Columns}: features, or vectors of some of them, labels, weight; then
 * perhaps the whole of a bad row; then perhaps the mark of a row that is held out. {@link CellRules} says what a cell may be.
 *
 * @param names of the columns
 * @param kinds of their cells
 * @param columns which of them are what
 * @param raggedProblem what is wrong with a row whose last cell is set; null when that cell is not there
 * @param markKind the kind of the mark; null when it is not there
 * @param rules for the features
 */
record CellParser(
        List<String> names, List<Kind> kinds, Columns columns, String raggedProblem, Kind markKind, CellRules rules)
        implements RowParser {
    /** The problem of a negative target where the loss needs targets of 0 or more. */
    static final String NEGATIVE = "is negative: the poisson loss expects targets of 0 or more";

    /** The way out for a number that is written as people read it. */
    static final String FOREIGN =
            "write numbers as 1234.5: with a decimal point, without thousands separators, currency or "
                    + "percent signs";

    /** Matches the beginning of a date or a time that may be written in another way than ISO 8601. */
    private static final String DATE = "\\d{4}-\\d{1,2}-\\d{1,2}.*|\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}.*|\\d{1,2}:\\d{2}.*";

    /** Below this, the name of a whole number is that of the double of the same value. */
    private static final long SHORT_LONG = 1_000_000_000_000_000L;

    /** Maximum number of categories that a message lists. */
    private static final int MOST_LISTED = 12;

    @Override
    public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
        if (raggedProblem != null && !row.isNull(names.size())) {
            throw new BadRow(RowFault.ofRow(row.text(names.size()), raggedProblem));
        }
        int cells = featureCells();
        try {
            if (areEncoded() || !row.setFeatures(into)) {
                for (int i = 0; i < cells; i++) {
                    Kind kind = kinds.get(i);
                    if (kind == Kind.VECTOR || kind == Kind.ARRAY) {
                        setElements(row, i, kind, into);
                    } else {
                        rules.read(row, i, kind, dictionary, into);
                    }
                }
            }
            int further = columns.features().size() - cells; // the number of a cell's column, less that of the cell
            for (int i = cells; i < names.size(); i++) {
                into.set(further + i, isLabel(i) ? target(row, i, dictionary) : weight(row, i));
            }
        } catch (BadCell e) {
            throw new BadRow(fault(e));
        }
    }

    /** Returns whether a column is of categories, known already or not, or of dates. */
    private boolean areEncoded() {
        return !columns.encoding().categories().isEmpty()
                || !columns.encoding().dates().isEmpty();
    }

    /** Returns the number of cells that hold the features. */
    private int featureCells() {
        return names.size() - columns.others();
    }

    private boolean isFeature(int i) {
        return i < featureCells();
    }

    private boolean isLabel(int i) {
        int label = i - featureCells();
        return label >= 0 && label < columns.labels().size();
    }

    /** Sets the features that are the elements of a vector or an array. */
    private void setElements(RowView row, int i, Kind kind, Rows.Builder into) throws BadRow {
        int expected = columns.vectors().get(names.get(i));
        String what = kind == Kind.VECTOR ? "a vector" : "an array";
        if (row.isNull(i)) {
            if (!rules.allowsMissing()) {
                throw bad(i, null, "the cell is empty, expected " + what, missingHint(i));
            }
            for (int k = 0; k < expected; k++) {
                into.set(rules.firstFeature(i) + k, Double.NaN);
            }
            return;
        }
        Vector vector = kind == Kind.VECTOR ? row.vector(i) : null;
        double[] values = vector == null ? row.array(i) : vector instanceof SparseVector ? null : vector.toArray();
        int size = vector == null ? values.length : vector.size();
        if (size != expected) {
            throw bad(
                    i,
                    null,
                    what + " of " + size + " numbers, expected " + expected,
                    Columns.excludeHint(names.get(i)));
        }
        if (vector instanceof SparseVector sparse) {
            for (int p = 0; p < sparse.indices().length; p++) {
                setElement(i, sparse.indices()[p], sparse.values()[p], into);
            }
        } else {
            for (int k = 0; k < values.length; k++) {
                setElement(i, k, values[k], into);
            }
        }
    }

    private void setElement(int i, int k, double value, Rows.Builder into) throws BadRow {
        boolean isNaN = Double.isNaN(value);
        if (!Double.isFinite(value) && !(isNaN && rules.allowsMissing())) {
            String place = names.get(i) + ", element " + k;
            throw new BadRow(
                    RowFault.of(place, Double.toString(value), "is not a finite number", isNaN ? missingHint(i) : ""));
        }
        into.set(rules.firstFeature(i) + k, value);
    }

    private double target(RowView row, int i, Dictionary dictionary) throws BadRow, BadCell {
        Kind kind = kinds.get(i);
        return switch (columns.task()) {
            case CLASSIFICATION -> {
                int column = columns.features().size();
                yield isNumber(row, i, kind)
                        ? dictionary.index(column, rules.number(row, i, kind))
                        : dictionary.index(column, CellRules.label(row, i, kind));
            }
            case REGRESSION -> {
                double target = rules.number(row, i, kind);
                if (columns.nonNegative() && target < 0) {
                    throw bad(i, Double.toString(target), NEGATIVE, "");
                }
                yield target;
            }
            case MULTILABEL -> zeroOrOne(row, i, kind);
        };
    }

    /** Returns whether the cell's exact value is a double, whose name is looked up sooner than a text. */
    private static boolean isNumber(RowView row, int i, Kind kind) {
        return kind == Kind.NUMBER || (kind == Kind.LONG && !row.isNull(i) && Math.abs(row.whole(i)) < SHORT_LONG);
    }

    private double zeroOrOne(RowView row, int i, Kind kind) throws BadRow, BadCell {
        if (kind == Kind.TEXT && !row.isNull(i)) {
            String text = row.text(i).toLowerCase(Locale.ROOT);
            if (text.equals("false") || text.equals("true")) {
                return text.equals("true") ? 1 : 0;
            }
        }
        double value = rules.number(row, i, kind);
        if (value != 0 && value != 1) {
            throw bad(i, Labeling.name(value), "is not 0 or 1", targetHint());
        }
        return value;
    }

    private double weight(RowView row, int i) throws BadRow, BadCell {
        double weight = rules.number(row, i, kinds.get(i));
        if (weight < 0) {
            throw bad(i, Double.toString(weight), "is not a weight of 0 or more", "");
        }
        return weight;
    }

    @Override
    public boolean isMarked(RowView row) throws BadRow {
        if (markKind == null) {
            return false;
        }
        int at = names.size() + (raggedProblem == null ? 0 : 1);
        if (row.isNull(at)) {
            throw notAMark("");
        }
        if (markKind == Kind.BOOLEAN) {
            return row.isTrue(at);
        }
        String text = markKind == Kind.NUMBER
                ? Labeling.name(row.number(at))
                : row.text(at).trim();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw notAMark(text);
        };
    }

    private BadRow notAMark(String text) {
        return new BadRow(RowFault.of(
                columns.mark(), text, "does not say whether the row is held out: expected 0, 1, true or false", ""));
    }

    private BadRow bad(int i, String value, String problem, String hint) {
        return new BadRow(RowFault.of(names.get(i), value, problem, hint));
    }

    private RowFault fault(BadCell cell) {
        int i = cell.cell();
        String column = names.get(i);
        return switch (cell.problem()) {
            case EMPTY -> RowFault.of(column, null, "the cell is empty, expected a value", missingHint(i));
            case NOT_FINITE ->
                RowFault.of(
                        column,
                        cell.value(),
                        "is not a finite number",
                        cell.isMissing() ? missingHint(i) : infiniteHint(i, cell.value()));
            case UNSEEN ->
                RowFault.of(
                        column,
                        cell.value(),
                        "is not a category of the training data: expected "
                                + listed(columns.encoding().categories().get(column)),
                        SettingNames.mention("unseen", "ignore") + " allows others");
            case NOT_A_DATE -> {
                if (cell.isMissing()) {
                    yield RowFault.of(column, cell.value(), "stands for a missing value", missingHint(i));
                }
                yield RowFault.of(
                                column,
                                cell.value(),
                                "is not a date or time: expected such as 2024-03-01 or 2024-03-01T12:30:00",
                                Columns.excludeHint(column))
                        .as(RowFault.Kind.TEXT);
            }
            case TIME ->
                RowFault.of(
                                column,
                                cell.value(),
                                "has a time of the day, which the dates of the training did not have",
                                "give dates alone, or train on times")
                        .as(RowFault.Kind.TEXT);
            case NOT_A_NUMBER -> {
                if (cell.isMissing()) {
                    yield RowFault.of(column, cell.value(), "stands for a missing value", missingHint(i));
                }
                RowFault fault = RowFault.of(column, cell.value(), "is not a number", numberHint(i, cell.value()));
                yield isFeature(i) ? fault.as(RowFault.Kind.TEXT) : fault;
            }
        };
    }

    private static String listed(List<String> categories) {
        return String.join(", ", categories.subList(0, Math.min(MOST_LISTED, categories.size())))
                + (categories.size() > MOST_LISTED ? ", ... (" + categories.size() + " in all)" : "");
    }

    private String missingHint(int i) {
        if (isLabel(i)) {
            return "leave out the rows that have no label";
        }
        return isFeature(i)
                ? "train with " + SettingNames.mention("missing", Missing.MEAN) + " to allow missing values"
                : "";
    }

    /** Returns the way out for an infinite feature; the reader of text can take such cells for missing. */
    private String infiniteHint(int i, String text) {
        if (!isFeature(i)) {
            return "";
        }
        String exclude = Columns.excludeHint(names.get(i));
        return kinds.get(i) == Kind.TEXT
                ? SettingNames.mention("option", "nullValue=" + text) + " and "
                        + SettingNames.mention("missing", Missing.MEAN) + " take such cells for missing, " + exclude
                : exclude;
    }

    private String numberHint(int i, String text) {
        if (CellRules.isForeignNumber(text)) {
            return FOREIGN + (isFeature(i) ? "; " + Columns.excludeHint(names.get(i)) : "");
        }
        if (isFeature(i)) {
            String exclude = Columns.excludeHint(names.get(i));
            if (CellRules.isDate(text)) {
                return Columns.datesHint("makes numbers of dates") + exclude;
            }
            return text.matches(DATE)
                    ? Columns.datesHint("makes numbers of dates such as 2024-03-01") + exclude
                    : SettingNames.mention("categorical", names.get(i)) + " makes categories of the column, " + exclude;
        }
        return isLabel(i) ? targetHint() : "";
    }

    private String targetHint() {
        return columns.task() == Task.MULTILABEL
                ? "each of several labels is 0 or 1, or false or true"
                : "a regression's targets are numbers";
    }
}
