package io.firesteel.model;

import io.firesteel.model.CellRules.Kind;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The classes of a label, and the categories of a feature: their values in one order, whatever order the rows have.
 *
 * <p>A class is named by the text that stands in the table, or by the exact value of a typed column. Texts are never merged:
 * 007 and 7 are two classes.
 */
public final class Labeling {
    /** A label with more distinct values than this has no classes. */
    public static final int MOST_CLASSES = 1000;

    private Labeling() {}

    /** Returns the name of a number: 3 for 3.0. */
    public static String name(double value) {
        return isShort(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Returns the name of a number in single precision, with no more digits than tell it from its neighbours: 0.1. */
    public static String name(float value) {
        return isShort(value) ? Long.toString((long) value) : Float.toString(value);
    }

    private static boolean isShort(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15;
    }

    /** Returns these values in order: by value where all are numbers, and by text where these are equal or some are not. */
    public static List<String> classes(Collection<String> values) {
        return values.stream().allMatch(Labeling::isNumber)
                ? values.stream()
                        .distinct()
                        .map(Ordered::new)
                        .sorted()
                        .map(Ordered::text)
                        .toList()
                : values.stream().distinct().sorted().toList();
    }

    /** A text that writes a number. */
    private record Ordered(String text, double value) implements Comparable<Ordered> {
        private static final Comparator<Ordered> ORDER = Comparator.comparingDouble(Ordered::value)
                .thenComparing(number -> exact(number.text))
                .thenComparing(Ordered::text);

        Ordered(String text) {
            this(text, Decimals.parse(text) + 0.0); // -0 is 0
        }

        @Override
        public int compareTo(Ordered other) {
            return ORDER.compare(this, other);
        }
    }

    /**
     * Returns the class index of each of these values; a value that belongs to no class is left out.
     *
     * @param kind of the cells that held the values
     */
    public static Map<String, Integer> indices(Collection<String> values, Lookup classes, Kind kind) {
        Map<String, Integer> indices = new HashMap<>();
        for (String value : values) {
            int index = classes.index(value, kind);
            if (index >= 0) {
                indices.put(value, index);
            }
        }
        return indices;
    }

    /** A way to find the class that a value belongs to. Any number of threads may use it. */
    public static final class Lookup implements Serializable {
        private static final long serialVersionUID = 1;

        /** Stands for the class of a value that several classes have. */
        private static final Integer NONE = -1;

        private final List<String> classes;
        private final Compared compared;
        private final HashMap<String, Integer> texts = new HashMap<>();
        private transient volatile Map<Object, Integer> values; // made when it is needed

        /** Creates a lookup of classes that are compared in this way. */
        public Lookup(List<String> classes, Compared compared) {
            this.classes = List.copyOf(classes);
            this.compared = compared;
            for (int i = 0; i < classes.size(); i++) {
                texts.put(classes.get(i), i);
            }
        }

        /**
         * Returns the index of a value's class, -1 when it belongs to none.
         *
         * @param kind of the cell that held the value
         */
        public int index(String value, Kind kind) {
            Integer index = texts.get(value);
            if (index == null && (compared != Compared.TEXT || kind != Kind.TEXT)) {
                index = byValue(value, kind);
            }
            return index == null ? NONE : index;
        }

        private Integer byValue(String value, Kind kind) {
            Map<Object, Integer> known = values();
            if (isBoolean(value)) {
                return known.get(Boolean.valueOf(value));
            }
            if (!isNumber(value)) {
                return null;
            }
            Integer index = known.get(exact(value));
            if (index == null && compared != Compared.TEXT && compared != Compared.EXACT) {
                index = known.get(rounded(value));
            }
            if (index == null && compared == Compared.DOUBLE && kind == Kind.FLOAT) {
                index = known.get(
                        (double) Float.parseFloat(value)); // as the number was named before it had a short text
            }
            return index;
        }

        /** Returns the classes that are numbers or booleans by what they are compared by. */
        private Map<Object, Integer> values() {
            if (values == null) { // two threads may make one each: either will do
                Map<Object, Integer> made = new HashMap<>();
                for (int i = 0; i < classes.size(); i++) {
                    String text = classes.get(i);
                    if (isBoolean(text)) {
                        put(Boolean.valueOf(text), i, made);
                    } else if (isNumber(text)) {
                        put(exact(text), i, made);
                        if (compared == Compared.FLOAT || compared == Compared.DOUBLE) {
                            put(rounded(text), i, made);
                        }
                    }
                }
                values = made;
            }
            return values;
        }

        private static void put(Object value, int index, Map<Object, Integer> into) {
            into.merge(value, index, (one, other) -> NONE);
        }

        private Object rounded(String text) {
            if (compared == Compared.FLOAT) {
                return Float.parseFloat(text) + 0f; // -0 is 0
            }
            return Decimals.parse(text) + 0.0;
        }
    }

    private static boolean isBoolean(String text) {
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    }

    /** Returns the exact value of a number's text. */
    private static BigDecimal exact(String text) {
        try {
            return new BigDecimal(text.trim()).stripTrailingZeros();
        } catch (NumberFormatException | ArithmeticException e) { // an exponent of ten digits or more
            return new BigDecimal(Decimals.parse(text)).stripTrailingZeros();
        }
    }

    /** Returns whether a text writes a finite number. */
    public static boolean isNumber(String text) {
        try {
            return Double.isFinite(Decimals.parse(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
