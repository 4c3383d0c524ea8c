package io.firesteel.check;

import java.util.Arrays;

/**
 * What one column alone tells of the targets. Its rows are put into groups, one for each category or distinct number, or where
 * numbers are many, of a few consecutive ones; the target of a row is guessed from the other rows of its group.
 */
final class LoneColumn {
    private static final int ROWS_OF_A_GROUP = 20;

    private final int[] groups; // of the rows
    private final int count;
    private final double[] targets;

    /** Creates a column of values, NaN for a missing one, and the targets of the same rows. */
    LoneColumn(double[] values, boolean isCategory, double[] targets) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        double[] distinct = Arrays.stream(sorted).distinct().toArray();
        int most = Math.max(2, values.length / ROWS_OF_A_GROUP);
        double[] least = isCategory || distinct.length <= most ? distinct : quantiles(sorted, most);
        groups = Arrays.stream(values).mapToInt(value -> group(least, value)).toArray();
        count = least.length;
        this.targets = targets;
    }

    private static double[] quantiles(double[] sorted, int count) {
        double[] least = new double[count];
        Arrays.setAll(least, k -> sorted[(int) ((long) k * sorted.length / count)]);
        return Arrays.stream(least).distinct().toArray();
    }

    /** Returns the last group that does not begin above a value. */
    private static int group(double[] least, double value) {
        int found = Arrays.binarySearch(least, value);
        return found >= 0 ? found : -found - 2;
    }

    /**
     * Returns the part of the error of a constant guess that the column avoids: of the classes wrongly guessed or, where there
     * are none, of the variance.
     *
     * @param classes the number of classes; 0 where targets are numbers
     */
    double told(int classes) {
        return classes == 0 ? ofVariance() : ofClasses(classes);
    }

    private double ofClasses(int classes) {
        int[][] counts = new int[count + 1][classes]; // the last of all rows
        for (int j = 0; j < groups.length; j++) {
            counts[groups[j]][(int) targets[j]]++;
            counts[count][(int) targets[j]]++;
        }
        int wrong = 0;
        for (int g = 0; g < count; g++) {
            wrong += wrong(counts[g]);
        }
        int usual = wrong(counts[count]);
        return usual == 0 ? 0 : 1 - (double) wrong / usual;
    }

    /** Returns how many of a group's rows are not of the class that most of the group's other rows have. */
    private static int wrong(int[] ofClasses) {
        int[] sorted = Arrays.stream(ofClasses).sorted().toArray();
        int most = sorted[sorted.length - 1];
        int next = sorted.length == 1 ? 0 : sorted[sorted.length - 2];
        return Arrays.stream(ofClasses).sum() - (next >= most || most == 1 ? 0 : most);
    }

    private double ofVariance() {
        double[] sums = new double[count];
        int[] rows = new int[count];
        for (int j = 0; j < groups.length; j++) {
            sums[groups[j]] += targets[j];
            rows[groups[j]]++;
        }
        double mean = Arrays.stream(targets).average().orElseThrow();
        double error = 0;
        double variance = 0;
        for (int j = 0; j < groups.length; j++) {
            int others = rows[groups[j]] - 1;
            double guess = others == 0 ? mean : (sums[groups[j]] - targets[j]) / others;
            error += (targets[j] - guess) * (targets[j] - guess);
            variance += (targets[j] - mean) * (targets[j] - mean);
        }
        return variance == 0 ? 0 : 1 - error / variance;
    }
}
