package io.firesteel.base;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
            return "--" + key + " " + value;
        }
    };

    /** The names of keyword arguments in Python: {@code learning_rate}, {@code missing='mean'}. */
    SettingNames KEYWORDS = new SettingNames() {
        @Override
        public String name(String key) {
            return key.replace('-', '_');
        }

        @Override
        public String assignment(String key, String value) {
            boolean literal = value.matches("-?[0-9][0-9.eE+-]*");
            String text = value.equals("true") ? "True" : value.equals("false") ? "False" : "'" + value + "'";
            return name(key) + "=" + (literal ? value : text);
        }

        @Override
        public boolean has(String key) {
            return !key.equals("overwrite"); // which is the command line's
        }
    };

    /** The names of properties in Java and Spark ML: {@code learningRate}, {@code missing=mean}. */
    SettingNames PROPERTIES = SettingNames::camelCase;

    /** Returns the name of the setting with a key. */
    String name(String key);

    /** Returns the text that gives a setting a value. */
    default String assignment(String key, String value) {
        return name(key) + "=" + value;
    }

    /** Returns whether the surface has a setting. A hint that mentions a setting that it lacks is left out. */
    default boolean has(String key) {
        return true;
    }

    /** A setting in a message. */
    static String mention(String key) {
        return Mentions.OPEN + key + Mentions.CLOSE;
    }

    /** A setting with a value in a message. */
    static String mention(String key, Object value) {
        return Mentions.OPEN + key + Mentions.VALUE + value + Mentions.CLOSE;
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
