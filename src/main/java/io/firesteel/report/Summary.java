package io.firesteel.report;

import io.firesteel.model.MetricFormat;
import io.firesteel.model.Metrics;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Spread;
import io.firesteel.nn.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What was trained on what, and how good it is: in words, and in the numbers that a task is known by. */
record Summary(String name, ModelDescription model, Measured measured, Run run, Course course) {
    /** What the numbers of a task say, for who does not know them by name. */
    private static final Map<String, String> MEANING = new LinkedHashMap<>();

    static {
        MEANING.put("accuracy", "share of the rows that are right");
        MEANING.put("balancedAccuracy", "mean over the classes, each counting alike");
        MEANING.put("logLoss", "0 is perfect; sure mistakes cost most");
        MEANING.put("rocAuc", "1 is perfect, 0.5 is chance");
        MEANING.put("prAuc", "1 is perfect");
        MEANING.put("calibrationError", "how far probabilities are off; 0 is perfect");
        MEANING.put("hammingLoss", "share of the labels that are wrong");
        MEANING.put("rmse", "typical error, large ones counting more");
        MEANING.put("mae", "mean size of the error");
        MEANING.put("r2", "1 is perfect, 0 is the mean for every row");
        MEANING.put("pinballLoss", "mean over the quantiles; 0 is perfect");
        MEANING.put("intervalCoverage", "share of the targets between the outer quantiles");
        MEANING.put("intervalWidth", "mean distance of the outer quantiles");
    }

    String html() {
        List<String> paragraphs = new ArrayList<>();
        paragraphs.add(training());
        if (measured == null) {
            paragraphs.add(
                    "How good the model is was not measured for this report: <code>firesteel report --data PATH</code>"
                            + " measures it on labelled rows.");
        } else {
            paragraphs.add(result());
        }
        paragraphs.add(course.choice());
        if (model.provenance().validation() != null
                && !model.provenance().validation().folds().isEmpty()) {
            paragraphs.add(folds(model.provenance().validation().folds()));
        }
        StringBuilder html = new StringBuilder(
                "<header>\n<p class=\"kind\">Firesteel report</p>\n<h1>" + Html.name(name, Html.LONG_NAME) + "</h1>\n");
        paragraphs.stream()
                .filter(text -> !text.isEmpty())
                .forEach(text -> html.append("<p>").append(text).append("</p>\n"));
        if (measured != null) {
            html.append(tiles(measured.metrics()));
        }
        return html.append("</header>\n").toString();
    }

    private String training() {
        List<String> classes = model.targets().classes();
        String labels = Html.list(model.targets().labels(), 4);
        String what =
                switch (model.task()) {
                    case CLASSIFICATION ->
                        "tell the " + Html.count(classes.size()) + " classes of " + labels + " apart ("
                                + Html.list(classes, 6) + ")";
                    case REGRESSION -> "predict " + labels;
                    case MULTILABEL ->
                        "say yes or no to "
                                + Html.counted(model.targets().labels().size(), "label") + " (" + labels + ")";
                };
        long heldOut = model.provenance().validationRows();
        return "A network (" + Html.escape(model.network().summary()) + ") with "
                + Html.counted(model.network().parameterCount(), "parameter") + " was trained to " + what + " from "
                + Html.counted(model.inputs().columns().size(), "column") + ". It learnt from "
                + Html.counted(model.provenance().rows(), "row")
                + (model.provenance().isRefit()
                        ? ", after a first training of " + course.length() + " without " + Html.counted(heldOut, "row")
                                + " of them"
                        : (course.isEmpty() ? "" : " in " + course.length())
                                + (heldOut == 0 ? "" : "; " + Html.counted(heldOut, "row") + " were held out"))
                + ".";
    }

    private String result() {
        Metrics metrics = measured.metrics();
        String rows = Html.counted(metrics.rows(), "row");
        boolean known = measured.rows() == Measured.Rows.TABLE
                && Objects.equals(measured.data(), model.provenance().settings().get("data"));
        String on =
                switch (measured.rows()) {
                    case HELD_OUT -> "On the " + rows + " held out";
                    case TRAINED_ON -> "On the " + rows + " that it was trained on";
                    case TABLE -> "On the " + rows + " of " + Html.name(measured.data(), Html.LONG_NAME);
                };
        String text = on + " " + quality(metrics);
        if (known || measured.rows() == Measured.Rows.TRAINED_ON) {
            text += known
                    ? " The model was trained on this table: expect it to be worse on new rows."
                    : " Expect it to be worse on new rows: none were held out.";
        }
        if (measured.rows() == Measured.Rows.HELD_OUT && run != null) {
            text += model.provenance().isRefit()
                    ? " This was measured before the model was trained on them, too. On all rows that it was trained on: "
                    : " On the rows that it was trained on: ";
            text += headline(run.training()) + ".";
        }
        return text;
    }

