package io.firesteel.report;

import io.firesteel.model.Closeup;
import io.firesteel.model.Metrics;
import io.firesteel.model.Residuals;
import io.firesteel.nn.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The results of a regression. */
final class TargetResults {
    /** The number of shades of a cell of the grid; the style sheet has them as h1, h2, ... */
    private static final int SHADES = 6;

    /** The height of a chart whose axes are equally long. */
    private static final int SQUARE = 420;

    private TargetResults() {}

    static String html(Metrics.Targets targets, Closeup closeup) {
        StringBuilder html = new StringBuilder();
        int most = 200;
        if (targets.perTarget().size() > 1) {
            List<List<String>> rows = targets.perTarget().stream()
                    .limit(most)
                    .map(one -> List.of(
                            Html.name(one.target(), Html.LONG_NAME),
                            Html.number(one.rmse()),
                            Html.number(one.mae()),
                            Html.share(one.r2())))
                    .toList();
            html.append(Html.table("Each target", List.of("target", "RMSE", "MAE", "R2"), rows));
        }
        if (!targets.quantiles().isEmpty()) {
            html.append(quantiles(targets.quantiles()));
        }
        if (closeup != null) {
            for (Residuals one : closeup.residuals()) {
                if (targets.perTarget().size() > 1) {
                    html.append("<h3>")
                            .append(Html.name(one.target(), Html.LONG_NAME))
                            .append("</h3>\n");
                }
                html.append(Html.figures(grid(one), errors(one), parts(one), table(one)));
            }
        }
        return Html.section("Predictions", html.toString());
    }

    private static String quantiles(List<Metrics.PerQuantile> quantiles) {
        List<double[]> covered = quantiles.stream()
                .map(one -> new double[] {one.quantile(), one.coverage()})
                .toList();
        Chart chart = new Chart(
                        "Coverage of the quantiles",
                        "The share of the rows whose target does not exceed a predicted quantile; the right ones lie on the"
                                + " diagonal.",
                        Axis.of("quantile", 0, 1),
                        Axis.of("share of the targets not above", 0, 1),
                        SQUARE)
                .line(List.of(new double[] {0, 0}, new double[] {1, 1}), 1, true, "perfect")
                .line(covered, 0, false, "share of the rows");
        covered.forEach(point -> chart.dot(point[0], point[1], 3.5, 0, null));
        List<List<String>> rows = quantiles.stream()
                .map(one -> List.of(
                        Quantiles.name(one.quantile()), Html.percent(one.coverage()), Html.digits(one.pinballLoss())))
                .toList();
        String table = Html.table("Each quantile", List.of("quantile", "rows not above", "pinball loss"), rows);
        return Html.figures(chart.figure(""), Chart.figure("The same in numbers", table, "", ""));
    }

    private static String grid(Residuals of) {
        Residuals.Bins bins = of.bins();
        String name = Html.cut(of.target(), Html.SHORT_NAME);
        double most =
                Arrays.stream(of.grid()).flatMapToDouble(Arrays::stream).max().orElse(1);
        double cell = (bins.to() - bins.from()) / Residuals.CELLS;
        List<List<double[]>> shades = new ArrayList<>();
        for (int s = 0; s < SHADES; s++) {
            shades.add(new ArrayList<>());
        }
        double all = 0;
        for (int row = 0; row < Residuals.CELLS; row++) {
            for (int column = 0; column < Residuals.CELLS; column++) {
                double weight = of.grid()[row][column];
                all += weight;
                if (weight > 0) {
                    // Counts differ by orders of magnitude: equal steps of shade are equal ratios.
                    double part = Math.log1p(weight) / Math.log1p(most);
                    double x = bins.from() + column * cell;
                    double y = bins.from() + row * cell;
                    shades.get((int) Math.min(SHADES - 1, part * SHADES)).add(new double[] {x, x + cell, y, y + cell});
                }
            }
        }
        Chart chart = new Chart(
                "Predicted against observed",
                "The number of rows by observation and prediction of " + name
                        + "; perfect predictions lie on the diagonal.",
                Axis.of("observed " + name, bins.from(), bins.to()),
                Axis.of("predicted " + name, bins.from(), bins.to()),
                SQUARE);
        for (int s = 0; s < SHADES; s++) {
            chart.area(shades.get(s), "h" + (s + 1));
        }
        chart.line(
                List.of(new double[] {bins.from(), bins.from()}, new double[] {bins.to(), bins.to()}),
                1,
                true,
                "perfect");
        chart.areaEntry("rows: the stronger the more", "h4");
        return chart.figure(
                of.outside() == 0
                        ? ""
                        : Html.count(of.outside()) + " of " + Html.count(all)
                                + " rows lie outside of the chart, and are counted at its edge.");
    }

