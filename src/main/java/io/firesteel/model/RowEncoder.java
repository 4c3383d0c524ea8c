package io.firesteel.model;

import io.firesteel.base.OneLine;
import io.firesteel.model.CellRules.BadCell;
import io.firesteel.model.CellRules.Cells;
import io.firesteel.model.CellRules.Kind;
import io.firesteel.model.CellRules.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Map;

/** The step from a row's values, by the names of its columns, to the numbers that a model scores; it follows the {@link CellRules}. */
final class RowEncoder {
    private final int features;
    private final List<String> columns;
    private final CellRules rules;

    RowEncoder(ModelDescription description) {
        features = description.inputs().features().size();
        columns = description.inputs().columns();
        rules = new CellRules(
                description.inputs().features(), description.inputs().encoding());
    }

    /** Returns the features in order: a number as it is, a category as its index, the parts of a date, NaN where a value is missing. */
    double[] features(Map<String, ?> row) {
        double[] numbers = new double[features];
        for (int i = 0; i < columns.size(); i++) {
            Value value = new Value(row.get(columns.get(i)));
            try {
                rules.read(value, i, value.kind(), RowEncoder::notLearning, (k, number) -> numbers[k] = number);
            } catch (BadCell e) {
                throw new IllegalArgumentException("feature " + columns.get(i) + ": " + problem(e), e);
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
        String problem =
                switch (cell.problem()) {
                    case UNSEEN -> "is not a known category";
                    case NOT_A_DATE -> "is not a date or time";
                    case TIME -> "has a time of the day, which the dates of the training did not have";
                    default -> "is not a finite number";
                };
        return '"' + OneLine.of(cell.value(), 60) + "\" " + problem;
    }

    /** A value as the cell of any place: a number, a boolean, or a text without the blanks around it, such as that of a date. */
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
            if (value instanceof ZonedDateTime time) {
                return time.toOffsetDateTime().toString(); // without the zone's name
            } else if (value instanceof Date instant && !(value instanceof java.sql.Date)) {
                return instant.toInstant().toString();
            }
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
        public int days(int i) {
            throw new UnsupportedOperationException("a date is a text here");
        }

        @Override
        public boolean isTrue(int i) {
            return (Boolean) value;
        }
    }
}
