package io.firesteel.base;

/** A user's mistake: its message is one line that says what, where, the value, and what was expected. */
public class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Messages quote what was found, which may be of any size. */
    private static final int LONGEST_MESSAGE = 2000;

    public UserError(String message) {
        super(OneLine.of(message, LONGEST_MESSAGE));
    }

    public UserError(String message, Throwable cause) {
        super(OneLine.of(message, LONGEST_MESSAGE), cause);
    }
}
