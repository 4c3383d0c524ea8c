package io.firesteel.export;

import io.firesteel.export.OnnxGraph.Attribute;
import io.firesteel.export.OnnxGraph.Element;
import io.firesteel.model.DatePart;
import java.util.ArrayList;
import java.util.List;

/**
 * The nodes that make the parts of a date of microseconds since the beginning of 1970, in whole numbers as far as these go.
 *
 * <p>Years and months are those of <a href="https://howardhinnant.github.io/date_algorithms.html#civil_from_days">civil_from_days</a>,
 * in which a year begins in March and an era is 400 years.
 */
final class DateNodes {
    /** What the input is, to be read after its column's name. */
    static final String UNIT = ", in microseconds since 1970-01-01T00:00, the least int64 where it is missing";

    private static final long HOUR = 3_600_000_000L; // in microseconds
    private static final long DAY = 24 * HOUR;
    private static final long ERA_DAYS = 146_097;

    /** The days from the first of March of the year 0 to the beginning of 1970. */
    private static final long DAYS_BEFORE = 719_468;

    private final OnnxGraph graph;
    private final String column;
    private final List<DatePart> parts;

    DateNodes(OnnxGraph graph, String column, List<DatePart> parts) {
        this.graph = graph;
        this.column = column;
        this.parts = parts;
    }

    /**
     * Adds them; returns the parts (N, parts), all NaN where the model refuses the value.
     *
     * @param input microseconds (N, 1)
     * @param isMissing {@link #isMissing}
     * @param means what stands for the part of each missing date, NaN for none
     */
    String add(String input, String isMissing, double[] means) {
        String time = apply("Mod", input, DAY);
        String day = apply("Div", graph.add("Sub", name("midnight"), List.of(input, time)), DAY);
        List<String> numbers = new ArrayList<>();
        for (DatePart part : parts) {
            numbers.add(
                    switch (part) {
                        case YEAR, MONTH -> real(yearOrMonth(day, part == DatePart.YEAR));
                        case WEEKDAY ->
                            real(apply("Add", apply("Mod", apply("Add", day, 3), 7), 1)); // 1970 begins on a Thursday
                        case HOUR -> real(apply("Div", time, HOUR));
                        case DAYS -> days(day, time);
                    });
        }
        String together = graph.add("Concat", name("parts"), numbers, Attribute.of("axis", 1));
        String accepted = parts.contains(DatePart.HOUR) ? together : withoutTimes(time, together);
        String replacements = graph.constant(name("means"), means, means.length);
        return graph.add("Where", name("present"), List.of(isMissing, replacements, accepted));
    }

    /** Returns whether a date is missing, (N, 1). */
    String isMissing(String input) {
        return graph.add("Equal", name("missing"), List.of(input, constant(Long.MIN_VALUE)));
    }

    /** Returns NaN where a time is not the beginning of a day. */
    private String withoutTimes(String time, String numbers) {
        String isMidnight = graph.add("Equal", name("is day"), List.of(time, constant(0)));
        String nan = graph.constant(name("NaN"), new double[] {Double.NaN});
        return graph.add("Where", name("days only"), List.of(isMidnight, numbers, nan));
    }

    private String yearOrMonth(String day, boolean year) {
        String z = apply("Add", day, DAYS_BEFORE);
        String ofEra = apply("Mod", z, ERA_DAYS); // 0 .. 146,096
        String leaps = plus(minus(ofEra, apply("Div", ofEra, 1460)), apply("Div", ofEra, 36_524));
        String yearOfEra = apply("Div", minus(leaps, apply("Div", ofEra, 146_096)), 365); // 0 .. 399
        String before =
                minus(plus(apply("Mul", yearOfEra, 365), apply("Div", yearOfEra, 4)), apply("Div", yearOfEra, 100));
        String ofYear = minus(ofEra, before); // 0 .. 365, from the first of March
        String fromMarch = apply("Div", apply("Add", apply("Mul", ofYear, 5), 2), 153); // 0 .. 11
        String month = apply("Add", apply("Mod", apply("Add", fromMarch, 2), 12), 1);
        if (!year) {
            return month;
        }
        String era = apply("Div", minus(z, ofEra), ERA_DAYS);
        String isNext = apply("Div", fromMarch, 10); // 1 in January and February
        return plus(plus(yearOfEra, apply("Mul", era, 400)), isNext);
    }

    private String days(String day, String time) {
        String fraction = graph.add(
                "Div", name("fraction"), List.of(real(time), graph.constant(name("day"), new double[] {DAY})));
        return plus(real(day), fraction);
    }

    private String plus(String a, String b) {
        return graph.add("Add", name("sum"), List.of(a, b));
    }

    private String minus(String a, String b) {
        return graph.add("Sub", name("difference"), List.of(a, b));
    }

    private String apply(String operator, String value, long number) {
        return graph.add(operator, name("whole"), List.of(value, constant(number)));
    }

    private String real(String whole) {
        return graph.add("Cast", name("real"), List.of(whole), Attribute.of("to", Element.DOUBLE.number));
    }

    private String constant(long number) {
        return graph.constant(name("" + number), new long[] {number});
    }

    private String name(String what) {
        return column + " " + what;
    }
}
