package io.firesteel.check;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.NameList;
import io.firesteel.check.Finding.Kind;
import io.firesteel.data.TrainingSet;
import io.firesteel.fit.Setting;
import io.firesteel.fit.Settings;
import io.firesteel.fit.Source;
import io.firesteel.model.Task;
import io.firesteel.table.ColumnSurvey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The part of a {@link Check} that looks at the table: its cells, columns, classes and validation rows. */
record TableCheck(Settings settings, TrainingSet data, Findings findings) {
    /** The part of the error of a constant guess that no column avoids alone unless it knows the label. */
    private static final double TELLS_ALL = 0.95;

    /** The part of missing cells that is worth a word. */
    private static final double MOSTLY_MISSING = 0.5;

    /** The part of the rows of one class from which on accuracy says little. */
    private static final double NEARLY_ALL = 0.9;

    /** The part of validation rows that are trained on from which on their quality is too good. */
    private static final double MANY_REPEATED = 0.05;

    private static final int MOST_NAMED = 5;
    private static final int FEWEST_ROWS_OF_A_CLASS = 20;
    private static final int FEWEST_IDENTIFIED = 20;
    private static final int FEWEST_VALIDATION_ROWS = 200;

    /** The factor by which inputs that are not scaled may be larger or smaller than those that are. */
    private static final double FAR_FROM_ONE = 10;

    /**
     * Adds what is found.
     *
     * @return the number of rows by which columns were judged; 0 where inputs are sparse, which are not judged
     */
    int run(Source source) {
        atCells(source);
        int sampled = data.filled() == null ? atColumns() : 0;
        atClasses();
        atValidation();
        return sampled;
    }

    /** Returns the way to leave a feature out; nothing where it is only a part of a column, as a month of a date is. */
    private String exclude(String feature) {
        return data.columns().featureColumns().contains(feature)
                ? "; " + mention(Setting.EXCLUDE.key(), NameList.join(List.of(feature))) + " ignores it"
                : "";
    }

    /** Looks at the cells of all rows, where the table has any. */
    private void atCells(Source source) {
        if (!source.table().schema().hasColumns()) {
            return;
        }
        ColumnSurvey survey = ColumnSurvey.of(
                source.table(), data.columns(), settings.inputs().kinds());
        List<String> features = data.columns().featureColumns();
        for (ColumnSurvey.Entry entry : survey.entries()) {
            boolean isOfVectors = data.columns().vectors().containsKey(entry.column());
            if (!features.contains(entry.column()) || isOfVectors) {
                continue;
            }
            double missing = (double) entry.missing() / survey.rows();
            if (entry.distinct() <= 1) {
                findings.add(
                        Kind.CONSTANT,
                        entry.column(),
                        entry.missing() == 0
                                ? "has the same value in all %,d rows, which tells nothing%s"
                                : "has the same value in all of %,d rows in which it is not missing%s",
                        survey.rows(),
                        exclude(entry.column()));
            } else if (entry.identifies()
                    && !data.columns().encoding().isCategory(entry.column())
                    && survey.rows() - entry.missing() >= FEWEST_IDENTIFIED) {
                findings.add(
                        Kind.IDENTIFIER,
                        entry.column(),
                        "has a different whole number in every row, like a row number, which tells nothing about new rows%s",
                        exclude(entry.column()));
            }
            if (missing > MOSTLY_MISSING) {
                findings.add(
                        Kind.MISSING,
                        entry.column(),
                        "is missing in %.0f%% of the rows, where it counts as %s: is that what a missing cell means?",
                        100 * missing,
                        data.columns().encoding().isCategory(entry.column()) ? "no category" : "the mean");
            }
        }
    }

