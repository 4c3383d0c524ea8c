package io.firesteel.report;

import io.firesteel.model.Closeup;
import io.firesteel.model.Importance;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Task;
import io.firesteel.model.TrainedModel;
import io.firesteel.nn.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a network has learnt: which columns it needs, where it draws the line between classes, its weights. */
record Insight(TrainedModel model, Measured measured, ImageSize image) {
    private static final int MOST_BARS = 30;
    private static final int MOST_LAYERS = 12;
    private static final int STEPS = 31;
    private static final int MOST_IMAGES = 64;
    private static final int MOST_PIXELS = 250_000;

    /** The number of rows and columns of the picture of a decision. */
    private static final int RASTER = 180;

    String html() {
        return Html.section(
                "What the network has learnt", Html.figures(decision(), importance()) + images() + weights());
    }

    private ModelDescription description() {
        return model.description();
    }

    private String importance() {
        if (measured == null || measured.importances().isEmpty()) {
            return "";
        }
        List<Importance> all = measured.importances();
        List<Importance> shown = all.subList(0, Math.min(MOST_BARS, all.size()));
        double most = shown.stream().mapToDouble(Importance::mean).max().orElse(0);
        List<List<String>> rows = new ArrayList<>();
        for (Importance one : shown) {
            double part = most > 0 ? Math.max(0, one.mean() / most) : 0;
            rows.add(List.of(
                    Html.name(one.column(), Html.LONG_NAME),
                    "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"f0\""
                            + " width=\"" + Chart.at(100 * part) + "\" height=\"10\"/></svg>",
                    Html.number(one.mean()),
                    "\u00b1 " + Html.number(one.deviation())));
        }
        String metric = Html.escape(measured.importanceMetric().toString());
        String table = Html.table(
                        "By how much the " + measured.importanceMetric() + " is worse",
                        List.of("column", "", metric + " worse by", ""),
                        rows)
                .replace("<table>", "<table class=\"bars\">");
        return Chart.figure(
                "Which columns matter",
                table,
                "",
                "A column's values are permuted among the rows: the more the " + metric
                        + " suffers, the more the model needs the column."
                        + (all.size() > shown.size() ? " The first " + shown.size() + " of " + all.size() + "." : ""));
    }

    /** Returns the picture of the decision, where the features are two numbers. */
    private String decision() {
        List<Closeup.Example> sample = measured == null || measured.closeup() == null
                ? List.of()
                : measured.closeup().sample();
        boolean drawn = description().task() == Task.CLASSIFICATION
                && description().inputs().features().size() == 2
                && description().inputs().encoding().categories().isEmpty();
        return drawn ? Decision.figure(model, sample, RASTER) : "";
    }

