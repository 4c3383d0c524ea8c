package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.base.SettingError;
import io.firesteel.base.SettingNames;
import io.firesteel.linalg.Precision;
import io.firesteel.model.Task;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Initializer;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.nn.Quantiles;
import io.firesteel.optim.GradientDescent;
import io.firesteel.optim.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingConfigTest {
    private static TrainingConfig config(List<Integer> hidden, Activation... activations) {
        return Configs.of(
                hidden,
                List.of(activations),
                Initializer.NORMAL,
                1,
                Configs.rule(1),
                Pace.of(1),
                Configs.l2(0),
                0,
                1,
                Precision.DOUBLE);
    }

    private static TrainingConfig config(
            double initScale, double learningRate, int iterations, double l2, double tolerance) {
        return Configs.of(
                List.of(2),
                List.of(Activation.TANH),
                Initializer.NORMAL,
                initScale,
                Configs.rule(learningRate),
                Pace.of(iterations),
                Configs.l2(l2),
                tolerance,
                1,
                Precision.DOUBLE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void initScale_thatIsBad_isRefused(double value) {
        assertRefused("--init-scale " + value, "0 or more", () -> config(value, 1, 1, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void learningRate_thatIsBad_isRefused(double value) {
        assertRefused("--learning-rate " + value, "a positive number", () -> config(1, value, 1, 0, 0));
    }

    @Test
    void iterations_thatAreBad_areRefused() {
        assertRefused("--iterations -1", "0 or more", () -> config(1, 1, -1, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-300, Double.NaN, Double.POSITIVE_INFINITY})
    void l2_thatIsBad_isRefused(double value) {
        assertRefused("--l2 " + value, "0 or more", () -> config(1, 1, 1, value, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN, Double.POSITIVE_INFINITY})
    void tolerance_thatIsBad_isRefused(double value) {
        assertRefused("--tolerance " + value, "less than 1", () -> config(1, 1, 1, 0, value));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -3})
    void hidden_thatIsBad_isRefused(int units) {
        assertRefused("--hidden 4," + units, "positive", () -> config(List.of(4, units), Activation.TANH));
    }

    @Test
    void activations_thatDoNotFitTheHiddenLayers_areRefused() {
        assertRefused(
                "--activation tanh,relu",
                "3 hidden layers",
                () -> config(List.of(4, 5, 6), Activation.TANH, Activation.RELU));
        assertRefused("--activation ", "1 hidden layer", () -> config(List.of(4)));
    }

    private static void assertRefused(String optionAndValue, String expected, Runnable constructor) {
        String message = assertThrows(SettingError.class, constructor::run).render(SettingNames.OPTIONS);
        assertTrue(message.startsWith(optionAndValue + ": expected "), message);
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void values_atTheirBounds_areTaken() {
        TrainingConfig config = config(0, Double.MIN_VALUE, 0, 0, Math.nextDown(1.0));
        Network network = Network.of(List.of(1, 1), Activation.TANH, Loss.SQUARED_ERROR);
        assertEquals(new GradientDescent(Double.MIN_VALUE), config.optimizer(network, 1));
        assertEquals(List.of(), config(List.of()).hidden(), "a linear model needs no activation");
    }

    @Test
    void hidden_isCopied() {
        List<Integer> hidden = new ArrayList<>(List.of(3));
        TrainingConfig config = config(hidden, Activation.TANH);
        hidden.set(0, -1);
        assertEquals(List.of(3), config.hidden());
    }

    @ParameterizedTest
    @CsvSource({
        "CLASSIFICATION, 2, 1, SIGMOID_CROSS_ENTROPY",
        "CLASSIFICATION, 3, 3, SOFTMAX_CROSS_ENTROPY",
        "REGRESSION, 1, 1, SQUARED_ERROR",
        "REGRESSION, 2, 2, SQUARED_ERROR"
    })
    void network_hasTheOutputsAndTheLossOfTheTask(Task task, int targets, int outputs, Loss loss) {
        assertEquals(
                new Network(List.of(4, 5, 6, outputs), List.of(Activation.TANH, Activation.TANH), loss),
                config(List.of(5, 6), Activation.TANH).network(task, 4, targets));
        assertEquals(
                new Network(List.of(4, 5, 6, outputs), List.of(Activation.RELU, Activation.TANH), loss),
                config(List.of(5, 6), Activation.RELU, Activation.TANH).network(task, 4, targets));
        assertEquals(
                new Network(List.of(4, outputs), List.of(), loss),
                config(List.of(), Activation.TANH).network(task, 4, targets));
    }

    private static TrainingConfig withRegularization(
            List<Integer> hidden, OptimizerKind optimizer, double l1, double input, Double... dropout) {
        return Configs.of(
                hidden,
                List.of(Activation.TANH),
                Initializer.NORMAL,
                1,
                Configs.rule(optimizer, Map.of(), new Schedule.Constant()),
                Pace.of(1),
                new Regularization(0, l1, input, List.of(dropout), false, 0),
                0,
                1,
                Precision.DOUBLE);
    }

    @Test
    void regularization_thatIsBad_orDoesNotFit_isRefused() {
        List<Integer> two = List.of(5, 4);
        OptimizerKind gd = OptimizerKind.GD;
        OptimizerKind lbfgs = OptimizerKind.LBFGS;
        assertRefused("--l1 -1.0", "0 or more", () -> withRegularization(two, gd, -1, 0, 0.0));
        assertRefused("--l1 NaN", "0 or more", () -> withRegularization(two, gd, Double.NaN, 0, 0.0));
        assertRefused("--dropout 1.0", "less than 1", () -> withRegularization(two, gd, 0, 0, 1.0));
        assertRefused("--dropout -0.1", "0 or more", () -> withRegularization(two, gd, 0, 0, 0.5, -0.1));
        assertRefused("--dropout 0.1,0.2,0.3", "2 hidden", () -> withRegularization(two, gd, 0, 0, 0.1, 0.2, 0.3));
        assertRefused(
                "--dropout 0.1",
                "no dropout without hidden layers",
                () -> withRegularization(List.of(), gd, 0, 0, 0.1));
        assertRefused("--input-dropout NaN", "less than 1", () -> withRegularization(two, gd, 0, Double.NaN, 0.0));
        assertRefused("--l1 0.1", "does not jump", () -> withRegularization(two, lbfgs, 0.1, 0, 0.0));
        assertRefused("--dropout 0.1", "would drop other units", () -> withRegularization(two, lbfgs, 0, 0, 0.1));
        assertRefused("--input-dropout 0.1", "other units", () -> withRegularization(two, lbfgs, 0, 0.1, 0.0));
        assertEquals(
                0, withRegularization(two, lbfgs, 0, 0, 0.0).regularization().l1());
    }

    private static TrainingConfig withLoss(Loss loss) {
        return new TrainingConfig(
                List.of(5),
                List.of(Activation.TANH),
                Initializer.NORMAL,
                1,
                Configs.rule(1),
                Pace.of(1),
                Regularization.NONE,
                0,
                1,
                Precision.DOUBLE,
                loss,
                loss == Loss.QUANTILE ? Quantiles.USUAL : Quantiles.NONE,
                ClassWeighting.NONE);
    }

    @Test
    void network_ofARegression_hasTheLossThatIsAskedFor() {
        for (Loss loss : Loss.OF_REGRESSION) {
            int targets = loss == Loss.QUANTILE ? 1 : 2;
            assertEquals(
                    loss, withLoss(loss).network(Task.REGRESSION, 4, targets).loss());
            assertRefused("--loss " + loss, "no loss, since a classification has its own", () -> withLoss(loss)
                    .network(Task.CLASSIFICATION, 4, 2));
        }
        assertRefused("--loss quantile", "one target with it, not 2", () -> withLoss(Loss.QUANTILE)
                .network(Task.REGRESSION, 4, 2));
        assertRefused(
                "--loss softmax-cross-entropy", "a loss of regressions", () -> withLoss(Loss.SOFTMAX_CROSS_ENTROPY));
    }
}
