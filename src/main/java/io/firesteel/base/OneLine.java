package io.firesteel.base;

/** Messages for users: one line, whatever they quote. */
public final class OneLine {
    private OneLine() {}

    /** Returns the message without control characters and line ends, cut after this many characters. */
    public static String of(String message, int longest) {
        String line = message.substring(0, Math.min(message.length(), longest))
                .replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
        return message.length() > longest ? line + " ..." : line;
    }
}
