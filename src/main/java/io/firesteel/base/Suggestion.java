package io.firesteel.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The name that a user probably meant. */
public final class Suggestion {
    private Suggestion() {}

    /** Returns " (did you mean X?)" for the candidate nearest to a name, or nothing when none is near. */
    public static String of(String name, Collection<String> candidates) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        Optional<String> nearest =
                candidates.stream().min(Comparator.comparingInt(candidate -> distance.apply(name, candidate)));
        return nearest.filter(candidate ->
                        distance.apply(name, candidate) <= Math.max(1, Math.max(name.length(), candidate.length()) / 2))
                .map(candidate -> " (did you mean " + candidate + "?)")
                .orElse("");
    }
}
