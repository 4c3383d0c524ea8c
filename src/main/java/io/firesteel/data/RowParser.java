package io.firesteel.data;

import io.firesteel.model.Decimals;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/** Reads the numbers and the label of one row. */
interface RowParser extends Serializable {
    /** A row that cannot be used; the message is to be read after "row 17". */
    final class BadRow extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean isText;

        BadRow(String message) {
            this(message, false);
        }

        BadRow(String message, boolean isText) {
            super(message, null, false, false);
            this.isText = isText;
        }

        /** Whether it is a text in a column of numbers. */
        boolean isText() {
            return isText;
        }
    }

    /** Gives the label of a class, and a category that may be any, its index within the batch. */
    interface Dictionary {
        int index(int column, String text);

        /** That of a number's name. */
        default int index(int column, double number) {
            return index(column, Labeling.name(number));
        }
    }

    /** The cells of a row, as Spark holds them. */
    interface RowView {
        boolean isNull(int i);

        String text(int i);

        default double number(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        default boolean isTrue(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        default Vector vector(int i) {
            throw new UnsupportedOperationException("a row of texts");
        }

        /** Sets all features at once, if they are known to be finite numbers; says whether it did. */
        default boolean setFeatures(Rows.Builder into) {
            return false;
        }
    }

    /** How a date begins, or a time. */
    String DATE = "\\d{4}-\\d{1,2}-\\d{1,2}.*|\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}.*|\\d{1,2}:\\d{2}.*";

    /** What is wrong with a target below 0 where that is refused. */
    String NEGATIVE = "is negative: the poisson loss expects targets of 0 or more";

    /** Sets features, NaN for one that is missing, targets and weight of the row that {@code into} has begun. */
    void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow;

    /** Whether a row that is parsed is marked as held out. */
    default boolean isMarked(RowView row) throws BadRow {
        return false;
    }

    /**
     * Cells of a table in the order of {@link Columns}: features, or the one vector that they are in, labels, weight; then
     * perhaps the whole of a bad row; then perhaps the mark of a row that is held out.
     *
     * @param names of the columns
     * @param types of the columns: text, a boolean, a double or vectors
     * @param columns which of them are what
     * @param raggedProblem what is wrong with a row whose last cell is set; null when that cell is not there
     * @param markType the type of the mark; null when it is not there
     * @param categorical for each feature whether it is one
     * @param known the categories of each feature; null where it is a number, and where they may be any
     */
    record Cells(
            List<String> names,
            List<DataType> types,
            Columns columns,
            String raggedProblem,
            DataType markType,
            boolean[] categorical,
            Labeling.Lookup[] known)
            implements RowParser {
        static Cells of(
                List<String> names, List<DataType> types, Columns columns, String raggedProblem, DataType markType) {
            boolean[] categorical = new boolean[columns.features().size()];
            Labeling.Lookup[] known = new Labeling.Lookup[categorical.length];
            Map<Integer, Labeling.Lookup> categories = columns.categories();
            for (int i = 0; i < categorical.length; i++) {
                categorical[i] =
                        columns.encoding().isCategory(columns.features().get(i));
                known[i] = categories.get(i);
            }
            return new Cells(names, types, columns, raggedProblem, markType, categorical, known);
        }

        @Override
        public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
            if (raggedProblem != null && !row.isNull(names.size())) {
                throw new BadRow(": \"" + abbreviated(row.text(names.size())) + "\" " + raggedProblem);
            }
            int cells = featureCells();
            if (columns.vector() != null) {
                setVector(row, into);
            } else if (hasCategories() || !row.setFeatures(into)) {
                for (int i = 0; i < cells; i++) {
                    into.set(i, feature(row, i, dictionary));
                }
            }
            int further = columns.features().size() - cells; // the number of a cell's column, less that of the cell
            for (int i = cells; i < names.size(); i++) {
                into.set(further + i, isLabel(i) ? target(row, i, dictionary) : weight(row, i));
            }
        }

        /** Whether a feature is a category, of which the values are known or are to be found. */
        private boolean hasCategories() {
            return !columns.encoding().categories().isEmpty();
        }

        /** How many cells the features take. */
        private int featureCells() {
            return columns.vector() == null ? columns.features().size() : 1;
        }

        private boolean isFeature(int i) {
            return i < featureCells();
        }

        private boolean isLabel(int i) {
            int label = i - featureCells();
            return label >= 0 && label < columns.labels().size();
        }

        private void setVector(RowView row, Rows.Builder into) throws BadRow {
            if (row.isNull(0)) {
                throw new BadRow(", column " + names.get(0) + ": the cell is empty, expected a vector");
            }
            Vector vector = row.vector(0);
            if (vector.size() != columns.features().size()) {
                throw new BadRow(", column " + names.get(0) + ": a vector of " + vector.size() + " numbers, expected "
                        + columns.features().size());
            }
            if (vector instanceof SparseVector sparse) {
                for (int p = 0; p < sparse.indices().length; p++) {
                    setElement(sparse.indices()[p], sparse.values()[p], into);
                }
            } else {
                double[] values = vector.toArray();
                for (int i = 0; i < values.length; i++) {
                    setElement(i, values[i], into);
                }
            }
        }

        private void setElement(int i, double value, Rows.Builder into) throws BadRow {
            boolean missing = Double.isNaN(value) && columns.encoding().missing() == Missing.MEAN;
            if (!Double.isFinite(value) && !missing) {
                throw new BadRow(", column " + names.get(0) + ", element " + i + ": \"" + value
                        + "\" is not a finite number" + (Double.isNaN(value) ? missingHint(0) : ""));
            }
            into.set(i, value);
        }

        private double feature(RowView row, int i, Dictionary dictionary) throws BadRow {
            if (columns.encoding().missing() == Missing.MEAN && isMissing(row, i)) {
                return Double.NaN;
            }
            if (!categorical[i]) {
                return number(row, i);
            }
            String category = label(row, i);
            if (known[i] == null) {
                return dictionary.index(i, category);
            }
            int index = known[i].index(category);
            if (index < 0 && columns.encoding().unseen() == Unseen.ERROR) {
                throw bad(
                        i,
                        category,
                        unseenProblem(columns.encoding().categories().get(names.get(i))));
            }
            return index < 0 ? Double.NaN : index;
        }

        private static String unseenProblem(List<String> known) {
            int most = 12;
            return "is not a category of the training data: expected "
                    + String.join(", ", known.subList(0, Math.min(most, known.size())))
                    + (known.size() > most ? ", ... (" + known.size() + " in all)" : "")
                    + " (train --unseen ignore lets others be)";
        }

        private boolean isMissing(RowView row, int i) {
            return row.isNull(i)
                    || (types.get(i) instanceof DoubleType && Double.isNaN(row.number(i)))
                    || (types.get(i) instanceof StringType && (row.text(i).isBlank() || isNaN(row.text(i))));
        }

        private static boolean isNaN(String text) {
            return text.equalsIgnoreCase("nan");
        }

        private double target(RowView row, int i, Dictionary dictionary) throws BadRow {
            return switch (columns.task()) {
                case CLASSIFICATION -> {
                    int column = columns.features().size();
                    yield types.get(i) instanceof DoubleType && !row.isNull(i)
                            ? dictionary.index(column, number(row, i))
                            : dictionary.index(column, label(row, i));
                }
                case REGRESSION -> {
                    double target = number(row, i);
                    if (columns.nonNegative() && target < 0) {
                        throw bad(i, target, NEGATIVE);
                    }
                    yield target;
                }
                case MULTILABEL -> zeroOrOne(row, i);
            };
        }

        private double zeroOrOne(RowView row, int i) throws BadRow {
            if (types.get(i) instanceof StringType && !row.isNull(i)) {
                String text = row.text(i).toLowerCase(Locale.ROOT);
                if (text.equals("false") || text.equals("true")) {
                    return text.equals("true") ? 1 : 0;
                }
            }
            double value = number(row, i);
            if (value != 0 && value != 1) {
                throw bad(i, Labeling.name(value), "is not 0 or 1" + hint(i, ""));
            }
            return value;
        }

        private double weight(RowView row, int i) throws BadRow {
            double weight = number(row, i);
            if (weight < 0) {
                throw bad(i, weight, "is not a weight of 0 or more");
            }
            return weight;
        }

        @Override
        public boolean isMarked(RowView row) throws BadRow {
            if (markType == null) {
                return false;
            }
            int at = names.size() + (raggedProblem == null ? 0 : 1);
            if (row.isNull(at)) {
                throw notAMark("");
            }
            if (markType instanceof BooleanType) {
                return row.isTrue(at);
            }
            String text = markType instanceof DoubleType
                    ? Labeling.name(row.number(at))
                    : row.text(at).trim();
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "1", "true" -> true;
                case "0", "false" -> false;
                default -> throw notAMark(text);
            };
        }

        private BadRow notAMark(String text) {
            return new BadRow(", column " + columns.mark() + ": \"" + abbreviated(text)
                    + "\" does not say whether the row is held out: expected 0, 1, true or false");
        }

        private double number(RowView row, int i) throws BadRow {
            if (row.isNull(i)) {
                throw empty(i);
            }
            DataType type = types.get(i);
            if (type instanceof DoubleType) {
                double value = row.number(i);
                return Double.isFinite(value) ? value : notFinite(i, value, value);
            }
            if (type instanceof BooleanType) {
                return row.isTrue(i) ? 1 : 0;
            }
            String text = row.text(i);
            try {
                double value = Decimals.parse(text);
                return Double.isFinite(value) ? value : notFinite(i, value, text);
            } catch (NumberFormatException e) {
                throw text.isBlank() ? empty(i) : bad(i, text, "is not a number" + hint(i, text), isFeature(i));
            }
        }

        private double notFinite(int i, double value, Object cell) throws BadRow {
            throw bad(i, cell, "is not a finite number" + (Double.isNaN(value) ? missingHint(i) : ""));
        }

        private String label(RowView row, int i) throws BadRow {
            if (row.isNull(i)) {
                throw empty(i);
            }
            DataType type = types.get(i);
            if (type instanceof DoubleType) {
                return Labeling.name(number(row, i));
            }
            String text = type instanceof BooleanType ? Boolean.toString(row.isTrue(i)) : row.text(i);
            if (text.isBlank()) {
                throw empty(i);
            }
            return text;
        }

        private BadRow empty(int i) {
            return new BadRow(", column " + names.get(i) + ": the cell is empty, expected a value" + missingHint(i));
        }

        private BadRow bad(int i, Object value, String what) {
            return bad(i, value, what, false);
        }

        private BadRow bad(int i, Object value, String what, boolean isText) {
            String cell = abbreviated(String.valueOf(value));
            return new BadRow(", column " + names.get(i) + ": \"" + cell + "\" " + what, isText);
        }

        private String missingHint(int i) {
            return isFeature(i) ? " (train --missing mean lets values be missing)" : "";
        }

        private String hint(int i, String text) {
            if (isFeature(i)) {
                String instead = text.matches(DATE)
                        ? " (of a date give year, month, ... as numbers; --exclude "
                        : " (--categorical " + names.get(i) + " makes categories of the column, --exclude ";
                return instead + names.get(i) + " leaves it out)";
            }
            return !isLabel(i)
                    ? ""
                    : columns.task() == Task.MULTILABEL
                            ? " (each of several labels is 0 or 1, or false or true)"
                            : " (a regression's targets are numbers)";
        }
    }

    /**
     * Lines "label index:value index:value ...", indices from 1 and ascending, absent ones 0.
     *
     * @param features the number of features
     * @param nonNegative whether a label below 0 is refused
     * @param missing whether a value may be NaN
     */
    record LibSvm(int features, boolean labeled, boolean classes, boolean nonNegative, boolean missing)
            implements RowParser {
        /** A greater index is taken for a mistake. */
        static final int MOST_FEATURES = 1_000_000;

        @Override
        public void parse(RowView row, Dictionary dictionary, Rows.Builder into) throws BadRow {
            String line = row.text(0).trim();
            String[] parts = line.split("\\s+");
            double label = number("label", parts[0]);
            if (labeled && nonNegative && label < 0) {
                throw new BadRow(", label: \"" + abbreviated(parts[0]) + "\" " + NEGATIVE);
            }
            if (labeled) {
                into.set(features, classes ? dictionary.index(features, Labeling.name(label)) : label);
            }
            int previous = 0;
            for (int i = 1; i < parts.length && !parts[i].startsWith("#"); i++) {
                int colon = parts[i].indexOf(':');
                int index = colon < 0 ? -1 : index(parts[i].substring(0, colon));
                if (index <= previous) {
                    throw new BadRow(": \"" + abbreviated(parts[i])
                            + "\" is not an index:value pair with an index above " + previous);
                }
                if (index > MOST_FEATURES) {
                    throw new BadRow(", feature " + index + ": expected an index of at most " + MOST_FEATURES);
                }
                if (index > features) {
                    throw new BadRow(", feature " + index + ": the model has the features 1 to " + features + " only");
                }
                String value = parts[i].substring(colon + 1);
                boolean isMissing = missing && value.equalsIgnoreCase("nan");
                into.set(index - 1, isMissing ? Double.NaN : number("feature " + index, value));
                previous = index;
            }
        }

        static int index(String text) {
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                return -1;
            }
        }

        private static double number(String what, String text) throws BadRow {
            double value;
            try {
                value = Decimals.parse(text);
            } catch (NumberFormatException e) {
                throw new BadRow(", " + what + ": \"" + abbreviated(text) + "\" is not a number");
            }
            if (!Double.isFinite(value)) {
                throw new BadRow(", " + what + ": \"" + abbreviated(text) + "\" is not a finite number");
            }
            return value;
        }
    }

    /** Whether a column of this type can hold numbers or labels. */
    static boolean isReadable(DataType type) {
        return type instanceof NumericType || type instanceof BooleanType || type instanceof StringType;
    }

    private static String abbreviated(String text) {
        return StringUtils.abbreviate(text.replaceAll("\\s+", " "), 60);
    }
}
