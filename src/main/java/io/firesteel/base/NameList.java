package io.firesteel.base;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Names in one text: commas are between them, and a name that has a comma itself is in double quotes. */
public final class NameList {
    private NameList() {}

    /**
     * Returns the names in a text. A quote in a quoted name is doubled, as in CSV.
     *
     * @throws IllegalArgumentException when a quoted name does not end, or something follows it
     */
    public static List<String> parse(String text) {
        List<String> names = new ArrayList<>();
        int at = 0;
        do {
            int end;
            String part = text.substring(at).stripLeading();
            int start = text.length() - part.length();
            if (part.startsWith("\"")) {
                end = closing(text, start + 1);
                names.add(text.substring(start + 1, end).replace("\"\"", "\""));
                int comma = text.indexOf(',', end);
                String rest = text.substring(end + 1, comma < 0 ? text.length() : comma);
                if (!rest.isBlank()) {
                    throw new IllegalArgumentException(text);
                }
                end = comma;
            } else {
                end = text.indexOf(',', at);
                names.add(text.substring(at, end < 0 ? text.length() : end).trim());
            }
            at = end < 0 ? text.length() + 1 : end + 1;
        } while (at <= text.length());
        return names;
    }

    private static int closing(String text, int from) {
        int quote = text.indexOf('"', from);
        while (quote >= 0 && quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
            quote = text.indexOf('"', quote + 2);
        }
        if (quote < 0) {
            throw new IllegalArgumentException(text);
        }
        return quote;
    }

    /** Returns the text that names are parsed from. */
    public static String join(List<String> names) {
        return names.stream().map(NameList::quoted).collect(Collectors.joining(","));
    }

    /** Returns a name as it is written in a list. */
    public static String quoted(String name) {
        return name.contains(",") || name.startsWith("\"") ? '"' + name.replace("\"", "\"\"") + '"' : name;
    }
}