    private static String errors(Residuals of) {
        double error = of.bins().error();
        double step = 2 * error / Residuals.STEPS;
        double all = Arrays.stream(of.errors()).sum();
        double most = Arrays.stream(of.errors()).max().orElse(1);
        List<double[]> bars = new ArrayList<>();
        for (int s = 0; s < Residuals.STEPS; s++) {
            if (of.errors()[s] > 0) {
                bars.add(new double[] {
                    -error + s * step + step * 0.06, -error + (s + 1) * step - step * 0.06, 0, of.errors()[s] / all
                });
            }
        }
        String name = Html.cut(of.target(), Html.SHORT_NAME);
        return new Chart(
                        "Residuals",
                        "The share of the rows by the error of the prediction of " + name + ".",
                        Axis.of("predicted less observed " + name, -error, error),
                        Axis.around("share of the rows", 0, all > 0 ? 1.15 * most / all : 1),
                        SQUARE)
                .area(bars, "f0")
                .mark(0, "no error")
                .figure("Errors farther out are counted in the first and the last bar.");
    }

    private static String parts(Residuals of) {
        List<Residuals.Part> parts = of.parts();
        double most = parts.stream().mapToDouble(Residuals.Part::rmse).max().orElse(1);
        String name = Html.cut(of.target(), Html.SHORT_NAME);
        Chart chart = new Chart(
                "Error by decile of the prediction",
                "The mean absolute error and the root mean square error in each tenth of the rows, from the least predictions"
                        + " of " + name + " to the greatest.",
                Axis.of("decile of the prediction", 0.4, parts.size() + 0.6),
                Axis.around("error of " + name, 0, most));
        List<double[]> rmse = new ArrayList<>();
        for (int k = 0; k < parts.size(); k++) {
            Residuals.Part part = parts.get(k);
            chart.bar(
                    k + 0.65,
                    k + 1.35,
                    0,
                    part.mae(),
                    "f0",
                    "predictions about " + Html.digitsText(part.predicted()) + ": MAE " + Html.digitsText(part.mae())
                            + ", RMSE " + Html.digitsText(part.rmse()));
            rmse.add(new double[] {k + 1, part.rmse()});
            chart.dot(k + 1, part.rmse(), 3.5, 1, null);
        }
        return chart.areaEntry("mean absolute error", "f0")
                .line(rmse, 1, false, "RMSE")
                .figure("");
    }

    private static String table(Residuals of) {
        List<List<String>> rows = new ArrayList<>();
        for (Residuals.Part part : of.parts()) {
            rows.add(List.of(
                    String.valueOf(rows.size() + 1),
                    Html.count(part.support()),
                    Html.digits(part.predicted()),
                    Html.digits(part.observed()),
                    Html.digits(part.mae()),
                    Html.digits(part.rmse())));
        }
        String table = Html.table(
                "Deciles of the prediction", List.of("decile", "rows", "predicted", "observed", "MAE", "RMSE"), rows);
        return Chart.figure("The same in numbers", table, "", "Predictions and observations are means.");
    }
}
