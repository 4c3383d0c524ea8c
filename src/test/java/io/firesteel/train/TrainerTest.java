package io.firesteel.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.firesteel.model.ModelDescription.Step;
import io.firesteel.nn.Activation;
import io.firesteel.nn.Loss;
import io.firesteel.nn.Network;
import io.firesteel.optim.Evaluated;
import io.firesteel.optim.Objective;
import io.firesteel.train.Trainer.End;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/*
 * The loop, on J(t) = 1 + t^2 / 2 with dJ/dt = t. At learning rate 1/2 each step halves t, from 8:
 *
 *   step       0     1    2    3      4        5
 *   t          8     4    2    1      1/2      1/4
 *   J         33     9    3    1.5    1.125    1.03125
 *   better by   .727  .667  .5   .25    .083         (the part of the J before)
 */
class TrainerTest {
    /** One weight and one bias; theta is (t, 0), and the objective does not look at the bias. */
    private static final Network NETWORK = Network.of(List.of(1, 1), Activation.SIGMOID, Loss.SQUARED_ERROR);

    private static final Objective PARABOLA = (theta, gradient) -> {
        gradient[0] = theta[0];
        gradient[1] = 0;
        return 1 + theta[0] * theta[0] / 2;
    };
    private static final Trainer.ResumePoint START = Trainer.ResumePoint.beginning(new double[] {8, 0});
    private static final Trainer.Listener SILENT = step -> {};

    private static Trainer.Result train(TrainingConfig config) {
        return new Trainer(NETWORK, config, 1).train(PARABOLA, START, SILENT);
    }

    @Test
    void train_withoutTolerance_takesAllSteps() {
        Trainer.Result result = train(Configs.descent(0.5, 3));
        assertArrayEquals(new double[] {1, 0}, result.theta());
        assertEquals(List.of(new Step(0, 33), new Step(1, 9), new Step(2, 3), new Step(3, 1.5)), result.history());
        assertEquals(End.ITERATIONS, result.end());
    }

    /** The first two steps of a training of five, which its tolerance would end after the first. */
    @Test
    void taking_isTheBeginningOfTheWholeTraining() {
        TrainingConfig config = Configs.descent(0.5, 5, 0, 0.9);
        Trainer.Result two = new Trainer(NETWORK, config, 1).taking(2).train(PARABOLA, START, SILENT);
        assertArrayEquals(new double[] {2, 0}, two.theta());
        assertEquals(End.ITERATIONS, two.end());
        assertEquals(End.TOLERANCE, train(config).end());
    }

    /** The point after each step; going on from any of them is going on as if never stopped. */
    @Test
    void train_fromAPoint_isAsIfNeverStopped() {
        Trainer trainer = new Trainer(NETWORK, Configs.descent(0.5, 20, 0, 1e-9), 1);
        assertTrue(resumeEverywhere(trainer, PARABOLA) > 10);
    }

    /** A listener that does this after each step. */
    private static Trainer.Listener after(Predicate<TrainingProgress> step) {
        return new Trainer.Listener() {
            @Override
            public void onStep(Step entry) {}

            @Override
            public boolean afterStep(TrainingProgress progress) {
                return step.test(progress);
            }
        };
    }