    private static String headline(Metrics metrics) {
        List<String> numbers = new ArrayList<>();
        for (String key : List.of("accuracy", "logLoss", "rmse", "mae", "r2")) {
            if (metrics.numbers().get(key) != null) {
                numbers.add(MetricFormat.name(key) + " " + Html.number(metrics.get(key)));
            }
        }
        return String.join(", ", numbers);
    }

    private String quality(Metrics metrics) {
        return switch (model.task()) {
            case CLASSIFICATION -> {
                Metrics.Classes classes = (Metrics.Classes) metrics.tables();
                double total = 0;
                Metrics.PerClass largest = classes.perClass().get(0);
                for (Metrics.PerClass one : classes.perClass()) {
                    total += one.support();
                    largest = one.support() > largest.support() ? one : largest;
                }
                yield "it gives the right class to " + Html.percent(metrics.get("accuracy")) + ". Always to answer "
                        + Html.name(largest.name(), Html.LONG_NAME) + " would be right for "
                        + Html.percent(largest.support() / total) + "." + confusion(classes);
            }
            case REGRESSION -> {
                Double r2 = metrics.numbers().get("r2");
                String explained = r2 == null
                        ? ""
                        : r2 < 0
                                ? ", and their squared error is larger than that of always predicting the mean"
                                : ", and it explains " + Html.percent(r2) + " of the variance";
                yield "its predictions are off by " + Html.digits(metrics.get("mae")) + " on average" + explained + "."
                        + interval(metrics);
            }
            case MULTILABEL ->
                "all labels are right for " + Html.percent(metrics.get("accuracy")) + " of the rows, and "
                        + Html.percent(1 - metrics.get("hammingLoss")) + " of the single answers are.";
        };
    }

    /** Returns a sentence on the interval between the outer quantiles, or nothing where there is none. */
    private String interval(Metrics metrics) {
        if (!metrics.numbers().containsKey("intervalCoverage")) {
            return "";
        }
        Quantiles quantiles = model.network().quantiles();
        return " " + Html.percent(metrics.get("intervalCoverage"))
                + " of the targets lie between the outer quantiles, where "
                + Html.percent(quantiles.intervalLevel()) + " should.";
    }

    /** Returns a sentence on the most frequent confusion. */
    private static String confusion(Metrics.Classes classes) {
        int truth = -1;
        int taken = -1;
        double most = 0;
        double[][] confusion = classes.confusion();
        for (int i = 0; i < confusion.length; i++) {
            for (int k = 0; k < confusion.length; k++) {
                if (i != k && confusion[i][k] > most) {
                    most = confusion[i][k];
                    truth = i;
                    taken = k;
                }
            }
        }
        if (truth < 0) {
            return "";
        }
        double support = classes.perClass().get(truth).support();
        return " Its most frequent mistake is to take "
                + Html.name(classes.perClass().get(truth).name(), Html.LONG_NAME)
                + " for " + Html.name(classes.perClass().get(taken).name(), Html.LONG_NAME) + " (" + Html.count(most)
                + " of " + Html.count(support) + ").";
    }

    private static String folds(List<ModelDescription.Fold> folds) {
        List<String> numbers = new ArrayList<>();
        for (String key : folds.get(0).metrics().keySet()) {
            double[] values = folds.stream()
                    .map(fold -> fold.metrics().get(key))
                    .filter(Objects::nonNull)
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            if (!key.equals("loss") && values.length == folds.size()) {
                numbers.add(Html.escape(MetricFormat.name(key)) + " " + Html.number(Spread.mean(values)) + " \u00b1 "
                        + Html.number(Spread.deviation(values)));
            }
        }
        return "Cross-validation: " + String.join(", ", numbers) + " over " + folds.size() + " folds.";
    }

    private static String tiles(Metrics metrics) {
        StringBuilder tiles = new StringBuilder("<dl class=\"tiles\">\n");
        metrics.numbers().forEach((key, value) -> {
            if (value != null) {
                tiles.append("<div><dt>" + Html.escape(MetricFormat.name(key)) + "</dt><dd id=\"metric-"
                        + Html.escape(key)
                        + "\">" + Html.number(value) + "</dd><dd class=\"meaning\">" + MEANING.getOrDefault(key, "")
                        + "</dd></div>\n");
            }
        });
        return tiles.append("</dl>\n").toString();
    }
}