    /** Looks at the columns of a sample of the rows, and returns its size. */
    private int atColumns() {
        SampledColumns sample = SampledColumns.of(data);
        int classes = settings.task() == Task.REGRESSION
                ? 0
                : Math.max(2, data.classes().size());
        boolean isOneTarget = data.columns().labels().size() == 1;
        Map<String, Double> far = new HashMap<>();
        for (int i = 0; i < sample.names().size(); i++) {
            String name = sample.names().get(i);
            double told = isOneTarget ? sample.told(i, classes) : 0;
            if (told >= TELLS_ALL) {
                findings.add(
                        Kind.LEAK,
                        name,
                        classes == 0
                                ? "alone explains %.1f%% of the label's variance: is it known when predictions are made?%s"
                                : "alone avoids %.1f%% of the errors of always guessing the same class: is it known when"
                                        + " predictions are made?%s",
                        100 * told,
                        exclude(name).replaceFirst(";", ""));
            }
            double size = sample.size(i);
            if (!settings.inputs().standardize()
                    && !sample.isCategory()[i]
                    && (size > FAR_FROM_ONE || (size > 0 && size < 1 / FAR_FROM_ONE))) {
                far.put(name, size);
            }
        }
        for (int[] pair : sample.duplicates()) {
            String name = sample.names().get(pair[1]);
            findings.add(
                    Kind.DUPLICATE,
                    name,
                    "carries the same information as %s (their correlation is 1 or -1)%s",
                    sample.names().get(pair[0]),
                    exclude(name));
        }
        if (!far.isEmpty()) {
            Map.Entry<String, Double> farthest = far.entrySet().stream()
                    .max(Comparator.comparingDouble(one -> Math.abs(Math.log(one.getValue()))))
                    .orElseThrow();
            findings.add(
                    Kind.UNSCALED,
                    farthest.getKey(),
                    "has values of about %s, and inputs are not scaled (%,d columns are far from 1): gradient descent will be"
                            + " slow or diverge; %s scales them",
                    String.format(Locale.ROOT, "%.2g", farthest.getValue()),
                    far.size(),
                    mention(Setting.STANDARDIZE.key(), true));
        }
        return sample.rows();
    }

    /** Looks at the classes' shares of the rows. */
    private void atClasses() {
        if (settings.task() != Task.CLASSIFICATION || data.classes().size() < 2) {
            return;
        }
        boolean haveWeights = settings.inputs().weight() != null;
        double[] totals = data.training().classTotals(data.classes().size());
        double all = Arrays.stream(totals).sum();
        int most = IntStream.range(0, totals.length)
                .reduce((a, b) -> totals[b] > totals[a] ? b : a)
                .orElseThrow();
        if (totals[most] / all >= NEARLY_ALL) {
            findings.add(
                    Kind.IMBALANCE,
                    null,
                    "%.1f%% of the %s are of class %s, so that a model that always says so has that accuracy: judge by"
                            + " log-loss, recall or the area under a curve (%s); %s counts classes alike",
                    100 * totals[most] / all,
                    haveWeights ? "rows, by their weights," : "rows",
                    data.classes().get(most),
                    mention(Setting.METRIC.key()),
                    mention(Setting.CLASS_WEIGHT.key(), "balanced"));
        }
        List<String> rare = IntStream.range(0, totals.length)
                .filter(k -> totals[k] > 0 && totals[k] < FEWEST_ROWS_OF_A_CLASS)
                .mapToObj(data.classes()::get)
                .toList();
        if (!rare.isEmpty() && !haveWeights) {
            findings.add(
                    Kind.RARE_CLASS,
                    null,
                    "%s fewer than %d rows to learn from: %s",
                    rare.size() == 1
                            ? "one class of " + totals.length + " has"
                            : rare.size() + " classes of " + totals.length + " have",
                    FEWEST_ROWS_OF_A_CLASS,
                    String.join(", ", rare.subList(0, Math.min(MOST_NAMED, rare.size())))
                            + (rare.size() > MOST_NAMED ? ", ..." : ""));
        }
    }

    /** Looks at the validation rows. */
    private void atValidation() {
        if (data.validation() == null) {
            return;
        }
        long rows = data.validation().rows();
        if (rows < FEWEST_VALIDATION_ROWS) {
            findings.add(
                    Kind.FEW_ROWS,
                    null,
                    "only %,d rows are held out, so that an accuracy that is measured on them is uncertain by up to %.0f points; %s"
                            + " measures on all rows",
                    rows,
                    100 * 1.96 * Math.sqrt(0.25 / rows),
                    mention(Setting.FOLDS.key(), 5));
        }
        if (data.filled() == null) {
            double repeated = RepeatedRows.part(data);
            if (repeated > MANY_REPEATED) {
                findings.add(
                        Kind.REPEATED_ROWS,
                        null,
                        "%.1f%% of the validation rows are also among the rows to train on, feature by feature and with the same"
                                + " label, so that the model looks better on them than on new rows",
                        100 * repeated);
            }
        }
    }
}
