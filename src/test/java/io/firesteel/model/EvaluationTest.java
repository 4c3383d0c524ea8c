package io.firesteel.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.linalg.Precision;
import io.firesteel.model.Metrics.CalibrationBin;
import io.firesteel.model.Metrics.PerClass;
import io.firesteel.model.Metrics.PerLabel;
import io.firesteel.model.Metrics.PerQuantile;
import io.firesteel.model.Metrics.PerTarget;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Parameters;
import io.firesteel.nn.Quantiles;
import io.firesteel.nn.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics worked by hand, over blocks of two examples each, whose sums are added. */
class EvaluationTest {
    private static Metrics metrics(TrainedModel model, Samples scaled) {
        Evaluation evaluation = new Evaluation(model.description());
        Backprop backprop = new Backprop(model.network(), Parameters.of(model.network(), model.theta()), 2);
        double[] total = new double[evaluation.length()];
        double[] sums = new double[evaluation.length()];
        for (Examples examples : scaled.slices(Precision.DOUBLE, 2)) {
            evaluation.sum(backprop, examples, sums);
            for (int i = 0; i < total.length; i++) {
                total[i] += sums[i];
            }
        }
        return evaluation.metrics(total);
    }

    private static Metrics.Classes classes(Metrics metrics) {
        return (Metrics.Classes) metrics.tables();
    }

    private static List<PerLabel> perLabel(Metrics metrics) {
        return ((Metrics.Labels) metrics.tables()).perLabel();
    }

    private static List<PerTarget> perTarget(Metrics metrics) {
        return ((Metrics.Targets) metrics.tables()).perTarget();
    }

    /** One input, no hidden layer: z = x, P(yes) = sigmoid(x). */
    private static TrainedModel logistic() {
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        return Models.with(
                Models.model(Task.CLASSIFICATION, network, Scaling.none(1), List.of("no", "yes"), Scaling.none(1)),
                1,
                0);
    }

    /*
     * P(yes) of x = log 3 is 3/4, of -log 3 is 1/4, of 0 is 1/2 (and not above it: "no").
     *
     *   x        y     P(its class)   predicted   weight
     *   log 3    yes   3/4            yes         1
     *   log 3    no    1/4            yes         2
     *   -log 3   no    3/4            no          0.5
     *   -log 3   yes   1/4            no          1.5
     *   0        no    1/2            no          3
     *
     * confusion (true, predicted): no-no 0.5 + 3 = 3.5, no-yes 2, yes-no 1.5, yes-yes 1; total weight 8.
     * accuracy = (3.5 + 1) / 8 = 0.5625
     * logLoss = (1 log 4/3 + 2 log 4 + 0.5 log 4/3 + 1.5 log 4 + 3 log 2) / 8
     *
     *            precision          recall               F1
     *   no       3.5 / 5            3.5 / 5.5            2 * 3.5 / (5 + 5.5) = 2/3
     *   yes      1 / 3              1 / 2.5              2 * 1 / (3 + 2.5) = 4/11
     * balanced accuracy = (7/11 + 2/5) / 2 = 57/110
     *
     * At 1/4, 1/2, 3/4 there are 0.5, 3, 2 of no (5.5) and 1.5, 0, 1 of yes (2.5).
     * ROC-AUC = (1.5 * (0.5 / 2) + 1 * (0.5 + 3 + 2 / 2)) / (5.5 * 2.5) = 4.875 / 13.75
     * PR-AUC, thresholds 3/4 and 1/4: 1/3 * 1/2.5 + 2.5/8 * 1.5/2.5 = 2/15 + 3/16
     * Calibration: P near 1/4 (weight 2) is true of 3/4, 1/2 (3) of none, 3/4 (3) of 1/3:
     * error (2 * 1/2 + 3 * 1/2 + 3 * 5/12) / 8 = 3.75 / 8
     */
    @Test
    void metrics_ofTwoClassesWithWeights_byHand() {
        double log3 = Math.log(3);
        Samples samples = new Samples(
                new double[][] {{log3}, {log3}, {-log3}, {-log3}, {0}},
                new double[][] {{1}, {0}, {0}, {1}, {0}},
                new double[] {1, 2, 0.5, 1.5, 3});
        Metrics metrics = metrics(logistic(), samples);

        assertEquals(5, metrics.rows());
        assertEquals(0.5625, metrics.get("accuracy"), 1e-15);
        double logLoss = (1.5 * Math.log(4.0 / 3) + 3.5 * Math.log(4) + 3 * Math.log(2)) / 8;
        assertEquals(logLoss, metrics.get("logLoss"), 1e-14);
        assertEquals(logLoss, metrics.loss(), 1e-14);
        assertConfusion(new double[][] {{3.5, 2}, {1.5, 1}}, metrics);
        assertEquals(57.0 / 110, metrics.get("balancedAccuracy"), 1e-15);
        assertEquals(4.875 / 13.75, metrics.get("rocAuc"), 1e-15);
        assertEquals(2.0 / 15 + 3.0 / 16, metrics.get("prAuc"), 1e-15);
        assertEquals(3.75 / 8, metrics.get("calibrationError"), 1e-15);
        List<PerClass> perClass = classes(metrics).perClass();
        assertPerClass("no", 5.5, 0.7, 7.0 / 11, 2.0 / 3, perClass.get(0));
        assertPerClass("yes", 2.5, 1.0 / 3, 0.4, 4.0 / 11, perClass.get(1));
        List<CalibrationBin> bins = classes(metrics).calibration();
        assertEquals(10, bins.size());
        assertBin(0.2, 0.3, 2, 0.25, 0.75, bins.get(2));
        assertEquals(new CalibrationBin(0.3, 0.4, 0, null, null), bins.get(3));
        assertBin(0.5, 0.6, 3, 0.5, 0, bins.get(5));
        assertBin(0.7, 0.8, 3, 0.75, 1.0 / 3, bins.get(7));
    }

