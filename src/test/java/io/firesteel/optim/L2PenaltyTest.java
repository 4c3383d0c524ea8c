package io.firesteel.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class L2PenaltyTest {
    /*
     * theta = (w w b w b) = (1, 2, 3, 4, 5), lambda = 0.5, of a loss 10 with the gradient (1, 1, 1, 1, 1):
     * J = 10 + 0.25 (1 + 4 + 16) = 15.25, dJ = (1.5, 2, 1, 3, 1): weights get lambda w more, biases nothing.
     */
    @Test
    void at_addsThePenaltyToWeightsAndLeavesBiasesFree() {
        Objective plain = theta -> new Objective.Value(10, new double[] {1, 1, 1, 1, 1});
        Objective penalized = new L2Penalty(plain, 0.5, List.of(new L2Penalty.Range(0, 2), new L2Penalty.Range(3, 4)));
        double[] theta = {1, 2, 3, 4, 5};

        Objective.Value value = penalized.at(theta);

        assertEquals(15.25, value.loss());
        assertArrayEquals(new double[] {1.5, 2, 1, 3, 1}, value.gradient());
        assertArrayEquals(new double[] {1, 2, 3, 4, 5}, theta);
    }
}
