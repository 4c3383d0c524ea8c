package io.firesteel.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Parallel coordinates of a search: an upright axis for each setting and one for the metric, and a line for each trial. The best
 * metric is at the top.
 */
final class Parallels {
    private static final int WIDTH = 460;
    private static final int LEFT = 40;
    private static final int RIGHT = 62;
    private static final int TOP = 26;
    private static final int BOTTOM = 34;

    /** More axes would leave no room for their texts. */
    private static final int MOST_AXES = 6;

    /** More values of one axis would stand over each other. */
    private static final int MOST_TEXTS = 10;

    private final SearchReport search;
    private final List<Column> columns = new ArrayList<>();
    private final int height;

    /** An axis: the places of its values, 0 at the bottom and 1 at the top, and what is written there. */
    private interface Column {
        String name();

        double place(SearchReport.Trial trial);

        List<Axis.Tick> ticks();
    }

    Parallels(SearchReport search) {
        this.search = search;
        search.varied().stream().limit(MOST_AXES - 1).forEach(name -> columns.add(setting(name)));
        columns.add(new Score(search));
        height = 300;
    }

    private Column setting(String name) {
        List<String> values = search.trained().stream()
                .map(trial -> trial.settings().get(name))
                .distinct()
                .toList();
        try {
            double[] numbers =
                    values.stream().mapToDouble(Double::parseDouble).sorted().toArray();
            if (Arrays.stream(numbers).allMatch(Double::isFinite)) {
                double least = numbers[0];
                double greatest = numbers[numbers.length - 1];
                boolean isLog = least > 0 && greatest / least > 8;
                Axis axis = new Axis(name, least, greatest > least ? greatest : least + 1, isLog);
                return new Numbers(axis, numbers);
            }
        } catch (NumberFormatException e) {
            // texts
        }
        return new Texts(name, values.stream().sorted(Comparator.naturalOrder()).toList());
    }

    private record Numbers(Axis axis, double[] values) implements Column {
        @Override
        public String name() {
            return axis.label();
        }

        @Override
        public double place(SearchReport.Trial trial) {
            return axis.place(Double.parseDouble(trial.settings().get(axis.label())));
        }

        @Override
        public List<Axis.Tick> ticks() {
            return values.length > MOST_TEXTS
                    ? axis.ticks().stream()
                            .map(tick -> new Axis.Tick(axis.place(tick.value()), tick.text()))
                            .toList()
                    : Arrays.stream(values)
                            .mapToObj(value -> new Axis.Tick(axis.place(value), Html.digitsText(value)))
                            .toList();
        }
    }

    private record Texts(String name, List<String> values) implements Column {
        @Override
        public double place(SearchReport.Trial trial) {
            return at(values.indexOf(trial.settings().get(name)));
        }

        private double at(int i) {
            return values.size() == 1 ? 0.5 : (double) i / (values.size() - 1);
        }

        @Override
        public List<Axis.Tick> ticks() {
            int every = (values.size() + MOST_TEXTS - 1) / MOST_TEXTS;
            List<Axis.Tick> ticks = new ArrayList<>();
            for (int i = 0; i < values.size(); i += every) {
                ticks.add(new Axis.Tick(at(i), Html.plain(values.get(i), 12)));
            }
            return ticks;
        }
    }

    /** The metric, whose best value is at the top. */
    private static final class Score implements Column {
        private final double best;
        private final double worst;
        private final Axis axis;

        Score(SearchReport search) {
            List<SearchReport.Trial> trained = search.trained();
            best = trained.get(0).score();
            worst = trained.get(trained.size() - 1).score();
            double least = Math.min(best, worst);
            double greatest = Math.max(best, worst);
            boolean isLog = least > 0 && greatest / least > 8; // else one bad trial leaves no room for the others
            axis = new Axis(search.metric().toString(), least, greatest > least ? greatest : least + 1, isLog);
        }

        @Override
        public String name() {
            return axis.label();
        }

        @Override
        public double place(SearchReport.Trial trial) {
            return place(trial.score());
        }

