package io.firesteel.cli;

import io.firesteel.base.UserError;
import java.util.List;

/** An error of a table that has several, with lines that tell all of them. */
final class SurveyedError extends UserError {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // a list of texts
    private final List<String> lines;

    SurveyedError(UserError first, List<String> lines) {
        super(first.problem(), first.hint(), first);
        this.lines = List.copyOf(lines);
    }

    /** Returns the lines that follow the first error's. */
    List<String> lines() {
        return lines;
    }
}
