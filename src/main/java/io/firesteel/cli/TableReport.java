package io.firesteel.cli;

import io.firesteel.base.OneLine;
import io.firesteel.base.SettingNames;
import io.firesteel.fit.TableSurvey;
import io.firesteel.table.ColumnSurvey.Entry;
import io.firesteel.table.ColumnSurvey.Obstacle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lines that tell all problems of a table at once, and the command that reads it. */
final class TableReport {
    private static final int MOST_COLUMNS = 60;
    private static final int LONGEST_NAME = 40;
    private static final int LONGEST_KIND = 16;

    private TableReport() {}

    /**
     * Returns the lines.
     *
     * @param words of the command that was refused
     */
    static List<String> lines(TableSurvey survey, List<String> words) {
        List<Entry> all = survey.columns().entries();
        List<Entry> bad =
                all.stream().filter(entry -> !entry.obstacles().isEmpty()).toList();
        List<Entry> shown = (all.size() <= MOST_COLUMNS ? all : bad)
                .stream().limit(MOST_COLUMNS).toList();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d of %,d columns are in the way, in %,d rows:",
                bad.size(),
                all.size(),
                survey.columns().rows()));
        String name = "column";
        int width = Stream.concat(Stream.of(name), shown.stream().map(TableReport::name))
                .mapToInt(TextWidth::of)
                .max()
                .orElseThrow();
        String format = "  %s  %-" + LONGEST_KIND + "s  %9s  %9s  %s";
        lines.add(String.format(
                Locale.ROOT, format, TextWidth.padEnd(name, width), "holds", "distinct", "missing", "in the way"));
        shown.forEach(entry -> lines.add(String.format(
                        Locale.ROOT,
                        format,
                        TextWidth.padEnd(name(entry), width),
                        OneLine.of(entry.kind(), LONGEST_KIND),
                        distinct(entry),
                        entry.missing() == 0 ? "" : String.format(Locale.ROOT, "%,d", entry.missing()),
                        entry.obstacles().stream().map(Obstacle::problem).collect(Collectors.joining(", ")))
                .stripTrailing()));
        if (bad.size() > shown.size()) {
            lines.add(String.format(Locale.ROOT, "  ... and %,d more", bad.size() - shown.size()));
        }
        String command = NextCommands.line(changed(words, survey.remedies()));
        if (survey.remaining() == null) {
            lines.add("this reads the table: " + command);
        } else {
            if (!survey.remedies().isEmpty()) {
                lines.add("this mends some of it: " + command);
            }
            lines.add("what remains: " + survey.remaining().render(SettingNames.OPTIONS));
        }
        return lines;
    }

    private static String name(Entry entry) {
        return OneLine.of(entry.column(), LONGEST_NAME);
    }

    private static String distinct(Entry entry) {
        String number = entry.distinct() == 0 ? "" : String.format(Locale.ROOT, "%,d", entry.distinct());
        return entry.all() || number.isEmpty() ? number : number + "+";
    }

    /** Returns a command with other values of some options. */
    private static List<String> changed(List<String> words, Map<String, String> options) {
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String key = word.startsWith("--") ? word.substring(2).replaceFirst("=.*", "") : "";
            if (!options.containsKey(key)) {
                changed.add(word);
            } else if (!word.contains("=")) {
                i++; // its value
            }
        }
        options.forEach((key, value) -> changed.addAll(List.of("--" + key, value)));
        return changed;
    }
}