    private static void assertPerClass(
            String name, double support, double precision, double recall, double f1, PerClass actual) {
        assertEquals(name, actual.name());
        assertEquals(support, actual.support(), 1e-15);
        assertEquals(precision, actual.precision(), 1e-15);
        assertEquals(recall, actual.recall(), 1e-15);
        assertEquals(f1, actual.f1(), 1e-15);
    }

    private static void assertBin(
            double from, double to, double support, double predicted, double observed, CalibrationBin actual) {
        assertEquals(from, actual.from(), 1e-15);
        assertEquals(to, actual.to(), 1e-15);
        assertEquals(support, actual.support(), 1e-15);
        assertEquals(predicted, actual.predicted(), 1e-15);
        assertEquals(observed, actual.observed(), 1e-15);
    }

    /*
     * Only one class is there: no curve, no recall of the other, whose precision is 0 as two rows are taken for it.
     */
    @Test
    void metrics_ofOneClassOnly_areNullWhereNotDefined() {
        Samples samples = new Samples(new double[][] {{1}, {2}, {-1}}, new double[][] {{0}, {0}, {0}}, null);
        Metrics metrics = metrics(logistic(), samples);
        assertTrue(metrics.numbers().containsKey("rocAuc"));
        assertNull(metrics.numbers().get("rocAuc"));
        assertNull(metrics.numbers().get("prAuc"));
        assertEquals(1.0 / 3, metrics.get("balancedAccuracy"), 1e-15);
        List<PerClass> perClass = classes(metrics).perClass();
        assertEquals(new PerClass("yes", 0, 0.0, null, 0.0), perClass.get(1));
        Metrics negative = metrics(logistic(), new Samples(new double[][] {{-1}}, new double[][] {{0}}, null));
        assertEquals(
                new PerClass("yes", 0, null, null, null),
                classes(negative).perClass().get(1));
    }

    /*
     * The example above once more: at 1/4, 1/2, 3/4 there are 0.5, 3, 2 of no and 1.5, 0, 1 of yes. In 32 steps 1/4 and 3/4
     * begin steps 8 and 24, and 1/2, which is taken for no, is in the last step below it.
     */
    @Test
    void curves_ofTwoClassesWithWeights_byHand() {
        double log3 = Math.log(3);
        Samples samples = new Samples(
                new double[][] {{log3 + 1e-3}, {log3 + 1e-3}, {-log3 + 1e-3}, {-log3 + 1e-3}, {0}},
                new double[][] {{1}, {0}, {0}, {1}, {0}},
                new double[] {1, 2, 0.5, 1.5, 3});
        ScoreCurves curves = classes(metrics(logistic(), samples)).curves();
        double[] first = new double[32];
        double[] second = new double[32];
        first[8] = 0.5;
        second[8] = 1.5;
        first[15] = 3;
        first[24] = 2;
        second[24] = 1;
        assertArrayEquals(first, curves.first());
        assertArrayEquals(second, curves.second());
        List<ScoreCurves.Point> points = curves.points();
        assertEquals(new ScoreCurves.Point(1, 0, 0), points.get(0));
        assertPoint(0.75, 2, 1, points.get(1));
        assertPoint(0.5, 5, 1, points.get(2));
        assertPoint(0.25, 5.5, 2.5, points.get(3));
        assertEquals(4, points.size());
    }