    private String images() {
        ImageSize size = image;
        Network network = description().network();
        if (size == null || size.pixels() != network.inputs() || size.pixels() > MOST_PIXELS) {
            return "";
        }
        int units = network.units(1);
        int inputs = network.inputs();
        double[] weights = firstWeights(network);
        int shown = (int) Math.min(Math.min(units, MOST_IMAGES), Math.max(1, MOST_PIXELS / size.pixels()));
        double[] norms = new double[units];
        for (int j = 0; j < inputs; j++) {
            for (int i = 0; i < units; i++) {
                norms[i] += weights[j * units + i] * weights[j * units + i];
            }
        }
        int[] strongest = IntStream.range(0, units)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -norms[i]))
                .limit(shown)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
        boolean areClasses = network.depth() == 1
                && units == description().targets().classes().size();
        StringBuilder tiles = new StringBuilder("<div class=\"images\">\n");
        for (int i : strongest) {
            double most = 0;
            for (int j = 0; j < inputs; j++) {
                most = Math.max(most, Math.abs(weights[j * units + i]));
            }
            int[] pixels = new int[inputs];
            for (int j = 0; j < inputs; j++) {
                double weight = most > 0 ? weights[j * units + i] / most : 0;
                int opacity = (int) Math.round(255 * Math.abs(weight));
                pixels[j] = (weight < 0 ? 0xd55e0000 : 0x0072b200) | opacity;
            }
            String name = areClasses
                    ? Html.plain(description().targets().classes().get(i), Html.SHORT_NAME)
                    : "unit " + (i + 1);
            tiles.append("<img src=\"" + Png.url(size.width(), size.height(), pixels) + "\" alt=\"weights of " + name
                    + "\" title=\"" + name + "\"/>\n");
        }
        tiles.append("</div>\n");
        return Chart.figure(
                "Weights of the first layer as images",
                tiles.toString(),
                "",
                "<span class=\"key f0\"></span> where the input speaks for the unit, <span class=\"key f1\"></span> where it speaks"
                        + " against it; each image has a scale of its own."
                        + (network.members() > 1 ? " Those of the first of " + network.members() + " members." : "")
                        + (shown < units
                                ? " The " + shown + " of " + Html.counted(units, "unit") + " with the largest weights."
                                : ""));
    }

    /** Returns W[1] of the first member column after column, each times the factor of its input, if there are factors. */
    private double[] firstWeights(Network network) {
        double[] theta = model.theta();
        int units = network.units(1);
        int start = network.tensor("W1").start();
        double[] weights = Arrays.copyOfRange(theta, start, start + units * network.inputs());
        if (network.scalesInputs()) {
            int factors = network.tensor("s1").start();
            for (int k = 0; k < weights.length; k++) {
                weights[k] *= theta[factors + k / units];
            }
        }
        return weights;
    }

    private String weights() {
        Network network = description().network();
        double[] theta = model.theta();
        int layers = Math.min(network.depth(), MOST_LAYERS);
        StringBuilder charts = new StringBuilder();
        for (int l = 1; l <= layers; l++) {
            charts.append(histogram(network, theta, l));
        }
        return Html.details(
                "Weights of each layer",
                "<div class=\"figures\">" + charts + "</div>"
                        + (network.depth() > layers ? "<p>The first " + layers + " layers.</p>" : ""));
    }

    private static String histogram(Network network, double[] theta, int l) {
        double[] weights = network.tensors("W" + l).stream()
                .flatMapToDouble(placed -> Arrays.stream(theta, placed.start(), placed.end()))
                .toArray();
        int count = weights.length;
        double most = 0;
        double sum = 0;
        double squares = 0;
        for (double weight : weights) {
            most = Math.max(most, Math.abs(weight));
            sum += weight;
            squares += weight * weight;
        }
        double mean = sum / count;
        double deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
        double range = most > 0 && Double.isFinite(most) ? most : 1;
        double[] counts = new double[STEPS];
        for (double weight : weights) {
            counts[(int) Math.max(0, Math.min(STEPS - 1, (weight + range) / (2 * range) * STEPS))]++;
        }
        double tallest = 0;
        List<double[]> bars = new ArrayList<>();
        double step = 2 * range / STEPS;
        for (int s = 0; s < STEPS; s++) {
            tallest = Math.max(tallest, counts[s] / count);
            bars.add(new double[] {-range + (s + 0.05) * step, -range + (s + 0.95) * step, 0, counts[s] / count});
        }
        String name = "Layer " + l + ": " + network.units(l - 1) + " to " + network.units(l);
        String text = String.format(
                Locale.ROOT,
                "%,d weights from %s to %s, mean %s, standard deviation %s",
                count,
                Html.digitsText(-most),
                Html.digitsText(most),
                Html.digitsText(mean),
                Html.digitsText(deviation));
        return new Chart(
                        name,
                        text,
                        Axis.of("weight", -range, range),
                        Axis.around("share of the weights", 0, tallest),
                        220)
                .area(bars, "f0")
                .figure(Html.counted(count, "weight") + ", mean " + Html.digits(mean) + ", standard deviation "
                        + Html.digits(deviation));
    }
}
