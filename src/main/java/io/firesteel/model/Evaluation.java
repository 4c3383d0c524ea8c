package io.firesteel.model;

import io.firesteel.linalg.Matrix;
import io.firesteel.nn.Backprop;
import io.firesteel.nn.Examples;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How good a model is on labelled examples: sums over the examples of a block, which may be added over blocks, and the
 * metrics that follow from them.
 */
public final class Evaluation implements Serializable {
    /*
     * The sums, as one vector:
     *   classification  examples, weight, loss, then the confusion counts, row (true class) after row
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

    private final Task task;
    private final int classes;
    private final Scaling targets;

    /** The evaluation that fits a model's task. */
    public Evaluation(ModelDescription description) {
        this.task = description.task();
        this.classes = description.classes().size();
        this.targets = description.targets();
    }

    /** The length of a vector of sums. */
    public int length() {
        return FIRST
                + switch (task) {
                    case CLASSIFICATION -> classes * classes;
                    case REGRESSION -> PER_TARGET * targets.mean().length;
                };
    }

    /** Sets {@code sums} to those of a block of scaled examples. */
    public void sum(Backprop backprop, Examples block, double[] sums) {
        Arrays.fill(sums, 0);
        sums[EXAMPLES] = block.size();
        sums[LOSS] = backprop.loss(block);
        Matrix outputs = backprop.predict(block.x());
        for (int j = 0; j < block.size(); j++) {
            sums[WEIGHT] += block.weight(j);
            switch (task) {
                case CLASSIFICATION -> {
                    int truth = (int) block.y().get(0, j);
                    sums[FIRST + truth * classes + predictedClass(outputs, j)] += block.weight(j);
                }
                case REGRESSION -> {
                    for (int i = 0; i < outputs.rows(); i++) {
                        double distance = block.y().get(i, j) * targets.deviation()[i];
                        double error = outputs.get(i, j) * targets.deviation()[i] - distance;
                        int at = FIRST + PER_TARGET * i;
                        sums[at] += block.weight(j) * error * error;
                        sums[at + 1] += block.weight(j) * Math.abs(error);
                        sums[at + 2] += block.weight(j) * distance;
                        sums[at + 3] += block.weight(j) * distance * distance;
                    }
                }
            }
        }
    }

    private static int predictedClass(Matrix outputs, int j) {
        if (outputs.rows() == 1) {
            return outputs.get(0, j) > 0.5 ? 1 : 0;
        }
        double[] scores = new double[outputs.rows()];
        Arrays.setAll(scores, i -> outputs.get(i, j));
        return TrainedModel.argmax(scores);
    }

    /** The metrics of a vector of sums. */
    public Metrics metrics(double[] sums) {
        double weight = sums[WEIGHT];
        Metrics metrics = new Metrics((long) sums[EXAMPLES], sums[LOSS] / weight);
        switch (task) {
            case CLASSIFICATION -> {
                double[][] confusion = new double[classes][];
                double right = 0;
                for (int c = 0; c < classes; c++) {
                    confusion[c] = Arrays.copyOfRange(sums, FIRST + c * classes, FIRST + (c + 1) * classes);
                    right += confusion[c][c];
                }
                metrics.put("accuracy", right / weight);
                metrics.put("logLoss", sums[LOSS] / weight);
                metrics.put("confusion", confusion);
            }
            case REGRESSION -> {
                double squares = 0;
                double absolutes = 0;
                double r2 = 0;
                int outputs = targets.mean().length;
                for (int i = 0; i < outputs; i++) {
                    int at = FIRST + PER_TARGET * i;
                    double spread = sums[at + 3] - sums[at + 2] * sums[at + 2] / weight;
                    squares += sums[at] / outputs;
                    absolutes += sums[at + 1] / outputs;
                    // A target that is constant up to rounding has no R2: neither has the mean over the targets.
                    boolean varies = spread > 1e-14 * sums[at + 3];
                    r2 += varies ? (1 - sums[at] / spread) / outputs : Double.NaN;
                }
                metrics.put("rmse", Math.sqrt(squares / weight));
                metrics.put("mae", absolutes / weight);
                metrics.put("r2", Double.isNaN(r2) ? null : r2);
            }
        }
        return metrics;
    }
}
