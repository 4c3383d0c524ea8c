package io.firesteel.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A chart as plain SVG: the one place that draws. It is 460 units wide, so that its text can be read on a phone; colours come
 * from the style sheet, which knows light and dark.
 */
final class Chart {
    /** The number of colours that can be told apart, also by the colour-blind; the style sheet has them as s0, f0, s1, ... */
    static final int COLOURS = 8;

    private static final int WIDTH = 460;
    private static final int LEFT = 58;
    private static final int RIGHT = 20;
    private static final int TOP = 14;
    private static final int BOTTOM = 46;

    private final String title;
    private final String description;
    private final Axis x;
    private final Axis y;
    private final int height;
    private final StringBuilder marks = new StringBuilder();
    private final StringBuilder front = new StringBuilder(); // over all other marks
    private final StringBuilder legend = new StringBuilder();
    private final List<String[]> entries = new ArrayList<>(); // of the legend: a sample, and its name

    /**
     * Creates an empty chart.
     *
     * @param title of the chart
     * @param description says in words what it shows, for those who do not see it
     */
    Chart(String title, String description, Axis x, Axis y, int height) {
        this.title = title;
        this.description = description;
        this.x = x;
        this.y = y;
        this.height = height;
    }

    Chart(String title, String description, Axis x, Axis y) {
        this(title, description, x, y, 300);
    }

    private double atX(double value) {
        return LEFT + (WIDTH - LEFT - RIGHT) * x.place(value);
    }

    private double atY(double value) {
        return height - BOTTOM - (height - TOP - BOTTOM) * y.place(value);
    }

    /** Returns a coordinate, short. */
    static String at(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /** Adds a line through points, and an entry to the legend unless the name is null. */
    Chart line(List<double[]> points, int colour, boolean dashed, String name) {
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(at(atX(point[0])))
                    .append(' ')
                    .append(at(atY(point[1])));
        }
        String look = "line s" + colour + (dashed ? " dashed" : "");
        marks.append("<path class=\"" + look + "\" d=\"" + path + "\"/>\n");
        return entry(name, "<path class=\"" + look + "\" d=\"M0 6H22\"/>");
    }

    /** Adds a dot. */
    Chart dot(double atX, double atY, double radius, int colour, String tip) {
        front.append(
                "<circle class=\"dot f" + colour + "\" cx=\"" + at(atX(atX)) + "\" cy=\"" + at(atY(atY)) + "\" r=\""
                        + at(radius) + "\"" + (tip == null ? "/>" : "><title>" + Html.escape(tip) + "</title></circle>")
                        + "\n");
        return this;
    }

    /** Adds an entry for dots to the legend. */
    Chart dotEntry(String name, int colour) {
        return entry(name, "<circle class=\"dot f" + colour + "\" cx=\"11\" cy=\"6\" r=\"4.5\"/>");
    }

    /** Adds an entry for areas to the legend. */
    Chart areaEntry(String name, String look) {
        return entry(name, "<rect class=\"" + look + "\" x=\"4\" width=\"14\" height=\"12\" rx=\"2\"/>");
    }

    private Chart entry(String name, String sample) {
        if (name != null) {
            entries.add(new String[] {sample, name});
            legend.append("<span><svg width=\"22\" height=\"12\" viewBox=\"0 0 22 12\" aria-hidden=\"true\">" + sample
                    + "</svg>" + Html.name(name, 40) + "</span>");
        }
        return this;
    }

    /** Adds a rectangle between values, with a text for who points at it. */
    Chart bar(double fromX, double toX, double fromY, double toY, String look, String tip) {
        double left = atX(fromX);
        double top = atY(toY);
        marks.append("<rect class=\"" + look + "\" x=\"" + at(left) + "\" y=\"" + at(top) + "\" width=\""
                + at(Math.max(0, atX(toX) - left)) + "\" height=\"" + at(Math.max(0, atY(fromY) - top)) + "\""
                + (tip == null ? "/>" : "><title>" + Html.escape(tip) + "</title></rect>") + "\n");
        return this;
    }

    /** Adds an area of many rectangles, each from x, to x, from y, to y. */
    Chart area(List<double[]> rectangles, String look) {
        StringBuilder path = new StringBuilder();
        for (double[] one : rectangles) {
            double left = atX(one[0]);
            double top = atY(one[3]);
            path.append('M')
                    .append(at(left))
                    .append(' ')
                    .append(at(top))
                    .append('H')
                    .append(at(atX(one[1])))
                    .append('V')
                    .append(at(atY(one[2])))
                    .append('H')
                    .append(at(left))
                    .append('z');
        }
        if (!path.isEmpty()) {
            marks.append("<path class=\"area " + look + "\" d=\"" + path + "\"/>\n");
        }
        return this;
    }

