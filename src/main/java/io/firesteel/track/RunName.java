package io.firesteel.track;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The place of a run in the tree of a command's runs: the command itself, a trial of its search, or a fold of either.
 *
 * @param trial the number of the trial, from 1; null outside of trials
 * @param fold the number of the fold, from 1; null outside of folds
 */
public record RunName(Integer trial, Integer fold) {
    /** The command itself. */
    public static final RunName COMMAND = new RunName(null, null);

    /** Returns the run that this one is a part of; null for the command. */
    RunName parent() {
        return fold != null ? new RunName(trial, null) : trial != null ? COMMAND : null;
    }

    /** Returns a path of directories below the command's, such as {@code trial-03/fold-1}; empty for the command. */
    String path() {
        List<String> names = new ArrayList<>();
        if (trial != null) {
            names.add(String.format(Locale.ROOT, "trial-%02d", trial));
        }
        if (fold != null) {
            names.add("fold-" + fold);
        }
        return String.join("/", names);
    }
}
