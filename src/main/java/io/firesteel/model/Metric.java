package io.firesteel.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The metrics that a model can be chosen by: of the numbers in {@link Metrics} those with a better and a worse. */
public enum Metric {
    /** The mean loss that training minimises, without penalty: of any task. */
    LOSS("loss", "loss", false),
    /** Of several labels, the part of the examples whose labels are all right. */
    ACCURACY("accuracy", "accuracy", true),
    BALANCED_ACCURACY("balancedAccuracy", "balanced accuracy", true),
    /** Of two classes, as the next. */
    ROC_AUC("rocAuc", "ROC-AUC", true),
    PR_AUC("prAuc", "PR-AUC", true),
    RMSE("rmse", "RMSE", false),
    MAE("mae", "MAE", false),
    R2("r2", "R2", true),
    /** Of predicted quantiles, in the target's units. */
    PINBALL_LOSS("pinballLoss", "pinball loss", false),
    HAMMING_LOSS("hammingLoss", "hamming loss", false);

    private final String key;
    private final String printedName;
    private final boolean greaterIsBetter;

    Metric(String key, String printedName, boolean greaterIsBetter) {
        this.key = key;
        this.printedName = printedName;
        this.greaterIsBetter = greaterIsBetter;
    }

    /** Returns the metrics that a task has. */
    public static List<Metric> of(Task task) {
        return Arrays.stream(values()).filter(metric -> metric.fits(task)).toList();
    }

    /** Returns whether a task has it. */
    public boolean fits(Task task) {
        return switch (this) {
            case LOSS -> true;
            case ACCURACY -> task != Task.REGRESSION;
            case BALANCED_ACCURACY, ROC_AUC, PR_AUC -> task == Task.CLASSIFICATION;
            case RMSE, MAE, R2, PINBALL_LOSS -> task == Task.REGRESSION;
            case HAMMING_LOSS -> task == Task.MULTILABEL;
        };
    }

    /** Returns whether it is an area under a curve, for which {@link Evaluation} has to count scores. */
    public boolean isArea() {
        return this == ROC_AUC || this == PR_AUC;
    }

    /** Returns whether only networks that predict quantiles have it. */
    public boolean isOfQuantiles() {
        return this == PINBALL_LOSS;
    }

    /** Returns whether it is defined on any examples. */
    public boolean isAlwaysDefined() {
        return !isArea() && this != R2;
    }

    /** Returns the key under which model files and {@code --json} have it. */
    public String key() {
        return key;
    }

    /** Returns the name that people read, such as "balanced accuracy". */
    String printedName() {
        return printedName;
    }

    /** Returns its value; null where it is not defined on the examples. */
    public Double of(Metrics metrics) {
        return this == LOSS ? Double.valueOf(metrics.loss()) : metrics.numbers().get(key);
    }

    /** Returns how much better {@code value} is than {@code other}: negative where it is worse. */
    public double gain(double value, double other) {
        return greaterIsBetter ? value - other : other - value;
    }

    /** Returns the name as the command line and model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
