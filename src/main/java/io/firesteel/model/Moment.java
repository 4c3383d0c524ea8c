package io.firesteel.model;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A date with a time of the day: as it stands, or in UTC where it is written with an offset from UTC.
 *
 * @param day the number of days since 1970-01-01
 * @param nanos the nanoseconds since the beginning of the day
 */
record Moment(long day, long nanos) {
    static final long HOUR_NANOS = 3_600_000_000_000L;
    static final long DAY_NANOS = 24 * HOUR_NANOS;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long DAY_MICROS = DAY_NANOS / 1000;
    private static final int DATE_LENGTH = "2024-03-01".length();

    private static final Pattern DATE = Pattern.compile("(?!0000)([0-9]{4})-([0-9]{2})-([0-9]{2})");

    /** Matches what follows a date: hour, minute, second, fraction; sign, hours and minutes of the offset. */
    private static final Pattern TIME =
            Pattern.compile("[T ]([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:[.,]([0-9]{1,9}))?)?"
                    + "(?:Z|([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?)?");

    /** Returns the beginning of a day. */
    static Moment ofDay(long day) {
        return new Moment(day, 0);
    }

    /** Returns the moment this many microseconds after the beginning of 1970. */
    static Moment ofMicros(long micros) {
        return new Moment(Math.floorDiv(micros, DAY_MICROS), Math.floorMod(micros, DAY_MICROS) * 1000);
    }

    /** Returns the moment this many nanoseconds after the beginning of 1970. */
    static Moment ofNanos(long nanos) {
        return new Moment(Math.floorDiv(nanos, DAY_NANOS), Math.floorMod(nanos, DAY_NANOS));
    }

    /** Returns what clocks of this process's time zone show this many microseconds after the beginning of 1970. */
    static Moment ofLocalMicros(long micros) {
        LocalDateTime time =
                LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneId.systemDefault());
        return new Moment(time.toLocalDate().toEpochDay(), time.toLocalTime().toNanoOfDay());
    }

    /** Returns whether it is not the beginning of a day. */
    boolean hasTime() {
        return nanos != 0;
    }

    /**
     * Reads a date or time as ISO 8601 has it: {@code 2024-03-01}, or with a time after {@code T} or a blank: hours and minutes,
     * perhaps seconds, their fraction of up to nine digits, and {@code Z} or an offset such as {@code +02:00}.
     *
     * @return null if the text writes none
     */
    static Moment parse(String text) {
        int length = text.length();
        if (length < DATE_LENGTH || text.charAt(4) != '-') {
            return null; // as most texts are
        }
        Matcher date = DATE.matcher(text).region(0, DATE_LENGTH);
        Matcher time = TIME.matcher(text).region(DATE_LENGTH, length);
        if (!date.matches() || (length > DATE_LENGTH && !time.matches())) {
            return null;
        }
        try {
            long day = LocalDate.of(number(date, 1), number(date, 2), number(date, 3))
                    .toEpochDay();
            return length == DATE_LENGTH ? ofDay(day) : of(day, time);
        } catch (DateTimeException e) {
            return null; // 2024-02-30
        }
    }

    private static Moment of(long day, Matcher time) {
        long minutes = 60L * number(time, 1) + number(time, 2);
        if (time.group(5) != null) {
            long offset = 60L * number(time, 6) + number(time, 7);
            minutes -= time.group(5).equals("-") ? -offset : offset;
        }
        String fraction = time.group(4) == null ? "" : time.group(4);
        long nanos = (60 * minutes + number(time, 3)) * SECOND_NANOS
                + Long.parseLong(fraction + "0".repeat(9 - fraction.length()));
        return new Moment(day + Math.floorDiv(nanos, DAY_NANOS), Math.floorMod(nanos, DAY_NANOS));
    }

    /** Returns the date and time in ISO 8601. */
    @Override
    public String toString() {
        return LocalDate.ofEpochDay(day).atTime(LocalTime.ofNanoOfDay(nanos)).toString();
    }

    /** Returns the number of a group; 0 where it is not there. */
    private static int number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Integer.parseInt(matcher.group(group));
    }
}
