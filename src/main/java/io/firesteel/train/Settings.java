package io.firesteel.train;

import java.util.List;
import java.util.stream.Collectors;

/** How settings check themselves. */
final class Settings {
    private Settings() {}

    /**
     * Fails unless it holds.
     *
     * @param option as the command line names it, without its hyphens
     * @param value that it has
     * @param expected what it should be
     */
    static void expect(boolean holds, String option, Object value, String expected) {
        if (!holds) {
            String text = value instanceof List<?> list
                    ? list.stream().map(Object::toString).collect(Collectors.joining(","))
                    : value.toString();
            throw new IllegalArgumentException("--" + option + " " + text + ": expected " + expected);
        }
    }
}
