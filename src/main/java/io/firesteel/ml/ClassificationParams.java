package io.firesteel.ml;

import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;

/** The Params that a classifier and its model share, besides those of every training. */
public interface ClassificationParams extends TrainingParams {
    /** Returns the Param of the class weights, {@code 1=2,0=0.5} or {@code balanced}. */
    default Param<String> classWeight() {
        return settingParams().text("class-weight");
    }

    /** Returns the class weights. */
    default String getClassWeight() {
        return getOrDefault(classWeight());
    }

    /** Returns the Param of the label smoothing, 0 or more and less than 1. */
    default DoubleParam labelSmoothing() {
        return settingParams().number("label-smoothing");
    }

    /** Returns the label smoothing. */
    default double getLabelSmoothing() {
        return (double) getOrDefault(labelSmoothing());
    }

    /** Returns the Param of the threshold between two classes, a number or what the validation rows choose it for. */
    default Param<String> threshold() {
        return settingParams().text("threshold");
    }

    /**
     * Returns the threshold between two classes that the training is asked for, a number or what the validation rows choose it for;
     * {@code getThresholds} of a model has the one that it came to.
     */
    default String getThreshold() {
        return getOrDefault(threshold());
    }
}
