package io.firesteel.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The classes of a classification: label values in one order, whatever order the rows have. */
final class Labeling {
    /** More distinct labels than this are taken for numbers to be predicted. */
    static final int MOST_CLASSES = 1000;

    private Labeling() {}

    /** The name of a numeric label: 3 for 3.0, so that text and numbers of one meaning are one class. */
    static String name(double label) {
        return label == Math.rint(label) && Math.abs(label) < 1e15
                ? Long.toString((long) label)
                : Double.toString(label);
    }

    /** The classes of these labels: by value where all are numbers, else by their text. */
    static List<String> classes(Collection<String> labels) {
        if (labels.stream().allMatch(Labeling::isNumber)) {
            TreeSet<String> names = new TreeSet<>(Comparator.comparingDouble(Decimals::parse));
            labels.forEach(label -> names.add(name(Decimals.parse(label))));
            return List.copyOf(names);
        }
        return List.copyOf(new TreeSet<>(labels));
    }

    /** The class index of each of these labels; a label that belongs to no class is left out. */
    static Map<String, Integer> indices(Collection<String> labels, List<String> classes) {
        Map<String, Integer> indices = new HashMap<>();
        for (String label : labels) {
            int index = classes.indexOf(label);
            if (index < 0 && isNumber(label)) {
                index = classes.indexOf(name(Decimals.parse(label)));
            }
            if (index >= 0) {
                indices.put(label, index);
            }
        }
        return indices;
    }

    private static boolean isNumber(String label) {
        try {
            return Double.isFinite(Decimals.parse(label));
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
