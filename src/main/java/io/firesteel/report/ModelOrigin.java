package io.firesteel.report;

import io.firesteel.model.ModelDescription.Provenance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Where a model comes from: its settings, the programs that trained it, the command that does it again, the time. */
record ModelOrigin(Provenance origin, Run run) {
    private static final int LONGEST_VALUE = 200;
    private static final int LONGEST_COMMAND = 4000;

    /** Options that say where things are, or that are in the others already. */
    private static final Set<String> ELSEWHERE = Set.of("config", "overwrite", "model", "report", "image", "data");

    String html() {
        return Html.section("Settings and origin", time() + provenance() + command() + settings(origin.settings()));
    }

    private String provenance() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "rows",
                Html.count((double) origin.rows()) + " trained on, " + Html.count((double) origin.validationRows())
                        + (origin.isRefit() ? " of them held out at first" : " held out")));
        rows.add(List.of("random seed", String.valueOf(origin.seed())));
        rows.add(List.of("precision", Html.name(origin.precision(), Html.LONG_NAME)));
        rows.add(List.of("Firesteel", Html.name(origin.software().firesteel(), Html.LONG_NAME)));
        rows.add(List.of("Spark", Html.name(origin.software().spark(), Html.LONG_NAME)));
        rows.add(List.of("Java", Html.name(origin.software().java(), Html.LONG_NAME)));
        rows.add(List.of(
                "matrix products", Html.name(String.valueOf(origin.software().blas()), LONGEST_VALUE)));
        return Html.table("What trained the model", List.of("", ""), rows)
                .replace("<table>", "<table class=\"facts\">");
    }

    /** Returns a table of settings that is shown when it is asked for; nothing for no settings. */
    static String settings(Map<String, String> all) {
        Map<String, String> settings = new TreeMap<>(all);
        settings.values().removeIf(String::isEmpty);
        if (settings.isEmpty()) {
            return "";
        }
        List<List<String>> rows = settings.entrySet().stream()
                .limit(200)
                .map(entry ->
                        List.of(Html.name(entry.getKey(), Html.LONG_NAME), Html.name(entry.getValue(), LONGEST_VALUE)))
                .toList();
        return Html.details(
                "All settings",
                Html.table("Settings of the training", List.of("setting", "value"), rows)
                        .replace("<table>", "<table class=\"facts\">"));
    }

    private String command() {
        Map<String, String> settings = origin.settings();
        if (!settings.containsKey("label")) {
            return "";
        }
        StringBuilder command =
                new StringBuilder("firesteel train --data " + word(settings.getOrDefault("data", "DATA")));
        new TreeMap<>(settings).forEach((key, value) -> {
            if (!value.isEmpty() && !ELSEWHERE.contains(key)) {
                command.append(" --").append(key).append(' ').append(word(value));
            }
        });
        command.append(" --model NEW_MODEL");
        String text = command.length() > LONGEST_COMMAND
                ? "firesteel train --config SETTINGS.properties, a file of the settings below: they are too long for a line"
                : command.toString();
        return "<h3>The same again</h3>\n<p>The same rows, settings and seed give the same weights, bit for bit, on any"
                + " number of machines of the same kind.</p>\n<pre tabindex=\"0\"><code>" + Html.escape(clean(text))
                + "</code></pre>\n";
    }

    /** Returns text without characters that would reorder it. */
    private static String clean(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }

    /** Returns a value as a shell has it: in quotes where it needs them. */
    private static String word(String value) {
        return value.matches("[A-Za-z0-9_./:,=+@-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    private String time() {
        if (run == null || run.nanos() <= 0) {
            return "";
        }
        double seconds = run.nanos() / 1e9;
        return "<h3>Time</h3>\n<p>The steps took " + Html.duration(seconds) + ", "
                + Html.duration(seconds / run.steps())
                + " each, "
                + Html.escape(run.place()) + ".</p>\n"
                + parts(run.nanos(), run.productNanos(), run.otherTaskNanos());
    }

    /** Returns a table of where the time of steps went, in nanoseconds. */
    static String parts(long nanos, long products, long restOfTask) {
        double whole = nanos;
        List<List<String>> rows = new ArrayList<>();
        Map<String, Double> parts = new LinkedHashMap<>();
        parts.put("matrix products", products / whole);
        parts.put("rest of the tasks", restOfTask / whole);
        parts.put("outside of the tasks", 1 - (products + restOfTask) / whole);
        parts.forEach((name, part) -> rows.add(List.of(
                name,
                Html.duration(part * whole / 1e9),
                "<span class=\"share\" style=\"--part:" + Chart.at(100 * Math.max(0, part)) + "%\">"
                        + Html.percent(part) + "</span>")));
        return Html.table("Where the time of the steps went", List.of("part", "time", "share"), rows);
    }
}
