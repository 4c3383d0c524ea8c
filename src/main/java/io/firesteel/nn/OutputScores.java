package io.firesteel.nn;

import io.firesteel.linalg.Elementary;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One number for each example that says what a network predicts, with its derivatives with respect to Z[L] of each member: of
 * classes and labels the log-odds log(p / (1 - p)) of one of them, of numbers the prediction a, of quantiles their median. Of an
 * ensemble they are those of the mean output. All is computed in double, probabilities in logarithms.
 */
final class OutputScores {
    private final Network network;
    private final int outputs;
    private final int members;
    private final double[] ofTruth; // log p of each member
    private final double[] ofRest; // log(1 - p)
    private final double[][] logs; // of the outputs of each member

    OutputScores(Network network) {
        this.network = network;
        outputs = network.outputs();
        members = network.members();
        ofTruth = new double[members];
        ofRest = new double[members];
        logs = new double[members][outputs];
    }

    /**
     * Returns the score of each example.
     *
     * @param Z of each member Z[L] (n_L, m), column after column; they become the derivatives
     * @param chosen of each example the output whose log-odds are wanted; not read unless outputs are probabilities
     */
    double[] derive(double[][] Z, int[] chosen) {
        double[] scores = new double[Z[0].length / outputs];
        for (int j = 0; j < scores.length; j++) {
            scores[j] = switch (network.loss()) {
                case SIGMOID_CROSS_ENTROPY -> sigmoid(Z, j * outputs, chosen[j]);
                case SOFTMAX_CROSS_ENTROPY -> softmax(Z, j * outputs, chosen[j]);
                case SQUARED_ERROR, ABSOLUTE_ERROR, HUBER -> identity(Z, j * outputs);
                case POISSON -> exp(Z, j * outputs);
                case QUANTILE -> median(Z, j * outputs);
            };
        }
        return scores;
    }

    private double sigmoid(double[][] Z, int at, int c) {
        for (int i = 0; i < members; i++) {
            double z = Z[i][at + c];
            ofTruth[i] = Math.min(z, 0) - StrictMath.log1p(Elementary.exp(-Math.abs(z)));
            ofRest[i] = ofTruth[i] - z;
        }
        double truth = logOfSum(ofTruth);
        double rest = logOfSum(ofRest);
        for (int i = 0; i < members; i++) {
            Arrays.fill(Z[i], at, at + outputs, 0);
            Z[i][at + c] = slope(i, truth, rest);
        }
        return truth - rest;
    }

    /** Returns d(log sum p - log sum(1 - p)) / dz of member i, where dp / dz = p (1 - p). */
    private double slope(int i, double truth, double rest) {
        return Elementary.exp(ofRest[i] + ofTruth[i] - truth) + Elementary.exp(ofTruth[i] + ofRest[i] - rest);
    }

    private double softmax(double[][] Z, int at, int c) {
        for (int i = 0; i < members; i++) {
            double[] log = logs[i];
            System.arraycopy(Z[i], at, log, 0, outputs);
            double sum = logOfSum(log);
            Arrays.setAll(log, k -> log[k] - sum); // log p_k
            ofTruth[i] = log[c];
            double[] others = log.clone();
            others[c] = Double.NEGATIVE_INFINITY;
            ofRest[i] = logOfSum(others);
        }
        double truth = logOfSum(ofTruth);
        double rest = logOfSum(ofRest);
        for (int i = 0; i < members; i++) {
            for (int k = 0; k < outputs; k++) { // dp_c / dz_k = -p_c p_k
                double exponent = logs[i][k] + ofTruth[i];
                Z[i][at + k] = -Elementary.exp(exponent - truth) - Elementary.exp(exponent - rest);
            }
            Z[i][at + c] = slope(i, truth, rest);
        }
        return truth - rest;
    }

    private double identity(double[][] Z, int at) {
        double sum = 0;
        for (int i = 0; i < members; i++) {
            sum += Z[i][at];
            Z[i][at] = 1.0 / members;
        }
        return sum / members;
    }

    private double exp(double[][] Z, int at) {
        double sum = 0;
        for (int i = 0; i < members; i++) {
            double a = Elementary.exp(Z[i][at]);
            sum += a;
            Z[i][at] = a / members;
        }
        return sum / members;
    }

    private double median(double[][] Z, int at) {
        double[] means = new double[outputs];
        for (int k = 0; k < outputs; k++) {
            for (int i = 0; i < members; i++) {
                means[k] += Z[i][at + k];
            }
            means[k] /= members;
        }
        int[] order = IntStream.range(0, outputs)
                .boxed()
                .sorted((a, b) -> Double.compare(means[a], means[b]))
                .mapToInt(k -> k)
                .toArray();
        Quantiles.Place place = network.quantiles().median();
        for (int i = 0; i < members; i++) {
            Arrays.fill(Z[i], at, at + outputs, 0);
            Z[i][at + order[place.lower()]] += (1 - place.part()) / members;
            Z[i][at + order[place.upper()]] += place.part() / members;
        }
        return network.quantiles().median(k -> means[order[k]]);
    }

    /** Returns log(exp(a) + exp(b) + ...). */
    private static double logOfSum(double[] logarithms) {
        double greatest = Arrays.stream(logarithms).max().orElseThrow();
        if (Double.isInfinite(greatest)) {
            return greatest;
        }
        double sum = 0;
        for (double logarithm : logarithms) {
            sum += Elementary.exp(logarithm - greatest);
        }
        return greatest + StrictMath.log(sum);
    }
}
