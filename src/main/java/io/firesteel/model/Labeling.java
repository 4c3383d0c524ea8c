package io.firesteel.model;

import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The classes of a label, and the categories of a feature: their values in one order, whatever order the rows have. */
public final class Labeling {
    /** More distinct labels than this are taken for numbers to be predicted. */
    public static final int MOST_CLASSES = 1000;

    private Labeling() {}

    /** The name of a numeric value: 3 for 3.0, so that text and numbers of one meaning are one class. */
    public static String name(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The classes of these values: by value where all are numbers, else by their text. */
    public static List<String> classes(Collection<String> values) {
        if (values.stream().allMatch(Labeling::isNumber)) {
            TreeSet<String> names = new TreeSet<>(Comparator.comparingDouble(Decimals::parse));
            values.forEach(value -> names.add(name(Decimals.parse(value))));
            return List.copyOf(names);
        }
        return List.copyOf(new TreeSet<>(values));
    }

    /** The class index of each of these values; a value that belongs to no class is left out. */
    public static Map<String, Integer> indices(Collection<String> values, List<String> classes) {
        Lookup lookup = new Lookup(classes);
        Map<String, Integer> indices = new HashMap<>();
        for (String value : values) {
            int index = lookup.index(value);
            if (index >= 0) {
                indices.put(value, index);
            }
        }
        return indices;
    }

    /** Finds the class that a value belongs to. */
    public static final class Lookup implements Serializable {
        private static final long serialVersionUID = 1;

        private final HashMap<String, Integer> indices = new HashMap<>();

        public Lookup(List<String> classes) {
            for (int i = 0; i < classes.size(); i++) {
                indices.put(classes.get(i), i);
            }
        }

        /** The index of a value's class, -1 when it belongs to none. */
        public int index(String value) {
            Integer index = indices.get(value);
            if (index == null && isNumber(value)) {
                index = indices.get(name(Decimals.parse(value)));
            }
            return index == null ? -1 : index;
        }
    }

    /** Whether a text writes a finite number. */
    public static boolean isNumber(String text) {
        try {
            return Double.isFinite(Decimals.parse(text));
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
