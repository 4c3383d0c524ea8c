package io.firesteel.model;

import io.firesteel.linalg.Matrix;
import io.firesteel.model.Metrics.CalibrationBin;
import io.firesteel.model.Metrics.PerClass;
import io.firesteel.model.Metrics.PerTarget;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

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
     *   regression      examples, weight, loss, then for each target: e^2, |e|, d, d^2
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
    private static final int CALIBRATION_BINS = 10;

    private final Task task;
    private final List<String> labels;
    private final List<String> classNames;
    private final int classes;
    private final Scaling targets;

    /** The evaluation that fits a model's task. */
    public Evaluation(ModelDescription description) {
        this.task = description.task();
        this.labels = description.labels();
        this.classNames = description.classes();
        this.classes = classNames.size();
        this.targets = description.targets();
    }

    /** The length of a vector of sums. */
    public int length() {
        return switch (task) {
            case CLASSIFICATION -> histogram() + (classes == 2 ? 2 * ScoreHistogram.BINS : 0);
            case REGRESSION -> FIRST + PER_TARGET * targets.mean().length;
        };
    }

    /** Where the calibration bins start. */
    private int calibration() {
        return FIRST + classes * classes;
    }

    /** Where the histograms start. */
    private int histogram() {
        return calibration() + PER_BIN * CALIBRATION_BINS;
    }

    /** Sets {@code sums} to those of a block of scaled examples. */
    public void sum(Backprop backprop, Examples block, double[] sums) {
        Arrays.fill(sums, 0);
        sums[EXAMPLES] = block.size();
        sums[LOSS] = backprop.loss(block);
        Matrix outputs = backprop.predict(block.x());
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
                    for (int i = 0; i < outputs.rows(); i++) {
                        double distance = block.y().get(i, j) * targets.deviation()[i];
                        double error = outputs.get(i, j) * targets.deviation()[i] - distance;
                        int at = FIRST + PER_TARGET * i;
                        sums[at] += weight * error * error;
                        sums[at + 1] += weight * Math.abs(error);
                        sums[at + 2] += weight * distance;
                        sums[at + 3] += weight * distance * distance;
                    }
                }
            }
        }
    }

    /** One example: its scores, which for two classes may be the second one's alone, and its true class. */
    private void sumClass(double[] scores, int truth, double weight, double[] sums) {
        double second = scores[scores.length - 1];
        int predicted = scores.length == 1 ? (second > 0.5 ? 1 : 0) : TrainedModel.argmax(scores);
        sums[FIRST + truth * classes + predicted] += weight;

        double p = classes == 2 ? second : scores[predicted];
        boolean isTrue = truth == (classes == 2 ? 1 : predicted);
        int at = calibration() + PER_BIN * (int) Math.min(CALIBRATION_BINS - 1, CALIBRATION_BINS * p);
        sums[at] += weight;
        sums[at + 1] += weight * p;
        sums[at + 2] += isTrue ? weight : 0;

        if (classes == 2) {
            sums[histogram() + truth * ScoreHistogram.BINS + ScoreHistogram.bin(second)] += weight;
        }
    }

    /** The metrics of a vector of sums. */
    public Metrics metrics(double[] sums) {
        Metrics metrics = new Metrics((long) sums[EXAMPLES], sums[LOSS] / sums[WEIGHT]);
        switch (task) {
            case CLASSIFICATION -> putClasses(sums, metrics);
            case REGRESSION -> putTargets(sums, metrics);
        }
        return metrics;
    }

    private void putClasses(double[] sums, Metrics metrics) {
        double[][] confusion = new double[classes][];
        double right = 0;
        for (int c = 0; c < classes; c++) {
            confusion[c] = Arrays.copyOfRange(sums, FIRST + c * classes, FIRST + (c + 1) * classes);
            right += confusion[c][c];
        }
        PerClass[] perClass = perClass(confusion);
        metrics.put("accuracy", right / sums[WEIGHT]);
        metrics.put("logLoss", sums[LOSS] / sums[WEIGHT]);
        metrics.put(
                "balancedAccuracy", // the mean recall of the classes that there are
                Arrays.stream(perClass)
                        .filter(one -> one.recall() != null)
                        .mapToDouble(PerClass::recall)
                        .average()
                        .orElseThrow());
        if (classes == 2) {
            metrics.put("rocAuc", ScoreHistogram.rocAuc(sums, histogram()));
            metrics.put("prAuc", ScoreHistogram.prAuc(sums, histogram()));
        }
        CalibrationBin[] bins = calibrationBins(sums);
        double error = 0;
        for (CalibrationBin bin : bins) {
            error += bin.support() == 0 ? 0 : bin.support() * Math.abs(bin.predicted() - bin.observed());
        }
        metrics.put("calibrationError", error / sums[WEIGHT]);
        metrics.put("confusion", confusion);
        metrics.put("perClass", perClass);
        metrics.put("calibration", bins);
    }

    private PerClass[] perClass(double[][] confusion) {
        PerClass[] perClass = new PerClass[classes];
        for (int c = 0; c < classes; c++) {
            double right = confusion[c][c];
            double support = 0;
            double predicted = 0;
            for (int k = 0; k < classes; k++) {
                support += confusion[c][k];
                predicted += confusion[k][c];
            }
            perClass[c] = new PerClass(
                    classNames.get(c),
                    support,
                    ratio(right, predicted),
                    ratio(right, support),
                    ratio(2 * right, support + predicted)); // 2 P R / (P + R)
        }
        return perClass;
    }

    private CalibrationBin[] calibrationBins(double[] sums) {
        CalibrationBin[] bins = new CalibrationBin[CALIBRATION_BINS];
        for (int b = 0; b < CALIBRATION_BINS; b++) {
            int at = calibration() + PER_BIN * b;
            bins[b] = new CalibrationBin(
                    (double) b / CALIBRATION_BINS,
                    (b + 1.0) / CALIBRATION_BINS,
                    sums[at],
                    ratio(sums[at + 1], sums[at]),
                    ratio(sums[at + 2], sums[at]));
        }
        return bins;
    }

    private static Double ratio(double part, double whole) {
        return whole > 0 ? part / whole : null;
    }

    private void putTargets(double[] sums, Metrics metrics) {
        double weight = sums[WEIGHT];
        double squares = 0;
        double absolutes = 0;
        double r2 = 0;
        PerTarget[] perTarget = new PerTarget[labels.size()];
        for (int i = 0; i < perTarget.length; i++) {
            int at = FIRST + PER_TARGET * i;
            double spread = sums[at + 3] - sums[at + 2] * sums[at + 2] / weight;
            // A target that is constant up to rounding has no R2: neither has the mean over the targets.
            boolean varies = spread > 1e-14 * sums[at + 3];
            double r2i = varies ? 1 - sums[at] / spread : Double.NaN;
            squares += sums[at] / perTarget.length;
            absolutes += sums[at + 1] / perTarget.length;
            r2 += r2i / perTarget.length;
            perTarget[i] = new PerTarget(
                    labels.get(i), Math.sqrt(sums[at] / weight), sums[at + 1] / weight, varies ? r2i : null);
        }
        metrics.put("rmse", Math.sqrt(squares / weight));
        metrics.put("mae", absolutes / weight);
        metrics.put("r2", Double.isNaN(r2) ? null : r2);
        metrics.put("perTarget", perTarget);
    }
}
