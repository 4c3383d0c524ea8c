package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.Metric;
import io.firesteel.model.ModelDescription.Step;
import io.firesteel.model.Models;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.optim.Objective;
import io.firesteel.optim.Optimizer;
import io.firesteel.train.Trainer.End;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/*
 * Trainings whose measurements are given: at learning rate 1/2 each step halves t, from 1024, so that t tells the step, and
 * the validation looks up what was measured after so many steps.
 */
class EarlyStoppingTest {
    private static final Network NETWORK = Network.of(List.of(1, 1), Activation.SIGMOID, Loss.SQUARED_ERROR);
    private static final Trainer.ResumePoint START = Trainer.ResumePoint.beginning(new double[] {1024, 0});
    private static final Objective PARABOLA = (theta, gradient) -> {
        gradient[0] = theta[0];
        gradient[1] = 0;
        return 1 + theta[0] * theta[0] / 2;
    };
    private static final Trainer.Listener SILENT = step -> {};

    /** t after so many steps. */
    private static double[] theta(int step) {
        return new double[] {1024 / Math.pow(2, step), 0};
    }

    /** Measures the given values, one a step, as the loss and as the accuracy. */
    private static Validation given(double... values) {
        return theta -> {
            double value = values[(int) Math.round(Math.log(1024 / theta[0]) / Math.log(2))];
            return Models.metrics(value, "accuracy", value);
        };
    }

    private static EarlyStopping loss(int every, int patience, double minDelta, boolean keepBest) {
        return new EarlyStopping(Metric.LOSS, every, patience, minDelta, keepBest);
    }

    private static Trainer.Result train(int iterations, EarlyStopping rule, double... values) {
        return new Trainer(NETWORK, Configs.descent(0.5, iterations), 1)
                .validatedBy(given(values), rule)
                .train(PARABOLA, START, SILENT);
    }

    private static void expect(End end, int lastStep, int keptStep, Trainer.Result result) {
        assertEquals(end, result.end());
        assertEquals(lastStep, result.history().get(result.history().size() - 1).step());
        assertEquals(lastStep + 1, result.history().size());
        assertEquals(keptStep, result.step());
        assertArrayEquals(theta(keptStep), result.theta());
        assertEquals(lastStep != keptStep, result.isEarlier());
    }

    /** Best after 2 steps; those after 3, 4 and 5 are the three that are not better. */
    private static final double[] LOSSES = {5, 4, 3, 3.5, 3, 3.25, 2, 1, 1, 1, 1};

    @Test
    void patience_stopsAfterSoManyMeasurementsThatAreNotBetter() {
        expect(End.PATIENCE, 5, 2, train(10, loss(1, 3, 0, true), LOSSES));
        expect(End.PATIENCE, 5, 5, train(10, loss(1, 3, 0, false), LOSSES));
        expect(End.PATIENCE, 3, 2, train(10, loss(1, 1, 0, true), LOSSES));
        // With one more it comes to the 2 after 6 steps, and the 1 after 7.
        expect(End.ITERATIONS, 10, 7, train(10, loss(1, 4, 0, true), LOSSES));
    }

    @Test
    void patience_of0_neverStops_andMayKeepTheBest() {
        expect(End.ITERATIONS, 5, 5, train(5, loss(1, 0, 0, false), LOSSES));
        expect(End.ITERATIONS, 5, 2, train(5, loss(1, 0, 0, true), LOSSES));
    }

    @Test
    void metric_thatShouldGrow() {
        EarlyStopping accuracy = new EarlyStopping(Metric.ACCURACY, 1, 2, 0, true);
        Trainer.Result result = train(10, accuracy, 0.5, 0.75, 0.5, 0.75, 1);
        expect(End.PATIENCE, 3, 1, result);
        assertEquals(0.75, result.history().get(1).validationMetric());
        assertEquals(0.75, result.history().get(1).validationLoss());
    }

    /*
     * By more than 1/2:    5     4.75  4.5   4.25  4     3.75
     *   gain over          -     5     5     5     4.25  4.25
     *                            1/4   1/2   3/4   1/4   1/2
     *   better?                  no    no    yes   no    no
     * The gain of two small steps counts as their sum. What is kept is the best, by however little.
     */
    @Test
    void minDelta_isWhatAnImprovementExceeds() {
        double[] losses = {5, 4.75, 4.5, 4.25, 4, 3.75, 3.5};
        expect(End.PATIENCE, 2, 2, train(6, loss(1, 2, 0.5, true), losses));
        expect(End.ITERATIONS, 6, 6, train(6, loss(1, 3, 0.5, true), losses));
        double[] shorter = {5, 4.75, 4.25, 4, 3.75, 1, 1};
        expect(End.PATIENCE, 4, 4, train(6, loss(1, 2, 0.5, true), shorter));
    }

    @Test
    void every_measuresThoseSteps_andTheLast() {
        Trainer.Result result = train(7, loss(3, 0, 0, true), LOSSES);
        assertEquals(
                List.of(0, 3, 6, 7),
                result.history().stream()
                        .filter(step -> step.validationLoss() != null)
                        .map(Step::step)
                        .toList());
        expect(End.ITERATIONS, 7, 7, result);
        expect(End.PATIENCE, 8, 4, train(10, loss(4, 1, 0, true), 5, 0, 0, 0, 3, 0, 0, 0, 4, 1, 1));
        assertNull(result.history().get(3).validationMetric());
    }

