package io.firesteel.ml;

import io.firesteel.model.ModelDescription;
import io.firesteel.model.ModelDescription.Provenance;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.ModelDescription.Validation;
import java.io.Serializable;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.classification.TrainingSummary;

/**
 * The training history of a model. It is kept with the model, so that a loaded model has it, too. The elements of its arrays
 * belong together: each is of the same number of steps. Where the model was trained again on all rows, they are of the first
 * training, with rows held out.
 */
public final class FitSummary implements TrainingSummary, Serializable {
    private static final long serialVersionUID = 1;

    private final Provenance provenance;

    FitSummary(ModelDescription description) {
        provenance = description.provenance();
    }

    /** Returns after how many steps the elements of the histories were measured: every step or, with batches, every epoch. */
    public int[] steps() {
        return history().stream().mapToInt(Step::step).toArray();
    }

    /** Returns the mean training loss with its penalties. */
    @Override
    public double[] objectiveHistory() {
        return each(Step::loss);
    }

    /** Returns the mean loss of the validation rows; NaN where it was not measured. */
    public double[] validationHistory() {
        return each(step -> orNaN(step.validationLoss()));
    }

    /** Returns the metric of the validation rows; NaN where it was not measured, or is the loss. */
    public double[] metricHistory() {
        return each(step -> orNaN(step.validationMetric()));
    }

    /** Returns the name of the metric by which the best step was chosen; empty where no rows were held out. */
    public String metric() {
        Validation validation = provenance.validation();
        return validation == null || validation.metric() == null
                ? ""
                : validation.metric().toString();
    }

    /** Returns the number of steps that were taken. */
    @Override
    public int totalIterations() {
        return history().isEmpty() ? 0 : history().get(history().size() - 1).step();
    }

    /** Returns the number of steps after which the weights were kept, or of which a second training, on all rows, takes its length. */
    public int bestStep() {
        return provenance.validation() == null
                ? totalIterations()
                : provenance.validation().keptStep();
    }

    /** Returns the number of steps of the second training, on all rows; 0 where there was none. */
    public int refitSteps() {
        List<Step> refit = provenance.isRefit() ? provenance.validation().refit() : List.of();
        return refit.isEmpty() ? 0 : refit.get(refit.size() - 1).step();
    }

    /** Returns the number of rows that the model was trained on. */
    public long rows() {
        return provenance.rows();
    }

    /** Returns the number of rows that were held out. */
    public long validationRows() {
        return provenance.validationRows();
    }

    private List<Step> history() {
        return provenance.history();
    }

    private double[] each(ToDoubleFunction<Step> value) {
        return history().stream().mapToDouble(value).toArray();
    }

    private static double orNaN(Double value) {
        return value == null ? Double.NaN : value;
    }
}
