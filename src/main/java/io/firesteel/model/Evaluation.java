package io.firesteel.model;

import io.firesteel.linalg.Matrix;
import io.firesteel.model.Metrics.CalibrationBin;
import io.firesteel.model.Metrics.PerClass;
import io.firesteel.model.Metrics.PerLabel;
import io.firesteel.model.Metrics.PerQuantile;
import io.firesteel.model.Metrics.PerTarget;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Quantiles;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good a model is on labelled examples: sums over the examples of a block, which may be added over blocks, and the
 * metrics that follow from them.
 */
public final class Evaluation implements Serializable {
    /*
     * The sums, as one vector:
     *   classification  examples, weight, loss, then the confusion counts, row (true class) after row; for each
     *                   calibration bin: weight, p, weight of those of which it is true; for two classes the
     *                   ScoreHistogram of each
     *   multilabel      examples, weight, loss, weight of those whose labels are all right, then for each label the
     *                   weights of true positives, false positives and false negatives; unless there are too many
     *                   labels, for each the ScoreHistograms of those without it and with it
     *   regression      examples, weight, loss, then for each target: e^2, |e|, d, d^2; of quantiles the weight of those
     *                   between the first and the last and the distances of these two, then for each quantile the pinball
     *                   losses and the weight of those that do not exceed it
     * where e is the prediction's error in the target's units, and d the target's distance from its mean in training,
     * near which sums of squares lose no digits.
     */
    private static final long serialVersionUID = 1;

    private static final int EXAMPLES = 0;
    private static final int WEIGHT = 1;
    private static final int LOSS = 2;
    private static final int FIRST = 3;
    private static final int PER_TARGET = 4;
    private static final int PER_BIN = 3;
    private static final int INTERVAL = FIRST + PER_TARGET;
    private static final int QUANTILES = INTERVAL + 2;
    private static final int PER_QUANTILE = 2;
    private static final int CALIBRATION_BINS = 10;

    private static final int LABELS_START = FIRST + 1;
    private static final int PER_LABEL = 3;
    private static final int TRUE_POSITIVE = 0;
    private static final int FALSE_POSITIVE = 1;
    private static final int FALSE_NEGATIVE = 2;

    /** More labels have no areas under curves: a vector of sums is then 8 MiB long already. */
    static final int MOST_LABELS_WITH_AREAS = 50;

    private final Task task;
    private final List<String> labels;
    private final List<String> classNames;
    private final int classes;
    private final ModelDescription.Targets targets;
    private final Quantiles quantiles;
    private final boolean curves;
    private final ScoreHistogram histogram;

    /** The evaluation that fits a model's task. */
    public Evaluation(ModelDescription description) {
        this(description, true);
    }

    /**
     * An evaluation without some metrics.
     *
     * @param curves whether the areas under curves are wanted: they take a hundred times the sums of all else
     */
    public Evaluation(ModelDescription description, boolean curves) {
        this.task = description.task();
        this.labels = description.targets().labels();
        this.classNames = description.targets().classes();
        this.classes = classNames.size();
        this.curves = curves && (task == Task.MULTILABEL ? labels.size() <= MOST_LABELS_WITH_AREAS : classes == 2);
        this.targets = description.targets();
        this.quantiles = description.network().quantiles();
        this.histogram = new ScoreHistogram(task == Task.MULTILABEL ? 7 : 10); // there may be many labels
    }

    /** The length of a vector of sums. */
    public int length() {
        return switch (task) {
            case CLASSIFICATION -> histograms() + (curves ? 2 * histogram.bins() : 0);
            case REGRESSION ->
                quantiles.isNone() ? FIRST + PER_TARGET * labels.size() : QUANTILES + PER_QUANTILE * quantiles.size();
            case MULTILABEL -> histograms(curves ? labels.size() : 0);
        };
    }

    /** Where the calibration bins start. */
    private int calibration() {
        return FIRST + classes * classes;
    }

    /** Where the histograms of two classes start. */
    private int histograms() {
        return calibration() + PER_BIN * CALIBRATION_BINS;
    }

    /** Where the histograms of one of several labels start. */
    private int histograms(int label) {
        return LABELS_START + PER_LABEL * labels.size() + 2 * histogram.bins() * label;
    }