    /** Returns a sentence on the vertical axis where it is one of ratios; nothing else. */
    String onRatios() {
        return y.isLog() ? "Equal heights are equal ratios. " : "";
    }

    /** Marks a value of the horizontal axis with a line and a text. */
    Chart mark(double value, String text) {
        double at = atX(value);
        boolean right = at > 0.6 * WIDTH;
        front.append("<path class=\"mark\" d=\"M" + at(at) + " " + TOP + "V" + (height - BOTTOM)
                + "\"/><text class=\"marked\" x=\""
                + at(at + (right ? -5 : 5)) + "\" y=\"" + (TOP + 11) + "\" text-anchor=\"" + (right ? "end" : "start")
                + "\">" + Html.escape(text) + "</text>\n");
        return this;
    }

    /** Returns the SVG element. */
    private String svg() {
        return element(" class=\"chart\"", height) + content() + "</svg>";
    }

    private String element(String attributes, int tall) {
        return "<svg" + attributes + " viewBox=\"0 0 " + WIDTH + " " + tall + "\" role=\"img\" aria-label=\""
                + Html.escape(title + ". " + description) + "\">\n<desc>" + Html.escape(description) + "</desc>\n";
    }

    private String content() {
        StringBuilder grid = new StringBuilder();
        int bottom = height - BOTTOM;
        for (Axis.Tick tick : y.ticks()) {
            String at = at(atY(tick.value()));
            grid.append("<path class=\"grid\" d=\"M" + LEFT + " " + at + "H" + (WIDTH - RIGHT) + "\"/><text x=\""
                    + (LEFT - 7) + "\" y=\"" + at + "\" dy=\".35em\" text-anchor=\"end\">" + tick.text() + "</text>\n");
        }
        for (Axis.Tick tick : x.ticks()) {
            String at = at(atX(tick.value()));
            grid.append("<path class=\"tick\" d=\"M" + at + " " + bottom + "v4\"/><text x=\"" + at + "\" y=\""
                    + (bottom + 17) + "\" text-anchor=\"middle\">" + tick.text() + "</text>\n");
        }
        return grid.toString()
                + marks
                + "<path class=\"axis\" d=\"M" + LEFT + " " + bottom + "H" + (WIDTH - RIGHT) + "\"/>"
                + "<text class=\"label\" x=\"" + (LEFT + (WIDTH - LEFT - RIGHT) / 2) + "\" y=\"" + (height - 8)
                + "\" text-anchor=\"middle\">" + Html.plain(x.label(), 50) + "</text>\n" + front;
    }

    /**
     * Returns the chart as a figure.
     *
     * @param note HTML below the chart; empty for none
     */
    String figure(String note) {
        return figure(
                title, "<p class=\"axis-label\">" + Html.name(y.label(), 60) + "</p>" + svg(), legend.toString(), note);
    }

    /** Returns the chart as an SVG file that needs nothing else: with its title, legend and colours. */
    String document() {
        StringBuilder above = new StringBuilder();
        int top = 24;
        above.append("<text class=\"title\" x=\"12\" y=\"" + top + "\">" + Html.escape(title) + "</text>\n");
        for (String[] entry : entries) {
            top += 18;
            above.append("<g transform=\"translate(12 " + (top - 10) + ")\">" + entry[0] + "<text x=\"30\" y=\"10\">"
                    + Html.plain(entry[1], 60) + "</text></g>\n");
        }
        top += 20;
        above.append("<text x=\"12\" y=\"" + top + "\">" + Html.plain(y.label(), 60) + "</text>\n");
        return element(" xmlns=\"http://www.w3.org/2000/svg\" font-family=\"sans-serif\"", top + height)
                + "<style>\n" + Page.style("figures.css") + Page.style("chart.css") + "</style>\n"
                + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n" + above
                + "<g transform=\"translate(0 " + top + ")\">\n" + content() + "</g>\n</svg>\n";
    }

    /** Returns a figure with any content. */
    static String figure(String title, String content, String legend, String note) {
        return "<figure><h3>" + Html.escape(title) + "</h3>"
                + (legend.isEmpty() ? "" : "<p class=\"legend\">" + legend + "</p>") + content
                + (note.isEmpty() ? "" : "<figcaption>" + note + "</figcaption>") + "</figure>\n";
    }
}
