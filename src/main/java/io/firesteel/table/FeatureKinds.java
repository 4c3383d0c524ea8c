package io.firesteel.table;

import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.List;
import java.util.Locale;

/**
 * The kinds of features besides numbers.
 *
 * @param categorical the columns of categories; {@link #AUTO} stands for those whose values are not all numbers
 * @param unseen the treatment of a category that training did not have
 * @param missing the treatment of an empty cell
 * @param dates the treatment of columns of dates
 */
public record FeatureKinds(List<String> categorical, Unseen unseen, Missing missing, Dates dates) {
    /** Stands for all columns whose values are not all numbers; columns may be named beside it. */
    public static final String AUTO = "auto";

    /** What is done with columns of dates and times. */
    public enum Dates {
        /** Nothing: texts are texts, and columns of such a type are refused. */
        NONE,
        /** They become numbers: year, month, day of the week, hour and elapsed days. */
        EXPAND;

        /** The name as settings write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public FeatureKinds {
        categorical = List.copyOf(categorical);
    }

    /** A column of fewer texts may have another in each row, and still hold categories. */
    private static final int USUAL_CATEGORIES = 50;

    /** Returns whether a column of texts holds names or ids, from which nothing can be learnt. */
    public static boolean areNames(long distinct, long cells) {
        return distinct > USUAL_CATEGORIES && 2 * distinct > cells;
    }

    /** Returns whether a column with some texts is one of numbers. */
    public static boolean areNumbers(long numbers, long cells) {
        return 2 * numbers > cells;
    }

    /** Returns these kinds with these columns of categories. */
    public FeatureKinds being(List<String> known) {
        return new FeatureKinds(known, unseen, missing, dates);
    }

    /** Returns whether the values of columns decide what some of them are. */
    boolean areGuessed() {
        return isAuto() || dates == Dates.EXPAND;
    }

    /** Returns whether columns of categories are found by their values, besides those that are named. */
    public boolean isAuto() {
        return categorical.contains(AUTO);
    }

    /** Returns the columns of categories that are named. */
    public List<String> named() {
        return categorical.stream().filter(name -> !name.equals(AUTO)).toList();
    }
}
