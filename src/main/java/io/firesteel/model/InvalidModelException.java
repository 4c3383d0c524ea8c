package io.firesteel.model;

import java.io.IOException;

/** A model directory that is not there, not whole, or of a newer format; the message is one line for its user. */
public final class InvalidModelException extends IOException {
    private static final long serialVersionUID = 1;

    /** Messages quote what was found, which may be of any size. */
    private static final int LONGEST_MESSAGE = 500;

    public InvalidModelException(String message) {
        super(line(message));
    }

    public InvalidModelException(String message, Throwable cause) {
        super(line(message), cause);
    }

    private static String line(String message) {
        String line = message.substring(0, Math.min(message.length(), LONGEST_MESSAGE))
                .replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
        return message.length() > LONGEST_MESSAGE ? line + " ..." : line;
    }
}
