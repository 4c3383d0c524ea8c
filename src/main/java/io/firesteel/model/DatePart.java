package io.firesteel.model;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A number that is made of a date or time; each is a feature of its own. */
public enum DatePart {
    /** The year. */
    YEAR,
    /** The month, 1 to 12. */
    MONTH,
    /** The day of the week, 1 for Monday to 7 for Sunday. */
    WEEKDAY,
    /** The hour of the day, 0 to 23. */
    HOUR,
    /** The days since the beginning of 1970, with the time of the day as their fraction. */
    DAYS;

    /** Returns the parts that a column has, in the order of its features: the hour only where it has times of the day. */
    public static List<DatePart> of(boolean withTimes) {
        return Arrays.stream(values()).filter(part -> withTimes || part != HOUR).toList();
    }

    /** Returns the names of the features that a column's parts are. */
    public static List<String> features(String column, List<DatePart> parts) {
        return parts.stream().map(part -> column + "." + part).toList();
    }

    /** Returns the part's number. */
    double of(Moment moment) {
        return switch (this) {
            case YEAR -> LocalDate.ofEpochDay(moment.day()).getYear();
            case MONTH -> LocalDate.ofEpochDay(moment.day()).getMonthValue();
            case WEEKDAY -> LocalDate.ofEpochDay(moment.day()).getDayOfWeek().getValue();
            case HOUR -> Math.floorDiv(moment.nanos(), Moment.HOUR_NANOS);
            case DAYS -> moment.day() + moment.nanos() / (double) Moment.DAY_NANOS;
        };
    }

    /** Returns the name as model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
