package io.firesteel.model;

import io.firesteel.base.OneLine;
import java.io.IOException;

/** A model directory that is not there, not whole, or of a newer format; the message is one line for its user. */
public final class InvalidModelException extends IOException {
    private static final long serialVersionUID = 1;

    /** Messages quote what was found, which may be of any size. */
    private static final int LONGEST_MESSAGE = 500;

    public InvalidModelException(String message) {
        super(OneLine.of(message, LONGEST_MESSAGE));
    }

    public InvalidModelException(String message, Throwable cause) {
        super(OneLine.of(message, LONGEST_MESSAGE), cause);
    }
}