        private double place(double score) {
            return best > worst ? axis.place(score) : 1 - axis.place(score);
        }

        @Override
        public List<Axis.Tick> ticks() {
            List<Axis.Tick> ticks = new ArrayList<>(List.of(new Axis.Tick(1, Html.digitsText(best))));
            if (best != worst) {
                double middle = axis.isLog() ? Math.sqrt(best * worst) : (best + worst) / 2;
                ticks.add(new Axis.Tick(0.5, Html.digitsText(middle)));
                ticks.add(new Axis.Tick(0, Html.digitsText(worst)));
            }
            return ticks;
        }
    }

    private double x(int column) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * column / Math.max(1, columns.size() - 1);
    }

    private double y(double place) {
        return height - BOTTOM - (height - TOP - BOTTOM) * place;
    }

    String figure() {
        List<SearchReport.Trial> trained = search.trained();
        StringBuilder lines = new StringBuilder();
        for (int i = trained.size() - 1; i >= 0; i--) { // the best one over all others
            lines.append(line(trained.get(i), i));
        }
        StringBuilder axes = new StringBuilder();
        for (int k = 0; k < columns.size(); k++) {
            axes.append(axis(columns.get(k), k));
        }
        String description = "A line for each of " + Html.counted(trained.size(), "trial")
                + " through its settings to its " + search.metric() + ", the best at the top.";
        String svg = "<svg class=\"chart\" viewBox=\"0 0 " + WIDTH + " " + height + "\" role=\"img\" aria-label=\""
                + Html.escape("Settings of all trials. " + description) + "\">\n<desc>" + Html.escape(description)
                + "</desc>\n" + lines + axes + "</svg>";
        int left = search.varied().size() - (columns.size() - 1);
        return Chart.figure(
                "Settings of all trials",
                svg,
                legend(trained.size()),
                left == 0 ? "" : Html.counted(left, "more setting") + " found no room.");
    }

    private static String legend(int trials) {
        StringBuilder legend = new StringBuilder();
        for (int i = 0; i < Math.min(trials, SearchReport.COLOURS.length); i++) {
            legend.append(
                    "<span><svg width=\"22\" height=\"12\" viewBox=\"0 0 22 12\" aria-hidden=\"true\"><path class=\"line s"
                            + SearchReport.COLOURS[i] + "\" d=\"M0 6H22\"/></svg>number " + (i + 1) + "</span>");
        }
        return legend.toString();
    }

    private String line(SearchReport.Trial trial, int rank) {
        StringBuilder path = new StringBuilder();
        for (int k = 0; k < columns.size(); k++) {
            path.append(path.isEmpty() ? 'M' : 'L')
                    .append(Chart.at(x(k)))
                    .append(' ')
                    .append(Chart.at(y(columns.get(k).place(trial))));
        }
        String look = rank < SearchReport.COLOURS.length ? "line s" + SearchReport.COLOURS[rank] : "line s7 faint";
        return "<path class=\"" + look + "\" d=\"" + path + "\"><title>"
                + Html.escape("number " + (rank + 1) + ": " + search.metric() + " " + Html.digitsText(trial.score()))
                + "</title></path>\n";
    }

    private String axis(Column column, int k) {
        String x = Chart.at(x(k));
        boolean isLast = k == columns.size() - 1;
        StringBuilder axis =
                new StringBuilder("<path class=\"axis\" d=\"M" + x + " " + TOP + "V" + (height - BOTTOM) + "\"/>");
        for (Axis.Tick tick : column.ticks()) {
            axis.append("<text class=\"marked\" x=\"" + Chart.at(x(k) + (isLast ? 6 : -5)) + "\" y=\""
                    + Chart.at(y(tick.value())) + "\" dy=\".35em\" text-anchor=\"" + (isLast ? "start" : "end") + "\">"
                    + tick.text() + "</text>");
        }
        return axis + "<text class=\"label\" x=\"" + x + "\" y=\"" + (height - 10) + "\" text-anchor=\"middle\">"
                + Html.plain(column.name(), 18) + "</text>\n";
    }
}
