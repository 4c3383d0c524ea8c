package io.firesteel.model;

import io.firesteel.base.OneLine;
import io.firesteel.model.Encoding.Missing;
import io.firesteel.model.Encoding.Unseen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns a row's values, by the names of its columns, into the numbers that a model scores. */
final class RowEncoder {
    private final List<String> features;
    private final Encoding encoding;
    private final Map<String, Labeling.Lookup> categories = new HashMap<>();

    RowEncoder(ModelDescription description) {
        features = description.features();
        encoding = description.encoding();
        encoding.categories().forEach((column, values) -> categories.put(column, new Labeling.Lookup(values)));
    }

    /** The features in order: a number as it is, a category as its index, NaN where a value is missing. */
    double[] features(Map<String, ?> row) {
        double[] values = new double[features.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(features.get(i), row.get(features.get(i)));
        }
        return values;
    }

    private double value(String column, Object value) {
        String text = value instanceof Number number
                ? Labeling.name(number.doubleValue())
                : String.valueOf(value).strip();
        boolean category = encoding.isCategory(column);
        boolean nan = text.equalsIgnoreCase("nan");
        boolean mayBeText =
                category && encoding.missing() == Missing.ERROR && value instanceof String; // the category "nan"
        if (value == null || text.isEmpty() || (nan && !mayBeText)) {
            expect(encoding.missing() == Missing.MEAN, column, "is missing");
            return Double.NaN;
        }
        if (value instanceof Number number) {
            expect(Double.isFinite(number.doubleValue()), column, quoted(text) + " is not a finite number");
        }
        if (category) {
            int index = categories.get(column).index(text);
            expect(index >= 0 || encoding.unseen() == Unseen.IGNORE, column, quoted(text) + " is not a known category");
            return index >= 0 ? index : Double.NaN;
        }
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        expect(Labeling.isNumber(text), column, quoted(text) + " is not a finite number");
        return value instanceof Number number ? number.doubleValue() : Decimals.parse(text);
    }

    private static String quoted(String text) {
        return '"' + OneLine.of(text, 60) + '"';
    }

    private static void expect(boolean holds, String column, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("feature " + column + ": " + problem);
        }
    }
}