    /** Sets {@code sums} to those of a block of scaled examples. */
    public void sum(Backprop backprop, Examples block, double[] sums) {
        Arrays.fill(sums, 0);
        sums[EXAMPLES] = block.size();
        Backprop.Evaluated evaluated = backprop.evaluated(block);
        // Behind a tanh an infinite input is a number like others: the loss must tell it all the same.
        sums[LOSS] = block.x().isWithin(TrainedModel.LARGEST_INPUT) ? evaluated.loss() : Double.NaN;
        Matrix outputs = evaluated.A();
        double[] scores = new double[outputs.rows()];
        for (int j = 0; j < block.size(); j++) {
            double weight = block.weight(j);
            sums[WEIGHT] += weight;
            switch (task) {
                case CLASSIFICATION -> {
                    for (int i = 0; i < scores.length; i++) {
                        scores[i] = outputs.get(i, j);
                    }
                    sumClass(scores, (int) block.y().get(0, j), weight, sums);
                }
                case REGRESSION -> {
                    for (int i = 0; i < labels.size(); i++) {
                        double distance =
                                block.y().get(i, j) * targets.scaling().deviation()[i];
                        double error = quantiles.predicted(outputs, i, j)
                                        * targets.scaling().deviation()[i]
                                - distance;
                        int at = FIRST + PER_TARGET * i;
                        sums[at] += weight * error * error;
                        sums[at + 1] += weight * Math.abs(error);
                        sums[at + 2] += weight * distance;
                        sums[at + 3] += weight * distance * distance;
                    }
                    if (!quantiles.isNone()) {
                        sumQuantiles(outputs, block.y().get(0, j), j, weight, sums);
                    }
                }
                case MULTILABEL -> sumLabels(outputs, block.y(), j, weight, sums);
            }
        }
    }

    /** One example: its scores, which for two classes may be the second one's alone, and its true class. */
    private void sumClass(double[] scores, int truth, double weight, double[] sums) {
        double second = scores[scores.length - 1];
        int predicted = targets.predicted(scores);
        sums[FIRST + truth * classes + predicted] += weight;

        double p = classes == 2 ? second : scores[predicted];
        boolean isTrue = truth == (classes == 2 ? 1 : predicted);
        int at = calibration() + PER_BIN * (int) Math.min(CALIBRATION_BINS - 1, CALIBRATION_BINS * p);
        sums[at] += weight;
        sums[at + 1] += weight * p;
        sums[at + 2] += isTrue ? weight : 0;

        if (curves) {
            sums[histograms() + truth * histogram.bins() + histogram.bin(second)] += weight;
        }
    }

    /** Example j: its quantiles, and the target. */
    private void sumQuantiles(Matrix outputs, double y, int j, double weight, double[] sums) {
        double deviation = targets.scaling().deviation()[0];
        int last = quantiles.size() - 1;
        sums[INTERVAL] += outputs.get(0, j) <= y && y <= outputs.get(last, j) ? weight : 0;
        sums[INTERVAL + 1] += weight * (outputs.get(last, j) - outputs.get(0, j)) * deviation;
        for (int k = 0; k <= last; k++) {
            double excess = y - outputs.get(k, j);
            int at = QUANTILES + PER_QUANTILE * k;
            sums[at] += weight * Loss.pinball(quantiles.levels().get(k), excess) * deviation;
            sums[at + 1] += excess <= 0 ? weight : 0;
        }
    }

    /** Example j: the probability of each label, and which it has. */
    private void sumLabels(Matrix p, Matrix y, int j, double weight, double[] sums) {
        boolean allRight = true;
        for (int i = 0; i < p.rows(); i++) {
            boolean has = y.get(i, j) == 1;
            boolean predicted = p.get(i, j) > 0.5;
            int at = LABELS_START + PER_LABEL * i;
            if (has) {
                sums[at + (predicted ? TRUE_POSITIVE : FALSE_NEGATIVE)] += weight;
            } else if (predicted) {
                sums[at + FALSE_POSITIVE] += weight;
            }
            allRight &= has == predicted;
            if (curves) {
                sums[histograms(i) + (has ? histogram.bins() : 0) + histogram.bin(p.get(i, j))] += weight;
            }
        }
        sums[FIRST] += allRight ? weight : 0;
    }

    /** Returns the threshold between two classes that is best for a metric; null where the examples have one of them only. */
    public Double threshold(double[] sums, ThresholdMetric metric) {
        return histogram.threshold(sums, histograms(), metric);
    }

