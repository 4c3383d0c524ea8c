package io.firesteel.data;

/** A user's mistake: its message is one line that says what, where, the value, and what was expected. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Messages quote what was found, which may be of any size. */
    private static final int LONGEST_MESSAGE = 2000;

    public UserError(String message) {
        super(line(message));
    }

    public UserError(String message, Throwable cause) {
        super(line(message), cause);
    }

    private static String line(String message) {
        String line = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE))
                .replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
        return message.length() > LONGEST_MESSAGE ? line + " ..." : line;
    }
}
