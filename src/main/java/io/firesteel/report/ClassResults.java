package io.firesteel.report;

import io.firesteel.model.Metrics;
import io.firesteel.model.Metrics.CalibrationBin;
import io.firesteel.model.Metrics.PerClass;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.ScoreCurves;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The results of a classification.
 *
 * @param threshold above which the second of two classes is predicted; null for 1/2
 */
record ClassResults(List<String> classes, Double threshold, Metrics.Classes results) {
    private static final int MOST_IN_MATRIX = 30;
    private static final int MOST_CONFUSIONS = 30;
    private static final int MOST_CLASSES = 200;
    private static final int SHOWN_CLASSES = 30;

    /** A threshold every this many steps of the distribution, an eighth. */
    private static final int STEPS_PER_THRESHOLD = ScoreCurves.STEPS / 8;

    /** Creates the results of a model with these targets. */
    ClassResults(ModelDescription.Targets targets, Metrics.Classes results) {
        this(targets.classes(), targets.threshold(), results);
    }

    String html() {
        String tables = (classes.size() <= MOST_IN_MATRIX ? matrix() : "") + perClass();
        String mistakes = classes.size() > MOST_IN_MATRIX ? confusions() : "";
        ScoreCurves curves = results.curves();
        String charts = curves == null || isOneSided(curves)
                ? Html.figures(calibration(), confidence())
                : Html.figures(distribution(curves), calibration(), roc(curves), precisionRecall(curves))
                        + Html.details("What other thresholds would give", thresholds(curves));
        return Html.section("Classes", "<div class=\"pair\">" + tables + "</div>" + mistakes)
                + Html.section("Probabilities", charts);
    }

    /** Returns whether there are rows of one class only, of which no curve can be drawn. */
    private static boolean isOneSided(ScoreCurves curves) {
        return total(curves.first()) == 0 || total(curves.second()) == 0;
    }

    private static double total(double[] numbers) {
        double sum = 0;
        for (double number : numbers) {
            sum += number;
        }
        return sum;
    }

    /** Returns by which rule one of two classes is predicted, where it is not the more probable one. */
    private String decided() {
        return threshold == null
                ? ""
                : ": " + Html.name(classes.get(1), 18) + " where its probability is above " + Html.digits(threshold);
    }

    private String matrix() {
        boolean isWide = classes.size() > 12;
        boolean areLong = classes.size() > 4 && classes.stream().anyMatch(name -> name.length() > 4);
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table class=\"confusion"
                + (isWide ? " wide" : "")
                + (areLong ? " upright" : "")
                + "\"><caption>Confusion matrix" + decided() + "</caption><thead><tr><td>true \\ taken for</td>");
        for (String name : classes) {
            html.append("<th scope=\"col\"><span>").append(Html.name(name, 18)).append("</span></th>");
        }
        html.append("</tr></thead><tbody>");
        for (int i = 0; i < classes.size(); i++) {
            html.append("<tr><th scope=\"row\">")
                    .append(Html.name(classes.get(i), 18))
                    .append("</th>");
            double support = results.perClass().get(i).support();
            for (int k = 0; k < classes.size(); k++) {
                double count = results.confusion()[i][k];
                double part = support > 0 ? count / support : 0;
                double shade = count == 0 ? 0 : 0.06 + 0.6 * Math.sqrt(part);
                html.append("<td class=\"")
                        .append(i == k ? "right" : "wrong")
                        .append(count == 0 ? " none" : "")
                        .append("\" style=\"--shade:")
                        .append(String.format(Locale.ROOT, "%.2f", shade))
                        .append("\">")
                        .append(Html.count(count))
                        .append("</td>");
            }
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private record Confusion(int truth, int taken, double count) {}

    private String confusions() {
        List<Confusion> all = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            for (int k = 0; k < classes.size(); k++) {
                if (i != k && results.confusion()[i][k] > 0) {
                    all.add(new Confusion(i, k, results.confusion()[i][k]));
                }
            }
        }
        all.sort(Comparator.comparingDouble(Confusion::count).reversed());
        List<List<String>> rows = all.stream()
                .limit(MOST_CONFUSIONS)
                .map(one -> List.of(
                        Html.name(classes.get(one.truth), Html.LONG_NAME),
                        Html.name(classes.get(one.taken), Html.LONG_NAME),
                        Html.count(one.count),
                        Html.percent(
                                one.count / results.perClass().get(one.truth).support())))
                .toList();
        return Html.table("The most frequent confusions", List.of("class", "taken for", "rows", "of the class"), rows);
    }

