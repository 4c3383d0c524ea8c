package io.firesteel.model;

import java.io.IOException;

/** A model directory that is not there, not whole, or of a newer format; the message is one line for its user. */
public final class InvalidModelException extends IOException {
    private static final long serialVersionUID = 1;

    public InvalidModelException(String message) {
        super(message);
    }

    public InvalidModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
