package io.firesteel.data;

/** A user's mistake: its message is one line that says what, where, the value, and what was expected. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }
}
