package io.firesteel.base;

import java.util.Arrays;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names of settings on a surface of Firesteel (the command line, Spark ML). Code below the surfaces knows a setting
 * by its key, such as {@code learning-rate}, and mentions it in a message with {@link #mention}; the surface that shows
 * the message renders it in the words of its users.
 */
public interface SettingNames {
    /** The names of options of the command line: {@code --learning-rate}, {@code --missing mean}. */
    SettingNames OPTIONS = new SettingNames() {
        @Override
        public String name(String key) {
            return "--" + key;
        }

        @Override
        public String assignment(String key, String value) {
            return key.equals(SPARK) ? sparkOptions(value) + " before the command" : "--" + key + " " + value;
        }
    };

    /** The names of keyword arguments in Python: {@code learning_rate}, {@code missing='mean'}. */
    SettingNames KEYWORDS = new SettingNames() {
        @Override
        public String name(String key) {
            return key.equals("option") ? "reader_options" : key.replace('-', '_');
        }

        @Override
        public String assignment(String key, String value) {
            if (key.equals(SPARK)) {
                return "firesteel.session(conf={" + dictionary(value, " ") + "}) before the first training";
            }
            if (key.equals("option")) {
                return name(key) + "={" + dictionary(value, "\n") + "}";
            }
            boolean literal = value.matches("-?[0-9][0-9.eE+-]*");
            String text = value.equals("true") ? "True" : value.equals("false") ? "False" : "'" + value + "'";
            return name(key) + "=" + (literal ? value : text);
        }

        @Override
        public boolean has(String key) {
            return !ONLY_OPTIONS.contains(key);
        }
    };

    /** The names of properties in Java and Spark ML: {@code learningRate}, {@code missing=mean}. */
    SettingNames PROPERTIES = SettingNames::camelCase;

    /** The key under which {@link #spark} mentions properties of Spark. */
    String SPARK = "spark";

    /** The keys of settings that the command line alone has. */
    Set<String> ONLY_OPTIONS = Set.of("overwrite", "output-format", "warm-start");

    /** Returns the name of the setting with a key. */
    String name(String key);

    /** Returns the text that gives a setting a value. */
    default String assignment(String key, String value) {
        return key.equals(SPARK) ? value : name(key) + "=" + value;
    }

    /** Returns whether the surface has a setting. A hint that mentions a setting that it lacks is left out. */
    default boolean has(String key) {
        return true;
    }

    /** Returns a mention of a setting, for a message. */
    static String mention(String key) {
        return Mentions.OPEN + key + Mentions.CLOSE;
    }

    /** Returns a mention of a setting with a value, for a message. */
    static String mention(String key, Object value) {
        return Mentions.OPEN + key + Mentions.VALUE + value + Mentions.CLOSE;
    }

    /**
     * Returns a mention of properties of Spark that a run has to begin with, for a message.
     *
     * @param properties such as {@code spark.driver.memory=8g}, without spaces
     */
    static String spark(String... properties) {
        return mention(SPARK, String.join(" ", properties));
    }

    /** Returns the message with its mentions in the words of this surface. */
    default String render(String message) {
        return Mentions.PATTERN
                .matcher(message)
                .replaceAll(mention -> Matcher.quoteReplacement(
                        mention.group(2) == null
                                ? name(mention.group(1))
                                : assignment(mention.group(1), mention.group(2))));
    }

    /** Returns whether the surface has all settings that a text mentions. */
    default boolean hasAllOf(String text) {
        return Mentions.PATTERN.matcher(text).results().allMatch(mention -> has(mention.group(1)));
    }

    /** Returns properties of Spark as options of spark-submit, which has names of its own for some. */
    private static String sparkOptions(String properties) {
        return Arrays.stream(properties.split(" "))
                .map(property -> {
                    String key = property.replaceFirst("(?s)=.*", "");
                    return switch (key) {
                        case "spark.driver.memory", "spark.executor.memory" ->
                            "--" + key.substring("spark.".length()).replace('.', '-')
                                    + property.substring(key.length()).replace('=', ' ');
                        case "spark.jars", "spark.jars.packages" ->
                            "--" + key.substring(key.lastIndexOf('.') + 1) + " " + property.substring(key.length() + 1);
                        default -> "--conf " + property;
                    };
                })
                .collect(Collectors.joining(" "));
    }

    /** Returns assignments as the inside of a dictionary of Python. */
    private static String dictionary(String assignments, String separator) {
        return Arrays.stream(assignments.split(separator))
                .map(assignment -> {
                    String[] words = assignment.split("=", 2);
                    return "'" + words[0] + "': " + (words.length < 2 ? "..." : "'" + words[1] + "'");
                })
                .collect(Collectors.joining(", "));
    }

    private static String camelCase(String key) {
        StringBuilder name = new StringBuilder();
        for (String word : key.split("-")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    /** Characters of Unicode's private use, which no input is expected to hold, around a mention. */
    final class Mentions {
        private static final String OPEN = "\uE000";
        private static final String VALUE = "\uE001";
        private static final String CLOSE = "\uE002";
        private static final Pattern PATTERN =
                Pattern.compile(OPEN + "([^" + VALUE + CLOSE + "]*)(?:" + VALUE + "([^" + CLOSE + "]*))?" + CLOSE);

        private Mentions() {}
    }
}
