package io.firesteel.data;

import io.firesteel.base.SettingNames;
import io.firesteel.model.CellRules;
import io.firesteel.model.Decimals;
import io.firesteel.model.Labeling;
import io.firesteel.model.Task;
import io.firesteel.table.NumberedRows;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The task that the labels of a table suggest.
 *
 * @param reason what suggests it, to be read after "since"
 */
public record InferredTask(Task task, String reason) {
    /** So many distinct numbers may name classes, however few rows each has. */
    private static final int USUAL_CLASSES = 30;

    /** More classes than {@link #USUAL_CLASSES} that are numbers have at least this many rows on average, or are 0, 1, 2, ... */
    private static final int ROWS_OF_A_CLASS = 30;

    /** More distinct numbers than these are counts, however many rows each has, unless they are 0, 1, 2, ... */
    private static final int MOST_NUMBERS = 200;

    /**
     * Infers the task from rows that were read for a classification.
     *
     * @param decimalCommas whether texts write numbers with a comma before the fraction
     */
    public static InferredTask of(NumberedRows rows, boolean decimalCommas) {
        Set<String> labels = new TreeSet<>();
        rows.heads().forEach(head -> head.labels()
                .forEach(label -> labels.add(decimalCommas ? CellRules.withPoint(label) : label)));
        boolean areNumbers = labels.stream().allMatch(Labeling::isNumber);
        boolean isRegression = areNumbers && areTargets(Labeling.classes(labels), rows.count());
        boolean areCounted = labels.size() <= Labeling.MOST_CLASSES; // else rows stop to tell their labels
        String reason = String.format(
                Locale.ROOT,
                "label %s has %s%,d distinct %s",
                rows.columns().labels().get(0),
                areCounted ? "" : "more than ",
                areCounted ? labels.size() : Labeling.MOST_CLASSES,
                areNumbers ? "numbers" : "texts");
        return isRegression
                ? new InferredTask(
                        Task.REGRESSION,
                        reason + "; " + SettingNames.mention("task", Task.CLASSIFICATION) + " insists on classes")
                : new InferredTask(
                        Task.CLASSIFICATION,
                        areNumbers
                                ? reason + "; " + SettingNames.mention("task", Task.REGRESSION) + " predicts numbers"
                                : reason);
    }

    /**
     * Returns whether numbers look like those that a regression should predict: more than ten with less than five rows each; or
     * fractions of which there are more than usual classes; or many whole numbers, or more than usual classes with few rows each.
     * The numbers 0, 1, 2, ... or 1, 2, 3, ... are classes.
     */
    static boolean areTargets(List<String> classes, long rows) {
        int count = classes.size();
        boolean areRare = count > 10 && rows < 5L * count;
        if (!classes.stream().mapToDouble(Decimals::parse).allMatch(value -> value == Math.rint(value))) {
            return count > USUAL_CLASSES || areRare;
        }
        double first = Decimals.parse(classes.get(0));
        double last = Decimals.parse(classes.get(count - 1));
        boolean areCodes = (first == 0 || first == 1) && last - first == count - 1;
        boolean areMany = count > MOST_NUMBERS || (count > USUAL_CLASSES && rows < (long) ROWS_OF_A_CLASS * count);
        return (areMany || areRare) && !areCodes;
    }
}
