package io.firesteel.nn;

import io.firesteel.linalg.Elementary;
import io.firesteel.linalg.Matrix;
import java.util.List;

/**
 * The mean of the outputs A[L] (n_L, m) of several networks, as the Z[L] that a {@link Loss} makes this mean of, so that link
 * and loss of an ensemble are those of one network. It is computed in double from logarithms, log(a + b) = max + log(1 +
 * exp(-|log a - log b|)), so that tiny probabilities are not lost. Each thread needs its own.
 */
final class MeanOutput {
    private final Loss loss;
    private final Loss.OutputColumns some;
    private final double[] sums; // of Z, or the logarithms of those of A (n_L, m)
    private final double[] others; // the logarithms of the sums of 1 - A (n_L, m), where the loss needs them
    private final double[] e; // to work with, as large as some columns
    private int members;

    /** Makes room for outputs of at most {@code rows} examples. */
    MeanOutput(Loss loss, int outputs, int rows) {
        this.loss = loss;
        some = new Loss.OutputColumns(outputs, 1, List.of(), rows, 0);
        sums = new double[outputs * rows];
        others = new double[loss.mean() == Loss.Mean.OF_ODDS ? outputs * rows : 0];
        e = new double[some.z.length];
    }

    /** Begins with the first Z[L]. */
    void begin(Matrix Z) {
        members = 0;
        add(Z);
    }

    /** Adds another Z[L]. */
    void add(Matrix Z) {
        for (int from = 0; from < Z.size(); from += some.size()) {
            some.copyFrom(Z, from / some.outputs);
            if (loss.mean() != Loss.Mean.OF_VALUES) {
                loss.logarithms(some);
            }
            add(some.z, sums, from);
            if (loss.mean() == Loss.Mean.OF_ODDS) {
                add(some.e, others, from);
            }
        }
        members++;
    }

    /** Adds the terms of some columns to sums from a place on, or their logarithms to those of sums. */
    private void add(double[] terms, double[] into, int at) {
        int n = some.size();
        if (members == 0) {
            System.arraycopy(terms, 0, into, at, n);
        } else if (loss.mean() == Loss.Mean.OF_VALUES) {
            for (int i = 0; i < n; i++) {
                into[at + i] += terms[i];
            }
        } else {
            for (int i = 0; i < n; i++) {
                e[i] = -Math.abs(into[at + i] - terms[i]);
            }
            Elementary.exp(e, 0, n);
            Elementary.log1p(e, 0, n);
            for (int i = 0; i < n; i++) {
                into[at + i] = Math.max(into[at + i], terms[i]) + e[i];
            }
        }
    }

    /** Sets Z[L] to the mean, and returns it. */
    Matrix endIn(Matrix Z) {
        double log = StrictMath.log(members);
        for (int i = 0; i < Z.size(); i++) {
            switch (loss.mean()) {
                case OF_VALUES -> sums[i] /= members;
                case OF_LOGARITHMS -> sums[i] -= log;
                case OF_ODDS -> sums[i] -= others[i];
            }
        }
        Z.copyFrom(0, Z.size(), sums);
        return Z;
    }
}
