package io.firesteel.model;

import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import io.firesteel.nn.Quantiles;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** The sums over blocks that {@link Residuals} follow from, of the first targets of a regression. */
public final class ResidualSums implements Serializable {
    /*
     * For each target: the cells of the grid, row (prediction) after row; the steps of the error; the weight outside of the
     * grid; for each part: weight, d of the prediction, d of the observation, |e|, e^2, where d is a distance from the
     * target's mean in training, near which sums lose no digits.
     */
    private static final long serialVersionUID = 1;

    static final int PER_PART = 5;

    private final List<String> labels;
    private final Scaling targets;
    private final Quantiles quantiles;
    private final List<Residuals.Bins> bins; // of each target that is looked at

    /** Creates the sums of a model, with these limits for its first targets. */
    public ResidualSums(ModelDescription description, List<Residuals.Bins> bins) {
        this.labels = description.targets().labels();
        this.targets = description.targets().scaling();
        this.quantiles = description.network().quantiles();
        this.bins = List.copyOf(bins);
    }

    /** Returns the length of a vector of sums. */
    public int length() {
        return bins.size() * Residuals.length();
    }

    /** Adds to {@code sums} those of a block of scaled examples. */
    public void add(Backprop backprop, Examples block, double[] sums) {
        Matrix outputs = backprop.predict(block.x());
        for (int i = 0; i < bins.size(); i++) {
            for (int j = 0; j < block.size(); j++) {
                double observed = block.y().get(i, j) * targets.deviation()[i];
                double predicted = quantiles.predicted(outputs, i, j) * targets.deviation()[i];
                add(bins.get(i), targets.mean()[i], observed, predicted, block.weight(j), sums, i * Residuals.length());
            }
        }
    }

    private static void add(
            Residuals.Bins bins, double mean, double observed, double predicted, double weight, double[] sums, int at) {
        double error = predicted - observed;
        int row = bins.cell(mean + predicted);
        sums[at + row * Residuals.CELLS + bins.cell(mean + observed)] += weight;
        int errors = at + Residuals.CELLS * Residuals.CELLS;
        sums[errors + bins.errorStep(error)] += weight;
        boolean outside = bins.isOutside(mean + predicted) || bins.isOutside(mean + observed);
        sums[errors + Residuals.STEPS] += outside ? weight : 0;
        int part = errors + Residuals.STEPS + 1 + PER_PART * bins.part(mean + predicted);
        sums[part] += weight;
        sums[part + 1] += weight * predicted;
        sums[part + 2] += weight * observed;
        sums[part + 3] += weight * Math.abs(error);
        sums[part + 4] += weight * error * error;
    }

    /** Returns the residuals of each target that is looked at. */
    public List<Residuals> residuals(double[] sums) {
        List<Residuals> all = new ArrayList<>();
        for (int i = 0; i < bins.size(); i++) {
            all.add(Residuals.of(labels.get(i), bins.get(i), targets.mean()[i], sums, i * Residuals.length()));
        }
        return all;
    }
}