    private String perClass() {
        Stream<PerClass> shown = results.perClass().stream();
        boolean some = results.perClass().size() > MOST_CLASSES;
        if (some) {
            shown = shown.sorted(Comparator.comparingDouble((PerClass one) -> one.f1() == null ? 2 : one.f1()));
        }
        List<List<String>> rows = shown.limit(MOST_CLASSES)
                .map(one -> List.of(
                        Html.name(one.name(), Html.LONG_NAME),
                        Html.count(one.support()),
                        Html.number(one.precision()),
                        Html.number(one.recall()),
                        Html.share(one.f1())))
                .toList();
        String table = Html.table(
                some ? "The " + MOST_CLASSES + " classes with the least F1" : "Each class",
                List.of(
                        "class",
                        "<abbr title=\"the rows of the class\">rows</abbr>",
                        "<abbr title=\"the part of the rows taken for the class that are of it\">precision</abbr>",
                        "<abbr title=\"the part of the class's rows that are taken for it\">recall</abbr>",
                        "<abbr title=\"the harmonic mean of precision and recall\">F1</abbr>"),
                rows);
        return rows.size() > SHOWN_CLASSES ? Html.details("Each class", table) : table;
    }

    private String second() {
        return Html.cut(classes.get(1), Html.SHORT_NAME);
    }

    private String distribution(ScoreCurves curves) {
        double[] parts = {total(curves.first()), total(curves.second())};
        double most = 0;
        for (int s = 0; s < ScoreCurves.STEPS; s++) {
            most = Math.max(most, Math.max(curves.first()[s] / parts[0], curves.second()[s] / parts[1]));
        }
        Chart chart = new Chart(
                "Distribution of the scores",
                "The share of the rows of each class by the probability of " + second() + ".",
                Axis.of("probability of " + second(), 0, 1),
                Axis.around("share of the rows of a class", 0, most));
        for (int c = 0; c < 2; c++) {
            double[] counts = c == 0 ? curves.first() : curves.second();
            List<double[]> steps = new ArrayList<>();
            List<double[]> outline = new ArrayList<>();
            for (int s = 0; s < ScoreCurves.STEPS; s++) {
                double from = (double) s / ScoreCurves.STEPS;
                double to = (s + 1.0) / ScoreCurves.STEPS;
                steps.add(new double[] {from, to, 0, counts[s] / parts[c]});
                outline.add(new double[] {from, counts[s] / parts[c]});
                outline.add(new double[] {to, counts[s] / parts[c]});
            }
            chart.area(steps, "pale f" + c).line(outline, c, false, classes.get(c));
        }
        return chart.figure("Classes that are told apart well lie at opposite ends.");
    }

    private String roc(ScoreCurves curves) {
        List<double[]> points = curves.points().stream()
                .map(point -> new double[] {
                    point.falsePositives() / total(curves.first()), point.truePositives() / total(curves.second())
                })
                .toList();
        return new Chart(
                        "ROC curve",
                        "The part of " + second()
                                + " that is found, by the part of the other class that is taken for it.",
                        Axis.of("false positive rate", 0, 1),
                        Axis.of("true positive rate (recall)", 0, 1))
                .line(List.of(new double[] {0, 0}, new double[] {1, 1}), 7, true, "chance")
                .line(points, 0, false, "model")
                .figure("The farther to the upper left, the better.");
    }

    private String precisionRecall(ScoreCurves curves) {
        double positives = total(curves.second());
        List<double[]> points = new ArrayList<>(curves.points().stream()
                .filter(point -> point.truePositives() + point.falsePositives() > 0)
                .map(point -> new double[] {
                    point.truePositives() / positives,
                    point.truePositives() / (point.truePositives() + point.falsePositives())
                })
                .toList());
        double part = positives / (positives + total(curves.first()));
        return new Chart(
                        "Precision and recall",
                        "The part of the rows taken for " + second() + " that are, by the part of them that is found.",
                        Axis.of("recall", 0, 1),
                        Axis.of("precision", 0, 1))
                .line(List.of(new double[] {0, part}, new double[] {1, part}), 7, true, "chance")
                .line(points, 0, false, "model")
                .figure("The farther to the upper right, the better.");
    }

