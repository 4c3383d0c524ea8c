package io.firesteel.cli;

import io.firesteel.base.Suggestion;
import io.firesteel.fit.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The option that was probably meant by a name that a command does not have. */
final class Synonyms {
    /** Names that other programs have for options that are no settings; those of settings are in the table of these. */
    private static final Map<String, List<String>> OTHERS = Map.ofEntries(
            Map.entry("input", List.of("data")),
            Map.entry("file", List.of("data")),
            Map.entry("csv", List.of("data")),
            Map.entry("dataset", List.of("data")),
            Map.entry("train", List.of("data")),
            Map.entry("out", List.of("output", "model")),
            Map.entry("output", List.of("model")),
            Map.entry("output-dir", List.of("model")),
            Map.entry("save", List.of("model")),
            Map.entry("model-dir", List.of("model")),
            Map.entry("force", List.of("overwrite")),
            Map.entry("html", List.of("report")),
            Map.entry("silent", List.of("quiet")),
            Map.entry("sep", List.of("option")),
            Map.entry("delimiter", List.of("option")));

    private Synonyms() {}

    /**
     * Returns a remark on what was meant, to be put after the wrong name.
     *
     * @param name with the hyphens before it, or without, as the known ones
     */
    static String suggestion(String name, Collection<String> known) {
        String hyphens = name.startsWith("--") ? "--" : "";
        String plain = name.substring(hyphens.length()).replaceFirst("(?s)=.*", "");
        List<String> meant = new ArrayList<>(Setting.meantBy(plain));
        meant.addAll(OTHERS.getOrDefault(plain, List.of()));
        String found =
                meant.stream().map(key -> hyphens + key).filter(known::contains).collect(Collectors.joining(" or "));
        return found.isEmpty()
                ? Suggestion.of(hyphens + plain, new TreeSet<>(known))
                : " (did you mean " + found + "?)";
    }
}
