package io.firesteel.model;

import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules by which a cell of a table becomes a number, for tables on Spark ({@code io.firesteel.table}) and for rows that are
 * scored without it ({@link TrainedModel#scoreRow}). A graph of {@code io.firesteel.export} follows them, too.
 *
 * <ol>
 *   <li>A cell is <i>missing</i> when it is null, a blank text, a number that is NaN, or a text that is {@code nan} in any case;
 *       in a feature that is a number also a text that is one of {@code NA, N/A, ?, NULL, None, -} in any case, which in a
 *       category is a text like any other. Where missing values are allowed (all but {@link Missing#ERROR}), a missing feature is NaN;
 *       where they are not, it is refused, but for the text {@code nan} in a category, which then is a text like any other.
 *   <li>A feature that is a <i>number</i> may be a finite number, a text that writes one ({@link Decimals}), or a boolean: 1 for
 *       true, 0 for false.
 *   <li>A feature that is a <i>category</i> is the index of its text, or of the name of its exact value, among the known
 *       categories ({@link Labeling.Lookup}). A category that is not known is NaN with {@link Unseen#IGNORE}, else refused.
 *   <li>A column of <i>dates</i> is several features, its {@link DatePart}s. Its cells are dates, times or texts that write one in
 *       ISO 8601; which of them are missing is as for numbers. A time of the day is refused where the column had none in
 *       training.
 * </ol>
 */
public final class CellRules implements Serializable {
    private static final long serialVersionUID = 1;

    /** The type in which a cell is held. */
    public enum Kind {
        NUMBER,
        TEXT,
        BOOLEAN,
        /** A whole number that names a class or a category. */
        LONG,
        /** A number in single precision that names a class or a category. */
        FLOAT,
        /** A decimal number that names a class or a category; it is held as text. */
        DECIMAL,
        /** A date, held as the number of days since 1970-01-01. */
        DATE,
        /** A time, held as the number of microseconds since the beginning of 1970. */
        MICROS,
        /** A time, held as the number of nanoseconds since the beginning of 1970. */
        NANOS,
        /** A time as clocks show it, held as the microseconds since 1970 at which those of this process's time zone show it. */
        LOCAL,
        /** Several numbers, held as a vector of Spark ML; these rules leave them to who reads them. */
        VECTOR,
        /** Several numbers, held as an array; likewise. */
        ARRAY;

        /** Returns how values are compared with the classes or categories that a column of such cells held. */
        public Compared compared() {
            return switch (this) {
                case TEXT -> Compared.TEXT;
                case BOOLEAN, LONG, DECIMAL, DATE, MICROS, NANOS, LOCAL, VECTOR, ARRAY -> Compared.EXACT;
                case FLOAT -> Compared.FLOAT;
                case NUMBER -> Compared.DOUBLE;
            };
        }
    }

    /** The cells of a row, by their places. The getter to call is that of the cell's kind, unless the cell is null. */
    public interface Cells {
        /** Returns whether a cell is null. */
        boolean isNull(int i);

        /** Returns the text of a cell. */
        String text(int i);

        /**
         * Returns the number that the text of a cell writes.
         *
         * @throws NumberFormatException when it writes none
         */
        default double decimal(int i) {
            return Decimals.parse(text(i));
        }

        /** Returns the number of a cell, whose kind is {@link Kind#NUMBER} or {@link Kind#FLOAT}. */
        double number(int i);

        /** Returns the whole number of a cell. */
        long whole(int i);

        /** Returns the number of days of a cell, whose kind is {@link Kind#DATE}. */
        int days(int i);

        /** Returns the boolean of a cell. */
        boolean isTrue(int i);
    }

    /** The reason why a cell cannot be used. */
    public enum Problem {
        /** It is null or blank. */
        EMPTY,
        /** It is a text that writes no number. */
        NOT_A_NUMBER,
        /** It is infinite or NaN. */
        NOT_FINITE,
        /** It is none of the known categories. */
        UNSEEN,
        /** It is no date, in a column of dates. */
        NOT_A_DATE,
        /** It has a time of the day, in a column of dates that has none. */
        TIME
    }

    /** A cell that cannot be used. It has no stack trace: a task may meet many. */
    public static final class BadCell extends Exception {
        private static final long serialVersionUID = 1;

        private final int cell;
        private final Problem problem;
        private final String value;

        private BadCell(int cell, Problem problem, String value) {
            super(problem + ": " + value, null, false, false);
            this.cell = cell;
            this.problem = problem;
            this.value = value;
        }

        /** Returns the cell's place in the row. */
        public int cell() {
            return cell;
        }

        /** Returns the reason why it cannot be used. */
        public Problem problem() {
            return problem;
        }

        /** Returns its value as text; null where it is empty. */
        public String value() {
            return value;
        }

        /** Returns whether it is NaN or another text that stands for a missing number where these are allowed. */
        public boolean isMissing() {
            return value != null && isMarker(value);
        }
    }

    /** A receiver of the features of a row, in ascending order. */
    @FunctionalInterface
    public interface Features {
        /** Sets feature {@code i}. */
        void set(int i, double value);
    }

    /** A numbering of the categories of features whose categories are still to be learnt. */
    @FunctionalInterface
    public interface Dictionary {
        /** Returns the index of a category of feature {@code i}. */
        int index(int i, String category);
    }

    private static final Set<String> MARKERS = Set.of("na", "n/a", "?", "null", "none", "nan", "-");
    private static final int LONGEST_MARKER = 4;

    private static final String GROUPS = "(\\d+|\\d{1,3}([., '\u00a0\u202f]\\d{3})+)([.,]\\d+)?";
    private static final String UNIT = "[\\s\u00a0\u202f]?(%|\\p{Sc}|EUR|USD|GBP|CHF|JPY)";
    private static final Pattern FOREIGN_NUMBER =
            Pattern.compile("\\p{Sc}?[\\s\u00a0]?[-+]?\\p{Sc}?" + GROUPS + "(" + UNIT + ")?");

    private final boolean decimalCommas;
    private final boolean missingAllowed;
    private final boolean unseenAllowed;
    private final boolean[] categorical;
    private final Labeling.Lookup[]
            known; // null where a column is of numbers, or its categories are still to be learnt
    private final DatePart[][] parts; // null where a column is not of dates
    private final int[] firsts; // the first feature of each column

    /**
     * Creates the rules for the columns of these features ({@link Encoding#columns}). A feature with an empty list of categories may
     * have any: they are still to be learnt.
     */
    public CellRules(List<String> features, Encoding encoding) {
        this(encoding.columns(features), Map.of(), encoding, false);
    }

    /**
     * Creates the rules for these columns, as above.
     *
     * @param vectors the columns that hold several numbers, with how many
     * @param decimalCommas whether texts write numbers with a comma before the fraction
     */
    public CellRules(List<String> columns, Map<String, Integer> vectors, Encoding encoding, boolean decimalCommas) {
        this.decimalCommas = decimalCommas;
        missingAllowed = encoding.missing() != Missing.ERROR;
        unseenAllowed = encoding.unseen() == Unseen.IGNORE;
        categorical = new boolean[columns.size()];
        known = new Labeling.Lookup[categorical.length];
        parts = new DatePart[categorical.length][];
        firsts = new int[categorical.length];
        int first = 0;
        for (int i = 0; i < categorical.length; i++) {
            List<String> categories = encoding.categories().get(columns.get(i));
            categorical[i] = categories != null;
            known[i] = categories == null || categories.isEmpty()
                    ? null
                    : new Labeling.Lookup(categories, encoding.compared(columns.get(i)));
            List<DatePart> dates = encoding.dates().get(columns.get(i));
            parts[i] = dates == null ? null : dates.toArray(DatePart[]::new);
            firsts[i] = first;
            first += dates == null ? vectors.getOrDefault(columns.get(i), 1) : dates.size();
        }
    }

    /** Returns the first feature that column i holds. */
    public int firstFeature(int i) {
        return firsts[i];
    }

    /** Returns whether features may be missing; they are NaN then. */
    public boolean allowsMissing() {
        return missingAllowed;
    }

    /** Returns whether a text stands for a missing number where missing values are allowed. */
    public static boolean isMissing(String text) {
        return text.isBlank() || isMarker(text);
    }

    /** Returns whether a text is one of those that programs write for a missing number. */
    public static boolean isMarker(String text) {
        return text.length() <= LONGEST_MARKER && MARKERS.contains(text.toLowerCase(Locale.ROOT));
    }

    /** Returns whether a text is neither a number, finite or not, nor missing, so that its column holds text. */
    public static boolean isText(String text) {
        if (isMissing(text) || isInfinite(text)) {
            return false;
        }
        try {
            Decimals.parse(text);
            return false;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /** Returns whether a text writes a whole number. */
    public static boolean isWhole(String text) {
        try {
            double value = Decimals.parse(text);
            return value == Math.rint(value) && !Double.isInfinite(value);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Returns whether a text writes an infinite number: {@code inf} or {@code infinity} in any case, perhaps with a sign. */
    public static boolean isInfinite(String text) {
        int from = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        int length = text.length() - from;
        return (length == 3 && text.regionMatches(true, from, "inf", 0, length))
                || (length == 8 && text.regionMatches(true, from, "infinity", 0, length));
    }

    /**
     * Returns whether a text is no number, but would be one without thousands separators, currency or percent signs, and with
     * a decimal point for its comma.
     */
    public static boolean isForeignNumber(String text) {
        return FOREIGN_NUMBER.matcher(text).matches() && !Labeling.isNumber(text);
    }

    /** Returns whether a text is {@code nan} in any case. */
    public static boolean isNan(String text) {
        return text.equalsIgnoreCase("nan");
    }

    /** Returns whether a text writes a date or time. */
    public static boolean isDate(String text) {
        return Moment.parse(text) != null;
    }

    /** Returns whether a text writes a date with a time of the day other than its beginning. */
    public static boolean hasTime(String text) {
        Moment moment = Moment.parse(text);
        return moment != null && moment.hasTime();
    }

    /**
     * Sets the features that cell i holds: a number, the index of a category, the parts of a date; NaN where it is missing or
     * unseen.
     *
     * @param kind of the cell
     * @param learning numbers the categories of a feature whose categories are still to be learnt
     */
    public void read(Cells row, int i, Kind kind, Dictionary learning, Features into) throws BadCell {
        if (parts[i] == null) {
            into.set(firsts[i], feature(row, i, kind, learning));
            return;
        }
        Moment moment = moment(row, i, kind);
        for (int k = 0; k < parts[i].length; k++) {
            into.set(firsts[i] + k, moment == null ? Double.NaN : parts[i][k].of(moment));
        }
    }

    /** Returns the date or time of a cell; null where it is missing. */
    private Moment moment(Cells row, int i, Kind kind) throws BadCell {
        if (row.isNull(i) || (kind == Kind.TEXT && row.text(i).isBlank())) {
            if (missingAllowed) {
                return null;
            }
            throw new BadCell(i, Problem.EMPTY, null);
        }
        Moment moment =
                switch (kind) {
                    case DATE -> Moment.ofDay(row.days(i));
                    case MICROS -> Moment.ofMicros(row.whole(i));
                    case NANOS -> Moment.ofNanos(row.whole(i));
                    case LOCAL -> Moment.ofLocalMicros(row.whole(i));
                    case TEXT -> Moment.parse(row.text(i));
                    case NUMBER, FLOAT, LONG, DECIMAL, BOOLEAN, VECTOR, ARRAY -> null;
                };
        if (moment == null) {
            String text =
                    kind == Kind.NUMBER || kind == Kind.FLOAT ? String.valueOf(row.number(i)) : label(row, i, kind);
            if (missingAllowed && isMarker(text)) {
                return null;
            }
            throw new BadCell(i, Problem.NOT_A_DATE, text);
        }
        if (moment.hasTime() && !List.of(parts[i]).contains(DatePart.HOUR)) {
            throw new BadCell(i, Problem.TIME, kind == Kind.TEXT ? row.text(i) : moment.toString());
        }
        return moment;
    }

    /** Returns the one feature of a cell. */
    private double feature(Cells row, int i, Kind kind, Dictionary learning) throws BadCell {
        if (!categorical[i]) {
            return missingAllowed ? numberOrMissing(row, i, kind) : number(row, i, kind);
        }
        if (missingAllowed && isMissingCategory(row, i, kind)) {
            return Double.NaN;
        }
        String category = label(row, i, kind);
        if (known[i] == null) {
            return learning.index(firsts[i], category);
        }
        int index = known[i].index(category, kind);
        if (index < 0 && !unseenAllowed) {
            throw new BadCell(i, Problem.UNSEEN, category);
        }
        return index < 0 ? Double.NaN : index;
    }

    private static boolean isMissingCategory(Cells row, int i, Kind kind) {
        if (row.isNull(i)) {
            return true;
        }
        return switch (kind) {
            case NUMBER, FLOAT -> Double.isNaN(row.number(i));
            case TEXT -> row.text(i).isBlank() || isNan(row.text(i));
            default -> false;
        };
    }

    /** Returns the number of a cell, NaN where it is missing. A text is looked at only if it is no number: most are. */
    private double numberOrMissing(Cells row, int i, Kind kind) throws BadCell {
        try {
            return number(row, i, kind);
        } catch (BadCell e) {
            if (e.problem == Problem.EMPTY || e.isMissing()) {
                return Double.NaN;
            }
            throw e;
        }
    }

    /** Returns the finite number of a cell. */
    public double number(Cells row, int i, Kind kind) throws BadCell {
        if (row.isNull(i)) {
            throw new BadCell(i, Problem.EMPTY, null);
        }
        return switch (kind) {
            case NUMBER, FLOAT -> finite(row, i);
            case LONG -> row.whole(i);
            case DECIMAL -> parsed(row.text(i), i);
            case BOOLEAN -> row.isTrue(i) ? 1 : 0;
            case DATE, MICROS, NANOS, LOCAL, VECTOR, ARRAY ->
                throw new IllegalArgumentException(kind + " is no number");
            case TEXT -> {
                try {
                    double value = decimalCommas ? Decimals.parse(withPoint(row.text(i))) : row.decimal(i);
                    yield Double.isFinite(value) ? value : notFinite(i, row.text(i));
                } catch (NumberFormatException e) {
                    throw notANumber(i, row.text(i));
                }
            }
        };
    }

    /**
     * Returns a text that writes with a decimal point the number that this one writes with a decimal comma; no number if this
     * one writes none.
     */
    public static String withPoint(String text) {
        return text.indexOf('.') < 0 ? text.replace(',', '.') : "?";
    }

    /** Returns the finite number that the text of cell i writes. */
    public static double parsed(String text, int i) throws BadCell {
        try {
            double value = Decimals.parse(text);
            return Double.isFinite(value) ? value : notFinite(i, text);
        } catch (NumberFormatException e) {
            throw notANumber(i, text);
        }
    }

    private static double finite(Cells row, int i) throws BadCell {
        double value = row.number(i);
        return Double.isFinite(value) ? value : notFinite(i, Double.toString(value));
    }

    private static BadCell notANumber(int i, String text) {
        if (text.isBlank()) {
            return new BadCell(i, Problem.EMPTY, null);
        }
        return new BadCell(i, isInfinite(text) ? Problem.NOT_FINITE : Problem.NOT_A_NUMBER, text);
    }

    private static double notFinite(int i, String value) throws BadCell {
        throw new BadCell(i, Problem.NOT_FINITE, value);
    }

    /** Returns the text of a cell that names a class or a category, which is not blank. */
    public static String label(Cells row, int i, Kind kind) throws BadCell {
        if (row.isNull(i)) {
            throw new BadCell(i, Problem.EMPTY, null);
        }
        String label =
                switch (kind) {
                    case NUMBER -> Labeling.name(finite(row, i));
                    case FLOAT -> Labeling.name((float) finite(row, i));
                    case LONG -> Long.toString(row.whole(i));
                    case DECIMAL ->
                        new BigDecimal(row.text(i)).stripTrailingZeros().toPlainString();
                    case BOOLEAN -> Boolean.toString(row.isTrue(i));
                    case TEXT -> row.text(i);
                    case DATE, MICROS, NANOS, LOCAL, VECTOR, ARRAY ->
                        throw new IllegalArgumentException(kind + " names no class");
                };
        if (label.isBlank()) {
            throw new BadCell(i, Problem.EMPTY, null);
        }
        return label;
    }
}
