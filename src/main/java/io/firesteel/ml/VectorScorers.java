package io.firesteel.ml;

import io.firesteel.base.UserError;
import io.firesteel.data.VectorScorer;
import io.firesteel.model.TrainedModel;
import java.io.Serializable;

/** The scorers of a model's copy in a process, each made when it is asked for. */
final class VectorScorers implements Serializable {
    private static final long serialVersionUID = 1;

    private final TrainedModel model;
    private transient volatile VectorScorer scoring;
    private transient volatile VectorScorer explaining;

    VectorScorers(TrainedModel model) {
        this.model = model;
    }

    /**
     * Returns a scorer.
     *
     * @param featuresCol the column of the vectors
     * @param explains whether it computes contributions
     * @throws UserError when the model that has it takes other columns
     */
    VectorScorer of(TrainingParams instance, String featuresCol, boolean explains) {
        if (InputColumns.areGiven(instance)) {
            throw new UserError("this model has the columns of inputCols and no vector of features: use transform, or"
                    + " trainedModel().scoreRow");
        }
        VectorScorer scorer = explains ? explaining : scoring;
        if (scorer == null) { // two threads may make one each: either will do
            scorer = new VectorScorer(model, featuresCol, explains);
            if (explains) {
                explaining = scorer;
            } else {
                scoring = scorer;
            }
        }
        return scorer;
    }
}