    /** It ends after the step, and all listeners are told of it. */
    @Test
    void train_thatAListenerStops_endsThere() {
        List<Integer> told = new ArrayList<>();
        Trainer.Listener stops = after(progress -> progress.step() < 2);
        Trainer.Listener watches = after(progress -> told.add(progress.step()));
        Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, 5), 1)
                .train(PARABOLA, START, Trainer.Listener.all(List.of(stops, watches)));
        assertEquals(End.STOPPED, result.end());
        assertArrayEquals(new double[] {2, 0}, result.theta());
        assertEquals(List.of(new Step(0, 33), new Step(1, 9), new Step(2, 3)), result.history());
        assertEquals(List.of(1, 2), told);
    }

    /** Returns how many points there were. */
    private static int resumeEverywhere(Trainer trainer, Objective objective) {
        Trainer.Result whole = trainer.train(objective, START, SILENT);
        List<Trainer.ResumePoint> points = new ArrayList<>();
        trainer.train(objective, START, after(progress -> {
            assertEquals(points.size() + 1, progress.step());
            return points.add(progress.point());
        }));
        for (Trainer.ResumePoint point : points) {
            Trainer.Result resumed = trainer.train(objective, point, SILENT);
            assertArrayEquals(whole.theta(), resumed.theta());
            assertEquals(whole.history(), resumed.history());
            assertEquals(whole.end(), resumed.end());
        }
        return points.size();
    }

    @Test
    void train_withTolerance_stopsAtTheFirstStepThatGainsLess() {
        Trainer.Result result = train(Configs.descent(0.5, 100, 0, 0.3));
        assertEquals(End.TOLERANCE, result.end());
        assertArrayEquals(new double[] {0.5, 0}, result.theta());
        assertEquals(
                List.of(new Step(0, 33), new Step(1, 9), new Step(2, 3), new Step(3, 1.5), new Step(4, 1.125)),
                result.history());
    }

    @Test
    void train_withASmallerTolerance_goesOnLonger() {
        Trainer.Result result = train(Configs.descent(0.5, 100, 0, 0.1));
        assertEquals(End.TOLERANCE, result.end());
        assertEquals(new Step(5, 1.03125), result.history().get(result.history().size() - 1));
        assertArrayEquals(new double[] {0.25, 0}, result.theta(), "the last entry of the history is at theta");
    }

    @Test
    void train_ofNoSteps_leavesThetaAsItIs() {
        double[] start = {8, 0.1};
        Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, 0), 1)
                .train(PARABOLA, Trainer.ResumePoint.beginning(start), SILENT);
        assertArrayEquals(new double[] {8, 0.1}, result.theta());
        assertEquals(List.of(new Step(0, 33)), result.history());
    }

    @Test
    void train_leavesTheStartAlone() {
        double[] start = {8, 0};
        new Trainer(NETWORK, Configs.descent(0.5, 3), 1).train(PARABOLA, Trainer.ResumePoint.beginning(start), SILENT);
        assertArrayEquals(new double[] {8, 0}, start);
    }

    @Test
    void train_tellsItsListenerTheHistory() {
        List<Step> told = new ArrayList<>();
        Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, 4), 1).train(PARABOLA, START, told::add);
        assertEquals(5, told.size());
        assertEquals(result.history(), told);
    }

    /*
     * With the penalty 2 / 2 t^2 the objective is 1 + 3 t^2 / 2 with the derivative 3 t: at learning rate 0.1 from 8,
     * t = 8 - 2.4 = 5.6. J = 1 + 96 = 97, then 1 + 1.5 * 31.36 = 48.04.
     */
    @Test
    void train_withL2_minimisesAndReportsThePenalisedObjective() {
        Trainer.Result result = train(Configs.descent(0.1, 1, 2, 0));
        assertArrayEquals(new double[] {5.6, 0}, result.theta(), 1e-14);
        assertEquals(97, result.history().get(0).loss());
        assertEquals(48.04, result.history().get(1).loss(), 1e-12);
    }

    /** At learning rate 3 each step doubles t and turns its sign, until after some 510 steps t^2 / 2 overflows. */
    @Test
    void train_thatDiverges_namesStepAndLearningRate() {
        List<Integer> told = new ArrayList<>();
        DivergedException e = assertThrows(DivergedException.class, () -> new Trainer(
                        NETWORK, Configs.descent(3, 10_000), 1)
                .train(PARABOLA, Trainer.ResumePoint.beginning(new double[] {1, 0}), step -> told.add(step.step())));
        // t = 2^k after k steps; 2^(2k) is infinite from 2k = 1024 on.
        assertTrue(e.getMessage().contains("after step 512 is Infinity"), e.getMessage());
        assertTrue(e.getMessage().contains("(try a smaller learningRate than 3.0)"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
        assertEquals(512, told.size(), "steps 0 .. 511 were finite");
    }

    @Test
    void train_fromALossThatIsNotANumber_fails() {
        Objective nothing = Evaluated.constant(Double.NaN, 0, 0);
        DivergedException e = assertThrows(DivergedException.class, () -> new Trainer(NETWORK, Configs.descent(1, 0), 1)
                .train(nothing, Trainer.ResumePoint.beginning(new double[2]), SILENT));
        assertTrue(e.getMessage().contains("after step 0 is NaN"), e.getMessage());
    }

    /** Every step sees the parabola at another height, the whole objective has none. */
    private static final Objective HEIGHTS = new Objective() {
        @Override
        public double at(double[] theta, double[] gradient) {
            return PARABOLA.at(theta, gradient);
        }

        @Override
        public boolean variesByStep() {
            return true;
        }

        @Override
        public Objective ofStep(int step) {
            return (theta, gradient) -> PARABOLA.at(theta, gradient) + 100 * (step + 1);
        }
    };

    /** The entries are of the steps, the last one is of all. */
    @Test
    void train_ofStepsThatSeeAPart_reportsTheWholeAtTheEnd() {
        Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, 3), 1).train(HEIGHTS, START, SILENT);
        assertEquals(List.of(new Step(0, 133), new Step(1, 209), new Step(2, 303), new Step(3, 1.5)), result.history());
        assertArrayEquals(new double[] {1, 0}, result.theta());
    }

    /** 133 and 209 are 76 apart, the wrong way: that ends it, after the step that was of 209. */
    @Test
    void train_ofStepsThatSeeAPart_andStopsAtATolerance_reportsTheWholeAtTheEnd() {
        Trainer.Result result = new Trainer(NETWORK, Configs.descent(0.5, 9, 0, 0.1), 1).train(HEIGHTS, START, SILENT);
        assertEquals(End.TOLERANCE, result.end());
        assertEquals(List.of(new Step(0, 133), new Step(1, 209), new Step(2, 3)), result.history());
        assertArrayEquals(new double[] {2, 0}, result.theta());
    }

    /** The slope 1, and losses as given, step by step: theta falls by 1 a step at learning rate 1. */
    private static Objective losses(double... losses) {
        return new Objective() {
            @Override
            public double at(double[] theta, double[] gradient) {
                gradient[0] = 1;
                gradient[1] = 0;
                return -1;
            }

            @Override
            public boolean variesByStep() {
                return true;
            }

            @Override
            public Objective ofStep(int step) {
                return Evaluated.constant(losses[step], 1, 0);
            }
        };
    }

    /*
     * Six rows in batches of two, three steps an epoch, whose means are 10, 8, 7.7: the first epoch is followed by one that is
     * better by a fifth, this one by one that is better by .0375 only. Single steps rise in between.
     */
    @Test
    void train_inBatches_comparesEpochs() {
        TrainingConfig config = Configs.descent(NETWORK, 1, new Pace(null, 10, 2, null), Regularization.NONE, 1, 0.05);
        Trainer trainer = new Trainer(NETWORK, config, 6);
        Objective losses = losses(9, 10, 11, 9, 6, 9, 7, 8, 8.1, 0, 0);
        Trainer.Result result = trainer.train(losses, START, SILENT);
        assertEquals(End.TOLERANCE, result.end());
        assertArrayEquals(new double[] {-1, 0}, result.theta(), "nine steps");
        assertEquals(
                List.of(new Step(0, 10), new Step(3, 8), new Step(6, (7 + 8 + 8.1) / 3), new Step(9, -1)),
                result.history());
        resumeEverywhere(trainer, losses);
    }

    @Test
    void train_ofEpochs_takesTheirSteps() {
        TrainingConfig config = Configs.descent(NETWORK, 1, new Pace(null, 2, 2, null), Regularization.NONE, 1, 0);
        Trainer.Result result = new Trainer(NETWORK, config, 5).train(losses(1, 1, 1, 1, 1, 1), START, SILENT);
        assertArrayEquals(new double[] {2, 0}, result.theta(), "two epochs of three steps");
    }

    @Test
    void start_comesFromTheSettings() {
        Trainer trainer = new Trainer(NETWORK, Configs.descent(1, 1), 1);
        double[] start = trainer.start();
        assertEquals(new Random(1).nextGaussian(), start[0]); // NORMAL, scale 1, seed 1
        assertEquals(0, start[1]);
    }
}
