package io.firesteel.train;

import io.firesteel.base.SettingError;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.Compared;
import io.firesteel.model.Labeling;
import io.firesteel.nn.ClassWeights;
import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of the classes of a classification as they are set, from which {@link ClassWeights} follow once the
 * classes are known.
 *
 * @param balanced whether each class counts as much as any other: its weight is total / (classes * its total), where
 *     totals are of row weights and classes are those that have some (scikit-learn's rule)
 * @param named else the weights of some classes; the others have 1
 */
public record ClassWeighting(boolean balanced, Map<String, Double> named) implements Serializable {
    /** All classes have the weight 1. */
    public static final ClassWeighting NONE = new ClassWeighting(false, Map.of());

    private static final String OPTION = "class-weight";

    /** A class with its weight; a quote in a quoted name is doubled, as in other lists of names. */
    private static final Pattern PART =
            Pattern.compile("(?:\\s*\"(?<quoted>(?:[^\"]|\"\")*)\"\\s*|(?<plain>[^,]+))=(?<weight>[^,=]*)(?=,|$)");

    public ClassWeighting {
        named = Map.copyOf(named);
        named.forEach((name, weight) -> SettingError.expect(
                weight >= 0 && Double.isFinite(weight), OPTION, name + "=" + weight, "a weight of 0 or more"));
    }

    /**
     * Reads {@code balanced}, or {@code yes=2,no=1}; a name that has a comma itself is in double quotes.
     *
     * @throws IllegalArgumentException when it is neither; the message says what was expected
     */
    public static ClassWeighting parse(String text) {
        if (text.trim().equals("balanced")) {
            return new ClassWeighting(true, Map.of());
        }
        Map<String, Double> named = new LinkedHashMap<>();
        Matcher parts = PART.matcher(text);
        int at = 0;
        while (at <= text.length()) {
            parts.region(at, text.length());
            SettingError.expect(
                    parts.lookingAt() && isNumber(parts.group("weight")),
                    OPTION,
                    text,
                    "balanced, or weights of classes such as yes=2,no=0.5; a name with a comma is in double quotes");
            String quoted = parts.group("quoted");
            String name = quoted == null ? parts.group("plain").trim() : quoted.replace("\"\"", "\"");
            Double before = named.put(name, Double.valueOf(parts.group("weight")));
            SettingError.expect(before == null, OPTION, text, "each class once");
            at = parts.end() + 1;
        }
        return new ClassWeighting(false, named);
    }

    private static boolean isNumber(String text) {
        try {
            return !Double.isNaN(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Returns whether all classes have the weight 1. */
    public boolean isNone() {
        return !balanced && named.isEmpty();
    }

    /**
     * Returns the weights of the classes.
     *
     * @param classes the classes' names
     * @param totals the sum of the row weights of each
     * @throws IllegalArgumentException when a class that is named is none of them, or when nothing would count
     */
    public ClassWeights of(List<String> classes, double[] totals) {
        Map<Integer, Double> ofClasses = new HashMap<>();
        Labeling.Lookup lookup = new Labeling.Lookup(classes, Compared.TEXT);
        for (Map.Entry<String, Double> one : named.entrySet()) {
            String given = one.getKey() + "=" + one.getValue();
            int c = lookup.index(one.getKey(), Kind.NUMBER); // 1.0 is class 1, unless there is a class 1.0
            SettingError.expect(c >= 0, OPTION, given, "a class of the data, which has " + String.join(", ", classes));
            SettingError.expect(
                    ofClasses.put(c, one.getValue()) == null,
                    OPTION,
                    given,
                    "each class once: it is " + classes.get(c));
        }
        double all = 0;
        int present = 0;
        for (double total : totals) {
            all += total;
            present += total > 0 ? 1 : 0;
        }
        Double[] factors = new Double[totals.length];
        double counting = 0;
        for (int c = 0; c < totals.length; c++) {
            factors[c] = balanced && totals[c] > 0 ? all / (present * totals[c]) : ofClasses.getOrDefault(c, 1.0);
            counting += factors[c] * totals[c];
        }
        SettingError.expect(counting > 0, OPTION, named, "a weight above 0 for a class that has rows");
        return new ClassWeights(List.of(factors));
    }
}
