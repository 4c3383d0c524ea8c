package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
    private static final long DAY_MILLIS = 86_400_000;

    /** The Gregorian calendar of before java.time, as if it had always been in use. */
    @SuppressWarnings("JavaUtilDate") // it has no other way to say so
    private static GregorianCalendar calendar(long day) {
        GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
        calendar.setGregorianChange(new Date(Long.MIN_VALUE));
        calendar.setTimeInMillis(day * DAY_MILLIS);
        return calendar;
    }

    @Test
    void parts_areThoseOfTheCalendar() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            long day = random.nextLong(-719_162, 2_932_897); // the years 1 to 9999
            long nanos = random.nextLong(86_400_000_000_000L);
            Moment moment = new Moment(day, nanos);
            GregorianCalendar calendar = calendar(day);
            assertEquals(calendar.get(Calendar.YEAR), DatePart.YEAR.of(moment));
            assertEquals(calendar.get(Calendar.MONTH) + 1, DatePart.MONTH.of(moment));
            int weekday = calendar.get(Calendar.DAY_OF_WEEK) - 1; // of Sunday 0
            assertEquals(weekday == 0 ? 7 : weekday, DatePart.WEEKDAY.of(moment));
            assertEquals(Math.floorDiv(nanos, 3_600_000_000_000L), (long) DatePart.HOUR.of(moment));
            double days = new BigDecimal(BigInteger.valueOf(day)
                            .multiply(BigInteger.valueOf(86_400_000_000_000L))
                            .add(BigInteger.valueOf(nanos)))
                    .divide(new BigDecimal(86_400_000_000_000L), MathContext.DECIMAL128)
                    .doubleValue();
            assertEquals(days, DatePart.DAYS.of(moment), Math.ulp(days));
        }
    }

    @Test
    void parse_readsWhatTheCalendarWrites() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            long day = random.nextLong(-719_162, 2_932_897);
            long nanos = random.nextLong(86_400_000_000_000L);
            GregorianCalendar calendar = calendar(day);
            calendar.setTimeInMillis(calendar.getTimeInMillis() + nanos / 1_000_000);
            String fraction = String.format(Locale.ROOT, "%09d", nanos % 1_000_000_000);
            String text = String.format(Locale.ROOT, "%1$tY-%1$tm-%1$tdT%1$tH:%1$tM:%1$tS", calendar);
            assertEquals(new Moment(day, nanos), Moment.parse(text + "." + fraction), text);
            int digits = 1 + random.nextInt(9);
            long cut = nanos - nanos % (long) Math.pow(10, 9 - digits);
            assertEquals(new Moment(day, cut), Moment.parse(text + "," + fraction.substring(0, digits) + "Z"), text);
            assertEquals(new Moment(day, nanos - nanos % 1_000_000_000), Moment.parse(text.replace('T', ' ')));
            assertEquals(new Moment(day, nanos - nanos % 60_000_000_000L), Moment.parse(text.substring(0, 16)));
            assertEquals(new Moment(day, 0), Moment.parse(text.substring(0, 10)));
        }
    }

    /** An offset is subtracted, also where this leads to another day, month or year. */
    @ParameterizedTest
    @CsvSource({
        "2024-03-01T00:30:00+01:00, 2024-02-29T23:30",
        "2023-12-31T23:59:59.5-0330, 2024-01-01T03:29:59.5",
        "2024-03-01 12:00+14, 2024-02-29T22:00",
        "1970-01-01T00:00:00-00:01, 1970-01-01T00:01"
    })
    void parse_offset(String text, String utc) {
        assertEquals(Moment.parse(utc), Moment.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024",
                "2024-03",
                "20240301",
                "2024-3-1",
                "2024-02-30",
                "2023-02-29",
                "2024-00-01",
                "2024-01-00",
                "0000-01-01",
                "2024-03-01T",
                "2024-03-01T12",
                "2024-03-01T24:00",
                "2024-03-01T12:60",
                "2024-03-01T12:00:60",
                "2024-03-01T12:00:00.",
                "2024-03-01T12:00:00.1234567890",
                "2024-03-01  12:00",
                "2024-03-01Z",
                "2024-03-01T12:00+24:00",
                "2024-03-01T12:00 Z",
                "x2024-03-01",
                "2024-03-01T12:00:00+01:00[Europe/Berlin]",
                "01.03.2024",
                "\u0662\u0660\u0662\u0664-03-01"
            })
    void parse_nothingElse(String text) {
        assertNull(Moment.parse(text));
    }

    @Test
    void ofNumbers_beforeAndAfter1970() {
        assertEquals(new Moment(-1, 86_399_999_999_000L), Moment.ofMicros(-1));
        assertEquals(new Moment(-1, 86_399_999_999_999L), Moment.ofNanos(-1));
        assertEquals(Moment.parse("2024-02-29T12:30:00.000001"), Moment.ofMicros(1_709_209_800_000_001L));
        assertEquals(Moment.parse("2024-02-29T12:30:00.000000001"), Moment.ofNanos(1_709_209_800_000_000_001L));
    }
}
