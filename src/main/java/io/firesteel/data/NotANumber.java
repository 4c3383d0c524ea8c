package io.firesteel.data;

import io.firesteel.base.UserError;

/** A text in a column of numbers, which may be meant as one of categories. */
final class NotANumber extends UserError {
    private static final long serialVersionUID = 1;

    NotANumber(String message) {
        super(message);
    }
}
