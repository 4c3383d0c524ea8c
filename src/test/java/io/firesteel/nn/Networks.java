package io.firesteel.nn;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Networks of any loss for tests: with the loss of quantiles the outputs are as many quantiles at equal distances. */
public final class Networks {
    private Networks() {}

    /** A network with an activation for each hidden layer. */
    public static Network of(List<Integer> units, List<Activation> activations, Loss loss) {
        return new Network(units, activations, loss, quantiles(units.get(units.size() - 1), loss));
    }

    /** A network whose hidden layers share an activation. */
    public static Network of(List<Integer> units, Activation hidden, Loss loss) {
        return of(units, Collections.nCopies(units.size() - 2, hidden), loss);
    }

    private static Quantiles quantiles(int outputs, Loss loss) {
        return loss != Loss.QUANTILE
                ? Quantiles.NONE
                : new Quantiles(IntStream.range(0, outputs)
                        .mapToObj(i -> (i + 1.0) / (outputs + 1))
                        .toList());
    }
}
