package io.firesteel.train;

import static io.firesteel.base.SettingNames.mention;

import io.firesteel.base.Bounds;
import io.firesteel.base.SettingError;
import io.firesteel.nn.Dropout;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Penalty;
import java.io.Serializable;
import java.util.List;

/**
 * The measures against overfitting: penalties, dropout and smoothed labels. It checks itself.
 *
 * @param l2 lambda of the penalty lambda / 2 ||W||^2
 * @param l1 kappa of the penalty kappa ||W||_1
 * @param inputDropout the probability that a step drops an input
 * @param dropout the probability that it drops a hidden unit's output: one for all hidden layers, or one each
 * @param anneals whether dropout and weight decay fall to 0 in the second half of the training
 * @param labelSmoothing how much labels are smoothed, where the loss is a cross-entropy; see {@link io.firesteel.nn.Loss}
 */
public record Regularization(
        double l2, double l1, double inputDropout, List<Double> dropout, boolean anneals, double labelSmoothing)
        implements Serializable {
    /** No regularisation. */
    public static final Regularization NONE = new Regularization(0, 0, 0, List.of(0.0), false, 0);

    public Regularization {
        dropout = List.copyOf(dropout);
        Bounds.NOT_NEGATIVE.check("l2", l2);
        Bounds.NOT_NEGATIVE.check("l1", l1);
        Bounds.RATE.check("input-dropout", inputDropout);
        Bounds.RATE.check("label-smoothing", labelSmoothing);
        for (double rate : dropout) {
            Bounds.RATE.check("dropout", rate);
        }
    }

    /** Fails when it does not fit these hidden layers, or not the optimiser. */
    void expectFitting(List<Integer> hidden, OptimizerKind optimizer) {
        SettingError.expect(
                dropout.size() == 1 || dropout.size() == hidden.size(),
                "dropout",
                dropout,
                "one rate, or one for each of the " + hidden.size() + " hidden layers");
        boolean ofHidden = dropout.stream().anyMatch(rate -> rate > 0);
        SettingError.expect(!(ofHidden && hidden.isEmpty()), "dropout", dropout, "no dropout without hidden layers");
        if (optimizer == OptimizerKind.LBFGS) {
            String reason = "none with " + mention("optimizer", "lbfgs") + ", ";
            SettingError.expect(
                    l1 == 0, "l1", l1, reason + "which needs a gradient that does not jump where a weight is 0");
            String search = "whose line search compares values of one function, while each step would drop other units";
            SettingError.expect(!ofHidden, "dropout", dropout, reason + search);
            SettingError.expect(inputDropout == 0, "input-dropout", inputDropout, reason + search);
        }
    }

    /**
     * Returns the mean loss with the penalties added, if there are any: as with the loss, the mean over the members.
     *
     * @param weights of all members
     */
    Objective penalized(Objective meanLoss, List<Penalty.Range> weights, int members) {
        return l2 == 0 && l1 == 0 ? meanLoss : new Penalty(meanLoss, l2 / members, l1 / members, weights);
    }

    /** Returns the dropout of inputs and hidden units. */
    Dropout units() {
        return new Dropout(inputDropout, dropout);
    }
}