    private static void assertPoint(double threshold, double falses, double trues, ScoreCurves.Point actual) {
        assertEquals(threshold, actual.threshold(), 1e-3);
        assertEquals(falses, actual.falsePositives(), 1e-15);
        assertEquals(trues, actual.truePositives(), 1e-15);
    }

    /** The area under the points, by trapezoids, is the one that all bins give, and there are not too many points. */
    @Test
    void curves_ofManyScores_haveTheArea() {
        Random random = new Random(8);
        int m = 5000;
        Samples samples = new Samples(new double[m][1], new double[m][1], null);
        for (int i = 0; i < m; i++) {
            samples.y()[i][0] = i % 3 == 0 ? 1 : 0;
            samples.x()[i][0] = 3 * random.nextGaussian() + 2 * samples.y()[i][0];
        }
        Metrics metrics = metrics(logistic(), samples);
        ScoreCurves curves = classes(metrics).curves();
        double area = 0;
        for (int k = 1; k < curves.points().size(); k++) {
            ScoreCurves.Point a = curves.points().get(k - 1);
            ScoreCurves.Point b = curves.points().get(k);
            area += (b.falsePositives() - a.falsePositives()) * (a.truePositives() + b.truePositives()) / 2;
        }
        int positives = (m + 2) / 3;
        assertEquals(metrics.get("rocAuc"), area / positives / (m - positives), 2e-4);
        assertTrue(curves.points().size() < 600, curves.points().size() + " points");
        assertEquals(
                (double) (m - positives),
                java.util.Arrays.stream(curves.first()).sum());
        assertEquals(
                (double) positives, java.util.Arrays.stream(curves.second()).sum());
        double taken = 0; // the rows above 1/2 are those that are taken for yes
        for (int s = 16; s < 32; s++) {
            taken += curves.first()[s] + curves.second()[s];
        }
        double[][] confusion = classes(metrics).confusion();
        assertEquals(confusion[0][1] + confusion[1][1], taken);
    }

