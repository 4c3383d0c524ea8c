package io.firesteel.model;

import io.firesteel.nn.Loss;
import java.util.List;
import java.util.Locale;

/** What a network is trained to do: to tell classes apart, to predict numbers, or to say yes or no to several labels. */
public enum Task {
    CLASSIFICATION,
    REGRESSION,
    MULTILABEL;

    /** Returns the losses that a network with this many outputs may have for this task, the usual one first. */
    public List<Loss> losses(int outputs) {
        return switch (this) {
            case CLASSIFICATION -> List.of(outputs == 1 ? Loss.SIGMOID_CROSS_ENTROPY : Loss.SOFTMAX_CROSS_ENTROPY);
            case REGRESSION -> Loss.OF_REGRESSION;
            case MULTILABEL -> List.of(Loss.SIGMOID_CROSS_ENTROPY);
        };
    }

    /** Returns the name as settings and model files write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
