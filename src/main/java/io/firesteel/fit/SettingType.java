package io.firesteel.fit;

import io.firesteel.base.NameList;
import io.firesteel.nn.Loss;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.network.util.JavaUtils;

/**
 * The type of a setting's values: how they are read from text and written as text.
 *
 * @param kind what they are to a surface that has no types of its own
 * @param expected what a text should be, to be read after "expected"
 * @param parse reads a text; fails with an {@link IllegalArgumentException}
 * @param write writes a value, so that it can be read again
 */
public record SettingType<T>(Kind kind, String expected, Function<String, T> parse, Function<T, String> write) {
    /** What values are, roughly. */
    public enum Kind {
        NUMBER,
        WHOLE,
        LONG,
        FLAG,
        TEXT,
        NUMBERS,
        WHOLES,
        TEXTS;

        /** Returns whether a value is a list, which as text has commas between its elements. */
        public boolean isList() {
            return this == NUMBERS || this == WHOLES || this == TEXTS;
        }
    }

    public static final SettingType<Double> NUMBER = of(Kind.NUMBER, "a number", Double::valueOf);
    public static final SettingType<Integer> WHOLE = of(Kind.WHOLE, "a whole number", Integer::valueOf);
    public static final SettingType<Long> LONG = of(Kind.LONG, "a whole number", Long::valueOf);
    public static final SettingType<Boolean> FLAG = of(Kind.FLAG, "true or false", SettingType::trueOrFalse);
    public static final SettingType<String> TEXT = of(Kind.TEXT, "a text", text -> text);
    public static final SettingType<List<String>> TEXTS = new SettingType<>(
            Kind.TEXTS,
            "names with commas between them (a name that has a comma is in double quotes)",
            text -> text.isEmpty() ? List.of() : NameList.parse(text),
            NameList::join);
    private static final Duration LONGEST = Duration.ofDays(10_000);

    public static final SettingType<Duration> TIME =
            of(Kind.TEXT, "a time such as 90s, 10m or 2h", SettingType::positiveTime);
    public static final SettingType<List<Double>> NUMBERS = listOf(Kind.NUMBERS, NUMBER);

    /** Numbers of units, where "none" is an empty list. */
    public static final SettingType<List<Integer>> UNITS = new SettingType<>(
            Kind.WHOLES,
            "positive numbers of units such as 64,32, or none",
            text -> text.trim().equals("none") ? List.of() : parsed(text, WHOLE),
            units -> units.isEmpty() ? "none" : join(units));

    /** A regression's loss, by the name that model files have or without its "-error". */
    public static final SettingType<Loss> LOSS = of(
            Kind.TEXT,
            Loss.OF_REGRESSION.stream().map(SettingType::shortName).collect(Collectors.joining(", ")),
            text -> named(Loss.OF_REGRESSION, text, SettingType::shortName));

    /** A threshold between two classes, or what it is chosen for. */
    public static final SettingType<Threshold> THRESHOLD = of(Kind.TEXT, Threshold.EXPECTED, Threshold::parse);

    private static String shortName(Loss loss) {
        return loss.toString().replace("-error", "");
    }

    /** Returns the type of one of an enum's values, whose names may be written without hyphens and in any case. */
    public static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
        List<E> values = List.of(type.getEnumConstants());
        return of(Kind.TEXT, join(values).replace(",", ", "), text -> named(values, text, E::toString));
    }

    /** Returns the type of several of an enum's values. */
    static <E extends Enum<E>> SettingType<List<E>> choices(Class<E> type) {
        return listOf(Kind.TEXTS, choice(type));
    }

    private static <T> SettingType<T> of(Kind kind, String expected, Function<String, T> parse) {
        return new SettingType<>(kind, expected, text -> parse.apply(text.trim()), T::toString);
    }

    private static <T> SettingType<List<T>> listOf(Kind kind, SettingType<T> element) {
        return new SettingType<>(
                kind, element.expected, text -> text.isEmpty() ? List.of() : parsed(text, element), SettingType::join);
    }

    private static <T> List<T> parsed(String text, SettingType<T> element) {
        return Arrays.stream(text.split(",", -1)).map(element.parse).toList();
    }

    private static String join(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static <T> T named(List<T> values, String text, Function<T, String> name) {
        return values.stream()
                .filter(value -> plain(value.toString()).equals(plain(text))
                        || plain(name.apply(value)).equals(plain(text)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "");
    }

    private static Duration positiveTime(String text) {
        long millis = JavaUtils.timeStringAs(text, TimeUnit.MILLISECONDS);
        boolean hasUnit = Character.isLetter(text.charAt(text.length() - 1));
        if (!hasUnit || millis <= 0 || millis > LONGEST.toMillis()) {
            throw new IllegalArgumentException(text);
        }
        return Duration.ofMillis(millis);
    }

    private static boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }
}