    /** All pairs of a positive and a negative, one by one. */
    private static double naiveRocAuc(double[] scores, Samples samples) {
        double area = 0;
        double pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (samples.y()[i][0] == 1 && samples.y()[j][0] == 0) {
                    double weight = samples.weights()[i] * samples.weights()[j];
                    area += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
                    pairs += weight;
                }
            }
        }
        return area / pairs;
    }

    /** The mean, over the positives, of the precision when all that score as high are taken for positives. */
    private static double naivePrAuc(double[] scores, Samples samples) {
        double area = 0;
        double positives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (samples.y()[i][0] == 1) {
                double right = 0;
                double taken = 0;
                for (int j = 0; j < scores.length; j++) {
                    taken += scores[j] >= scores[i] ? samples.weights()[j] : 0;
                    right += scores[j] >= scores[i] && samples.y()[j][0] == 1 ? samples.weights()[j] : 0;
                }
                area += samples.weights()[i] * right / taken;
                positives += samples.weights()[i];
            }
        }
        return area / positives;
    }

    /** Exact where scores are farther apart than a bin is wide, ties included; else within what bins leave. */
    @ParameterizedTest
    @CsvSource({"8, 3, 1e-13", "8, 20, 1e-13", "64, 3, 1e-13", "0, 1, 1e-4", "0, 8, 1e-4"})
    void areas_agreeWithNaiveOnes(double steps, double spread, double tolerance) {
        Random random = new Random(4);
        int m = 1500;
        Samples samples = new Samples(new double[m][1], new double[m][1], new double[m]);
        double[] scores = new double[m];
        for (int i = 0; i < m; i++) {
            double z = spread * random.nextGaussian();
            z = steps == 0 ? z : Math.max(-20, Math.min(20, Math.rint(z * steps) / steps));
            samples.x()[i][0] = z;
            samples.y()[i][0] = z / spread + random.nextGaussian() > 0 ? 1 : 0;
            samples.weights()[i] = random.nextInt(4) / 2.0;
            scores[i] = logistic().score(new double[] {z})[1];
        }
        Metrics metrics = metrics(logistic(), samples);
        assertEquals(naiveRocAuc(scores, samples), metrics.get("rocAuc"), tolerance);
        assertEquals(naivePrAuc(scores, samples), metrics.get("prAuc"), tolerance);
    }

    /** No cut between the scores gives a greater metric than the threshold does. */
    @ParameterizedTest
    @CsvSource({"accuracy, 3", "balanced-accuracy, 3", "f1, 3", "f1, 20", "accuracy, 0.2"})
    void threshold_isTheBestOfAllCuts(String name, double spread) {
        ThresholdMetric metric = Arrays.stream(ThresholdMetric.values())
                .filter(one -> one.toString().equals(name))
                .findFirst()
                .orElseThrow();
        Random random = new Random(5);
        ScoreHistogram histogram = new ScoreHistogram(10);
        double[] sums = new double[2 * histogram.bins()];
        int m = 400;
        double[] scores = new double[m];
        boolean[] isPositive = new boolean[m];
        double[] weights = new double[m];
        for (int i = 0; i < m; i++) {
            double z = Math.max(-20, Math.min(20, Math.rint(8 * (spread * random.nextGaussian() - 1)) / 8));
            scores[i] = 1 / (1 + Math.exp(-z));
            isPositive[i] = (z + 1) / spread + random.nextGaussian() > 0.5;
            weights[i] = 1 + random.nextInt(3);
            sums[(isPositive[i] ? histogram.bins() : 0) + histogram.bin(scores[i])] += weights[i];
        }
        double found = histogram.threshold(sums, 0, metric);
        double best = DoubleStream.concat(Arrays.stream(scores), DoubleStream.of(-1, 0.5))
                .map(cut -> at(cut, scores, isPositive, weights, metric))
                .max()
                .orElseThrow();
        assertEquals(best, at(found, scores, isPositive, weights, metric));
    }

    /** Above or below all scores, and at 1/2 where this is as good as others. */
    @Test
    void threshold_mayHaveAllScoresOnOneSide() {
        ScoreHistogram histogram = new ScoreHistogram(10);
        double[] sums = new double[2 * histogram.bins()];
        sums[histogram.bin(0.1)] = 90;
        sums[histogram.bins() + histogram.bin(0.1)] = 10;
        sums[histogram.bin(0.3)] = 60;
        sums[histogram.bins() + histogram.bin(0.3)] = 40;
        assertEquals(0.5, histogram.threshold(sums, 0, ThresholdMetric.ACCURACY), "none above");
        double[] mostlyPositive = new double[sums.length];
        mostlyPositive[histogram.bin(0.25)] = 1;
        mostlyPositive[histogram.bins() + histogram.bin(0.25)] = 9;
        double all = histogram.threshold(mostlyPositive, 0, ThresholdMetric.F1);
        assertTrue(all > 0 && all < 0.25, all + ": all above, 1/4 itself among them");
    }

    /** The metric, from what is above a threshold, as its definition has it. */
    private static double at(
            double threshold, double[] scores, boolean[] isPositive, double[] weights, ThresholdMetric metric) {
        double[][] confusion = new double[2][2];
        for (int i = 0; i < scores.length; i++) {
            confusion[isPositive[i] ? 1 : 0][scores[i] > threshold ? 1 : 0] += weights[i];
        }
        double right = confusion[0][0] + confusion[1][1];
        double precision = confusion[1][1] / (confusion[0][1] + confusion[1][1]);
        double recall = confusion[1][1] / (confusion[1][0] + confusion[1][1]);
        double specificity = confusion[0][0] / (confusion[0][0] + confusion[0][1]);
        return (float)
                switch (metric) { // equal but for rounding
                    case ACCURACY -> right / Arrays.stream(weights).sum();
                    case BALANCED_ACCURACY -> (recall + specificity) / 2;
                    case F1 -> confusion[1][1] == 0 ? 0 : 2 * precision * recall / (precision + recall);
                };
    }

    @Test
    void threshold_ofOneClass_isNone() {
        ScoreHistogram histogram = new ScoreHistogram(10);
        double[] sums = new double[2 * histogram.bins()];
        sums[histogram.bin(0.3)] = 2;
        assertNull(histogram.threshold(sums, 0, ThresholdMetric.F1));
    }

    @Test
    void bins_ascendAndMirrorAndAreNarrow() {
        for (int bits : new int[] {7, 10}) {
            ScoreHistogram histogram = new ScoreHistogram(bits);
            int last = histogram.bins() - 1;
            assertEquals(78 << bits, last, "39 halvings from 1/2 to 2^-40 on either side");
            assertEquals(0, histogram.bin(0));
            assertEquals(0, histogram.bin(0x1p-40));
            assertEquals(last, histogram.bin(1));
            assertEquals(last / 2, histogram.bin(0.5));
            int previous = 0;
            for (double p = 0x1p-40; p < 0.5; p *= 1 + Math.pow(2, -bits)) {
                int bin = histogram.bin(p);
                assertTrue(bin == previous + 1 || bin == previous + 2 || p == 0x1p-40, p + " is in " + bin);
                assertEquals(last - bin, histogram.bin(1 - p), 1, "1 - " + p); // 1 - p is rounded
                previous = bin;
            }
        }
    }

    /** The same table without weights: 3 of 5 right, each row once. */
    @Test
    void metrics_ofTwoClasses_byHand() {
        double log3 = Math.log(3);
        Samples samples = new Samples(
                new double[][] {{log3}, {log3}, {-log3}, {-log3}, {0}}, new double[][] {{1}, {0}, {0}, {1}, {0}}, null);
        Metrics metrics = metrics(logistic(), samples);
        assertEquals(3.0 / 5, metrics.get("accuracy"), 1e-15);
        assertEquals((2 * Math.log(4.0 / 3) + 2 * Math.log(4) + Math.log(2)) / 5, metrics.get("logLoss"), 1e-14);
        assertConfusion(new double[][] {{2, 1}, {1, 1}}, metrics);
    }

    /*
     * Two inputs as the logits of classes a and b, c fixed at 0: W = (1 0; 0 1; 0 0).
     *
     *   x                P(a), P(b), P(c)     y   predicted
     *   (log 2, 0)       1/2, 1/4, 1/4        a   a
     *   (0, log 2)       1/4, 1/2, 1/4        c   b
     *   (-log 2, -log 2) 1/4, 1/4, 1/2        c   c
     *
     * accuracy 2/3, logLoss (log 2 + log 4 + log 2) / 3 = 4/3 log 2
     */
    @Test
    void metrics_ofThreeClasses_byHand() {
        Network network = Network.of(List.of(2, 3), Activation.TANH, Loss.SOFTMAX_CROSS_ENTROPY);
        TrainedModel model = Models.with(
                Models.model(Task.CLASSIFICATION, network, Scaling.none(2), List.of("a", "b", "c"), Scaling.none(3)),
                1,
                0,
                0,
                0,
                1,
                0,
                0,
                0,
                0);
        double log2 = Math.log(2);
        Samples samples = new Samples(
                new double[][] {{log2, 0}, {0, log2}, {-log2, -log2}}, new double[][] {{0}, {2}, {2}}, null);
        Metrics metrics = metrics(model, samples);
        assertEquals(2.0 / 3, metrics.get("accuracy"), 1e-15);
        assertEquals(4.0 / 3 * log2, metrics.get("logLoss"), 1e-15);
        assertConfusion(new double[][] {{1, 0, 0}, {0, 0, 0}, {0, 1, 1}}, metrics);
        // Recall of a is 1, of c 1/2; of b, which is not there, none. Confidence is 1/2 thrice, and right twice.
        assertEquals(0.75, metrics.get("balancedAccuracy"), 1e-15);
        assertEquals(2.0 / 3 - 1.0 / 2, metrics.get("calibrationError"), 1e-15);
        List<PerClass> perClass = classes(metrics).perClass();
        assertPerClass("a", 1, 1, 1, 1, perClass.get(0));
        assertEquals(new PerClass("b", 0, 0.0, null, 0.0), perClass.get(1));
        assertPerClass("c", 2, 1, 0.5, 2.0 / 3, perClass.get(2));
        assertFalse(metrics.numbers().containsKey("rocAuc"));
    }

    /** One input, which is the logit of the first of two labels, and minus it that of the second. */
    private static TrainedModel twoLabels() {
        Network network = Network.of(List.of(1, 2), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        return Models.with(
                Models.model(Task.MULTILABEL, network, Scaling.none(1), List.of(), Scaling.none(2)), 1, -1, 0, 0);
    }

    /*
     *   x        P(y0), P(y1)   predicted   y      right   weight   loss
     *   log 3    3/4, 1/4       1 0         1 0    both    1        2 log 4/3
     *   log 3    3/4, 1/4       1 0         1 1    first   2        log 4/3 + log 4
     *   -log 3   1/4, 3/4       0 1         1 0    none    4        2 log 4
     *   0        1/2, 1/2       0 0         0 0    both    1        2 log 2
     *
     * Weight 8: accuracy (1 + 1) / 8; wrong are 2 (y1), 4 (both): hamming loss (2 + 4 + 4) / 2 / 8 = 5/8.
     * y0: true positives 3, false negatives 4, no false positives: precision 1, recall 3/7, F1 6/10.
     *     The negative, weight 1 at 1/2, is below 3 of 7 positives: ROC-AUC 3/7; PR-AUC 3/7 * 1 + 4/7 * 7/8.
     * y1: false negatives 2, false positives 4: precision 0, recall 0, F1 0.
     *     Positives 2 at 1/4, negatives 1 at 1/4, 4 at 3/4, 1 at 1/2: ROC-AUC (1/2) / 6, PR-AUC 2 / 8.
     */
    @Test
    void metrics_ofTwoLabelsWithWeights_byHand() {
        double log3 = Math.log(3);
        Samples samples = new Samples(
                new double[][] {{log3}, {log3}, {-log3}, {0}},
                new double[][] {{1, 0}, {1, 1}, {1, 0}, {0, 0}},
                new double[] {1, 2, 4, 1});
        Metrics metrics = metrics(twoLabels(), samples);
        assertEquals(4, metrics.rows());
        assertEquals(0.25, metrics.get("accuracy"), 1e-15);
        assertEquals(0.625, metrics.get("hammingLoss"), 1e-15);
        double loss = 2 * Math.log(4.0 / 3) + 2 * Math.log(16.0 / 3) + 8 * Math.log(4) + 2 * Math.log(2);
        assertEquals(loss / 8, metrics.get("logLoss"), 1e-14);
        assertEquals(loss / 8, metrics.loss(), 1e-14);
        List<PerLabel> perLabel = perLabel(metrics);
        assertEquals("y0", perLabel.get(0).label());
        assertEquals(7, perLabel.get(0).support(), 1e-15);
        assertEquals(1, perLabel.get(0).precision(), 1e-15);
        assertEquals(3.0 / 7, perLabel.get(0).recall(), 1e-15);
        assertEquals(0.6, perLabel.get(0).f1(), 1e-15);
        assertEquals(3.0 / 7, perLabel.get(0).rocAuc(), 1e-15);
        assertEquals(3.0 / 7 + 4.0 / 7 * 7 / 8, perLabel.get(0).prAuc(), 1e-15);
        assertEquals(2, perLabel.get(1).support(), 1e-15);
        assertEquals(0, perLabel.get(1).precision(), 1e-15);
        assertEquals(0, perLabel.get(1).recall(), 1e-15);
        assertEquals(0, perLabel.get(1).f1(), 1e-15);
        assertEquals(1.0 / 12, perLabel.get(1).rocAuc(), 1e-15);
        assertEquals(0.25, perLabel.get(1).prAuc(), 1e-15);
    }

    /** A label that no example has, and one that all have: no areas, no recall or no precision. */
    @Test
    void metrics_ofLabelsThatAreAllAlike_areNullWhereNotDefined() {
        Samples samples = new Samples(new double[][] {{1}, {2}}, new double[][] {{0, 1}, {0, 1}}, null);
        List<PerLabel> perLabel = perLabel(metrics(twoLabels(), samples));
        assertEquals(new PerLabel("y0", 0, 0.0, null, 0.0, null, null), perLabel.get(0));
        assertEquals(new PerLabel("y1", 2, null, 0.0, 0.0, null, 1.0), perLabel.get(1));
    }

    @Test
    void metrics_ofManyLabels_haveNoAreas() {
        int labels = Evaluation.MOST_LABELS_WITH_AREAS + 1;
        Network network = Network.of(List.of(1, labels), Activation.TANH, Loss.SIGMOID_CROSS_ENTROPY);
        TrainedModel model = Models.model(Task.MULTILABEL, network, Scaling.none(1), List.of(), Scaling.none(labels));
        assertTrue(new Evaluation(model.description()).length() < 1000);
        Samples samples = new Samples(new double[][] {{1}, {-1}}, new double[2][labels], null);
        samples.y()[0][labels - 1] = 1;
        PerLabel last = perLabel(metrics(model, samples)).get(labels - 1);
        assertEquals(1, last.support());
        assertNull(last.rocAuc());
        assertNull(last.prAuc());
    }

    private static void assertConfusion(double[][] expected, Metrics metrics) {
        double[][] confusion = classes(metrics).confusion();
        assertEquals(expected.length, confusion.length);
        for (int c = 0; c < expected.length; c++) {
            assertArrayEquals(expected[c], confusion[c], "true class " + c);
        }
    }

    /*
     * One target with mean 100 and deviation 10 in training; the network's output is x, so the prediction is 100 + 10 x.
     *
     *   x     prediction   truth (scaled)    error   weight
     *   0     100          100 (0)            0      1
     *   1     110          104 (0.4)          6      1
     *   -1     90           98 (-0.2)        -8      2
     *   2     120          122 (2.2)         -2      4
     *
     * Weight 8. sum w e^2 = 36 + 128 + 16 = 180: rmse = sqrt(22.5). sum w |e| = 6 + 16 + 8 = 30: mae = 3.75.
     * The truth's weighted mean is (100 + 104 + 2 * 98 + 4 * 122) / 8 = 888 / 8 = 111, not the 100 of training.
     * sum w (y - 111)^2 = 121 + 49 + 2 * 169 + 4 * 121 = 992: r2 = 1 - 180 / 992.
     * The loss is in scaled units and half: 180 / 100 / 2 / 8 = 0.1125.
     */
    @Test
    void metrics_ofARegressionWithWeights_byHand() {
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.SQUARED_ERROR);
        Scaling targets = new Scaling(new double[] {100}, new double[] {10});
        TrainedModel model =
                Models.with(Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), targets), 1, 0);
        Samples samples = new Samples(
                new double[][] {{0}, {1}, {-1}, {2}},
                new double[][] {{0}, {0.4}, {-0.2}, {2.2}},
                new double[] {1, 1, 2, 4});
        Metrics metrics = metrics(model, samples);
        assertEquals(4, metrics.rows());
        assertEquals(Math.sqrt(22.5), metrics.get("rmse"), 1e-13);
        assertEquals(3.75, metrics.get("mae"), 1e-13);
        assertEquals(1 - 180.0 / 992, metrics.get("r2"), 1e-13);
        assertEquals(0.1125, metrics.loss(), 1e-15);
    }

    /*
     * The loss is the one trained with, the metrics are in the targets' units whatever it is. One target in units of 10:
     * z = x, so that a Poisson network predicts 10 e^x, the others 10 x.
     *
     *                            x = 0, y = 30 (3)    x = log 2, y = 20 (2)
     *   poisson   predictions    10                   20
     *             errors         20                   0          rmse sqrt(200), mae 10
     *             deviance / 2   3 log 3 - 3 + 1      0          1.2958368660 / 2 in the mean
     *   absolute  predictions    0                    6.93...
     *             errors         30                   13.0685... (1.3068528194): mean loss (3 + 1.3068528194) / 2
     *   huber     errors         30 (3)               as above   mean loss (2.5 + .8068528194) / 2
     */
    @Test
    void metrics_ofOtherLosses_areInTheTargetsUnits() {
        Samples samples = new Samples(new double[][] {{0}, {Math.log(2)}}, new double[][] {{3}, {2}}, null);
        Metrics poisson = metrics(tens(Loss.POISSON), samples);
        assertEquals(Math.sqrt(200), poisson.get("rmse"), 1e-13);
        assertEquals(10, poisson.get("mae"), 1e-13);
        assertEquals(1 - 400 / 50.0, poisson.get("r2"), 1e-13);
        assertEquals(1.2958368660 / 2, poisson.loss(), 1e-10);
        Metrics absolute = metrics(tens(Loss.ABSOLUTE_ERROR), samples);
        assertEquals((30 + 13.068528194) / 2, absolute.get("mae"), 1e-8);
        assertEquals((3 + 1.3068528194) / 2, absolute.loss(), 1e-10);
        Metrics huber = metrics(tens(Loss.HUBER), samples);
        assertEquals((2.5 + 0.8068528194) / 2, huber.loss(), 1e-10);
        assertEquals(absolute.get("rmse"), huber.get("rmse"));
        assertEquals(perTarget(absolute), perTarget(huber));
    }

    /*
     * Quantiles 1/4 and 3/4 in units of 10, of which x = (x, -x): predicted -|x| and |x|, in order. The median is 0.
     *
     *   x     quantiles      y         excess        pinball losses          between   not above   weight
     *   1     -10, 10        5 (0.5)   15, -5        3.75, 1.25              yes       no, yes     1
     *   -2    -20, 20        -30 (-3)  -10, -50      7.5, 12.5               no        yes, yes    2
     *   3     -30, 30        30 (3)    60, 0         15, 0                   yes       no, yes     1
     *
     * Weight 4. pinball losses (3.75 + 15 + 15) / 4 = 8.4375 and (1.25 + 25) / 4 = 6.5625, mean 7.5; the model's own loss is
     * that of outputs that cross where x > 0: of x = 1 those at 10, -10: 3/4 * 5 = 3.75 and 3/4 * 15 = 11.25; of x = 3 those at
     * 30, -30: 0 and 45. So (15 + 2 * 20 + 45) / 2 / 4 = 12.5, in units of 10.
     * between: (1 + 1) / 4; width (20 + 2 * 40 + 60) / 4 = 40; mae (5 + 2 * 30 + 30) / 4 = 23.75
     */
    @Test
    void metrics_ofQuantiles_byHand() {
        Network network = new Network(List.of(1, 2), List.of(), Loss.QUANTILE, new Quantiles(List.of(0.25, 0.75)));
        Scaling targets = new Scaling(new double[] {0}, new double[] {10});
        TrainedModel model =
                Models.with(Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), targets), 1, -1, 0, 0);
        Samples samples =
                new Samples(new double[][] {{1}, {-2}, {3}}, new double[][] {{0.5}, {-3}, {3}}, new double[] {1, 2, 1});
        Metrics metrics = metrics(model, samples);
        assertEquals(7.5, metrics.get("pinballLoss"), 1e-13);
        assertEquals(0.5, metrics.get("intervalCoverage"), 1e-15);
        assertEquals(40, metrics.get("intervalWidth"), 1e-13);
        assertEquals(23.75, metrics.get("mae"), 1e-13);
        assertEquals(1.25, metrics.loss(), 1e-14);
        assertEquals(
                List.of(new PerQuantile(0.25, 0.5, 8.4375), new PerQuantile(0.75, 1, 6.5625)),
                ((Metrics.Targets) metrics.tables()).quantiles());
        assertArrayEquals(new double[] {-20, 20}, model.score(new double[] {-2}));
        assertArrayEquals(new double[] {0}, model.predictions(model.score(new double[] {-2})));
    }

    private static TrainedModel tens(Loss loss) {
        Network network = Network.of(List.of(1, 1), Activation.TANH, loss);
        Scaling targets = new Scaling(new double[] {0}, new double[] {10});
        return Models.with(Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), targets), 1, 0);
    }

    /*
     * Two targets: the errors' means over the targets. The outputs are (x, 0), unscaled, truth (x, y2):
     *   first target always right; second: y2 = 1, 3, so e = -1, -3, mean 2, spread 1 + 1 = 2.
     *   rmse = sqrt((0 + 1 + 9) / 2 targets / 2 rows) = sqrt 2.5     mae = (0 + 1 + 3) / 2 / 2 = 1
     *   r2 = ((1 - 0) + (1 - 10 / 2)) / 2 = (1 - 4) / 2 = -1.5
     * The second one's own: rmse sqrt(10 / 2), mae 2, r2 -4.
     */
    @Test
    void metrics_ofTwoTargets_areMeansOverThem() {
        Network network = Network.of(List.of(1, 2), Activation.TANH, Loss.SQUARED_ERROR);
        TrainedModel model = Models.with(
                Models.model(Task.REGRESSION, network, Scaling.none(1), List.of(), Scaling.none(2)), 1, 0, 0, 0);
        Samples samples = new Samples(new double[][] {{0}, {1}}, new double[][] {{0, 1}, {1, 3}}, null);
        Metrics metrics = metrics(model, samples);
        assertEquals(Math.sqrt(2.5), metrics.get("rmse"), 1e-15);
        assertEquals(1, metrics.get("mae"), 1e-15);
        assertEquals(-1.5, metrics.get("r2"), 1e-15);
        List<PerTarget> perTarget = perTarget(metrics);
        assertEquals(new PerTarget("y0", 0, 0, 1.0), perTarget.get(0));
        assertEquals("y1", perTarget.get(1).target());
        assertEquals(Math.sqrt(5), perTarget.get(1).rmse(), 1e-15);
        assertEquals(2, perTarget.get(1).mae(), 1e-15);
        assertEquals(-4, perTarget.get(1).r2(), 1e-15);
    }

    /** In single too, a class is what the scores say, and the counts are exact. */
    @Test
    void sum_inSingle_countsTheSame() {
        TrainedModel model = Models.threeClasses();
        Samples samples = Samples.random(model.network(), 50, false, 2);
        Evaluation evaluation = new Evaluation(model.description());
        Parameters single = new Parameters(model.network(), Precision.SINGLE);
        single.theta().setAll(model.theta());
        double[] sums = new double[evaluation.length()];
        evaluation.sum(new Backprop(model.network(), single, 50), samples.all(Precision.SINGLE), sums);
        double[] inDouble = new double[evaluation.length()];
        evaluation.sum(
                new Backprop(model.network(), Parameters.of(model.network(), model.theta()), 50),
                samples.all(Precision.DOUBLE),
                inDouble);
        assertArrayEquals(inDouble, sums, 1e-5 * 50); // the loss, and probabilities in calibration bins, are rounded
        assertConfusion(classes(evaluation.metrics(inDouble)).confusion(), evaluation.metrics(sums));
        assertTrue(evaluation.metrics(sums).numbers().containsKey("accuracy"));
    }
}
