package io.firesteel.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.firesteel.base.SettingNames;
import io.firesteel.model.ModelDescription.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossDiagnosisTest {
    /** Returns a history of these losses, one in ten steps. */
    private static List<Step> losses(double... losses) {
        List<Step> steps = new ArrayList<>();
        for (double loss : losses) {
            steps.add(new Step(10 * steps.size(), loss));
        }
        return steps;
    }

    private static List<Step> validated(double... losses) {
        List<Step> steps = new ArrayList<>();
        for (double loss : losses) {
            steps.add(new Step(10 * steps.size(), 1.0 / (1 + steps.size()), loss, null));
        }
        return steps;
    }

    private static String fault(List<Step> history, boolean keepsBest) {
        return LossDiagnosis.fault(history, keepsBest)
                .map(SettingNames.OPTIONS::render)
                .orElse("");
    }

    @Test
    void fault_ofARisingLoss() {
        assertEquals(
                "the loss rose from 0.7000 to 0.9000: try a smaller --learning-rate",
                fault(losses(0.7, 0.4, 0.5, 0.6, 0.7, 0.9), true));
    }

    @Test
    void fault_ofAFlatLoss() {
        assertEquals(
                "the loss only fell from 0.7000 to 0.6940 in 50 steps: try a larger --learning-rate, if the columns tell"
                        + " anything of the label",
                fault(losses(0.7, 0.7, 0.7, 0.7, 0.7, 0.694), true));
        assertEquals("", fault(losses(0.7, 0.7, 0.7, 0.7, 0.7, 0.69), true));
    }

    @Test
    void fault_ofFewSteps_isNone() {
        assertEquals("", fault(losses(0.7, 0.8, 0.9), true));
    }

    @Test
    void fault_ofAValidationLossThatRises_unlessTheBestIsKept() {
        List<Step> history = validated(0.9, 0.6, 0.5, 0.52, 0.55, 0.6);
        assertEquals(
                "the validation loss rose from 0.5000 after 20 steps to 0.6000 at the end: --keep-best true keeps the best"
                        + " weights, --patience 10 stops there",
                fault(history, false));
        assertEquals("", fault(history, true));
        assertEquals("", fault(validated(0.9, 0.6, 0.5, 0.52, 0.54, 0.54), false));
    }
}
