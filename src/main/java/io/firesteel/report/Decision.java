package io.firesteel.report;

import io.firesteel.model.Closeup;
import io.firesteel.model.ModelDescription;
import io.firesteel.model.Scaling;
import io.firesteel.model.TrainedModel;
import java.util.ArrayList;
import java.util.List;

/** The picture of a classification of points of the plane: regions by the predicted class, with the points over them. */
final class Decision {
    private Decision() {}

    /**
     * Returns the picture.
     *
     * @param sample rows that are drawn; there may be none
     * @param raster how many rows of points are scored, and how many points in each
     */
    static String figure(TrainedModel trained, List<Closeup.Example> sample, int raster) {
        ModelDescription model = trained.description();
        List<String> classes = model.targets().classes();
        Axis x = axis(model, sample, 0);
        Axis y = axis(model, sample, 1);
        Chart chart = new Chart(
                "Regions of the classes",
                "The predicted class at each value of the two columns"
                        + (sample.isEmpty()
                                ? "."
                                : ", with " + sample.size() + " rows as dots in the colour of their class."),
                x,
                y,
                430);
        List<List<double[]>> regions = regions(trained, x, y, raster);
        for (int c = 0; c < regions.size(); c++) {
            chart.area(regions.get(c), "region f" + c % Chart.COLOURS);
        }
        for (Closeup.Example one : sample) {
            chart.dot(one.x()[0], one.x()[1], sample.size() > 600 ? 2.2 : 3, (int) one.y()[0] % Chart.COLOURS, null);
        }
        for (int c = 0; c < Math.min(classes.size(), Chart.COLOURS); c++) {
            chart.dotEntry(classes.get(c), c);
        }
        return chart.figure(sample.isEmpty() ? "" : "Dots are rows, areas are predictions.");
    }

    /** Returns the axis of a column: around the sample, or without one around what it was scaled by. */
    private static Axis axis(ModelDescription model, List<Closeup.Example> sample, int i) {
        Scaling scaling = model.inputs().scaling();
        double least = sample.stream().mapToDouble(one -> one.x()[i]).min().orElse(scaling.unscale(i, -3));
        double greatest = sample.stream().mapToDouble(one -> one.x()[i]).max().orElse(scaling.unscale(i, 3));
        double room = 0.06 * (greatest - least);
        String name = Html.cut(model.inputs().features().get(i), Html.SHORT_NAME);
        return Axis.of(name, least - room, greatest + room);
    }

    /** Returns the rectangles of each class: runs of points of a row, with ends where the one becomes the other. */
    private static List<List<double[]>> regions(TrainedModel model, Axis x, Axis y, int raster) {
        List<List<double[]>> regions = new ArrayList<>();
        ModelDescription.Targets targets = model.description().targets();
        targets.classes().forEach(name -> regions.add(new ArrayList<>()));
        TrainedModel.Scorer scorer = model.scorer(raster + 1);
        double width = (x.to() - x.from()) / raster;
        double height = (y.to() - y.from()) / raster;
        for (int row = 0; row < raster; row++) {
            double bottom = y.from() + row * height;
            double[][] points = new double[raster + 1][];
            for (int k = 0; k <= raster; k++) {
                points[k] = new double[] {x.from() + k * width, bottom + height / 2};
            }
            double[][] scores = scorer.score(points);
            double start = x.from();
            for (int k = 1; k <= raster; k++) {
                int before = targets.predicted(scores[k - 1]);
                int now = targets.predicted(scores[k]);
                if (now != before) {
                    double ahead = lead(targets, scores[k - 1], before, now);
                    double behind = lead(targets, scores[k], now, before);
                    double end = points[k - 1][0] + width * (ahead + behind > 0 ? ahead / (ahead + behind) : 0.5);
                    regions.get(before).add(new double[] {start, end, bottom, bottom + height});
                    start = end;
                }
            }
            regions.get(targets.predicted(scores[raster])).add(new double[] {start, x.to(), bottom, bottom + height});
        }
        return regions;
    }

    /** Returns by how much a point is one of a class and not of another. */
    private static double lead(ModelDescription.Targets targets, double[] scores, int of, int over) {
        return targets.threshold() == null
                ? scores[of] - scores[over]
                : (of == 1 ? 1 : -1) * (scores[1] - targets.threshold());
    }
}