    private String calibration() {
        boolean two = classes.size() == 2;
        String whose = two ? second() : "the predicted class";
        double most = results.calibration().stream()
                .mapToDouble(CalibrationBin::support)
                .max()
                .orElse(1);
        List<double[]> points = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        Chart chart = new Chart(
                        "Calibration",
                        "How often it is " + whose + ", by the probability that the model gives to that.",
                        Axis.of("mean probability of " + whose, 0, 1),
                        Axis.of("how often it is so", 0, 1))
                .line(List.of(new double[] {0, 0}, new double[] {1, 1}), 7, true, "perfect");
        for (CalibrationBin bin : results.calibration()) {
            if (bin.support() > 0) {
                points.add(new double[] {bin.predicted(), bin.observed()});
                chart.dot(
                        bin.predicted(),
                        bin.observed(),
                        2.5 + 4.5 * Math.sqrt(bin.support() / most),
                        0,
                        Html.digitsText(bin.support()) + " rows");
            }
            rows.add(List.of(
                    Html.digitsText(bin.from()) + " to " + Html.digitsText(bin.to()),
                    Html.count(bin.support()),
                    Html.number(bin.predicted()),
                    Html.number(bin.observed())));
        }
        String table = Html.table("Rows by probability", List.of("probability", "rows", "mean", "so"), rows);
        return chart.line(points, 0, false, "model")
                .figure("A larger dot stands for more rows." + Html.details("In numbers", table));
    }

    /** Returns, of several classes, the rows that are right and wrong, by how sure the model was. */
    private String confidence() {
        double most = 0;
        double all = 0;
        for (CalibrationBin bin : results.calibration()) {
            most = Math.max(most, bin.support());
            all += bin.support();
        }
        if (all == 0) {
            return "";
        }
        Chart chart = new Chart(
                        "How sure the model is",
                        "The rows by the probability of the most probable class, right and wrong ones.",
                        Axis.of("probability of the most probable class", 0, 1),
                        Axis.around("share of the rows", 0, most / all))
                .areaEntry("right", "f0")
                .areaEntry("wrong", "f1");
        for (CalibrationBin bin : results.calibration()) {
            if (bin.support() > 0) {
                // Where there are two classes, what is observed is the second: so often is the prediction right.
                double right = classes.size() == 2 && bin.from() < 0.5 ? 1 - bin.observed() : bin.observed();
                double part = bin.support() / all;
                chart.bar(bin.from() + 0.006, bin.to() - 0.006, 0, part * right, "f0", null);
                chart.bar(
                        bin.from() + 0.006,
                        bin.to() - 0.006,
                        part * right,
                        part,
                        "f1",
                        Html.digitsText(bin.support()) + " rows, " + Html.percentText(right) + " right");
            }
        }
        return chart.figure("");
    }

    private String thresholds(ScoreCurves curves) {
        List<List<String>> rows = new ArrayList<>();
        double positives = total(curves.second());
        for (int s = STEPS_PER_THRESHOLD; s < ScoreCurves.STEPS; s += STEPS_PER_THRESHOLD) {
            double right = 0;
            double wrong = 0;
            for (int k = s; k < ScoreCurves.STEPS; k++) {
                right += curves.second()[k];
                wrong += curves.first()[k];
            }
            double taken = right + wrong;
            rows.add(List.of(
                    Html.digitsText((double) s / ScoreCurves.STEPS),
                    Html.count(taken),
                    Html.number(taken > 0 ? right / taken : null),
                    Html.number(right / positives),
                    Html.number(2 * right / (taken + positives))));
        }
        return "<p>The model says " + Html.name(second(), Html.SHORT_NAME)
                + " where its probability is above " + Html.digits(threshold == null ? 0.5 : threshold)
                + ". With another threshold:</p>"
                + Html.table("Thresholds", List.of("above", "rows taken for it", "precision", "recall", "F1"), rows);
    }
}
