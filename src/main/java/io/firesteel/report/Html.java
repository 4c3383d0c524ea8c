package io.firesteel.report;

import io.firesteel.model.MetricFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Pieces of HTML. Whatever comes from a user goes through {@link #name} or {@link #plain}, which let nothing of it be markup. */
final class Html {
    /** The greatest number of characters of a name in a sentence or a table. */
    static final int LONG_NAME = 60;

    /** The greatest number of characters of a name in a chart. */
    static final int SHORT_NAME = 28;

    /** Characters that steer the direction of text, or are seen by nobody: a name cannot reorder what follows it. */
    private static final String STEERING = "[\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069\\ufeff]";

    private Html() {}

    /** Returns text of ours or of a user as HTML, in an element or in an attribute with double quotes. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(isCharacter(c) ? c : 0xfffd);
            }
        });
        return escaped.toString();
    }

    private static boolean isCharacter(int c) {
        boolean control = (c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !control && !surrogate && (c & 0xfffe) != 0xfffe;
    }

    /** Returns a user's text on one line, cut after this many characters, with no direction but its own. */
    static String cut(String text, int longest) {
        // The first characters suffice, twice as many in case each is a pair: a text may have millions.
        String some = text.length() > 4L * longest ? text.substring(0, 4 * longest) : text;
        String line = some.replaceAll(STEERING, "").replaceAll("\\s+", " ").strip();
        if (line.isEmpty()) {
            return "(empty)";
        }
        int characters = line.codePointCount(0, line.length());
        if (characters <= longest && some.length() == text.length()) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, Math.min(characters, longest - 1))) + "\u2026";
    }

    /** Returns a user's text as HTML that is isolated from the text around it. */
    static String name(String text, int longest) {
        return "<bdi>" + escape(cut(text, longest)).replace("_", "_<wbr/>") + "</bdi>"; // it may be broken there
    }

    /** Returns a user's text for an SVG or an attribute, where no elements may be: isolated by characters. */
    static String plain(String text, int longest) {
        return "\u2068" + escape(cut(text, longest)) + "\u2069";
    }

    /** Returns a metric with the digits of people, and with all of them for programs; a dash for null. */
    static String number(Double value) {
        return value == null ? "\u2013" : data(value, MetricFormat.number(value));
    }

    /** Returns a number with five significant digits, for values in units of the data. */
    static String digits(double value) {
        return data(value, digitsText(value));
    }

    /** Returns a number's five significant digits, without zeros at the end. */
    static String digitsText(double value) {
        if (value == 0 || !Double.isFinite(value)) {
            return value == 0 ? "0" : String.valueOf(value);
        }
        double size = Math.abs(value);
        if (size >= 1e7 || size < 1e-4) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        int decimals = (int) Math.max(0, Math.min(8, 4 - Math.floor(Math.log10(size))));
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    /** Returns a sum of weights, a whole number where it is one. */
    static String count(double count) {
        return data(
                count, count == Math.rint(count) ? String.format(Locale.ROOT, "%,d", (long) count) : digitsText(count));
    }

    /** Returns a part of a whole in per cent. */
    static String percent(double part) {
        return data(part, percentText(part));
    }

    static String percentText(double part) {
        boolean isNearlyAll = part < 1 && part >= 0.9995;
        return isNearlyAll ? "over 99.9%" : String.format(Locale.ROOT, "%.1f%%", 100 * part);
    }

    /** Returns a time with the units that suit it. */
    static String duration(double seconds) {
        if (seconds < 1) {
            return String.format(Locale.ROOT, seconds < 0.01 ? "%.2f ms" : "%.0f ms", seconds * 1000);
        }
        long minutes = Math.round(seconds) / 60;
        return seconds < 120
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : minutes < 120
                        ? minutes + " min"
                        : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }

    private static String data(double value, String text) {
        return "<data value=\"" + value + "\">" + text + "</data>";
    }

    /** Returns this many of a thing: 1 row, 2,000 rows. */
    static String counted(long count, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", count, thing, count == 1 ? "" : "s");
    }

    /**
     * Returns a table that scrolls where it is too wide.
     *
     * @param caption for those who hear it
     * @param head HTML of the columns' names; those after the first are of numbers
     * @param rows HTML of the cells, whose first is the row's name
     */
    static String table(String caption, List<String> head, List<List<String>> rows) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table><caption>")
                .append(escape(caption))
                .append("</caption><thead><tr>");
        head.forEach(name -> html.append("<th scope=\"col\">").append(name).append("</th>"));
        html.append("</tr></thead><tbody>");
        for (List<String> row : rows) {
            html.append("<tr><th scope=\"row\">").append(row.get(0)).append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell -> html.append("<td>").append(cell).append("</td>"));
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>").toString();
    }

    /** Returns something that is shown when it is asked for. */
    static String details(String summary, String content) {
        return "<details><summary>" + escape(summary) + "</summary>" + content + "</details>";
    }

    /** Returns a section with its heading; nothing for no content. */
    static String section(String heading, String content) {
        return content.isEmpty() ? "" : "<section>\n<h2>" + heading + "</h2>\n" + content + "</section>\n";
    }

    /** Returns figures side by side where there is room. */
    static String figures(String... figures) {
        String all = String.join("", figures);
        return all.isEmpty() ? "" : "<div class=\"figures\">\n" + all + "</div>\n";
    }

    /** Returns some names as a sentence has them. */
    static String list(List<String> names, int most) {
        return list(names, most, names.size());
    }

    /** Returns some names as a sentence has them, which are the first of this many. */
    static String list(List<String> names, int most, int all) {
        int more = all - Math.min(most, names.size());
        return names.stream().limit(most).map(name -> name(name, LONG_NAME)).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + count(more) + " more" : "");
    }

    /** Returns a number from 0 to 1 with a bar behind it. */
    static String share(Double value) {
        return value == null
                ? number(null)
                : "<span class=\"share\" style=\"--part:" + String.format(Locale.ROOT, "%.1f", Math.max(0, value) * 100)
                        + "%\">" + number(value) + "</span>";
    }
}