    /** The metrics of a vector of sums. */
    public Metrics metrics(double[] sums) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Metrics.Tables tables =
                switch (task) {
                    case CLASSIFICATION -> putClasses(sums, numbers);
                    case REGRESSION -> putTargets(sums, numbers);
                    case MULTILABEL -> putLabels(sums, numbers);
                };
        return new Metrics((long) sums[EXAMPLES], sums[LOSS] / sums[WEIGHT], numbers, tables);
    }

    private Metrics.Tables putClasses(double[] sums, Map<String, Double> numbers) {
        double[][] confusion = new double[classes][];
        double right = 0;
        for (int c = 0; c < classes; c++) {
            confusion[c] = Arrays.copyOfRange(sums, FIRST + c * classes, FIRST + (c + 1) * classes);
            right += confusion[c][c];
        }
        List<PerClass> perClass = perClass(confusion);
        numbers.put("accuracy", right / sums[WEIGHT]);
        numbers.put("logLoss", sums[LOSS] / sums[WEIGHT]);
        numbers.put(
                "balancedAccuracy", // the mean recall of the classes that there are
                perClass.stream()
                        .filter(one -> one.recall() != null)
                        .mapToDouble(PerClass::recall)
                        .average()
                        .orElseThrow());
        if (curves) {
            numbers.put("rocAuc", histogram.rocAuc(sums, histograms()));
            numbers.put("prAuc", histogram.prAuc(sums, histograms()));
        }
        List<CalibrationBin> bins = calibrationBins(sums);
        double error = 0;
        for (CalibrationBin bin : bins) {
            error += bin.support() == 0 ? 0 : bin.support() * Math.abs(bin.predicted() - bin.observed());
        }
        numbers.put("calibrationError", error / sums[WEIGHT]);
        return new Metrics.Classes(confusion, perClass, bins, curves ? histogram.curves(sums, histograms()) : null);
    }

    private List<PerClass> perClass(double[][] confusion) {
        List<PerClass> perClass = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            double right = confusion[c][c];
            double support = 0;
            double predicted = 0;
            for (int k = 0; k < classes; k++) {
                support += confusion[c][k];
                predicted += confusion[k][c];
            }
            perClass.add(new PerClass(
                    classNames.get(c),
                    support,
                    ratio(right, predicted),
                    ratio(right, support),
                    ratio(2 * right, support + predicted))); // 2 P R / (P + R)
        }
        return perClass;
    }

    private List<CalibrationBin> calibrationBins(double[] sums) {
        List<CalibrationBin> bins = new ArrayList<>();
        for (int b = 0; b < CALIBRATION_BINS; b++) {
            int at = calibration() + PER_BIN * b;
            bins.add(new CalibrationBin(
                    (double) b / CALIBRATION_BINS,
                    (b + 1.0) / CALIBRATION_BINS,
                    sums[at],
                    ratio(sums[at + 1], sums[at]),
                    ratio(sums[at + 2], sums[at])));
        }
        return bins;
    }

    private Metrics.Tables putLabels(double[] sums, Map<String, Double> numbers) {
        List<PerLabel> perLabel = new ArrayList<>();
        double wrong = 0;
        for (int i = 0; i < labels.size(); i++) {
            int at = LABELS_START + PER_LABEL * i;
            double right = sums[at + TRUE_POSITIVE];
            double support = right + sums[at + FALSE_NEGATIVE];
            double predicted = right + sums[at + FALSE_POSITIVE];
            wrong += support - right + predicted - right;
            perLabel.add(new PerLabel(
                    labels.get(i),
                    support,
                    ratio(right, predicted),
                    ratio(right, support),
                    ratio(2 * right, support + predicted),
                    curves ? histogram.rocAuc(sums, histograms(i)) : null,
                    curves ? histogram.prAuc(sums, histograms(i)) : null));
        }
        numbers.put("accuracy", sums[FIRST] / sums[WEIGHT]); // all labels of an example right
        numbers.put("logLoss", sums[LOSS] / sums[WEIGHT]); // summed over the labels
        numbers.put("hammingLoss", wrong / labels.size() / sums[WEIGHT]);
        return new Metrics.Labels(perLabel);
    }

    private static Double ratio(double part, double whole) {
        return whole > 0 ? part / whole : null;
    }

    private Metrics.Tables putTargets(double[] sums, Map<String, Double> numbers) {
        double weight = sums[WEIGHT];
        double squares = 0;
        double absolutes = 0;
        double r2 = 0;
        List<PerTarget> perTarget = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            int at = FIRST + PER_TARGET * i;
            double spread = sums[at + 3] - sums[at + 2] * sums[at + 2] / weight;
            // A target that is constant up to rounding has no R2: neither has the mean over the targets.
            boolean varies = spread > 1e-14 * sums[at + 3];
            double r2i = varies ? 1 - sums[at] / spread : Double.NaN;
            squares += sums[at] / labels.size();
            absolutes += sums[at + 1] / labels.size();
            r2 += r2i / labels.size();
            perTarget.add(new PerTarget(
                    labels.get(i), Math.sqrt(sums[at] / weight), sums[at + 1] / weight, varies ? r2i : null));
        }
        numbers.put("rmse", Math.sqrt(squares / weight));
        numbers.put("mae", absolutes / weight);
        numbers.put("r2", Double.isNaN(r2) ? null : r2);
        return new Metrics.Targets(perTarget, putQuantiles(sums, numbers));
    }

    private List<PerQuantile> putQuantiles(double[] sums, Map<String, Double> numbers) {
        List<PerQuantile> each = new ArrayList<>();
        double losses = 0;
        for (int k = 0; k < quantiles.size(); k++) {
            int at = QUANTILES + PER_QUANTILE * k;
            losses += sums[at] / sums[WEIGHT];
            each.add(new PerQuantile(quantiles.levels().get(k), sums[at + 1] / sums[WEIGHT], sums[at] / sums[WEIGHT]));
        }
        if (!quantiles.isNone()) {
            numbers.put("pinballLoss", losses / quantiles.size());
        }
        if (quantiles.haveInterval()) {
            numbers.put("intervalCoverage", sums[INTERVAL] / sums[WEIGHT]);
            numbers.put("intervalWidth", sums[INTERVAL + 1] / sums[WEIGHT]);
        }
        return each;
    }
}
