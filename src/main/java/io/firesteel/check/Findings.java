package io.firesteel.check;

import io.firesteel.check.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a {@link Check} has found so far. */
final class Findings {
    private final List<Finding> findings = new ArrayList<>();

    /**
     * Adds a finding.
     *
     * @param column that it is about; null for none
     * @param text for {@link String#format}
     */
    void add(Kind kind, String column, String text, Object... values) {
        findings.add(new Finding(kind, column, String.format(Locale.ROOT, text, values)));
    }

    /** Returns all of them, the gravest first. */
    List<Finding> byGravity() {
        return findings.stream().sorted(Comparator.comparing(Finding::kind)).toList();
    }
}
