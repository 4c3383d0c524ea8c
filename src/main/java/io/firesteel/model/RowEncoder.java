package io.firesteel.model;

import io.firesteel.base.OneLine;
import io.firesteel.model.CellRules.BadCell;
import io.firesteel.model.CellRules.Cells;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.CellRules.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** Turns a row's values, by the names of its columns, into the numbers that a model scores, by the {@link CellRules}. */
final class RowEncoder {
    private final List<String> features;
    private final CellRules rules;

    RowEncoder(ModelDescription description) {
        features = description.inputs().features();
        rules = new CellRules(features, description.inputs().encoding());
    }

    /** The features in order: a number as it is, a category as its index, NaN where a value is missing. */
    double[] features(Map<String, ?> row) {
        double[] numbers = new double[features.size()];
        for (int i = 0; i < numbers.length; i++) {
            Value value = new Value(row.get(features.get(i)));
            try {
                numbers[i] = rules.feature(value, i, value.kind(), RowEncoder::notLearning);
            } catch (BadCell e) {
                throw new IllegalArgumentException("feature " + features.get(i) + ": " + problem(e), e);
            }
        }
        return numbers;
    }

    private static int notLearning(int i, String category) {
        throw new IllegalStateException("feature " + i + " has no categories, and is " + category);
    }

    private static String problem(BadCell cell) {
        if (cell.problem() == Problem.EMPTY || (cell.isMissing() && cell.problem() != Problem.UNSEEN)) {
            return "is missing";
        }
        return '"'
                + OneLine.of(cell.value(), 60)
                + (cell.problem() == Problem.UNSEEN ? "\" is not a known category" : "\" is not a finite number");
    }

    /** A value as the cell of any place: a number, a boolean, or a text without the blanks around it. */
    private record Value(Object value) implements Cells {
        Kind kind() {
            if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
                return Kind.LONG;
            } else if (value instanceof BigDecimal || value instanceof BigInteger) {
                return Kind.DECIMAL;
            } else if (value instanceof Float) {
                return Kind.FLOAT;
            }
            return value instanceof Number ? Kind.NUMBER : value instanceof Boolean ? Kind.BOOLEAN : Kind.TEXT;
        }

        @Override
        public boolean isNull(int i) {
            return value == null;
        }

        @Override
        public String text(int i) {
            return value.toString().strip();
        }

        @Override
        public double number(int i) {
            return ((Number) value).doubleValue();
        }

        @Override
        public long whole(int i) {
            return ((Number) value).longValue();
        }

        @Override
        public boolean isTrue(int i) {
            return (Boolean) value;
        }
    }
}