    /** A tolerance ends training at a step that is measured, whether its turn has come or not. */
    @Test
    void tolerance_measuresTheLastStep() {
        // From J = 1.5 to 1.125 is a gain of 1/4: t is 1/2 there, after 11 steps.
        double[] losses = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 4};
        Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, 100, 0, 0.3), 1)
                .validatedBy(given(losses), loss(100, 0, 0, true))
                .train(PARABOLA, START, SILENT);
        expect(End.TOLERANCE, 11, 11, result);
        assertEquals(4, result.history().get(11).validationLoss());
    }

    /** From the point after any step, with fewer steps before it than after: all that follows is the same. */
    @Test
    void train_fromAPoint_isAsIfNeverStopped() {
        for (EarlyStopping rule : List.of(loss(1, 3, 0, true), loss(1, 4, 0, true), loss(2, 2, 1, true))) {
            Trainer trainer = new Trainer(NETWORK, Configs.descent(0.5, 10), 1).validatedBy(given(LOSSES), rule);
            Trainer.Result whole = trainer.train(PARABOLA, START, SILENT);
            for (int stopped = 1; stopped < whole.history().size(); stopped++) {
                Points points = new Points();
                new Trainer(NETWORK, Configs.descent(0.5, stopped), 1)
                        .validatedBy(given(LOSSES), rule)
                        .train(PARABOLA, START, points);
                Trainer.Result resumed = trainer.train(PARABOLA, points.last, SILENT);
                assertArrayEquals(whole.theta(), resumed.theta());
                assertEquals(whole.step(), resumed.step());
                assertEquals(whole.history(), resumed.history());
                assertEquals(whole.end(), resumed.end());
            }
        }
    }

    /** Ten rows in batches of two: measured after 0, 5, 10, ... steps, whatever the number of those in between. */
    @Test
    void epochsOfSeveralSteps_areMeasuredOnceEach_andGoOnAsIfNeverStopped() {
        double[] losses = {5, 0, 0, 0, 0, 4, 0, 0, 0, 0, 3, 0, 0, 0, 0, 6, 0, 0, 0, 0, 7, 0, 0};
        Objective batches = new Objective() {
            @Override
            public double at(double[] theta, double[] gradient) {
                return PARABOLA.at(theta, gradient);
            }

            @Override
            public boolean variesByStep() {
                return true;
            }
        };
        Trainer trainer = inBatches(6).validatedBy(given(losses), loss(1, 2, 0, true));
        Trainer.Result whole = trainer.train(batches, START, SILENT);
        assertEquals(End.PATIENCE, whole.end());
        assertEquals(10, whole.step());
        assertArrayEquals(theta(10), whole.theta());
        assertEquals(
                List.of(0, 5, 10, 15, 20),
                whole.history().stream().map(Step::step).toList());
        assertEquals(
                List.of(5.0, 4.0, 3.0, 6.0, 7.0),
                whole.history().stream().map(Step::validationLoss).toList());
        for (int stopped = 1; stopped < 20; stopped++) {
            Points points = new Points();
            trainer.train(batches, START, points.until(stopped));
            History history = new History(List.of(), 5);
            points.history.stream().limit(stopped).forEach(history::add);
            assertEquals(history.upTo(stopped), points.last.history());
            Trainer.Result resumed = trainer.train(batches, points.last, SILENT);
            assertArrayEquals(whole.theta(), resumed.theta());
            assertEquals(whole.history(), resumed.history(), stopped + " steps");
            assertEquals(whole.end(), resumed.end());
        }
    }

    private static Trainer inBatches(int epochs) {
        Pace pace = new Pace(null, epochs, 2, null);
        return new Trainer(NETWORK, Configs.descent(NETWORK, 0.5, pace, Regularization.NONE, 1, 0), 10);
    }

    private static final class Points implements Trainer.Listener {
        private final List<Step> history = new ArrayList<>();
        private Trainer.ResumePoint last;
        private int until = Integer.MAX_VALUE;

        /** These points, of so many steps. */
        Points until(int steps) {
            until = steps;
            return this;
        }

        @Override
        public void onStep(Step step) {
            history.add(step);
        }

        @Override
        public boolean afterStep(TrainingProgress progress) {
            if (progress.step() <= until) {
                last = progress.point();
            }
            return true;
        }
    }

    @Test
    void train_fromAPointWithoutItsBest_isRefused() {
        Trainer trainer =
                new Trainer(NETWORK, Configs.descent(0.5, 10), 1).validatedBy(given(LOSSES), loss(1, 0, 0, true));
        Optimizer.Snapshot state = START.state();
        Trainer.ResumePoint point = new Trainer.ResumePoint(state, List.of(new Step(0, 1, 5.0, null)), null);
        assertThrows(IllegalArgumentException.class, () -> trainer.train(PARABOLA, point, SILENT));
    }

    @Test
    void validationLoss_thatIsNotFinite_isDivergence() {
        DivergedException e =
                assertThrows(DivergedException.class, () -> train(5, loss(1, 0, 0, false), 1, 1, Double.NaN));
        assertTrue(e.getMessage().contains("the validation loss after step 2 is NaN"), e.getMessage());
    }

    @Test
    void settings_thatCannotBe() {
        assertThrows(IllegalArgumentException.class, () -> loss(0, 1, 0, true));
        assertThrows(IllegalArgumentException.class, () -> loss(1, -1, 0, true));
        assertThrows(IllegalArgumentException.class, () -> loss(1, 1, -1, true));
        assertThrows(IllegalArgumentException.class, () -> loss(1, 1, Double.NaN, true));
    }
}
