package io.firesteel.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.firesteel.base.OneLine;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How the features of a row become the network's inputs. A number is one input. A category is as many inputs as its column
 * has values, 1 for the one that it is and 0 for the others. A number may have a second input, which tells whether it is missing.
 *
 * <p>In a row of numbers a category is one number: its index among the column's values. NaN is a missing value, and a
 * category that is none of these values.
 *
 * @param missing what is done with a missing value
 * @param means what stands for a missing number, by column; empty unless missing values are replaced
 * @param unseen what is done with a category that was not seen in training
 * @param categories the values of each column of categories, in the order of its inputs; before they are known, none
 * @param compared how values of these columns are compared with their categories; {@link Compared#DOUBLE} where a column is
 *     left out, as in older models
 * @param dates the columns of dates, each with its parts; their features are named {@link DatePart#features} and stand together
 * @param indicators the features that have a second input, which is 1 where the number is missing and else 0
 */
public record Encoding(
        Missing missing,
        Map<String, Double> means,
        Unseen unseen,
        Map<String, List<String>> categories,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Compared> compared,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, List<DatePart>> dates,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> indicators)
        implements Serializable {
    /** Columns with more values are taken for names or numbers of rows, from which nothing can be learned. */
    public static final int MOST_CATEGORIES = 4_000_000;

    /** Numbers only, of which none is missing. */
    public static final Encoding NONE = new Encoding(Missing.ERROR, Map.of(), Unseen.ERROR, Map.of());

    /** What is done with a missing value. */
    public enum Missing {
        /** It is refused. */
        ERROR,
        /** A missing number becomes the mean of its column in training; of a missing category all inputs are 0. */
        MEAN,
        /**
         * As {@link #MEAN}, and columns that were missing often enough in training have an input that tells it. Once it is known
         * which these are ({@link Encoding#indicators}), an encoding has {@link #MEAN}.
         */
        INDICATOR;

        /** Returns the name as settings and model files write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is done with a category that was not seen in training. */
    public enum Unseen {
        /** It is refused. */
        ERROR,
        /** All inputs of its column are 0. */
        IGNORE;

        /** Returns the name as settings and model files write it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Encoding {
        compared = compared == null ? Map.of() : compared;
        dates = dates == null ? Map.of() : dates;
        indicators = indicators == null ? List.of() : List.copyOf(indicators);
        if (missing == null
                || unseen == null
                || hasNull(means)
                || hasNull(categories)
                || hasNull(compared)
                || hasNull(dates)) {
            throw new IllegalArgumentException("the encoding is not whole");
        }
        means = Collections.unmodifiableMap(new LinkedHashMap<>(means));
        categories = copy(categories);
        compared = Collections.unmodifiableMap(new LinkedHashMap<>(compared));
        dates = copy(dates);
    }

    private static <T> Map<String, List<T>> copy(Map<String, List<T>> lists) {
        Map<String, List<T>> copy = new LinkedHashMap<>();
        lists.forEach((column, values) -> copy.put(column, List.copyOf(values)));
        return Collections.unmodifiableMap(copy);
    }

    /** Creates an encoding whose categories are compared as older models compare them. */
    public Encoding(Missing missing, Map<String, Double> means, Unseen unseen, Map<String, List<String>> categories) {
        this(missing, means, unseen, categories, Map.of(), Map.of(), List.of());
    }

    private static boolean hasNull(Map<String, ?> map) {
        return map == null || map.values().stream().anyMatch(Objects::isNull);
    }

    /** Returns whether a column's values are categories. */
    public boolean isCategory(String column) {
        return categories.containsKey(column);
    }

    /** Returns the same with these values of the columns of categories. */
    public Encoding withCategories(Map<String, List<String>> values) {
        return new Encoding(missing, means, unseen, values, compared, dates, indicators);
    }

    /** Returns the same with this treatment of categories that were not seen in training. */
    public Encoding withUnseen(Unseen treatment) {
        return new Encoding(missing, means, treatment, categories, compared, dates, indicators);
    }

    /** Returns the same with these columns of dates. */
    public Encoding withDates(Map<String, List<DatePart>> parts) {
        return new Encoding(missing, means, unseen, categories, compared, parts, indicators);
    }

    /** Returns how values of a column are compared with its categories. */
    public Compared compared(String column) {
        return compared.getOrDefault(column, Compared.DOUBLE);
    }

    /** Returns the same with these numbers for missing ones. */
    public Encoding withMeans(Map<String, Double> values) {
        return new Encoding(missing, values, unseen, categories, compared, dates, indicators);
    }

    /** Returns the same with missing numbers that become means, and with an input that tells them in these features. */
    public Encoding withIndicators(List<String> features) {
        return new Encoding(Missing.MEAN, means, unseen, categories, compared, dates, features);
    }

    /** Returns the columns that hold these features: a feature's own, or that of the dates whose part it is. */
    public List<String> columns(List<String> features) {
        if (dates.isEmpty()) {
            return features;
        }
        Map<String, String> firsts = new HashMap<>(); // the first feature of each column of dates
        dates.forEach(
                (column, parts) -> firsts.put(DatePart.features(column, parts).get(0), column));
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < features.size(); ) {
            String date = firsts.get(features.get(i));
            columns.add(date == null ? features.get(i) : date);
            i += date == null ? 1 : dates.get(date).size();
        }
        return columns;
    }

    /** Returns how many of these features each of their {@link #columns} has. */
    List<Integer> featuresOfColumns(List<String> features) {
        return columns(features).stream()
                .map(column -> dates.containsKey(column) ? dates.get(column).size() : 1)
                .toList();
    }

    /** Returns which inputs belong to which of these features. */
    public InputLayout layout(List<String> features) {
        int[] sizes = new int[features.size()];
        double[] replacements = new double[sizes.length];
        Set<String> indicated = new HashSet<>(indicators);
        for (int i = 0; i < sizes.length; i++) {
            List<String> values = categories.get(features.get(i));
            sizes[i] = values != null
                    ? values.size()
                    : indicated.contains(features.get(i)) ? InputLayout.INDICATED_NUMBER : InputLayout.NUMBER;
            replacements[i] = means.getOrDefault(features.get(i), Double.NaN);
        }
        return new InputLayout(sizes, replacements);
    }

    /** Returns whether a value may be NaN: of a number where it is missing, of a category where it is missing or none of those known. */
    public boolean allowsNaN(boolean category) {
        return missing != Missing.ERROR || (category && unseen == Unseen.IGNORE);
    }

    /**
     * Makes sure that it is complete, and one of these features.
     *
     * @throws IllegalArgumentException when it is not
     */
    void check(List<String> features) {
        HashSet<String> names = new HashSet<>(features);
        categories.forEach((column, values) -> {
            expect(names.remove(column), column, "is no feature");
            expect(!values.isEmpty(), column, "has no categories");
            expect(values.size() <= MOST_CATEGORIES, column, "has more than " + MOST_CATEGORIES + " categories");
            expect(new HashSet<>(values).size() == values.size(), column, "has the same category twice");
        });
        compared.keySet()
                .forEach(
                        column -> expect(categories.containsKey(column), column, "is compared, but has no categories"));
        dates.forEach((column, parts) -> {
            expect(
                    !parts.isEmpty() && new HashSet<>(parts).size() == parts.size(),
                    column,
                    "has no parts, or one twice");
            List<String> own = DatePart.features(column, parts);
            expect(Collections.indexOfSubList(features, own) >= 0, column, "of dates has other features than " + own);
            expect(!categories.containsKey(column), column, "is of dates and of categories");
        });
        means.forEach((column, mean) -> {
            expect(names.remove(column), column, "has a mean, but is no feature that is a number");
            expect(Double.isFinite(mean), column, "has the mean " + mean);
        });
        if (missing == Missing.INDICATOR) {
            throw new IllegalArgumentException("missing values are indicator, expected error or mean");
        }
        expect(new HashSet<>(indicators).size() == indicators.size(), "of indicators", "has a name twice");
        indicators.forEach(column ->
                expect(means.containsKey(column), column, "has an indicator, but no mean for missing numbers"));
        if (missing == Missing.MEAN ? !names.isEmpty() : !means.isEmpty()) {
            throw new IllegalArgumentException(
                    "missing values are " + missing + ", and " + means.size() + " columns have a mean");
        }
    }

    private static void expect(boolean holds, String column, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("the encoding's column " + OneLine.of(column, 60) + " " + problem);
        }
    }
}
