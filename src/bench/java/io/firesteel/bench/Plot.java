package io.firesteel.bench;

import io.firesteel.bench.Report.Result;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The results as horizontal bars, in SVG: a group of bars for what can be compared, each group with its own scale. */
final class Plot {
    private static final int LABELS = 340;
    private static final int BARS = 420;
    private static final int ROW = 18;

    private final StringBuilder svg = new StringBuilder();
    private int y = 24;

    private Plot() {}

    static String of(Machine machine, List<Result> results) {
        Map<String, List<Result>> groups =
                results.stream().collect(Collectors.groupingBy(Result::group, LinkedHashMap::new, Collectors.toList()));
        Plot plot = new Plot();
        machine.toString().lines().forEach(line -> plot.text(10, "start", "#666", line).y += ROW);
        groups.forEach(plot::group);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                %s</svg>
                """.formatted(LABELS + BARS + 120, plot.y + ROW, plot.svg);
    }

    private void group(String title, List<Result> bars) {
        y += ROW / 2;
        text(10, "start", "#000", title);
        y += ROW;
        double greatest = bars.stream().mapToDouble(Result::greatest).max().orElse(1);
        double scale = greatest > 0 ? BARS / greatest : 0;
        for (Result bar : bars) {
            String color =
                    bar.variant().startsWith("MLlib") || bar.variant().startsWith("Spark") ? "#b0b0b0" : "#d9622b";
            text(LABELS - 8, "end", "#000", bar.variant());
            rectangle(LABELS, y - 11, bar.median() * scale, 13, color);
            rectangle(
                    LABELS + bar.least() * scale,
                    y - 5,
                    (bar.greatest() - bar.least()) * scale,
                    1,
                    "#000"); // the range
            text((int) (LABELS + bar.greatest() * scale) + 6, "start", "#000", Report.text(bar.median()));
            y += ROW;
        }
    }

    private Plot text(int x, String anchor, String color, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                color,
                escaped));
        return this;
    }

    private void rectangle(double x, int top, double width, int height, String color) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                x,
                top,
                Math.max(0, width),
                height,
                color));
    }
}
